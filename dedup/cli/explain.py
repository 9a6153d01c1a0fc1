"""``dedup explain``: why two articles are, or are not, one text, one event or one story."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup.cli.options import (
    FILE,
    format_from,
    gather_options,
    input_options,
    level_option,
    output_options,
    settings_from,
    threshold_option,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dedup.article import Article
    from dedup.cli.intake import Intake
    from dedup.corpus import Corpus
    from dedup.results import Explanation
    from dedup.settings import Settings


@click.command("explain")
@click.argument("a", type=FILE, metavar="A")
@click.argument("b", type=FILE, metavar="B")
@click.option(
    "--in", "corpus", type=FILE, metavar="CORPUS", multiple=True, help="Take A and B as ids of articles in here."
)
@level_option("story")
@threshold_option
@gather_options
@output_options("table", "json")
@input_options
def command(a: str, b: str, corpus: tuple[str, ...], **given: Any) -> int:
    """Say whether A and B are one text, one event or one story, and why.

    A and B are two files of one article each, judged as if there were no others; or with --in CORPUS the ids of two
    articles, judged as a run over CORPUS judges them.
    """
    from dedup.cli.output import opened
    from dedup.report.explanation_view import explanation_lines
    from dedup.report.jsonl import write_document
    from dedup.report.records import explanation_record
    from dedup.report.terminal import screen_for

    form, settings = format_from(given, "json"), settings_from(given)
    with opened(given["output"]) as out:
        found, intake = (_among if corpus else _alone)((a, b), corpus, settings, given)
        if form == "json":
            write_document(explanation_record(found), out)
        else:
            out.writelines(line + "\n" for line in explanation_lines(screen_for(out), found))
    return intake.exit_code


def _alone(
    paths: tuple[str, str], _: Sequence[str], settings: Settings, given: Mapping[str, Any]
) -> tuple[Explanation, Intake]:
    """Explain the articles of two files."""
    from dedup.asked import explain
    from dedup.cli.intake import Intake
    from dedup.cli.progress import Progress
    from dedup.pipeline import model_of

    model_of(settings)  # a broken model is told before anything is read
    progress = Progress()
    intake = Intake(given, progress)
    try:
        a, b = (_only_article(intake, path) for path in paths)
    finally:
        progress.clear()
    return explain(a, b, settings), intake


def _among(
    ids: tuple[str, str], paths: Sequence[str], settings: Settings, given: Mapping[str, Any]
) -> tuple[Explanation, Intake]:
    """Explain two articles of a corpus by its run."""
    from dedup.cli.river import River

    river = River(paths, settings, given, check=lambda corpus: _check(ids, corpus, paths))
    return river.explain(*ids), river.intake


def _only_article(intake: Intake, path: str) -> Article:
    """Return the one article of a file."""
    if path != "-" and not Path(path).exists():
        reason = f"{path}: no such file; if it is an id, name the corpus it stands in with --in CORPUS"
        raise click.UsageError(reason)
    found = list(intake.articles([path]))
    if len(found) == 1:
        return found[0]
    reason = f"{path}: {len(found):,} articles where one was wanted"
    reason += f"; name two of a corpus with --in {path} ID ID" if found else ""
    raise click.UsageError(reason)


def _check(ids: tuple[str, str], corpus: Corpus, paths: Sequence[str]) -> None:
    """Refuse ids that are not those of two articles of the corpus."""
    known = set(corpus.ids)
    for name in ids:
        if name not in known:
            close = get_close_matches(name, corpus.ids, n=2)
            meant = f"; did you mean {' or '.join(map(repr, close))}?" if close else ""
            reason = f"no article has the id {name!r} among the {len(corpus):,} of {', '.join(paths)}{meant}"
            raise click.UsageError(reason)
    if ids[0] == ids[1]:
        reason = f"{ids[0]!r} was named twice; name two articles"
        raise click.UsageError(reason)
