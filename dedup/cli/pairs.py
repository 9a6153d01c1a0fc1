"""``dedup pairs``: the pairs at or above the threshold, best first."""

from __future__ import annotations

from typing import Any

import click

from dedup.cli.options import FILE, format_from, input_options, output_options, run_options, settings_from, show_option


@click.command("pairs")
@click.argument("paths", metavar="IN...", nargs=-1, required=True, type=FILE)
@run_options("near")
@show_option(20, "Pairs")
@output_options("table", "jsonl", "csv", "parquet")
@input_options
def command(paths: tuple[str, ...], **given: Any) -> int:
    """List the pairs of articles in IN that are copies (or of one event or story), best first, with the reasons.

    Machine formats hold one row a pair: the two ids, relation, score, probabilities, measures and reasons.
    """
    from dedup.cli.next_steps import show_steps, step
    from dedup.cli.output import check_parquet, opened
    from dedup.cli.river import River
    from dedup.report.columns import write_parquet
    from dedup.report.jsonl import write_lines
    from dedup.report.pairs_view import pair_lines
    from dedup.report.records import PAIR_FIELDS, pair_record
    from dedup.report.table import write_csv
    from dedup.report.terminal import screen_for

    form, settings = format_from(given), settings_from(given)
    with opened(given["output"]) as out:
        if form == "parquet":
            check_parquet(out)
        river = River(paths, settings, given)
        result = river.result()
        if form == "table":
            titles = dict(zip(river.corpus.ids, river.corpus.titles, strict=True))
            shown = {"show": given["show"], "level": settings.level}
            lines = pair_lines(screen_for(out), result.pairs, titles, **shown)
            out.writelines(line + "\n" for line in lines)
        elif form == "csv":
            write_csv(map(pair_record, result.pairs), PAIR_FIELDS, out)
        elif form == "parquet":
            write_parquet(result, "pairs", out.buffer)
        else:
            write_lines(map(pair_record, result.pairs), out)
    last = [(each.a, each.b) for each in result.pairs[-1:]]
    show_steps(
        river.progress.seconds,
        [
            *(step("the weakest pair", "explain", ids, level=settings.level) for ids in last),
            step("as clusters", "cluster", level=settings.level),
            step("for a program", "pairs", json=True, output="pairs.jsonl"),
        ],
    )
    return river.intake.exit_code
