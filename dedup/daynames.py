"""The names of days in a dozen languages: weekdays, months, and the numbers that stand beside a month.

Out: a table of word hashes for the kernel that finds the days a text names.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from dedup.datelines import MONTHS
from dedup.kernels.elements import DAY_OF_MONTH, FIRST_MONTH, FIRST_WEEKDAY, MONTH_SIGN, OF
from dedup.kernels.plain_texts import tokenize

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WEEKDAYS = """\
monday montag lundi lunes lunedì maandag poniedziałek понедельник понедельника pazartesi الاثنين الإثنين
tuesday dienstag mardi martes martedì dinsdag wtorek вторник вторника salı الثلاثاء
wednesday mittwoch mercredi miércoles mercoledì woensdag środa środę среда среду среды çarşamba الأربعاء
thursday donnerstag jeudi jueves giovedì donderdag czwartek четверг четверга perşembe الخميس
friday freitag vendredi viernes venerdì vrijdag piątek пятница пятницу пятницы cuma الجمعة
saturday samstag sonnabend samedi sábado sabato zaterdag sobota sobotę суббота субботу субботы cumartesi السبت
sunday sonntag dimanche domingo domenica zondag niedziela niedzielę воскресенье воскресенья pazar الأحد
"""
"""A line a day. The Portuguese ones are ordinals and say nothing alone."""

_WORDS_TOO = {"out", "set", "ago"}
"""Short names of months that are common English words, also behind numbers: "9 out of 10"."""

_LAST_DAY = 31


@lru_cache(maxsize=1)
def day_names() -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Return an open-addressing table of word hashes (uint64[power of two], 0 where free) and what each says (uint8)."""
    said = {"月": MONTH_SIGN, **dict.fromkeys(("of", "de"), OF)}
    for day in range(1, _LAST_DAY + 1):
        spellings = [str(day), f"{day:02}", *(f"{day}{ending}" for ending in ("st", "nd", "rd", "th", "er"))]
        said.update(dict.fromkeys(spellings, DAY_OF_MONTH + day))
    for weekday, names in enumerate(_WEEKDAYS.splitlines()):
        said.update(dict.fromkeys(names.split(), FIRST_WEEKDAY + weekday))
    for name, month in MONTHS.items():
        if " " not in name and name not in _WORDS_TOO:
            said[name] = FIRST_MONTH + month - 1
    coded = {hashes[0]: code for word, code in said.items() if len(hashes := tokenize(word.encode())[0]) == 1}
    size = 1 << (4 * len(coded) - 1).bit_length()
    known, codes = np.zeros(size, np.uint64), np.zeros(size, np.uint8)
    for key, code in sorted(coded.items()):
        slot = key & (size - 1)
        while known[slot]:
            slot = (slot + 1) & (size - 1)
        known[slot], codes[slot] = key, code
    return known, codes
