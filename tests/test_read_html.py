"""Saved pages become articles: all of the article, nothing of the page around it."""

import gzip
import io
import itertools
import sys

import pytest

import dedup
import dedup.errors
from dedup.clean import clean_corpus
from dedup.corpus import build_corpus
from dedup.read import ReadOptions, read_articles
from dedup.read.page import MAX_ATTRIBUTES, MAX_DEPTH, MAX_TAGS, MAX_TEXT_CHARS
from dedup.settings import Settings
from tests import pages

SENTENCES = [f"The ferry left pier {n} at six and came back at nine, the captain said." for n in range(12)]
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
TEXT = "\n".join(SENTENCES)


def read(path, **options):
    """Return the articles, the bad records and the notes of a path."""
    bad, notes = [], []
    articles = list(read_articles(path, ReadOptions(**options), on_bad=bad.append, on_note=notes.append))
    return articles, [record.reason for record in bad], notes


def page(head="", body=BODY, attributes=""):
    return f"<!DOCTYPE html><html{attributes}><head>{head}</head><body><article>{body}</article></body></html>"


@pytest.fixture
def read_page(tmp_path):
    def read_one(content, **options):
        path = tmp_path / "page.html"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path, **options)

    return read_one


def cleaned_lines(article):
    corpus = build_corpus([article])
    text = clean_corpus(corpus, Settings()).texts[0].decode()
    return [line for line in map(str.strip, text.splitlines()) if line]


@pytest.mark.parametrize(
    ("layout", "name", "json_ld"),
    list(itertools.product(pages.LAYOUTS, pages.STORIES, (True, False))),
    ids=lambda value: getattr(value, "__name__", value),
)
def test_no_furniture_is_left_and_no_sentence_lost(read_page, layout, name, json_ld):
    story = pages.STORIES[name]

    (article,), bad, notes = read_page(layout(story, json_ld=json_ld))
    lines = cleaned_lines(article)

    wanted = list(story.sentences())
    assert [sentence for sentence in wanted if not any(sentence in line for line in lines)] == []
    assert [line for line in lines if not any(sentence in line for sentence in wanted)] == []
    assert (bad, notes) == ([], [])


@pytest.mark.parametrize("json_ld", [True, False])
@pytest.mark.parametrize("layout", pages.LAYOUTS)
def test_a_page_tells_its_title_date_outlet_address_and_language(read_page, layout, json_ld):
    (article,), _, _ = read_page(layout(pages.FERRY, json_ld=json_ld))

    assert article.title == pages.FERRY.title
    assert article.date == "2031-03-04T05:30:00+01:00"
    assert article.source == "The Quay"
    assert article.url == "https://www.quay.example/2031/03/ferry"
    assert (article.language, article.id) == ("en", "page.html")


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<meta property="article:published_time" content="2031-03-04">', "2031-03-04"),
        ('<meta name="DC.date.issued" content="4 March 2031">', "4 March 2031"),
        ('<meta itemprop="datePublished" content="2031-03-04T00:00Z">', "2031-03-04T00:00Z"),
        (
            '<script type="application/ld+json">[{"@type": ["NewsArticle"], "datePublished": "2031-03-04"}]</script>',
            "2031-03-04",
        ),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": 7}</script>', ""),
        ('<script type="application/ld+json">{"@type": "NewsArticle",</script>', ""),
        ('<meta property="article:published_time" content="soon">', ""),
        ('<meta property="article:modified_time" content="2031-03-04">', ""),
        ("", ""),
    ],
)
def test_a_date_counts_where_the_page_states_it(read_page, head, date):
    footer = "<footer><p>© 2031 The Quay</p><time datetime='2031-05-05'>5 May 2031</time></footer>"

    (article,), _, _ = read_page(page(head).replace("</body>", footer + "</body>"))

    assert article.date == date


@pytest.mark.parametrize(
    ("body", "date"),
    [
        (f'<h1>Ferry</h1><time datetime="2031-03-04">4 March</time>{BODY}', "2031-03-04"),
        (f'<h1>Ferry</h1><time class="updated" datetime="2031-03-05">5 March</time>{BODY}', ""),
        (f'<h1>Ferry</h1><aside><time datetime="2031-03-05">5 March</time></aside>{BODY}', ""),
        (f'<h1>Ferry</h1><p>{"word " * 50}</p><time datetime="2031-03-05">5 March</time>{BODY}', ""),
        (f'{BODY}<time itemprop="datePublished" datetime="2031-03-04">4 March</time>', "2031-03-04"),
    ],
)
def test_a_time_counts_in_the_head_of_the_article_or_marked_as_publication(read_page, body, date):
    (article,), _, _ = read_page(page(body=body))

    assert article.date == date


