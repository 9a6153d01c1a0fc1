"""Dates that an article's text states about itself.

In: the text of an article, and its title. Out: the day that its dateline, byline or "Published" line states, and the
words that say so. A date told in a running sentence is the date of something else and is never taken; a head that
states different days, or one that reads two ways, states none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple
from unicodedata import combining, normalize

import numpy as np

from dedup.dates import day_number
from dedup.kernels import kernels_for
from dedup.settings import NO_DATE

if TYPE_CHECKING:
    from collections.abc import Iterable

_AT_A_TIME = 1 << 9
"""Heads looked at together: few enough to lie in memory that is used again."""

_HEAD = 400
"""Lines starting further into a text than this many characters are no longer its head."""

_LINE = 120
"""A line of so many characters is a paragraph: only a dateline before its first sentence can state a date."""

STATED_CHARS = _HEAD + _LINE
"""So much of a text is looked at."""

_LINES = 6
"""So many lines make a head: section, title, subtitle, outlet, byline, date."""

_NAMES = 9
"""A byline, an outlet and a place have no more words than this; a line with more tells something."""


def _fold(word: str) -> str:
    """Return a word without case and accents: ``EYLÜL`` and ``Eylül``, ``أبريل`` and ``ابريل`` are one."""
    return "".join(mark for mark in normalize("NFKD", word.casefold()) if not combining(mark)).replace("ı", "i")


# A line a month; names as they stand beside a day (Polish and Russian: genitive), then short forms; "_" is a space.
MONTHS = {
    _fold(name.replace("_", " ")): number
    for number, names in enumerate(
        """\
