"""Events and stories: what a run costs beside TF-IDF with nearest neighbours, and what the search for neighbours finds.

Cost: texts, titles and dates in memory to nested clusters, each run a fresh process, tools in turns. The baseline is
scikit-learn's TfidfVectorizer and the 20 largest cosines of each article, which ends at unjudged pairs. Reach: the
editors' clusters of ``allsides_story`` placed among all of ``news_corpus``. How well pairs and clusters are told apart is
measured by ``fit_stories.py``, out of fold.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from data import CORPUS, NewsSet, add_data_option, find_set
from fit_stories import RESULT as FITTED
from machine import describe_machine, machine_line
from measure import Job, Measure, measure
from tables import number, put_results, put_tables, table

SPEED_SET, STORY_SET = "news_corpus", "allsides_story"
NEIGHBOURS = 20
ROWS_AT_A_TIME = 2000


def main() -> None:
    """Measure, print the tables, and write them where they are published."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_data_option(parser)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-write", action="store_true", help="print the tables, change no file")
    options = parser.parse_args()
    news = NewsSet(CORPUS) if options.quick else find_set(options.data, SPEED_SET)
    articles = news.articles(None)
    jobs = {"dedup": "stories:find_stories"} | ({} if options.quick else {"TF-IDF, 20 nearest": "stories:tfidf_pairs"})
    runs: dict[str, list[Measure]] = {name: [] for name in jobs}
    with TemporaryDirectory() as scratch:
        columns = Path(scratch) / "columns.jsonl"
        with columns.open("w", encoding="utf-8") as out:
            for row in articles:
                out.write(json.dumps([row["text"], row.get("title") or "", row.get("date") or ""]) + "\n")
        for _ in range(1 if options.quick else options.repeats):
            for name, run in jobs.items():
                runs[name].append(measure(Job("stories:read_dated", {"path": str(columns)}, run)))
                print(f"{name}: {runs[name][-1].cpu_seconds:.1f} s", file=sys.stderr, flush=True)
    machine = describe_machine(["samestory", "numpy", "numba", "scikit-learn"])
    tables = {"stories-speed": f"{machine_line(machine)}\n\n{cost_table(runs, len(articles))}"}
    if not options.quick:
        tables["stories-reach"] = reach_table(options.data)
        tables["stories-quality"] = quality_table()
        tables["stories-frames"] = frames_table()
        tables["stories-graded"] = graded_table()
    print("\n\n".join(tables.values()))
    if options.quick or options.no_write:
        return
    put_tables(tables)
    put_results(
        "stories", {"machine": machine, "runs": {n: [m.cpu_seconds for m in taken] for n, taken in runs.items()}}
    )


def read_dated(path: str) -> dict[str, list[str]]:
    """Return texts, titles and dates as columns."""
    with Path(path).open(encoding="utf-8") as lines:
        texts, titles, dates = zip(*map(json.loads, lines), strict=True)
    return {"texts": list(texts), "titles": list(titles), "dates": list(dates)}


def find_stories(texts: list[str], titles: list[str], dates: list[str]) -> int:
    """Do the whole job of all four levels; return how many stories there are."""
    import dedup

    rows = zip(texts, titles, dates, strict=True)
    articles = ({"id": str(i), "text": t, "title": h, "date": d} for i, (t, h, d) in enumerate(rows))
    return len(dedup.find(articles, level="story").clusters)