@pytest.mark.parametrize(
    ("head", "stated"),
    [
        ("<title>Ferry</title>", ("Ferry", "", "", "")),
        ('<link rel="canonical" href="https://www.quay.example/a">', ("", "quay.example", "https://www.quay.example/a", "")),
        ('<link rel="canonical" href="/a"><meta property="og:url" content="javascript:x">', ("", "", "", "")),
        ('<link rel="canonical" href="http://[">', ("", "", "", "")),
        ('<meta property="og:locale" content="pt_BR"><meta property="og:title" content=" A  b ">', ("A b", "", "", "pt-BR")),
        ("<!-- saved from url=(0022)https://quay.example/b -->", ("", "quay.example", "https://quay.example/b", "")),
    ],
)  # fmt: skip
def test_what_a_page_does_not_state_stays_unknown(read_page, head, stated):
    (article,), _, _ = read_page(page(head))

    assert (article.title, article.source, article.url, article.language) == stated


RUSSIAN = "".join(
    f"<p>Паром вышел в море в шесть часов утра и вернулся в девять, сообщил капитан судна {n}.</p>" for n in range(5)
)


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (page(body=RUSSIAN).encode(), ""),
        (page(body=RUSSIAN).encode("utf-8-sig"), ""),
        (page(body=RUSSIAN).encode("utf-16"), ""),
        (page(body=RUSSIAN).encode("utf-16-le"), ""),
        (page('<meta charset="koi8-r">', RUSSIAN).encode("koi8-r"), ""),
        (page('<meta http-equiv=Content-Type content="text/html; charset=windows-1251">', RUSSIAN).encode("cp1251"), ""),
        (b'<?xml version="1.0" encoding="windows-1251"?>' + page(body=RUSSIAN).encode("cp1251"), ""),
        (page('<meta charset="utf-16">', RUSSIAN).encode(), ""),
        (page('<meta charset="klingon">', RUSSIAN).encode(), ""),
        (page('<meta charset="utf-8">', RUSSIAN).encode("cp1251"), "not the utf-8 it declares; read as "),
        (page(body=RUSSIAN).encode("cp1251"), "it declares no encoding and is not UTF-8; read as "),
    ],
)  # fmt: skip
def test_an_encoding_is_what_the_page_says_or_a_guess_that_is_said(read_page, content, note):
    (article,), bad, notes = read_page(content)

    assert article.text.startswith("Паром вышел в море в шесть часов утра")
    assert [note in said for said in notes] == ([True] if note else [])
    assert bad == []


def test_a_named_encoding_overrules_the_page(read_page):
    (article,), _, notes = read_page(page('<meta charset="utf-8">', RUSSIAN).encode("koi8-r"), encoding="koi8-r")

    assert article.text.startswith("Паром")
    assert notes == []


def test_a_few_broken_bytes_cost_only_themselves(read_page):
    (article,), _, notes = read_page(page(body=RUSSIAN).encode() + b"\xff\xfe\x80")

    assert article.text.startswith("Паром вышел")
    assert notes == []


