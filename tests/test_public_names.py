"""The front door: few names, each of which opens, and nothing heavy behind it until it does."""

import subprocess
import sys

import pytest

import dedup

HEAVY = ("numpy", "numba", "rapidfuzz", "datasketch", "scipy", "click", "dedup.pipeline", "dedup.settings")


def test_there_are_few_public_names():
    assert len(dedup.__all__) <= 12
    assert len(set(dedup.__all__)) == len(dedup.__all__)


@pytest.mark.parametrize("name", dedup.__all__)
def test_every_public_name_opens(name):
    assert getattr(dedup, name) is getattr(dedup, name)
    assert name == "__version__" or getattr(dedup, name).__doc__


def test_the_public_names_are_what_dir_lists():
    assert dir(dedup) == sorted(dedup.__all__)


def test_functions_stay_functions_whatever_was_imported_before():
    code = (
        "import pkgutil, importlib, dedup\n"
        "for module in pkgutil.iter_modules(dedup.__path__):\n"
        "    if module.name != '__main__': importlib.import_module('dedup.' + module.name)\n"
        "print([name for name in dedup.__all__ if type(getattr(dedup, name)).__name__ == 'module'])"
    )

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(AttributeError, match="module 'dedup' has no attribute 'fnid'"):
        dedup.fnid  # noqa: B018  # to look is the test


def test_importing_the_package_loads_nothing_heavy():
    code = f"import sys, dedup; dir(dedup); print([name for name in {HEAVY} if name in sys.modules])"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
