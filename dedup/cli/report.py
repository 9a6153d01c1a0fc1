"""``dedup report``: the report an editor opens first, as one HTML file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dedup.cli.options import FILE, input_options, output_option, run_options, settings_from

if TYPE_CHECKING:
    from typing import TextIO

    from dedup.cli.river import River


@click.command("report")
@click.argument("paths", type=FILE, metavar="IN...", nargs=-1, required=True)
@run_options("story")
@output_option
@input_options
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Write what was found in IN as one HTML page, readable in any browser without network or scripts.

    It tells what came in and what it became, the stories by their number of independent newsrooms, what differs between
    the versions of each and what is new in each, who copies whom, the pairs that need a person with their texts side by
    side, what other thresholds would have made of it, and the record of the run.
    """
    from dedup.cli.output import check_no_terminal, opened
    from dedup.cli.river import River
    from dedup.cli.talk import say

    settings = settings_from(given)
    with opened(given["output"]) as out:
        check_no_terminal(out, "A page")
        river = River(paths, settings, given)
        write_report(river, out)
    if given["output"] != "-":
        say(f"{given['output']}: open it in a browser")
    return river.intake.exit_code


def write_report(river: River, out: TextIO) -> None:
    """Write the report of a run."""
    from dedup.briefing import brief
    from dedup.report.page import page_parts

    told = brief(river.corpus, river.findings, river.result(), river.intake.bad, river.intake.n_bad)
    out.writelines(page_parts(told))
