"""The options commands share: the same option has the same name, meaning and default everywhere."""

from __future__ import annotations

import os
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dedup.settings import LEVELS, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dedup.read import ReadOptions

Command = TypeVar("Command", bound="Callable[..., Any]")

MAX_THREADS = 8
FIELDS = {
    "text": "text",
    "title": "title",
    "id": "id",
    "date": "date",
    "source": "source",
    "lang": "language",
    "url": "url",
}
FILE = click.Path(readable=False)
"""A path, so that shells complete it; whether it is there and can be read is found out where it is opened."""

INPUT_FORMATS = (
    "txt", "jsonl", "json", "csv", "tsv",
    "parquet", "arrow",
    "html", "warc", "feed",
)  # fmt: skip


def input_options(command: Command) -> Command:
    """Add how records are read: field names, strictness, limits, encoding, format."""
    fields = [
        click.option(f"--{name}-field", metavar="NAME", help=f"Field of the {what}.") for name, what in FIELDS.items()
    ]
    most = click.FloatRange(min=0, min_open=True)
    return _stack(
        command,
        *fields,
        click.option("--strict", is_flag=True, help="Stop at the first bad record."),
        _valued("--max-record-mb", most, "MB", "Leave out larger records.", default=64),
        click.option("--encoding", metavar="NAME", help="Encoding of the input; found out if not given."),
        click.option("--input-format", type=click.Choice(INPUT_FORMATS), help="Format, where no file name tells it."),
    )


def text_options(command: Command) -> Command:
    """Add whether page furniture is cut."""
    return click.option("--no-clean", is_flag=True, help="Leave page furniture in the texts.")(command)


def model_option(command: Command) -> Command:
    """Add by which model pairs are judged."""
    return _valued("--model", FILE, "FILE", "Judge by this model file.  [default: the shipped one]")(command)


def gather_options(command: Command) -> Command:
    """Add how evidence is taken, and by which model it is judged."""
    return _stack(
        command,
        text_options,
        _valued("--sketch", click.Choice(["fast", "datasketch"]), None, "Sketch engine.", default="fast"),
        _valued("--threads", int, "N", f"Worker threads.  [default: cores, at most {MAX_THREADS}]"),
        model_option,
    )


def level_option(level: str) -> Callable[[Command], Command]:
    """Return a decorator that adds the level, with its default."""
    return _valued("--level", click.Choice(LEVELS), None, "Widest relation to find and show.", default=level)


def threshold_option(command: Command) -> Command:
    """Add how likely the level must be."""
    words = "Least probability of the level, 0 to 1.  [default: the model's]"
    return _valued("--threshold", float, "P", words)(command)


def run_options(level: str) -> Callable[[Command], Command]:
    """Return a decorator that adds what a run may vary: level, threshold, keeper, cleaning, sketch engine, threads, model."""
    rule = "Who represents a cluster: first, earliest, longest or source:A,B,C."

    def add(command: Command) -> Command:
        return _stack(
            command,
            level_option(level),
            threshold_option,
            _valued("--keep", str, "RULE", rule, default="first"),
            gather_options,
        )

    return add


def output_options(*formats: str) -> Callable[[Command], Command]:
    """Return a decorator that adds ``-f``, ``--json`` (which means the format of that name) and ``-o``."""

    def add(command: Command) -> Command:
        return _stack(command, format_options(*formats), output_option)

    return add


def format_options(*formats: str) -> Callable[[Command], Command]:
    """Return a decorator that adds ``-f`` and ``--json``."""
    choice, machine = click.Choice(formats), next(name for name in formats if name.startswith("json"))

    def add(command: Command) -> Command:
        return _stack(
            command,
            click.option("-f", "--format", "format", type=choice, help=f"Output format.  [default: {formats[0]}]"),
            click.option("--json", "json", is_flag=True, help=f"Short for -f {machine}."),
        )

    return add


def output_option(command: Command) -> Command:
    """Add where to write."""
    return click.option(
        "-o", "--output", type=FILE, default="-", metavar="FILE", help="Write here; - is standard output.  [default: -]"
    )(command)


def show_option(n: int, noun: str) -> Callable[[Command], Command]:
    """Return a decorator that adds how much of the table a person sees."""
    return _valued("--show", click.IntRange(min=0), "N", f"{noun} in the table; other formats hold all.", default=n)


def settings_from(given: Mapping[str, Any]) -> Settings:
    """Return the settings the options of ``run_options``, or of ``gather_options`` and a level, amount to."""
    return Settings(
        level=given["level"],
        threshold=given.get("threshold"),
        keep=given.get("keep", "first"),
        model=given["model"],
        sketch=given["sketch"],
        clean=not given["no_clean"],
        threads=default_threads() if given["threads"] is None else given["threads"],
    )


def read_options_from(given: Mapping[str, Any]) -> ReadOptions:
    """Return the reading options the options of ``input_options`` amount to."""
    from dedup.read import ReadOptions

    if not isfinite(given["max_record_mb"]):  # click takes these for numbers in a range
        message = f"{given['max_record_mb']} is not a size; wanted a number above 0."
        raise click.BadParameter(message, param_hint="--max-record-mb")
    fields = {f"{name}_field": given[f"{name}_field"] for name in FIELDS if given[f"{name}_field"]}
    return ReadOptions(
        **fields,
        strict=given["strict"],
        max_record_bytes=max(int(given["max_record_mb"] * (1 << 20)), 1),
        encoding=given["encoding"],
        format=given["input_format"],
    )


def format_from(given: Mapping[str, Any], machine: str = "jsonl") -> str:
    """Return the output format asked for."""
    if given["json"] and given["format"] not in (None, machine):
        reason = f"--json means -f {machine}; it was given with -f {given['format']}"
        raise click.UsageError(reason)
    return machine if given["json"] else given["format"] or "table"


def default_threads() -> int:
    """Return the cores this process may use, at most ``MAX_THREADS``."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MAX_THREADS)


def _valued(
    name: str, kind: Any, metavar: str | None, words: str, *, default: Any = None
) -> Callable[[Command], Command]:
    """Return an option with a value; a default is shown on the help page."""
    return click.option(name, type=kind, metavar=metavar, help=words, default=default, show_default=default is not None)


def _stack(command: Command, *options: Callable[[Command], Command]) -> Command:
    """Apply options so that the help page lists them in the order given."""
    for option in reversed(options):
        command = option(command)
    return command