def tfidf_pairs(texts: list[str], titles: list[str]) -> int:
    """Return how many pairs are among each article's nearest by cosine of TF-IDF."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    both = [f"{title}\n{text}" for title, text in zip(titles, texts, strict=True)]
    vectors = TfidfVectorizer(sublinear_tf=True, max_df=0.5, min_df=min(2, len(texts))).fit_transform(both)
    found = set()
    for start in range(0, vectors.shape[0], ROWS_AT_A_TIME):
        products = (vectors[start : start + ROWS_AT_A_TIME] @ vectors.T).tocsr()
        for row in range(products.shape[0]):
            begin, end = products.indptr[row], products.indptr[row + 1]
            values = products.data[begin:end]
            best = np.argpartition(-values, min(NEIGHBOURS, len(values) - 1))[: NEIGHBOURS + 1]
            mine = start + row
            found.update((min(mine, k), max(mine, k)) for k in products.indices[begin:end][best].tolist() if k != mine)
    return len(found)


def cost_table(runs: dict[str, list[Measure]], n_articles: int) -> str:
    """Return what each tool took."""
    ours = median(m.cpu_seconds for m in runs["dedup"])
    rows = []
    for name, taken in runs.items():
        cpu = median(m.cpu_seconds for m in taken)
        memory = median(m.peak_kb for m in taken) / n_articles
        rows.append([name, number(cpu), number(n_articles / cpu), number(cpu / ours), number(memory)])
    return table(["tool", "CPU s", "articles a second", "ratio", "kB an article"], rows)


def reach_table(folder: str) -> str:
    """Return how many of the editors' pairs are candidates among all the other news, and at what cost."""
    from dedup.clean import clean_corpus
    from dedup.corpus import as_article, build_corpus
    from dedup.neighbours import neighbour_channel
    from dedup.settings import Settings
    from dedup.terms import take_terms

    story = find_set(folder, STORY_SET)
    rows = [*story.articles(None), *find_set(folder, SPEED_SET).articles(None)]
    corpus = build_corpus(as_article(row, k) for k, row in enumerate(rows))
    cleaned = clean_corpus(corpus, Settings())
    units = np.arange(len(corpus), dtype=np.int32)
    found = neighbour_channel(take_terms(cleaned.titles, cleaned.texts), units, corpus.days.all())
    row_of = {name: row for row, name in enumerate(corpus.ids)}
    groups: dict[str, list[int]] = {}
    for name, cluster in story.clusters().items():
        if name in row_of:
            groups.setdefault(cluster, []).append(row_of[name])
    pairs = [(min(a, b) << 32) | max(a, b) for group in groups.values() for k, a in enumerate(group) for b in group[:k]]
    recall = float(np.isin(np.array(pairs, np.uint64), found).mean())
    header = ["articles", "pairs of one event", "candidates an article", "recall"]
    return table(header, [[f"{len(corpus):,}", len(pairs), f"{len(found) / len(corpus):.1f}", f"{recall:.3f}"]])


def quality_table() -> str:
    """Return the figures ``fit_stories.py`` took out of fold."""
    judged = json.loads(FITTED.read_text(encoding="utf-8"))["out_of_fold"]
    names = ("precision", "recall", "f1", "average_precision", "calibration_error", "bcubed_f1")
    rows = [
        [f"{name}, {relation}", *(f"{figures[n]:.3f}" if n in figures else "–" for n in names)]
        for relation, sets in judged.items()
        for name, figures in sets.items()
    ]
    return table(["set", *(name.replace("_", " ") for name in names)], rows)


def frames_table() -> str:
    """Return what ``fit_stories.py`` found of wording filled twice, out of fold."""
    apart = json.loads(FITTED.read_text(encoding="utf-8"))["frames"]
    rows = [
        [f"{name}, {relation}", f"{figures['frames_joined']:.3f}", f"{figures['copies_joined']:.3f}"]
        for relation, sources in apart.items()
        for name, figures in sources.items()
    ]
    return table(["wording from", "filled twice, joined", "copies, joined"], rows)


def graded_table() -> str:
    """Return what ``fit_stories.py`` found of graded pairs of a large pile, out of fold."""
    figures = json.loads(FITTED.read_text(encoding="utf-8"))["graded"]
    return table([name.replace("_", " ") for name in figures], [[f"{value:.3f}" for value in figures.values()]])


if __name__ == "__main__":
    main()