january januar jänner janvier enero gennaio janeiro januari stycznia января ocak يناير كانون_الثاني jan janv ene gen янв
february februar februari février febrero febbraio fevereiro lutego февраля şubat فبراير شباط feb févr fev фев февр
march märz maart mars marzo março marca марта mart مارس آذار mar mrz mrt мар
april avril abril aprile kwietnia апреля nisan أبريل نيسان apr avr abr апр
may mai mei mayo maggio maio maja мая mayıs مايو أيار mag
june juni juin junio giugno junho czerwca июня haziran يونيو يونيه حزيران jun giu июн
july juli juillet julio luglio julho lipca июля temmuz يوليو يوليه تموز jul juil lug июл
august augustus août agosto sierpnia августа ağustos أغسطس آب aug ago авг
september septembre septiembre setiembre settembre setembro września сентября eylül سبتمبر أيلول sep sept set сен сент
october oktober octobre octubre ottobre outubro października октября ekim أكتوبر تشرين_الأول oct okt ott out окт
november novembre noviembre novembro listopada ноября kasım نوفمبر تشرين_الثاني nov ноя нояб
december dezember décembre diciembre dicembre dezembro grudnia декабря aralık ديسمبر كانون_الأول dec dez déc dic дек
""".splitlines(),
        start=1,
    )
    for name in names.split()
}

_PUBLISHED, _UPDATED, _SIGNED, _PARTICLE, _SMALL = range(1, 6)
_KNOWN = {
    _fold(word): kind
    for kind, words in {
        _PARTICLE: "and und et y en i и ve de del della di da das do dos du des la le van von der den al el the",
        _SMALL: """
            on at um uhr h hs hrs am pm a m p gmt utc est edt et pt pst pdt cet cest bst msk ist à às alle las ore om
            il em op lì dnia o klok w в г года م ص date datum fecha data дата tarih تاريخ التاريخ last first letzte
            son última ultimo dernière آخر في ligne mis mise article story time min read
            monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
            montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo mi do fr sa so
            lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo
            lunedì martedì mercoledì giovedì venerdì sabato domenica segunda-feira terça-feira quarta-feira
            quinta-feira sexta-feira maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
            poniedziałek wtorek środa czwartek piątek sobota niedziela
            понедельник вторник среда четверг пятница суббота воскресенье
            pazartesi salı çarşamba perşembe cuma cumartesi pazar
            الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد
            星期一 星期二 星期三 星期四 星期五 星期六 星期日 周一 周二 周三 周四 周五 周六 周日
            月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 月 火 水 木 金 土 日""",
        _SIGNED: """
            by von par por от автор author autor autora redacción redazione redaktion redakcja source quelle fuente
            fonte bron źródło источник kaynak 来源 來源 作者 记者 بقلم المصدر
            aa afp ani ansa ap apa belga dha dpa efe iha lusa pap pti reuters sda tass upi xinhua тасс риа""",
        _PUBLISHED: """
            published posted publication created veröffentlicht erschienen erstellt publié publiée paru parution
            publicado publicada publicación publicação pubblicato pubblicata gepubliceerd geplaatst opublikowano
            publikacji dodano опубликовано yayınlanma yayınlandı نشر النشر 发布 发布时间 发布于 发表于 發布 公開 公開日 掲載
            配信""",
        _UPDATED: """
            updated update modified edited aktualisiert stand jour actualisé modifié actualizado actualizada
            actualización atualizado atualizada aggiornato aggiornata bijgewerkt zaktualizowano aktualizacja
            обновлено güncelleme güncellenme güncellendi تحديث 更新 更新时间 更新日""",
    }.items()
    for word in words.split()
}

_SEEMS_DATED = re.compile(r"[12١٢۱۲１２]\d{3}(?!\d)")

_YEAR = r"(?P<year>\d{4})(?!\d|\s(?:GMT|UTC|[ECMP][DS]T|hrs)\b)"  # "March 7 1600 GMT" is a time of day
_MONTH = r"(?P<month>(?:(?:كانون|تشرين)\s)?[^\W\d_]{2,12})"
_OTHER_MONTH = r"(?:\s?/\s?[^\W\d_]{2,12}(?:\s[^\W\d_]{5,6})?)?"  # Arabic gives both names: مارس/آذار
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|[.ºª°])?[\s/-]{{0,2}}(?:(?:de|of)\s)?{_MONTH}{_OTHER_MONTH}"
        rf"[.,]{{0,2}}[\s/-]{{1,2}}(?:del?\s)?{_YEAR}",
        rf"\b{_MONTH}\.?\s{{1,2}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[,.]?\s{{1,2}}(?:del?\s)?{_YEAR}",
        r"(?P<year>\d{4})\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日",
        r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d|[-/.]\d)",
        rf"(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<second>\d{{1,2}})(?P=mark){_YEAR}(?![-/.]\d)",
    )
)
_CLOCK = re.compile(
    r"T?\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:\.\d{1,6})?)?(?:Z|\s?h|\s?[+-]\d{1,2}:?\d{2})?(?!\w)"
    r"|\d{1,2}\s?(?:h|am|pm|a\.m|p\.m|uhr|min)\b|\d{1,2}[時时点點]\d{1,2}分?|(?:GMT|UTC)\s?[+-]\d{1,2}",
    re.IGNORECASE,
)
_AGENCY = re.compile(r"\([^\W\d_]{2,12}\)")
_SEPARATOR = re.compile(r"([:：]|[,.;|·•/()\[\]–—،，、。（）]|--|\s-|-\s|-$)")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_TELLS = re.compile(
    r"[\d?!%\"“”„«»…]|photo|foto|фото|image|imagen|picture|getty|copyright|©|\bfile\b|archiv"
    r"|\((?=[^()]*/)[^()]*\s[^()]*\)",  # (Ada Holm/Reuters)
    re.IGNORECASE,
)
"""Marks of a sentence, other figures, and picture credits: a picture may be much older than its article."""

_ENDS = re.compile(r"[\s)\]]*[.:：]")
"""Behind its date, such a line ends a wrapped sentence or a caption, or introduces what follows."""

_TURN = re.compile(
    r"[.,]?\s{0,2}(?:(?P<agency>\([^()\d]{2,40}\)|/[^/\d]{2,40}/|[A-ZА-Я]{3,20}(?=\s[-–—]))[.:,]?\s{0,2})?"
    r"(?P<dash>[-–]{1,2}\s|--|—)?"
)
"""What stands between a dateline and its sentence."""


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A day that an article states about itself, and the words that state it."""

    day: int
    """Days since 1970-01-01."""
    words: str
    """The words it was read from: ``MOSCOW, May 20, 2019``."""
    place: Literal["text", "address"] = "text"
    """Where they stand."""


class _Date(NamedTuple):
    start: int
    end: int
    day: int


def may_state_dates(texts: Iterable[str]) -> list[int]:
    """Return the places of texts that may state a date; most have no year where a line of their head begins.

    ``texts`` : no more of each than its first ``STATED_CHARS``.
    """
    found: list[int] = []
    waiting = iter(texts)
    first = 0
    while heads := list(islice(waiting, _AT_A_TIME)):
        points = np.array(["".join(heads)]).view(np.uint32)
        offsets = np.cumsum([0, *map(len, heads)])
        may = np.empty(len(heads), bool)
        kernels_for(points.nbytes).head_batch(points, offsets, may)
        found += (first + np.flatnonzero(may)).tolist()
        first += len(heads)
    return found


def stated_date(text: str, title: str = "") -> StatedDate | None:
    """Return the day a text states about itself in its head, or ``None``.

    Only a full date counts, and only in a short line that holds nothing but dates, clocks, labels and names, or in a
    dateline before the first sentence (``ANKARA, May 20, 2019 (Reuters) - ...``). A line that repeats the title is
    passed over. "Published" beats "Updated"; other days that differ state none.
    """
    head = text[:STATED_CHARS]
    title = title.strip()
    statements = [statement for line in _lines(head) if line != title for statement in _statements(line)]
    kinds = {kind for kind, _ in statements}
    stated = [date for kind, date in statements if kind != _UPDATED or _PUBLISHED not in kinds]
    days = {date.day for date in stated}
    return stated[0] if len(days) == 1 and NO_DATE not in days else None


