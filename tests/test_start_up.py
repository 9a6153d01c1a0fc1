"""Start-up loads only what is used: the help page no numbers at all, two short articles no compiler."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SEEDS = sorted(str(path) for path in (ROOT / "seeds").iterdir())
ENDED = """
import sys
sys.argv[1:] = {args!r}
from dedup.cli import main
try:
    main()
except SystemExit:
    print(*sys.modules)
"""


def loaded_by(code):
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=120, check=True
    )
    return set(ran.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["cluster", "--help"], ["explain", "--help"]])
def test_help_loads_no_numbers(args):
    loaded = loaded_by(ENDED.format(args=args))

    assert "click" in loaded
    assert not {"numpy", "numba", "rapidfuzz", "datasketch", "scipy", "lxml"} & loaded


def test_loading_the_command_line_loads_no_numbers():
    loaded = loaded_by("import sys, dedup.cli; print(*sys.modules)")

    assert not {"numpy", "numba", "rapidfuzz", "datasketch", "scipy"} & loaded


@pytest.mark.parametrize(
    "args", [["explain", *SEEDS], ["cluster", *SEEDS], ["clean", *SEEDS]], ids=lambda args: args[0]
)
def test_two_short_articles_wait_for_no_compiler(args):
    loaded = loaded_by(ENDED.format(args=args))

    assert "numpy" in loaded
    assert not {"numba", "scipy", "datasketch", "lxml", "trafilatura"} & loaded


def test_datasketch_is_loaded_where_it_is_asked_for():
    assert "datasketch" in loaded_by(ENDED.format(args=["cluster", "--sketch", "datasketch", *SEEDS]))
