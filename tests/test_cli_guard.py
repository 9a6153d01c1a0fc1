import errno

import click
import pytest

from dedup.cli import guard
from dedup.errors import InputError, MissingExtra, SettingsError


@pytest.fixture
def ending(monkeypatch, capfd):
    """Run a command that ends with an error; return exit code and stderr."""

    def end(error, *args):
        def raising(_):
            raise error

        monkeypatch.setattr(guard, "_invoke", raising)
        return guard.run(list(args)), capfd.readouterr().err

    return end


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (InputError("feed.jsonl:7", "no text"), 3, "dedup: feed.jsonl:7: no text\n"),
        (SettingsError("threads", 0, "1 or more"), 2, "dedup: threads is 0; it can be 1 or more\n"),
        (MissingExtra("html", "trafilatura"), 2, None),
        (FileNotFoundError(errno.ENOENT, "No such file", "x.txt"), 5, "dedup: x.txt: No such file\n"),
        (OSError(errno.ENOSPC, "No space left"), 5, "dedup: input or output failed: No space left\n"),
        (MemoryError(), 1, "dedup: out of memory; split the input or lower --max-record-mb\n"),
        (
            ZeroDivisionError("oh"),
            1,
            "dedup: internal error: ZeroDivisionError: oh; run with --debug for the traceback\n",
        ),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 0, ""),
        (click.UsageError("no"), 2, None),
        (click.exceptions.Exit(0), 0, ""),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_every_way_to_end_is_one_sentence_and_a_code(ending, error, code, sentence):
    found, told = ending(error)

    assert found == code
    assert sentence is None or told == sentence
    assert "Traceback" not in told


def test_debug_shows_the_traceback_of_a_fault(ending):
    code, told = ending(ZeroDivisionError("oh"), "--debug")

    assert code == 1
    assert "Traceback" in told


def test_a_sentence_about_hostile_input_is_inert(ending):
    _, told = ending(InputError("a\x1b[2J.txt", "b\nc"))

    assert told == "dedup: a\\x1b[2J.txt: b c\n"
