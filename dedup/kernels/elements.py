"""The sets an article is compared by, shared by the compiled kernels and their plain twins."""

SETS = ("shingles", "vocabulary", "names", "numbers")
"""Word 3-shingles, long words, capitalised words, numbers."""

SHINGLES, VOCABULARY, NAMES, NUMBERS = range(len(SETS))

COUNTS = (*SETS, "run_words", "longest_run")
"""What is counted for a pair: four intersections, words of the shorter text in runs, the longest run in words."""

PLAIN, NAME, NUMBER = 0, 1, 2
"""What a word looks like."""

SET_SALTS = (0, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB)
"""What sets the hash of one word apart in each set."""

SHINGLE_TURNS = (21, 42)
"""Bits the second and the third word's hash are rotated by in a shingle, so that the order of words counts."""

TURN = 5
"""Bits a token's hash is rotated by for each further letter."""
