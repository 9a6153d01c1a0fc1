"""The checks a change must pass, as tests: style, layout, types, and arrows that point one way."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def assert_clean(*command):
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_ruff_finds_nothing_to_complain_of():
    assert_clean(sys.executable, "-m", "ruff", "check", ".")


def test_the_layout_is_that_of_ruff_format():
    assert_clean(sys.executable, "-m", "ruff", "format", "--check", ".")


def test_the_types_are_strict():
    assert_clean(sys.executable, "-m", "mypy")


def test_imports_run_one_way():
    assert_clean(str(Path(sys.executable).with_name("lint-imports")))
