"""Quality side by side: our pairs and clusters, and datasketch's, against every set labelled for copies.

Ours runs as shipped: default settings, the model's own threshold. Sets without labels show what candidates cost. Where
the model was fitted on a set, the figures of articles it had not seen come from the script that fitted it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from data import CORPUS, NewsSet, add_data_option, find_sets
from machine import describe_machine, machine_line
from rivals import run_rivals
from tables import RESULTS, put_results, put_tables, table

from dedup.article import Article
from dedup.corpus import Corpus, build_corpus
from dedup.evaluation import evaluate
from dedup.labels import read_labels
from dedup.settings import Settings
from dedup.tally import Scorer, claimed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dedup.results import Findings

OURS = "dedup"
OTHER_RELATIONS = ("allsides_story", "ecbplus", "semeval2022", "tg_pairs")
"""Sets whose labels tell events and stories, which are no copies."""

LABEL_FILES = ("clusters.csv", "pairs.csv")
Figures = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool found in a corpus, and the threshold it asks for."""

    corpus: Corpus
    findings: Findings
    threshold: float

    def verdicts(self, pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
        """Return the share of pairs in one cluster, and of pairs called copies; ids of elsewhere are left out."""
        row_of = {name: row for row, name in enumerate(self.corpus.ids)}
        rows = [(row_of[a], row_of[b]) for a, b in pairs if a in row_of and b in row_of]
        a, b = np.array(rows, np.int64).reshape(-1, 2).T
        scores, _ = Scorer(self.findings, "near").score(a, b)
        near = self.findings.labels["near"]
        joined, called = near[a] == near[b], claimed(scores, self.threshold)
        return {"pairs": len(rows), "in_cluster": int(joined.sum()), "called": int(called.sum())}


def main() -> None:
    """Measure every set, print the tables, and write them where they are published."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument("--sets", nargs="+", default=[], help="only these sets")
    parser.add_argument("--no-write", action="store_true", help="print the tables, change no file")
    options = parser.parse_args()
    sets = {"corpus": NewsSet(CORPUS)} if options.quick else find_sets(options.data)
    chosen = [news for name, news in sets.items() if name in options.sets or not options.sets]
    figures = {news.name: measure_set(news) for news in chosen if news.name not in OTHER_RELATIONS}
    unseen = {} if options.quick else cross_validated()
    machine = describe_machine(["samestory", "numpy", "datasketch"])
    tables = {
        "quality": f"{machine_line(machine)}\n\n{quality_table(figures, unseen)}",
        "quality-candidates": candidates_table(figures),
        "quality-edits": edits_table(figures),
    }
    print("\n\n".join(tables.values()))
    if not (options.quick or options.no_write or options.sets):
        put_results("quality", {"machine": machine, "sets": figures, "cross_validated": unseen})
        put_tables(tables)


def measure_set(news: NewsSet) -> dict[str, Any]:
    """Return the figures of one set: ours and, where there are labels, the rivals'."""
    print(f"{news.name} ...", file=sys.stderr, flush=True)
    corpus = build_corpus(article_of(row) for row in news.articles())
    answers = {OURS: our_answer(corpus)}
    label_files = [name for name in LABEL_FILES if (news.folder / name).exists()]
    if label_files:
        answers |= {name: Answer(corpus, found, 0.5) for name, found in run_rivals(corpus).items()}
    return {
        "articles": len(corpus),
        "candidates_per_article": len(answers[OURS].findings.left) / len(corpus),
        "tools": {name: judged(news, answer, label_files) for name, answer in answers.items()},
    }


def article_of(row: dict[str, Any]) -> Article:
    """Return a row of a set as an article."""
    names = {"text": "text", "id": "id", "title": "title", "source": "source", "date": "date", "lang": "language"}
    return Article(**{field: str(row.get(name) or "") for name, field in names.items()})


def our_answer(corpus: Corpus) -> Answer:
    """Run dedup as it is shipped."""
    from dedup.pipeline import run
    from dedup.rank import load_model

    return Answer(corpus, run(corpus, Settings()), load_model().thresholds["near"])


def judged(news: NewsSet, answer: Answer, label_files: Iterable[str]) -> dict[str, Any]:
    """Return every measure of an answer that the set has labels for."""
    found: dict[str, Any] = {}
    for name in label_files:
        labels = read_labels(news.folder / name)
        measured = evaluate(answer.corpus, answer.findings, labels, level="near", threshold=answer.threshold)
        found[name] = measured.as_dict()
    hard = [(row["id_base"], row["id_hard"]) for row in news.table("pairs_hard.csv")]
    if hard:
        found["hard_negatives"] = answer.verdicts(hard)
    edits: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in news.table("edits.csv"):
        if row["base_id"]:
            edits[row["kind"]].append((row["base_id"], row["id"]))
    made = edits_of_copies(edits, hard)
    if made:
        found["edits"] = {kind: answer.verdicts(pairs) for kind, pairs in sorted(made.items())}
    return found


def edits_of_copies(
    edits: dict[str, list[tuple[str, str]]], hard: Iterable[tuple[str, str]]
) -> dict[str, list[tuple[str, str]]]:
    """Return the pairs of base and copy by kind of edit, without those made to be told apart."""
    apart = {article for _, article in hard}
    kept = {kind: [pair for pair in pairs if pair[1] not in apart] for kind, pairs in edits.items()}
    return {kind: pairs for kind, pairs in kept.items() if pairs}


def cross_validated() -> dict[str, dict[str, float]]:
    """Return precision, recall and F1 by set on articles the model was not fitted on; empty if none were kept.

    They stand under ``out_of_fold`` in the results of ``fit.py``, whose folds never split a connected component.
    """
    path = RESULTS / "fit.json"
    kept: dict[str, dict[str, float]] = {}
    if path.exists():
        kept = json.loads(path.read_text(encoding="utf-8")).get("out_of_fold", {})
    return kept


def quality_table(figures: Figures, unseen: dict[str, dict[str, float]]) -> str:
    """Return the table of tools by set and kind of label."""
    header = ["set, labels", "tool", "precision", "recall", "F1", "AP", "ARI", "B-cubed F1", "hard negatives joined"]
    return table(header, list(quality_rows(figures, unseen)))


def quality_rows(figures: Figures, unseen: dict[str, dict[str, float]]) -> Iterator[list[str]]:
    """Yield a row for each set, kind of label and tool; unseen figures stand below ours."""
    for set_name, measured in figures.items():
        for file in LABEL_FILES:
            for tool, found in measured["tools"].items():
                if file in found:
                    yield [f"{set_name}, {file.removesuffix('.csv')}", tool, *measure_cells(tool, found, file)]
                if file in found and tool == OURS and file == "pairs.csv" and set_name in unseen:
                    cells = [figure(unseen[set_name].get(name)) for name in ("precision", "recall", "f1")]
                    yield [f"{set_name}, pairs", f"{OURS}, cross-validated", *cells, *["-"] * 4]


def measure_cells(tool: str, found: dict[str, Any], file: str) -> list[str]:
    """Return the cells of one tool: pairs, clusters, and hard negatives in one cluster; rivals rank nothing."""
    pairs, clusters, hard = found[file]["pairs"], found[file]["clusters"], found.get("hard_negatives")
    joined = f"{hard['in_cluster']} of {hard['pairs']}" if hard else "-"
    cells = [figure(pairs[name]) for name in ("precision", "recall", "f1")]
    ranked = figure(pairs["average_precision"] if tool == OURS else None)
    return [*cells, ranked, figure(clusters["ari"]), figure(clusters["bcubed_f1"]), joined]


def candidates_table(figures: Figures) -> str:
    """Return the table of our candidate channels: recall of the labelled copies, and cost."""
    rows = []
    for set_name, measured in figures.items():
        ours = measured["tools"][OURS]
        for file in (name for name in LABEL_FILES if name in ours):
            reaches = {"all": ours[file]["candidates"], **ours[file]["channels"]}
            name = f"{set_name}, {file.removesuffix('.csv')}"
            rows += [[name, key, figure(r["recall"]), f"{r['per_article']:.2f}"] for key, r in reaches.items()]
        if not any(name in ours for name in LABEL_FILES):
            rows.append([set_name, "all", "-", f"{measured['candidates_per_article']:.2f}"])
    return table(["set, labels", "channel", "recall", "candidates per article"], rows)


def edits_table(figures: Figures) -> str:
    """Return the table of copies found by kind of edit: for each tool the share in one cluster with their base."""
    rows: list[list[str]] = []
    tools: list[str] = []
    for set_name, measured in figures.items():
        answers = {name: found["edits"] for name, found in measured["tools"].items() if "edits" in found}
        tools = list(answers) or tools
        for kind, ours in answers.get(OURS, {}).items():
            shares = [figure(edits[kind]["in_cluster"] / max(1, ours["pairs"])) for edits in answers.values()]
            paired = figure(ours["called"] / max(1, ours["pairs"]))
            rows.append([f"{set_name}, {kind}", str(ours["pairs"]), paired, *shares])
    return table(["set, edit", "copies", f"{OURS}, as pair", *tools], rows)


def figure(value: float | None) -> str:
    """Return a measure with three digits."""
    return "-" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    main()
