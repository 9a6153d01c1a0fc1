"""The command ``dedup`` and where its commands live; a command's file is loaded when it is named."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "cluster": "Group articles into stories, events and copies.",
    "report": "Write one HTML page an editor opens first.",
    "pairs": "List the pairs that are copies, best first.",
    "explain": "Say whether two articles are one text, event or story, and why.",
    "filter": "Write one article per cluster.",
    "clean": "Show the page furniture cut, and why.",
    "bench": "Measure a run against labels made by people.",
    "sweep": "Show how the clusters change with the threshold.",
    "label": "Ask about borderline pairs and write down your answers.",
    "fit": "Fit the model to your own labels.",
    "completion": "Print what makes a shell complete all this.",
}
"""Each command and its line on the help page, which is shown without loading any."""

COMPLETION = "_DEDUP_COMPLETE"
"""The environment variable by which a shell asks for completions."""


class LazyGroup(click.Group):
    """A group whose commands are the attribute ``command`` of the files beside this one."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Load and return one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"dedup.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command named; for one that does not exist, name those it may have meant."""
        if args and args[0] not in COMMANDS and not ctx.resilient_parsing:
            close = get_close_matches(args[0], COMMANDS, n=2)
            meant = f"; did you mean {' or '.join(close)}?" if close else f"; there are {', '.join(COMMANDS)}"
            ctx.fail(f"no command {args[0]!r}{meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _print_version(context: click.Context, _: click.Parameter, value: Any) -> None:
    """Print the version and stop."""
    if not value or context.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("samestory")
    except PackageNotFoundError:
        number = "(not installed)"
    click.echo(f"dedup {number}")
    context.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Exit codes: 0 done, 1 internal, 2 wrong use, 3 done with bad records, 5 input or output, 130 interrupted.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
@click.option(
    "--debug", is_flag=True, expose_value=False, help="Show the traceback of a fault; works after any command."
)
def group() -> None:
    """Find copies, near-copies and reports of the same story in a pile of news articles, and say why.

    IN is a folder, a file (.txt, .jsonl, .csv, .tsv, .html, .warc, .rss, .parquet, .arrow, each also .gz) or - for standard input.
    """
