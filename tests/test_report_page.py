"""The report as a file: whole without scripts, inert whatever the articles hold, the same bytes for any order."""

import base64
import csv
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import dedup.briefing
import dedup.facing
import dedup.storytelling
from dedup.article import Article
from dedup.cli.guard import run
from dedup.facing import shown_of
from dedup.rank import MODEL_PATH
from dedup.read import read_articles
from tests.reporting import HOSTILE_BODY, briefing_of, hostile, page_of, pile

CORPUS = Path(__file__).parent / "corpus" / "articles.jsonl"
STORIES = Path(__file__).parent / "corpus_stories" / "articles.jsonl"
SECTIONS = ("stories", "doubts", "exchange", "thresholds", "record", "pairs")
VOID = {"meta", "input", "br"}


class Reader(HTMLParser):
    """What a browser without scripts finds: elements, attributes, words, and whether every element is closed."""

    def __init__(self, page):
        super().__init__()
        self.open, self.elements, self.words, self.unclosed = [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if self.open[-1] != tag:
            self.unclosed.append((self.open[-1], tag))
        self.open.pop()

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("script", "style"):
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def of(self, name):
        return [attrs for tag, attrs in self.elements if tag == name]


@pytest.fixture(scope="module")
def articles():
    return [*read_articles([CORPUS]), *read_articles([STORIES])]


@pytest.fixture(scope="module")
def page(articles):
    return page_of(articles)


def test_every_element_is_closed_where_it_was_opened(page):
    read = Reader(page)

    assert read.unclosed == []
    assert read.open == []


def test_the_page_has_all_its_parts_and_no_two_places_of_one_name(page):
    names = [attrs["id"] for _, attrs in Reader(page).elements if "id" in attrs]

    assert set(SECTIONS) <= set(names)
    assert len(names) == len(set(names))


def test_every_link_inside_the_page_leads_somewhere(page):
    read = Reader(page)
    names = {attrs.get("id") for _, attrs in read.elements}
    inside = [attrs["href"][1:] for attrs in read.of("a") if attrs["href"].startswith("#")]

    assert len(inside) > 20
    assert [name for name in inside if name not in names] == []


def test_without_scripts_stories_and_their_articles_are_there_to_read(page, articles):
    text = Reader(page).text

    assert "Ambulances to pass Ketter blockade after ministers talk" in text
    assert "Five hours, one sheet of paper: how the Port Lisk talks went" in text
    assert f"{len(articles):,} articles" in text


def test_nothing_is_loaded_and_the_policy_admits_only_the_blocks_by_their_hashes(page):
    read = Reader(page)
    [policy] = [attrs["content"] for attrs in read.of("meta") if attrs.get("http-equiv") == "Content-Security-Policy"]
    hashes = [
        "sha256-" + base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        for block in re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", page, re.DOTALL)
    ]

    assert policy.startswith("default-src 'none'; ")
    assert len(hashes) == 2
    assert re.findall(r"'(sha256-[^']+)'", policy) == hashes
    assert [attrs for _, attrs in read.elements if "src" in attrs or "style" in attrs] == []
    assert [name for _, attrs in read.elements for name in attrs if name.startswith("on")] == []


@pytest.mark.parametrize("level", ["exact", "near", "event", "story"])
def test_every_level_has_a_page(level):
    read = Reader(page_of(pile(12), level=level))

    assert read.unclosed == []
    assert set(SECTIONS) <= {attrs.get("id") for _, attrs in read.elements}


@pytest.mark.parametrize("articles", [[], [Article("One text alone.")], [Article("", title="No words")]])
def test_a_pile_with_nothing_to_join_has_a_page(articles):
    assert "Every article stands alone." in Reader(page_of(articles)).text


def test_the_page_is_the_same_for_any_order_and_any_number_of_threads(articles, page):
    assert page_of(articles[::-1], threads=3) == page


def test_the_digest_of_the_input_changes_with_any_article(articles, page):
    def digest(text):
        return re.search(r"sha256 (\w{64}) of", text)[1]

    assert digest(page) != digest(page_of(articles[1:]))


def test_who_copied_whom_is_said_only_where_the_days_tell():
    text = "The harbour council of Aldport approved a new ferry timetable on Tuesday after months of talks in the town hall."
    page = page_of(
        Article(text, name, "Timetable", name, day)
        for name, day in (("A", "2033-01-02"), ("B", "2033-01-02"), ("C", "2033-01-03"))
    )
    undated = page_of(Article(text, name, "Timetable", name, "") for name in "AB")
    alone = page_of(
        Article(text, name, "Timetable", name, day) for name, day in (("A", "2033-01-02"), ("C", "2033-01-03"))
    )

    assert re.findall(r"(copy of|same text as) <bdi>A", page) == ["same text as", "copy of"]
    assert "first seen" not in page + undated
    assert "copy of <bdi>" not in undated
    assert "first seen" in alone


def test_a_doubt_about_a_story_leads_to_the_pair_it_is_about():
    told = briefing_of(read_articles([CORPUS]))
    doubtful = [story for story in told.stories if story.doubts]

    assert doubtful
    for story in doubtful:
        inside = {version.id for event in story.events for version in event.versions}
        for number, words in story.doubts:
            pair = told.pairs[number - 1]
            assert (pair.number, words) in {(doubt.pair, doubt.words) for doubt in told.doubts}
            assert inside & {side.id for side in pair.sides}
    assert '<p class=doubt>Needs a person: <a href="#pair-' in page_of(read_articles([CORPUS]))


def test_a_copy_adds_no_newsroom():
    text = "The Nesby ferry burned at dawn and all 243 passengers were brought ashore by fishermen. " * 4
    story = [
        Article(text, "a", "Ferry burns", "Dorvik Wire", "2031-03-01"),
        Article(text + "More soon.", "b", "Ferry burns", "Ardel Post", "2031-03-02"),
    ]
    [told] = briefing_of(story).stories

    assert (told.articles, told.reports, told.newsrooms) == (2, 1, 1)
    assert [version.copy_of for event in told.events for version in event.versions] == [None, "Dorvik Wire"]


def test_who_had_a_text_first_is_told_by_date():
    texts = [
        f"In Kestle{k} the quarry number {k} was sold to Runa Falk for {k + 7} million crowns on Monday. " * 5
        for k in range(3)
    ]
    taken = [
        Article(text, f"{outlet}{k}", "", outlet, f"2031-03-0{day}")
        for k, text in enumerate(texts)
        for outlet, day in (("Dorvik Wire", 1), ("Ardel Post", 1 if k == 0 else 2))
    ]
    [flow_back, flow] = sorted(briefing_of(taken, level="near").flows, key=lambda each: each.first)

    assert (flow.giver, flow.taker, flow.first) == ("Dorvik Wire", "Ardel Post", 2)
    assert (flow_back.giver, flow_back.taker, flow_back.undecided) == ("Ardel Post", "Dorvik Wire", 1)


def test_what_is_new_and_what_differs_is_told_of_each_version():
    opening = (
        "Fire broke out on the Nesby ferry before dawn, and rescuers in small boats brought its passengers ashore."
    )
    story = [
        Article(f"{opening} Captain Runa Falk said at least 12 people were hurt in the engine room.", "a", "Ferry fire", "Wire", "2031-03-01"),
        Article(f"{opening} Later Mira Solheim of the coast guard said at least 15 people were hurt.", "b", "Ferry fire", "Post", "2031-03-02"),
    ]  # fmt: skip
    [told] = briefing_of(story).stories
    later = told.events[-1].versions[-1]

    assert "Mira Solheim" in [fact.text for fact in later.new]
    assert [[text for text, _ in place.said] for place in told.differences] == [["12", "15"]]
    assert "Nesby" in [fact.text for fact in told.common]


def test_furniture_stays_visible_in_the_pair_view_and_is_no_part_of_a_passage():
    text = "The Nesby ferry burned at dawn and all its passengers were brought ashore by fishermen. " * 6
    cut = "Share this on Facebook"
    both = [Article(f"{cut}\n{text}", "a", "Ferry burns"), Article(f"{text}\n{cut}", "b", "Ferry burns")]
    pieces = [piece for side in briefing_of(both).pairs[0].sides for piece in side.pieces]

    assert [piece.text for piece in pieces if piece.cut] == [cut, cut]
    assert all(piece.passage is None for piece in pieces if piece.cut)
    assert any(piece.passage is not None for piece in pieces)


def test_one_frame_filled_otherwise_is_told_apart_as_doubtful():
    market = list(read_articles([CORPUS]))

    assert "frame" in {doubt.kind for doubt in briefing_of(market).doubts}


def test_a_frame_whose_names_and_figures_differ_says_so_in_one_sentence():
    said = {doubt.words for doubt in briefing_of(read_articles([CORPUS])).doubts if doubt.kind == "frame"}

    assert any(" % of the names and " in words and words.count("but") == 1 for words in said)


def test_a_pair_is_told_once_by_the_first_kind_that_names_it():
    doubts = briefing_of(read_articles([CORPUS])).doubts
    kinds = [doubt.kind for doubt in doubts]

    assert len({doubt.pair for doubt in doubts}) == len(doubts)
    assert kinds == sorted(kinds, key=["loose", "frame", "borderline"].index)


def test_without_events_and_stories_no_pair_is_said_to_be_none():
    read = Reader(page_of(read_articles([CORPUS]), level="near"))

    assert "No copies: probability that one text derives from the other" in read.text
    assert "one story" not in read.text
    assert "one event" not in read.text


@pytest.mark.parametrize("n", [1, 2])
def test_numbers_and_their_nouns_agree(n):
    same = [Article("A text of its own about the ferry, and nothing else.", str(k)) for k in range(n)]
    head, _, stories = Reader(page_of(same)).text.partition("Stories Needs a person")

    assert (f"What {n} article{'s have' if n > 1 else ' has'} in common") in head
    assert not re.search(r"\b1 (articles|different texts|reports|events|stories|running stories|copies|stand)\b", head)
    assert ("1 newsroom with a report of its own, 1 text that is no copy. Cohesion 1.00;" in stories) == (n == 2)


HEADINGS = {"exact": "Equal texts", "near": "Copies", "event": "Events", "story": "Stories"}


@pytest.mark.parametrize("level", HEADINGS)
def test_the_page_speaks_of_what_its_level_lists(level):
    text = Reader(page_of(read_articles([CORPUS]), level=level)).text
    elsewhere = [heading for heading in HEADINGS.values() if heading != HEADINGS[level]]

    assert f" {HEADINGS[level]} Needs a person Who copies whom" in text
    assert text.count(f"to the {HEADINGS[level].lower()} ") > 1
    assert not [name for name in elsewhere if f"{name} Needs a person" in text or f"to the {name.lower()} " in text]


@pytest.mark.parametrize(
    ("level", "n", "ranked_by", "said"),
    [
        ("exact", 3, "Articles", "by the number of articles."),
        ("near", 3, "Articles", "by the number of articles."),
        ("event", 1, "Newsrooms", "by the number of independent newsrooms"),
    ],
)
def test_copies_are_ranked_by_their_number_and_reports_by_newsrooms(level, n, ranked_by, said):
    copies = [Article("One text of the ferry and its captain. " * 4, f"copy{k}", source=f"o{k}") for k in range(3)]
    page = page_of(copies, level=level)

    assert f"<b class=rank>{n}</b>" in page
    assert f"<label>{ranked_by}<select id=rank>" in page
    assert f"Ranked {said}" in page
    assert ("newsroom with a report of its own" in page) == (ranked_by == "Newsrooms")


def test_equal_texts_are_ranked_by_their_number_though_they_were_copied():
    text = "Ferry masters of the Lower Quay met the mayor and agreed on a timetable for the winter. " * 3
    texts = [text, text, *[text + "The paper adds a line of its own."] * 3]
    page = page_of([Article(each, f"a{k}", date=f"2031-05-0{k + 1}") for k, each in enumerate(texts)], level="exact")

    assert re.findall(r"<b class=rank>(\d+)</b>", page) == ["3", "2"]


def test_the_record_names_what_the_model_was_fitted_on_and_takes_any_record(tmp_path):
    model = json.loads(MODEL_PATH.read_text(encoding="utf-8"))
    fitted = {"labels": "mine.csv", "from": {"sets": ["synth", 5], "from": "?"}}
    model["record"] = {"near": fitted, "event": {"sets": 5}, "story": {"sets": [["a"], {}]}}
    (tmp_path / "model.json").write_text(json.dumps(model), encoding="utf-8")
    told = briefing_of([Article("One text alone.")], model=str(tmp_path / "model.json"))

    assert dict(told.record.entries)["model fitted on"] == "5, ['a'], mine.csv, synth"


def test_what_was_cut_stays_in_its_place_in_a_text_with_malformed_bytes(monkeypatch):
    monkeypatch.setattr(dedup.facing, "SHOWN_BYTES", 12)
    text = b"\xffone \xe2\x82\xaccut two \xe2\x82\xac"
    shown = shown_of(text, [(8, 11, "known")])

    assert shown.text.decode() == "\ufffdone € two"
    assert shown.cuts == [(6, "known", "cut")]


def test_what_a_page_holds_is_bounded(monkeypatch):
    monkeypatch.setattr(dedup.briefing, "STORIES_SHOWN", 5)
    monkeypatch.setattr(dedup.facing, "SHOWN_BYTES", 200)
    monkeypatch.setattr(dedup.storytelling, "ALL_LISTED", 4)
    told = briefing_of(pile(20))
    listed = [version for story in told.stories for event in story.events for version in event.versions]

    assert len(told.stories) == 5
    assert told.unlisted == told.counts.groups - 5 > 0
    assert len(listed) <= 4 + 2 * 4
    assert all(side.left_out > 0 for pair in told.pairs for side in pair.sides)
    assert all(sum(len(piece.text) for piece in side.pieces) <= 200 for pair in told.pairs for side in pair.sides)


def test_hostile_articles_bring_no_element_no_link_and_no_control_into_the_page():
    page = page_of([*hostile(), *pile(6)])
    read = Reader(page)

    assert read.unclosed == []
    assert len(read.of("script")) == len(read.of("style")) == 1
    assert read.of("img") == []
    assert all(re.match(r"#|https://", attrs["href"]) for attrs in read.of("a"))
    assert [name for _, attrs in read.elements for name in attrs if name.startswith("on")] == []
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067]", page)
    assert HOSTILE_BODY[:20] in read.text  # shown as what it is
    assert len(page) < 400_000


