"""Invented articles for the tests of the report, and the report of them."""

from random import Random

from dedup.article import Article
from dedup.briefing import brief
from dedup.corpus import build_corpus
from dedup.pipeline import readable, run
from dedup.report.page import page_parts
from dedup.settings import Settings

OUTLETS = "Ardel Post,Brunn Herald,Coast Radio,Dorvik Wire,Evening Lamp,Fenholt Times".split(",")
SYLLABLES = "ba cor del fen gar hol ist jor kes lun mar nes orr pel quin ros sel tor ulm ves wil yar zen".split()
FRAMES = (
    "{A} told the {x} council that {n} percent of the {y} had been lost since March {d}.",
    "Workers of the {x} {y} carried {n} crates of {z} to {B} before the gates closed.",
    "In {B} the {z} was inspected twice, and {A} called the {y} a danger to the {x}.",
    "Nobody in {B} had seen a {z} like it, said {A}, whose {x} lies behind the {y}.",
    "The {y} of {B} will stay shut until {n} tons of {z} are taken from the {x}.",
)

HOSTILE_TITLE = "<script>hacked()</script><img src=x onerror=hacked()>\u202egnp.exe\x1b[2J"
HOSTILE_URLS = (
    "javascript:hacked()",
    'https://a.example/"onmouseover="hacked()',
    "https://a.example/\u202e",
    "data:text/html,x",
)
HOSTILE_BODY = (
    '"><script>hacked()</script></p></div></details><svg onload=hacked()> \u202eabc\u2066 \x00\x07 ]]> <!-- '
    "{{7*7}} </style><style>*{display:none}</style>"
)


def text_of(random, words, n_sentences):
    """Return sentences that tell of one matter: its own names and things, in frames every story shares."""
    told = []
    for frame in random.choices(FRAMES, k=n_sentences):
        x, y, z = random.sample(words[2:], 3)
        told.append(
            frame.format(A=words[0], B=words[1], x=x, y=y, z=z, n=random.randint(11, 99), d=random.randint(1, 28))
        )
    return " ".join(told)


def words_of_story(random):
    words = ["".join(random.choices(SYLLABLES, k=3)) for _ in range(16)]
    return [f"{words[0].capitalize()} {words[1].capitalize()}", words[2].capitalize(), *words[3:]]


def pile(n_stories, seed=7):
    """Return articles of ``n_stories`` invented stories: two reports of each and, of every third, a copy of the first."""
    random = Random(seed)
    articles = []
    for k in range(n_stories):
        words = words_of_story(random)
        day = f"2031-{1 + k % 12:02d}-{1 + k % 27:02d}"
        title = f"{words[1]} loses its {words[2]} and {words[3]}"
        bodies = [text_of(random, words, 7) for _ in range(2)]
        for part, text in enumerate([*bodies, *([bodies[0] + " Nobody was hurt."] if k % 3 == 0 else [])]):
            outlet = OUTLETS[(k + part) % len(OUTLETS)]
            url = f"https://{outlet.split()[0].lower()}.example/{k}/{part}"
            articles.append(Article(text, f"a{k:04d}-{part}", title, outlet, day, "en", url))
    return articles


def hostile():
    """Return articles whose every field attacks the reader, and which are copies of each other."""
    random = Random(1)
    text = text_of(random, words_of_story(random), 9)
    return [
        Article(
            f"{text}\n{HOSTILE_BODY}\n{text if k == 1 else ''}",
            f"{HOSTILE_TITLE}{k}",
            HOSTILE_TITLE + ("\U0001f600 A" * 350_000 if k == 2 else ""),
            f"=cmd|' /C calc'!A{k}{HOSTILE_TITLE}",
            "2031-02-03",
            "en",
            url,
        )
        for k, url in enumerate(HOSTILE_URLS)
    ]


def briefing_of(articles, **settings):
    chosen = Settings(**{"level": "story", **settings})
    corpus = build_corpus(articles)
    findings = run(corpus, chosen)
    return brief(corpus, findings, readable(corpus, findings, chosen))


def page_of(articles, **settings):
    return "".join(page_parts(briefing_of(articles, **settings)))
