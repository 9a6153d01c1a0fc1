"""What shells are told when a person presses Tab, asked the way each shell asks."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dedup.cli.group import COMMANDS, group

ROOT = Path(__file__).parent.parent
COMPLETE = "import sys; sys.argv[0] = 'dedup'; from dedup.cli import main; main()"


def ran(*args, code=COMPLETE, **environ):
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        capture_output=True, text=True, cwd=ROOT, env={**os.environ, **environ}, timeout=60, check=False,
    )  # fmt: skip


def completed(words):
    """Return (type, value) of what is offered for the last of the words, by click's protocol for bash."""
    at = str(len(words.split(" ")) - 1)
    said = ran(_DEDUP_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=at)

    assert said.stderr == ""
    return [tuple(line.split(",", 1)) for line in said.stdout.splitlines()]


def test_commands_are_completed():
    assert completed("dedup ") == [("plain", name) for name in COMMANDS]
    assert completed("dedup cl") == [("plain", "cluster"), ("plain", "clean")]


def test_options_of_a_command_that_is_loaded_when_it_is_named_are_completed():
    offered = {value for _, value in completed("dedup sweep --")}

    assert {"--level", "--threshold", "--labels", "--text-field", "--json", "--output"} <= offered


def test_values_of_an_option_are_completed():
    assert [value for _, value in completed("dedup cluster --level ")] == ["exact", "near", "event", "story"]


@pytest.mark.parametrize("words", ["dedup cluster fe", "dedup explain fe", "dedup bench feed --labels fe"])
def test_where_a_file_is_wanted_the_shell_is_asked_for_files(words):
    assert completed(words) == [("file", "fe")]


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "completion"])
def test_every_path_of_a_command_is_completed_as_a_file(name):
    paths = [
        given
        for given in group.get_command(None, name).params
        if given.name in ("paths", "a", "b", "corpus", "labels", "output", "dropped")
    ]

    assert len(paths) >= 2
    assert [given.name for given in paths if given.type.name != "path"] == []


def test_completion_loads_no_numbers():
    code = f"import atexit, sys; atexit.register(lambda: print(*sys.modules)); {COMPLETE}"
    loaded = set(
        ran(code=code, _DEDUP_COMPLETE="zsh_complete", COMP_WORDS="dedup cluster --l", COMP_CWORD="2").stdout.split()
    )

    assert "dedup.cli.cluster" in loaded
    assert not {"numpy", "numba", "rapidfuzz", "datasketch"} & loaded


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_each_shell_asks_dedup(shell):
    said = ran("completion", shell)

    assert said.returncode == 0
    assert f"_DEDUP_COMPLETE={shell}_complete" in said.stdout


def test_another_shell_is_no_choice():
    said = ran("completion", "tcsh")

    assert said.returncode == 2
    assert "'bash', 'zsh', 'fish'" in said.stderr


def test_a_real_bash_completes(tmp_path):
    command = tmp_path / "dedup"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dedup "$@"\n')
    command.chmod(0o755)
    script = 'eval "$(dedup completion bash)"; COMP_WORDS=(dedup cluster --thr); COMP_CWORD=2; _dedup_completion dedup'
    said = subprocess.run(
        [shutil.which("bash") or "bash", "--norc", "-c", f'{script}; complete -p dedup; echo "${{COMPREPLY[@]}}"'],
        capture_output=True, text=True, timeout=60, check=True,
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert said.stdout.splitlines() == ["complete -o nosort -F _dedup_completion dedup", "--threshold --threads"]