def test_hostile_articles_are_inert_on_a_terminal_and_in_a_spreadsheet(tmp_path, capsys):
    csv.field_size_limit(1 << 22)
    pile_file, table = tmp_path / "pile.jsonl", tmp_path / "rows.csv"
    with pile_file.open("w", encoding="utf-8") as out:
        for each in hostile():
            json.dump(
                {"id": each.id, "title": each.title, "text": each.text, "source": each.source, "url": each.url}, out
            )
            out.write("\n")
    assert run(["cluster", str(pile_file)]) == 0
    shown = capsys.readouterr().out
    assert run(["cluster", str(pile_file), "-f", "csv", "-o", str(table)]) == 0
    with table.open(encoding="utf-8", newline="") as rows:
        cells = [cell for row in csv.reader(rows) for cell in row]

    assert "<script>" in shown
    for text in (shown, *cells):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert len(cells) > 40
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_cluster_writes_the_page_of_report(tmp_path, capsys):
    one, other = tmp_path / "one.html", tmp_path / "other.html"
    assert run(["report", str(STORIES), "-o", str(one)]) == 0
    assert run(["cluster", str(STORIES), "--report", str(other), "--show", "1"]) == 0

    assert one.read_bytes() == other.read_bytes()
    assert "open it in a browser" in capsys.readouterr().err


@pytest.mark.parametrize("other", ["x", "../x/x"])
def test_the_page_and_the_rows_cannot_go_to_one_place(tmp_path, capsys, other):
    target, same = tmp_path / "x" / "x", tmp_path / "x" / other
    target.parent.mkdir()

    assert run(["cluster", str(STORIES), "--report", str(target), "-o", str(same)]) == 2
    assert "give one of them another file" in capsys.readouterr().err
    assert not target.exists()


def test_records_left_out_are_named_in_the_record(tmp_path):
    bad = tmp_path / "pile.jsonl"
    bad.write_text('{"id": "<b>1"}\n{"text": "One article."}\n', encoding="utf-8")
    page = tmp_path / "page.html"

    assert run(["report", str(bad), "-o", str(page)]) == 3
    assert "pile.jsonl:1" in Reader(page.read_text(encoding="utf-8")).text
