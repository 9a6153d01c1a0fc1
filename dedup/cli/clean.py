"""``dedup clean``: what would be cut from each text, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dedup.cli.options import FILE, format_from, input_options, output_options, show_option
from dedup.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.clean import Cleaned
    from dedup.corpus import Corpus


@click.command("clean")
@click.argument("paths", metavar="IN...", nargs=-1, required=True, type=FILE)
@show_option(50, "Articles")
@output_options("table", "jsonl")
@input_options
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Show the page furniture cut from the articles of IN, and why each line was taken for it.

    JSONL rows hold id, title and text as they are compared, and cuts: field, start and end
    (bytes of the text as it came, characters of the title), reason, text.
    """
    from dedup.clean import clean_corpus
    from dedup.cli.intake import Intake
    from dedup.cli.next_steps import show_steps, step
    from dedup.cli.output import opened
    from dedup.cli.progress import Progress
    from dedup.report.cuts_view import cut_lines
    from dedup.report.jsonl import write_lines
    from dedup.report.terminal import screen_for

    form = format_from(given)
    with opened(given["output"]) as out:
        progress = Progress()
        intake = Intake(given, progress)
        try:
            corpus = intake.corpus(paths)
            progress.stage("clean", 0, len(corpus))
            cleaned = clean_corpus(corpus, Settings())
        finally:
            progress.clear()
        rows = corpus.input_order.tolist()
        if form == "table":
            articles = ((corpus.ids[row], cleaned.titles[row], cleaned.cuts(row)) for row in rows)
            out.writelines(line + "\n" for line in cut_lines(screen_for(out), articles, show=given["show"]))
        else:
            write_lines(_records(corpus, cleaned, rows), out)
    show_steps(
        progress.seconds,
        [
            step("save cleaned texts", "clean", json=True, output="cleaned.jsonl"),
            step("compare uncleaned", "cluster", no_clean=True),
        ],
    )
    return intake.exit_code


def _records(corpus: Corpus, cleaned: Cleaned, rows: list[int]) -> Iterator[dict[str, Any]]:
    """Yield each article as it is compared, with its cuts."""
    for row in rows:
        yield {
            "id": corpus.ids[row],
            "title": cleaned.titles[row],
            "text": cleaned.texts[row].decode("utf-8", "replace"),
            "cuts": [
                {"field": cut.field, "start": cut.start, "end": cut.end, "reason": cut.reason, "text": cut.text}
                for cut in cleaned.cuts(row)
            ],
        }
