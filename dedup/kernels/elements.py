"""The sets an article is compared by, and other numbers the compiled kernels share with their plain twins."""

SETS = (
    "shingles",
    "vocabulary",
    "names",
    "numbers",
    "name_slots",
    "names_in_slots",
    "number_slots",
    "numbers_in_slots",
)
"""Word 3-shingles, long words, capitalised words, numbers; a slot is the three words before a name (number), and what
stands in it is that name (number) with them."""

SHINGLES, VOCABULARY, NAMES, NUMBERS, NAME_SLOTS, NAMES_IN_SLOTS, NUMBER_SLOTS, NUMBERS_IN_SLOTS = range(len(SETS))

SLOT_WORDS = 3
"""Words before a name or number that make its slot."""

ELEMENTS_PER_WORD = 5
"""So many elements a word gives at most: a shingle, and as a name or number one each of long words, of names, of slots and of what stands in them."""


def room_for_elements(n_bytes: int, n_texts: int) -> int:
    """Return how many elements texts of so many bytes in all have at most."""
    return ELEMENTS_PER_WORD * (n_bytes // 2 + 3 * n_texts)


COUNTS = (*SETS, "run_words", "longest_run")
"""What is counted for a pair: the intersections, words of the shorter text in runs, the longest run in words."""

PLAIN, NAME, NUMBER, SINGLE = range(4)
"""What a token looks like: a word, a name, a number, a character of a script without spaces."""

SET_SALTS = (
    0x0000000000000000, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3,
    0x589965CC75374CC3, 0x1D8E4E27C47D124F, 0xEB44ACCAB455D165,
)  # fmt: skip
"""What sets the hash of one word apart in each set."""

SHINGLE_TURNS = (21, 42)
"""Bits the second and the third word's hash are rotated by in a shingle, so that the order of words counts."""

IN_TITLE, IN_OPENING, IS_NAME, IS_NUMBER, IS_PHRASE = 1, 2, 4, 8, 16
"""Bits of a term: it stands in the title, among the first words, is a name, a number, two neighbouring names."""

IS_SOUGHT = 128
"""Bit of a term by which the neighbours of an article are sought, and those of another."""

PHRASE_SALT = 0x2545F4914F6CDD1D
"""What sets two neighbouring words apart from either."""

LAST, NEXT_ONLY = 1 << 31, 1 << 30
"""Bits of a member of a group, above those of its unit; see ``join.keep_groups``."""

FIRST_WEEKDAY, FIRST_MONTH, MONTH_SIGN, OF, DAY_OF_MONTH = 1, 8, 20, 21, 30
"""What a word says of a day: a weekday (from Monday on), a month, the Chinese and Japanese sign behind its number, a
word between day and month, and the number of a day, which is added to the last."""

MONTH_STARTS = (0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366)
"""Days of a leap year before each month, and all of them."""

YEAR_SIGNS = (0x31, 0x32, 0x661, 0x662, 0x6F1, 0x6F2, 0xFF11, 0xFF12)
"""One and two as a year begins, in the digits of Latin, Arabic, Persian and full-width script."""

FIRST_DIGIT_BEYOND, PUNCTUATION = 0x660, range(0x2000, 0x2070)
"""No digit beyond ASCII stands before the first; quotation marks and dashes are none either."""

LINE_BREAKS = (0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029)

DAY_REACH, LINE_REACH = 64, 136
"""Characters a day may stand before its year, with two long names of the month between, and a year into its line, of
which the last few tell whether blanks push the line in."""

SWEEPS = 4
"""How often the points of a table are made to go their way along one measure and the other."""

LONGEST_STEP, LEAST_ODDS, MOST_ODDS = 50.0, 1e-250, 1e250
"""Bounds of the log-odds a pair moves at once, and of its odds, so that no model file makes them anything but numbers."""

NO_BETTER = 1e-12
"""By so much one sum of scores must be above another to be more than the same ones added up in another order."""
