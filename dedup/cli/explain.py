"""``dedup explain``: why two articles are, or are not, one text."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup.cli.options import FILE, format_from, input_options, model_option, output_options, text_options
from dedup.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.article import Article
    from dedup.cli.intake import Intake


@click.command("explain")
@click.argument("a", type=FILE, metavar="A")
@click.argument("b", type=FILE, metavar="B")
@click.option(
    "--in", "corpus", type=FILE, metavar="CORPUS", multiple=True, help="Take A and B as ids of articles in here."
)
@text_options
@model_option
@output_options("table", "json")
@input_options
def command(a: str, b: str, corpus: tuple[str, ...], **given: Any) -> int:
    """Say whether A and B are one text, one event or one story, and why.

    A and B are two files of one article each, or with --in CORPUS the ids of two articles.
    """
    from dedup.cli.intake import Intake
    from dedup.cli.output import opened
    from dedup.cli.progress import Progress
    from dedup.pipeline import explain, model_of
    from dedup.report.explanation_view import explanation_lines
    from dedup.report.jsonl import write_document
    from dedup.report.records import explanation_record
    from dedup.report.terminal import screen_for

    form, settings = format_from(given, "json"), Settings(clean=not given["no_clean"], model=given["model"])
    model_of(settings)  # a broken model is told before anything is read
    with opened(given["output"]) as out:
        progress = Progress()
        intake = Intake(given, progress)
        try:
            both = _by_id(intake, corpus, (a, b)) if corpus else [_only_article(intake, path) for path in (a, b)]
        finally:
            progress.clear()
        found = explain(both[0], both[1], settings)
        if form == "json":
            write_document(explanation_record(found), out)
        else:
            out.writelines(line + "\n" for line in explanation_lines(screen_for(out), found))
    return intake.exit_code


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


def _by_id(intake: Intake, paths: Sequence[str], ids: Sequence[str]) -> list[Article]:
    """Return the articles of a corpus with these ids."""
    from dedup.cli.rows import article_at

    corpus = intake.corpus(paths)
    row_of = {name: row for row, name in enumerate(corpus.ids)}
    for name in ids:
        if name not in row_of:
            close = get_close_matches(name, row_of, n=2)
            meant = f"; did you mean {' or '.join(map(repr, close))}?" if close else ""
            reason = f"no article has the id {name!r} among the {len(corpus):,} of {', '.join(paths)}{meant}"
            raise click.UsageError(reason)
    return [article_at(corpus, row_of[name]) for name in ids]