BOMB = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise("abcdefghij"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        (" \n", "empty; wanted a page"),
        (page(body="<img src=a.jpg>"), "no article found"),
        (page(body="<div>" * 100_000 + BODY), f"tags inside each other; no page of an article has more than {MAX_DEPTH}"),
        (page(body="<a href=/>x</a> " * 100_000), f"tags; no page of an article has more than {MAX_TAGS:,}"),
        (page(body="<b>" * 200 + "<i>x</i>" * 20_000), "tags times their depth"),
        (page(body="<p>" + "word " * (MAX_TEXT_CHARS // 5 + 1)), "characters of text"),
        (page(body="<p " + " ".join(f"a{n}=1" for n in range(10_000)) + ">"), f"has more than {MAX_ATTRIBUTES}"),
        (page(body="<p " + "".join(f"a{n}='>'" for n in range(10_000)) + ">"), f"has more than {MAX_ATTRIBUTES}"),
        (bytes(range(32)) * 1000, "holds binary data, not a page"),
        (gzip.compress(bytes(70 << 20), mtime=0), "longer than 64 MB"),
        (gzip.compress(page().encode(), mtime=0)[:-20], "the gzip file ends too early"),
    ],
    ids=["empty", "blank", "picture", "nesting", "links", "depth", "text", "attributes", "quoted", "bytes", "bomb", "cut off"],
)  # fmt: skip
def test_a_page_that_yields_nothing_or_costs_too_much_is_named(read_page, content, reason):
    articles, bad, _ = read_page(content)

    assert articles == []
    assert len(bad) == 1
    assert reason in bad[0]


@pytest.mark.parametrize(
    "content",
    [
        f'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">{BOMB}]>' + page(body=f"<p>&j;</p>{BODY}"),
        page(body="<ul>" + "<li><a href=/>Ferry</a></li>" * 10_000 + f"</ul>{BODY}"),
        page('<script type="application/ld+json">' + "[" * 100_000 + "</script>"),
        page('<script type="application/ld+json">' + '"@type":[' * 200_000 + "</script>"),
        page(attributes=f' class="{"share " * 200_000}"'),
        page(body="<!-- " + "<" * 100_000 + "-->" + BODY),
        page(body=BODY + "&" * 100_000 + "<" * 100_000),
        page().replace("ferry", "fer\0ry"),
    ],
    ids=["entities", "links", "deep JSON", "endless JSON", "class", "comment", "marks", "NUL"],
)
def test_a_hostile_page_gives_its_article_all_the_same(read_page, content):
    (article,), bad, _ = read_page(content)

    assert all(sentence in article.text for sentence in SENTENCES)
    assert "aaaaaaaaaa" not in article.text
    assert bad == []


def test_what_a_library_trips_over_costs_that_page_alone(tmp_path, monkeypatch):
    import trafilatura

    find = trafilatura.bare_extraction

    def trip(tree, **settings):
        if "worst" in tree.text_content():
            raise IndexError
        return find(tree, **settings)

    monkeypatch.setattr(trafilatura, "bare_extraction", trip)
    (tmp_path / "a.html").write_text(page(body=f"{BODY}<p>worst</p>"))
    (tmp_path / "b.html").write_text(page())

    articles, bad, _ = read(tmp_path)

    assert [article.id for article in articles] == ["b.html"]
    assert bad == ["the page cannot be searched for its article (IndexError); save its text alone"]


def test_folders_gzip_and_standard_input_give_the_same_article(tmp_path, monkeypatch):
    content = page("<title>Ferry</title>").encode()
    (tmp_path / "a.html").write_bytes(content)
    (tmp_path / "b.htm.gz").write_bytes(gzip.compress(content))
    (tmp_path / "c.xhtml").write_bytes(content)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    articles = [*dedup.read_articles(tmp_path), *dedup.read_articles("-", ReadOptions(format="html"))]

    assert [article.id for article in articles] == ["a.html", "b.htm.gz", "c.xhtml", "stdin"]
    assert {(article.title, article.text) for article in articles} == {("Ferry", TEXT)}


def test_an_article_does_not_depend_on_the_pages_read_before_it(tmp_path):
    for number, (layout, name) in enumerate(itertools.product(pages.LAYOUTS, pages.STORIES)):
        for copy in "ab":
            (tmp_path / f"{copy}{number}.html").write_text(layout(pages.STORIES[name], json_ld=True))

    together = {article.id: article.text for article in read(tmp_path)[0]}
    alone = {path.name: read(path)[0][0].text for path in sorted(tmp_path.iterdir(), reverse=True)}

    assert together == alone
    assert len(together) == 2 * len(pages.LAYOUTS) * len(pages.STORIES)


def test_letting_go_of_what_was_seen_changes_no_article(read_page, monkeypatch):
    from dedup.read import page_text

    before, _, _ = read_page(page())
    monkeypatch.setattr(page_text, "_CACHED_CHARS", 0)
    after = [read_page(page()) for _ in range(3)]

    assert after == [(before, [], [])] * 3


def test_a_text_stated_beside_the_page_stands_in_for_one_that_is_not_there(read_page):
    head = f'<script type="application/ld+json">{{"@type": "Article", "articleBody": "{SENTENCES[0]}"}}</script>'

    (article,), _, _ = read_page(page(head, body=""))

    assert article.text == SENTENCES[0]


def test_a_table_that_lays_out_the_page_is_no_table(read_page):
    (article,), _, _ = read_page(page(body=f"<table><tr><td><a href=/>Home</a></td><td>{BODY}</td></tr></table>"))

    assert article.text.endswith(TEXT)


@pytest.mark.parametrize("n_blocks", [1, 2])
@pytest.mark.parametrize("layout", pages.LAYOUTS)
def test_a_short_article_is_not_drowned_in_its_page(read_page, layout, n_blocks):
    story = pages.Story(pages.FERRY.title, pages.ENGLISH, pages.FERRY.blocks[-n_blocks:], pages.FERRY.teasers)

    (article,), _, _ = read_page(layout(story, json_ld=True))

    assert cleaned_lines(article) == list(story.sentences())


def test_a_package_that_is_missing_is_one_sentence(read_page, monkeypatch):
    from dedup.read.web import web_module

    web_module.cache_clear()
    monkeypatch.setitem(sys.modules, "lxml.etree", None)

    with pytest.raises(dedup.errors.MissingExtra, match=r"pip install 'samestory\[html\]'"):
        read_page(page())
    web_module.cache_clear()
