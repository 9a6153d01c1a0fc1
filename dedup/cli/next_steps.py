"""How a run ends on a terminal: how long it took, and the commands that lead on from it, ready to be copied.

They go to stderr, and only where a person looks at it and at stdout (or the results went to a file): nobody's pipe,
log or pager meets them.
"""

from __future__ import annotations

import contextlib
import shlex
import sys
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from dedup.cli.progress import duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NOT_REPEATED = {"format", "report", "json", "output", "show", "dropped", "misses", "false_alarms"}
"""What is about one run's own output."""


def step(words: str, name: str, ids: Iterable[str] = (), **more: Any) -> tuple[str, str] | None:
    """Return what a command would tell, and the command line.

    The command runs on the same input (as CORPUS where ``ids`` are named) with the options that were given and that it
    knows too; ``more`` are options to add, by the names they are declared with. None where there is no such command,
    where standard input cannot be read again, and where ids or paths hold what cannot be shown.
    """
    from dedup.cli.group import group
    from dedup.report.escape import inert

    context = click.get_current_context()
    command, paths = group.get_command(context, name), context.params["paths"]
    if command is None or "-" in paths:
        return None
    named, given = list(ids), {**_given(context, more.get("level")), **more, **({"corpus": paths} if ids else {})}
    options = [word for option in command.params for word in _words(option, given.get(option.name or ""))]
    positional = named or list(paths)
    words_in_order = [*positional, *options]
    if any(word.startswith("-") for word in positional):
        words_in_order = [*options, "--", *positional]
    line = shlex.join(["dedup", name, *words_in_order])
    return (words, line) if inert(line) == line else None


def show_steps(seconds: float, steps: Iterable[tuple[str, str] | None] = ()) -> None:
    """Write how long the run took and the steps there are, if a person is there to read them."""
    if not _person_reads():
        return
    from dedup.report.terminal import screen_for

    screen = screen_for(sys.stderr)
    there = [each for each in steps if each]
    room = max((len(words) for words, _ in there), default=0)
    lines = ["", screen.paint(f"done in {duration(seconds)}" + ("; next:" if there else ""), "dim")]
    lines += [f"{screen.paint(f'  {words:<{room}}', 'dim')}  {line}" for words, line in there]
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.write("\n".join(lines) + "\n")


def _person_reads() -> bool:
    """Say whether stderr is a terminal, and stdout too unless the results went to a file."""
    to_file = click.get_current_context().params["output"] != "-"
    return sys.stderr is not None and sys.stderr.isatty() and (to_file or sys.stdout.isatty())


def _given(context: click.Context, level: str | None) -> dict[str, Any]:
    """Return the options that stood on the command line, but those about its own output.

    A threshold is that of a level, and goes along only to a command of the same ``level``, or of none in particular.
    """
    left_out = _NOT_REPEATED | ({"threshold"} if level not in (None, context.params.get("level")) else set())
    return {
        name: value
        for name, value in context.params.items()
        if name not in left_out and context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }


def _words(option: click.Parameter, value: Any) -> Iterator[str]:
    """Yield an option as it stands on a command line, once for each of its values."""
    if option.param_type_name != "option" or value is None or value is False or value == option.default:
        return
    for each in value if isinstance(value, tuple) else [value]:
        yield option.opts[-1] if len(option.opts[0]) > 2 else option.opts[0]
        if each is not True:
            yield str(each)
