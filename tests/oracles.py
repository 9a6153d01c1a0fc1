"""What the package computes, in its most naive form: Python sets of words, and every pair looked at."""

import re
import unicodedata
from itertools import combinations

from dedup.packing import Texts
from dedup.settings import Settings
from dedup.sketch import sketch_texts

RUN = 8
FEWEST = 3
STOPS = '.!?:"\n'
WORD = re.compile(r"[^\W_]+")


def fold(word):
    """A word without case and accents; for the letters that decomposition takes apart."""
    plain = unicodedata.normalize("NFKD", word).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c))


def words(text):
    return [fold(match[0]) for match in WORD.finditer(text)]


def looks(text):
    """For each word: plain, name or number."""
    found, end, fresh = [], 0, True
    for match in WORD.finditer(text):
        word = match[0]
        fresh = fresh or any(stop in text[end : match.start()] for stop in STOPS)
        named = word[0].isupper() and not fresh and len(word) > 1
        found.append("number" if word[0].isdigit() else "name" if named else "plain")
        end, fresh = match.end(), False
    capitals = sum(match[0][0].isupper() for match in WORD.finditer(text))
    return ["plain" if look == "name" and 2 * capitals > len(found) else look for look in found]


def shingle_list(text):
    said = words(text)
    return list(zip(said, said[1:], said[2:], strict=False)) if len(said) > 2 else [tuple(said)] * bool(said)


def shingles(text):
    return set(shingle_list(text))


def vocabulary(text):
    return {fold(match[0]) for match in WORD.finditer(text) if len(match[0].encode()) >= 5}


def looking(text, look):
    return {word for word, its in zip(words(text), looks(text), strict=True) if its == look}


def slots(text, look):
    """The three words before each name (number), each with what follows them."""
    said = words(text)
    return {(tuple(said[k - 3 : k]), said[k]) for k, its in enumerate(looks(text)) if its == look and k >= 3}


def jaccard(a, b):
    return len(a & b) / len(a | b) if a | b else 0.0


def of_smaller(a, b):
    return len(a & b) / max(1, min(len(a), len(b)))


def told_of_smaller(a, b):
    return of_smaller(a, b) if min(len(a), len(b)) >= FEWEST else None


def run_share(longer, shorter):
    """The share of words that stand in some run of eight words, all of whose shingles are in the longer text."""
    known, said = shingles(longer), words(shorter)
    starts = [
        i for i in range(len(said) - RUN + 1) if all(x in known for x in shingle_list(" ".join(said[i : i + RUN])))
    ]
    return len({k for i in starts for k in range(i, i + RUN)}) / max(1, len(said))


def in_place(a, b):
    common = {before for before, _ in a} & {before for before, _ in b}
    return min(1.0, len(a & b) / len(common)) if len(common) >= FEWEST else None


def body_hash(text):
    """What settles which of two texts with as many words is taken for the longer."""
    return int(sketch_texts(Texts([text.encode()]), Settings()).bodies[0, 0])


def measures(a, b):
    """The measures of two texts, None where unknown."""
    shorter, longer = sorted((a, b), key=lambda text: (len(words(text)), body_hash(text)))
    n_words = sorted((len(words(a)), len(words(b))))
    long_words = told_of_smaller(vocabulary(a), vocabulary(b))
    names, numbers = (told_of_smaller(looking(a, look), looking(b, look)) for look in ("name", "number"))
    behind = None if None in (long_words, names) else max(0.0, long_words - names)
    return {
        "jaccard": jaccard(shingles(a), shingles(b)),
        "containment": of_smaller(shingles(a), shingles(b)),
        "runs": run_share(longer, shorter),
        "vocabulary": long_words,
        "names": names,
        "numbers": numbers,
        "names_in_place": in_place(slots(a, "name"), slots(b, "name")),
        "numbers_in_place": in_place(slots(a, "number"), slots(b, "number")),
        "names_behind": behind,
        "length": n_words[0] / max(1, n_words[1]),
        "words": n_words[0],
    }


def alike(texts, least):
    """All pairs of texts (their places) of at least that resemblance."""
    sets = [shingles(text) for text in texts]
    return {(i, j) for i, j in combinations(range(len(texts)), 2) if jaccard(sets[i], sets[j]) >= least}


def cluster(n, pairs, threshold, cohesion):
    """Merge best pair first, if some member is on average likely enough related to all others and to the other part."""
    p = {frozenset(pair): score for *pair, score in pairs}

    def related(a, rest):
        return sum(p.get(frozenset((a, b)), 0.0) for b in rest if b != a)

    groups = [{i} for i in range(n)]
    for a, b, score in sorted(pairs, key=lambda row: (-row[2], row[0], row[1])):
        one, two = (next(g for g in groups if x in g) for x in (a, b))
        if score < threshold or one is two:
            continue
        both = one | two
        parts = {x: two if x in one else one for x in both}
        if any(
            related(x, both) >= cohesion * (len(both) - 1) and related(x, parts[x]) >= cohesion * len(parts[x])
            for x in both
        ):
            groups = [g for g in groups if g not in (one, two)] + [both]
    return groups, p
