"""The edge of the program: every way a run can end, as one sentence on stderr and an exit code.

0 done, 1 internal fault, 2 wrong use, 3 done with bad records, 5 input or output failed, 130 interrupted. A reader
that has seen enough (``| head``) is no fault: exit code 0.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys

import click

from dedup.cli import interrupt
from dedup.cli.group import COMPLETION, group
from dedup.cli.talk import say
from dedup.errors import DedupError

DONE, INTERNAL, USAGE, IO_FAILED = 0, 1, 2, 5

_OBJECTS_BETWEEN = 50_000
"""So many new objects come between two searches for circles of them: a run makes many objects and hardly a circle."""


def main() -> None:
    """Run ``dedup`` with the words of the command line and exit."""
    if COMPLETION in os.environ:
        group.main(prog_name="dedup")
    gc.set_threshold(_OBJECTS_BETWEEN)  # the process is our own; whoever imports the package keeps what is set there
    code = run(sys.argv[1:])
    if code == interrupt.INTERRUPTED:
        interrupt.leave()
    sys.exit(code)


def run(args: list[str]) -> int:
    """Run one command and return the exit code; what went wrong is said on stderr."""
    debug = "--debug" in args
    try:
        with interrupt.within_a_second():
            code = _invoke([arg for arg in args if arg != "--debug"])
            if sys.stdout is not None:
                sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - the edge: whatever it is, it ends as a sentence
        if interrupt.seen() or isinstance(error, KeyboardInterrupt | click.Abort):
            return interrupt.INTERRUPTED
        _spare_stdout()
        return _told(error, debug=debug)
    return code


def _invoke(args: list[str]) -> int:
    """Run one command; its return value, if any, is the exit code."""
    with group.make_context("dedup", args) as context:
        return int(group.invoke(context) or DONE)


def _told(error: BaseException, *, debug: bool) -> int:
    """Say what went wrong, if anything did, and return the exit code for it."""
    match error:
        case click.exceptions.Exit():
            return error.exit_code
        case BrokenPipeError():
            return DONE
        case click.ClickException():
            with contextlib.suppress(OSError):
                error.show()
            return USAGE
    if debug:
        import traceback

        traceback.print_exception(error)
    code, sentence = _sentence(error)
    say(f"dedup: {sentence}")
    return code


def _sentence(error: BaseException) -> tuple[int, str]:
    """Return exit code and sentence of a fault."""
    match error:
        case DedupError():
            return error.exit_code, str(error)
        case OSError():
            return IO_FAILED, _os_sentence(error)
        case MemoryError():
            return INTERNAL, "out of memory; split the input or lower --max-record-mb"
    return INTERNAL, f"internal error: {type(error).__name__}: {error}; run with --debug for the traceback"


def _os_sentence(error: OSError) -> str:
    """Return an operating system's error as ``place: reason``."""
    reason = error.strerror or str(error) or type(error).__name__
    return f"{os.fsdecode(error.filename) if error.filename else 'input or output failed'}: {reason}"


def _spare_stdout() -> None:
    """Keep Python from failing once more on what is left in stdout's buffer when it shuts down."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
