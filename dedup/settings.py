"""Every number with a meaning, in one place, with its default and its reason."""

from __future__ import annotations

from dataclasses import dataclass, fields
from numbers import Integral, Real
from typing import Literal, get_args

from dedup.errors import SettingsError

Level = Literal["exact", "near", "event", "story"]
SketchEngine = Literal["fast", "datasketch"]

LEVELS: tuple[Level, ...] = get_args(Level)
"""The four nested relations, tightest first."""

SHINGLE_WORDS = 3
"""Words per shingle: at 5, a 10 % OCR error rate leaves almost no shingle intact."""

SIGNATURE_SLOTS = 128
"""MinHash slots per article; with 16-bit slots a signature is 256 bytes."""

RUN_WORDS = 8
"""A run of this many words found in two texts is copied, not coincidence."""

COPY_WORDS = 40
"""Equal bodies of at least so many words are copies whatever their titles; shorter ones may be two companies' dividends."""

LONG_WORD_BYTES = 5
"""Words of at least so many bytes make up an article's vocabulary; shorter ones are mostly grammar."""

LARGE_BANDS = 3
"""Bands in which a unit is linked within a large bucket: more of them would only say again that it stands there."""

LINE_BYTES = 600
"""A line longer than this is a paragraph, not furniture."""

CUE_BYTES = 63
"""So many bytes of a word that begins a line are read as one word, for what known furniture begins with."""

HEAD_BYTES = 800
"""How far into a text its own title, its outlet's name and picture credits are looked for."""

CREDIT_BYTES = 160
"""A line longer than this may mention a picture but is not its credit."""

CREDIT_ENDS = ("ge", "es", "to", "os", "re", "ph", "hs", "it", "sy", "ce", "by")
"""How the words end that stand before the colon of a credit: image, photo, picture, photograph, credit, courtesy, source, by."""

DAYS_BYTES = 1500
MOST_DAYS = 4
"""How far into title and text the days it names are looked for, and how many days of a month are kept."""

SUBJECT_BYTES = 4500
"""How much of a text is read for its subject: a report says early what it is about."""

QUOTATION_BYTES = 1000
"""A longer passage within quotation marks is no quotation: a mark is missing."""

STEM_LETTERS = 6
"""A word counts as a term by its first letters, so that inflected forms of it meet."""

OPENING_WORDS = 60
TITLE_WEIGHT, OPENING_WEIGHT = 3.0, 2.0
"""Words that make up an article's opening, and how many mentions one in the title or the opening is worth."""

SATURATION = 2.0
"""Mentions at which a term has half of the mass it can have: the third mention adds less than the first."""

RARITY_STEPS = 20.0
RAREST = 200
"""Rarity is minus the logarithm of the share of articles with a term, in steps of 1/20; a word never met counts as rarest."""

RARITY_POWER = 0.7
NAME_WEIGHT = 0.8
"""A term weighs its mass times its rarity to this power, and names a little less: they are the rarest words of all."""

BACKGROUND_ARTICLES = 2000.0
"""As how many articles the background counts beside the corpus."""

MOST_TERMS = 192
"""Terms an article is described by; its neighbours are sought by the heaviest ``SEARCHED_TERMS``."""

SEARCHED_TERMS = 80

NEIGHBOURS = 21
REACH = 128
"""Articles nearest in subject and time that become candidates of an article; they are sought among the ``REACH`` articles
with a term on either side in time, so that the work grows with the number of articles and not with its square."""

NEARNESS_DAYS = 3.0
NEARNESS_FAR = 0.1
NEARNESS_UNKNOWN = 0.6
"""What the likeness of two articles counts for in that search: 1 on the same day, falling with the days between them
divided by ``NEARNESS_DAYS`` to ``NEARNESS_FAR``; ``NEARNESS_UNKNOWN`` where one has no date."""

NEAR_DAYS = 8
HEAVY, PROMISE = 1.25, 0.4
"""By terms lighter than ``HEAVY`` times its mean an article looks no further than so many days at first. Only where somebody
further away reaches ``PROMISE`` of the score it takes does it look at everything."""

LEAST_LIKENESS = 0.02

FEW_ARTICLES = 100
"""In a smaller pile an article without rivals may just be short of company."""

EVENT_DAYS = 7
"""Reports further apart are not of one event, however alike: of 758 labelled pairs of one event, one is. A story may be
as long as it will."""

NO_DATE = -(2**31)
"""The day number of an article whose date is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run may vary; two runs with equal settings and input print the same."""

    level: Level = "near"
    """The relation whose clusters and pairs are shown; no wider one is sought."""
    clean: bool = True
    """Leave page furniture out before anything is measured."""
    sketch: SketchEngine = "fast"
    """``fast``: one compiled pass. ``datasketch``: datasketch's MinHash and MinHashLSH in the same stage."""
    threads: int = 1
    """Worker threads, 1 to 256; no result depends on it."""
    threshold: float | None = None
    """Cut on the probability of the level, 0..1; ``None`` takes the model's own."""
    model: str | None = None
    """A model file to judge by; ``None`` is the shipped one."""
    keep: str = "first"
    """Which member represents a cluster: ``first``, ``earliest``, ``longest`` or ``source:A,B,C``."""
    band_recall: float = 0.9
    """Recall the LSH bands aim for at ``band_similarity``, 0..1."""
    band_similarity: float = 0.5
    """Resemblance at which ``band_recall`` is aimed for, 0..1."""
    modulus: int = 8
    """Keep one shingle hash in this many (Broder 1997, section 4: the mod-m sketch)."""
    floor: int = 24
    """Shingle hashes a short article keeps at least, if it has as many."""
    min_shared: int = 2
    """Kept shingles two articles must share to become candidates."""
    max_df: int = 32
    """A shingle standing in more (different) articles than this proposes no candidates."""
    bucket_cap: int = 64
    """An LSH bucket larger than this links its members to one of them, not all to all."""

    def __post_init__(self) -> None:
        """Refuse values that cannot work, each in one sentence."""
        self._one_of("level", LEVELS)
        self._one_of("sketch", get_args(SketchEngine))
        for name in ("threshold", "band_recall", "band_similarity"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, Real) and 0 <= float(value) <= 1):
                raise SettingsError(name, value, "a number from 0 to 1")
        for name, low, high in (
            ("threads", 1, 256),
            ("modulus", 1, 1 << 16),
            ("floor", 0, 1 << 16),
            ("min_shared", 1, 1 << 10),
            ("max_df", 2, 1 << 20),
            ("bucket_cap", 2, 1 << 20),
        ):
            value = getattr(self, name)
            if not isinstance(value, Integral) or not low <= int(value) <= high:
                raise SettingsError(name, value, f"a whole number from {low} to {high}")
        named = self.keep.startswith("source:") and self.keep.removeprefix("source:").strip(", ")
        if self.keep not in ("first", "earliest", "longest") and not named:
            name, wanted = "keep", "first, earliest, longest or source:NAME,NAME,..."
            raise SettingsError(name, self.keep, wanted)

    def _one_of(self, name: str, allowed: tuple[str, ...]) -> None:
        value = getattr(self, name)
        if value not in allowed:
            raise SettingsError(name, value, "one of " + ", ".join(allowed))

    def as_dict(self) -> dict[str, object]:
        """Return the settings by name, for a run's record."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
