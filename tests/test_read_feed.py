"""RSS and Atom files: every entry is an article, and nothing is fetched or expanded."""

import itertools

import pytest

from dedup.read import ReadOptions, read_articles

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Quay</title><link>https://quay.example/</link><language>en-GB</language>
<item>
  <title>Ferry &amp; storm: &lt;b&gt;all&lt;/b&gt; safe</title><link>https://quay.example/a</link>
  <guid isPermaLink="false">quay-1</guid><pubDate>Tue, 04 Mar 2031 05:30:00 +0100</pubDate>
  <description>In short.</description>
  <content:encoded><![CDATA[<p>The ferry turned <b>back</b>&nbsp;at six.</p><script>x()</script><p>No one was hurt.<br>Not one.</p>]]></content:encoded>
</item>
<item><title>Bridge</title><link>https://quay.example/b</link><dc:date>2031-03-05</dc:date>
  <description>The second bridge &eacute;tait open.</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title type="text">Der Kai</title>
<updated>2031-03-09T00:00:00Z</updated>
<entry><id>urn:1</id><title type="html">F&amp;auml;hre kehrt um</title>
<link rel="self" href="https://kai.example/self"/><link href="https://kai.example/a"/>
<published>2031-03-04T05:30:00Z</published><updated>2031-03-06T00:00:00Z</updated>
<source><title>Nordblatt</title></source>
<summary>Kurz.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Die Fähre kehrte um.</p><p>Niemand wurde verletzt.</p></div></content>
</entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel><title>The Quay</title></channel><item><title>Ferry</title><link>https://quay.example/a</link>
<description>The ferry turned back.</description></item></rdf:RDF>"""
BOMB = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise("abcdefghij"))


@pytest.fixture
def read(tmp_path):
    def read_file(content, name="news.rss", **options):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        bad, notes = [], []
        found = read_articles(tmp_path / name, ReadOptions(**options), on_bad=bad.append, on_note=notes.append)
        return list(found), [(record.where.rpartition("/")[2], record.reason) for record in bad], notes

    return read_file


def test_an_rss_item_is_an_article_without_its_markup(read):
    (ferry, bridge), bad, notes = read(RSS)

    assert ferry.text == "The ferry turned back at six.\nNo one was hurt.\nNot one."
    assert ferry.title == "Ferry & storm: all safe"
    assert (ferry.id, ferry.url, ferry.source) == ("quay-1", "https://quay.example/a", "The Quay")
    assert (ferry.date, ferry.language) == ("Tue, 04 Mar 2031 05:30:00 +0100", "en-GB")
    assert (bridge.text, bridge.id, bridge.date) == (
        "The second bridge était open.", "https://quay.example/b", "2031-03-05"
    )  # fmt: skip
    assert (bad, notes) == ([], [])


def test_an_atom_entry_is_an_article_of_the_feed_it_came_from(read):
    (article,), bad, _ = read(ATOM, "news.atom")

    assert article.text == "Die Fähre kehrte um.\nNiemand wurde verletzt."
    assert (article.title, article.id, article.url) == ("Fähre kehrt um", "urn:1", "https://kai.example/a")
    assert (article.date, article.source, article.language) == ("2031-03-04T05:30:00Z", "Nordblatt", "de")
    assert bad == []


def test_items_beside_the_channel_are_found_too(read):
    (article,), _, _ = read(RDF, "news.xml")

    assert (article.title, article.text, article.source) == ("Ferry", "The ferry turned back.", "The Quay")


def test_an_encoding_is_what_the_file_declares(read):
    content = RSS.replace('encoding="utf-8"', 'encoding="windows-1252"').replace("six", "café").encode("cp1252")

    (ferry, _), _, notes = read(content)

    assert ferry.text.startswith("The ferry turned back at café.")
    assert notes == []


def test_broken_markup_costs_no_entry(read):
    articles, bad, _ = read(RSS.replace("</item>", "<br> & </item>"))

    assert [article.title for article in articles] == ["Ferry & storm: all safe", "Bridge"]
    assert bad == []


def test_an_entry_without_text_is_named_and_the_rest_is_read(read):
    articles, bad, _ = read(RSS.replace("<item>", "<item><title>Soon</title></item>\n<item>", 1))

    assert len(articles) == 2
    assert bad == [
        ("news.rss:4 (entry 1)", "no text in this entry; wanted a content, description or summary"),
    ]


def test_no_entity_is_expanded_and_nothing_outside_is_read(read, tmp_path):
    (tmp_path / "secret").write_text("SECRET")
    kinds = f'<!ENTITY a "aaaaaaaaaa">{BOMB}<!ENTITY out SYSTEM "file://{tmp_path}/secret">'
    content = f"<!DOCTYPE rss [{kinds}]><rss><channel><title>&j;</title><item><title>&out;</title><description>Text &j;&out;</description></item></channel></rss>"

    articles, _, _ = read(content)

    assert "aaaaaaaaaa" not in repr(articles)
    assert "SECRET" not in repr(articles)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no XML; wanted a feed"),
        ("{}", "no XML; wanted a feed"),
        ("<sitemap><url/></sitemap>", "XML of the kind 'sitemap'; wanted a feed"),
        ("<rss><channel><title>None</title></channel></rss>", "empty; wanted at least one article"),
        ("<rss>" + "<a>" * 100_000, "empty; wanted at least one article"),
        ("<rss><item><description>" + "&lt;div&gt;" * 1000 + "</description></item></rss>", "tags inside each other"),
        (" " * 3_000_000, "longer than 2 MB"),
        (bytes(range(32)) * 100, "holds binary data"),
    ],
)
def test_what_is_no_feed_or_costs_too_much_is_named(read, content, reason):
    articles, bad, _ = read(content, max_record_bytes=2 << 20)

    assert articles == []
    assert reason in bad[0][1]