def _lines(head: str) -> list[str]:
    """Return the lines that are not empty up to the first paragraph, which may begin with a dateline."""
    lines: list[str] = []
    start = 0
    for line in head.splitlines(keepends=True):
        # Starting within _HEAD, a line that was cut off with the head is a paragraph already.
        if start >= _HEAD or len(lines) == _LINES or (lines and len(lines[-1]) >= _LINE):
            break
        start += len(line)
        if stripped := line.strip():
            lines.append(stripped)
    return lines


def _statements(line: str) -> list[tuple[int, StatedDate]]:
    """Return the kind of label and the date of each statement in a line."""
    dates = _dates(line[:_LINE])
    if not dates:
        return []
    starts = [0, *(date.end for date in dates)]
    ends = [*(date.start for date in dates), len(line)]
    between = [line[start:end] for start, end in zip(starts, ends, strict=True)]
    quotes = line[0] in "-–—"  # "— The Daily Courier, May 20, 2019" says where a quotation is from
    if (
        len(line) >= _LINE
        or quotes
        or _ENDS.match(between[-1])
        or not all(_labels(piece, after=at > 0, before=at < len(dates)) for at, piece in enumerate(between))
    ):
        return _dateline(line, dates[0])
    return [
        (_kind(piece), StatedDate(date.day, line[start : date.end].strip(" \t,;|·•-–—/().")))
        for piece, start, date in zip(between[:-1], starts[:-1], dates, strict=True)
    ]


def _dateline(line: str, date: _Date) -> list[tuple[int, StatedDate]]:
    """Return the date of a dateline with a sentence behind it, if an agency, a label or capitals give it away."""
    place, turn = line[: date.start], _TURN.match(line, date.end)
    if not turn or not (turn["agency"] or turn["dash"]) or _TELLS.search(turn[0]) or not _labels(place, before=True):
        return []
    bare = _AGENCY.sub("", place)
    in_capitals = bare == bare.upper() and _WORD.search(bare)
    by_agency = turn["dash"] and (turn["agency"] or bare != place)
    if "(" in bare or not (in_capitals or by_agency or _kind(place)):
        return []
    return [(_kind(place), StatedDate(date.day, line[: date.end]))]


def _dates(line: str) -> list[_Date]:
    """Return the full dates in a line in order; those that read two ways or cannot be are ``NO_DATE``."""
    if not _SEEMS_DATED.search(line):
        return []
    found = []
    for pattern in _DATES:
        for match in pattern.finditer(line):
            parts = match.groupdict()
            year = int(parts["year"])
            if "first" in parts:
                day = day_number(f"{int(parts['first'])}{parts['mark']}{int(parts['second'])}{parts['mark']}{year}")
            elif month := month_of(parts["month"]):
                day = day_number(f"{year}-{month}-{int(parts['day'])}")
            else:
                continue
            found.append(_Date(*match.span(), day))
    return sorted(found)


def month_of(name: str) -> int | None:
    """Return the number of a month named in one of a dozen languages, or given as a number."""
    return int(name) if name.isdecimal() else MONTHS.get(_fold(name))


def _labels(piece: str, *, after: bool = False, before: bool = False) -> bool:
    """Whether what stands ``after`` or ``before`` a date, or both, is nothing but clocks, labels and names."""
    piece = _AGENCY.sub(",", _CLOCK.sub(" ", piece))
    if _TELLS.search(piece):
        return False
    parts = [*_SEPARATOR.split(piece), ""]
    n_names, last = 0, len(parts) - 2
    for at in range(0, last + 1, 2):
        words = _WORD.findall(parts[at])
        kinds = [_KNOWN.get(_fold(word)) for word in words]
        names = [word for word, kind in zip(words, kinds, strict=True) if not kind]
        # Names stand apart from the date ("Berlin, 12 March 2021") unless a label ties them to it: without one,
        # "Born 12 March 2021", "Deadline: 12 March 2021" and "Ada Holm at Work, 12 March 2021" tell something.
        tied = _PUBLISHED in kinds or _UPDATED in kinds or kinds[:1] == [_SIGNED]
        touches = (after and at == 0) or (before and at == last)
        if names and not tied and (touches or _SMALL in kinds or parts[at + 1] in (":", "：")):
            return False
        if not all(_may_name(word) for word in names):
            return False
        n_names += len(names)
    return n_names <= _NAMES


def _may_name(word: str) -> bool:
    """Whether a word begins with a capital; in scripts without capitals, whether it is short."""
    return word[0].isupper() or (not word[0].islower() and len(word) <= 10)


def _kind(piece: str) -> int:
    """Return the last label before a date, ``_PUBLISHED`` or ``_UPDATED``; 0 for none."""
    kinds = [_KNOWN.get(_fold(word), 0) for word in _WORD.findall(piece)]
    return next((kind for kind in reversed(kinds) if kind in (_PUBLISHED, _UPDATED)), 0)
