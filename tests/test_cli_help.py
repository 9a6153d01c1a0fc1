import subprocess
import sys

import pytest
from click.testing import CliRunner

from dedup.cli.group import COMMANDS, group
from tests.running import dedup

SHARED = ("--format", "--json", "--output", "--strict", "--max-record-mb", "--encoding", "--text-field", "--id-field")
PER_RUN = ("--level", "--threshold", "--no-clean", "--sketch", "--threads", "--keep", "--model")


def python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_help_lists_every_command():
    shown = CliRunner().invoke(group, ["--help"])

    assert shown.exit_code == 0
    assert all(f"  {name} " in shown.output for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_page_with_a_sentence_and_words_for_each_option(name):
    shown = CliRunner().invoke(group, [name, "--help"])
    command = group.get_command(None, name)

    assert shown.exit_code == 0
    assert command.help.split(".")[0] in " ".join(shown.output.split())
    assert all(option.help for option in command.params if option.param_type_name == "option")


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("label", "completion", "report")])
def test_shared_options_have_one_name_everywhere(name):
    known = {spelling for option in group.get_command(None, name).params for spelling in option.opts}

    assert set(SHARED) <= known


@pytest.mark.parametrize("name", ["cluster", "report", "pairs", "filter", "bench", "sweep", "label"])
def test_commands_that_run_the_river_take_all_its_options(name):
    known = {spelling for option in group.get_command(None, name).params for spelling in option.opts}

    assert set(PER_RUN) <= known


def test_a_command_that_does_not_exist_is_answered_with_those_it_may_have_meant():
    mistyped, unknown = (CliRunner().invoke(group, [name, "IN"]) for name in ("clustr", "frobnicate"))

    assert (mistyped.exit_code, unknown.exit_code) == (2, 2)
    assert "no command 'clustr'; did you mean cluster?" in mistyped.output
    assert f"there are {', '.join(COMMANDS)}" in unknown.output


def test_help_loads_nothing_heavy():
    loaded = python(
        "import sys; sys.argv[1:] = ['--help']; from dedup.cli import main\n"
        "try: main()\n"
        "except SystemExit: print(*sys.modules)"
    ).split()

    assert "dedup.cli.guard" in loaded
    assert not {"numpy", "numba", "rapidfuzz", "datasketch", "scipy", "dedup.pipeline", "dedup.cli.cluster"} & set(
        loaded
    )


def test_a_command_page_loads_nothing_heavy():
    loaded = python(
        "import sys; sys.argv[1:] = ['cluster', '--help']; from dedup.cli import main\n"
        "try: main()\n"
        "except SystemExit: print(*sys.modules)"
    ).split()

    assert "dedup.cli.cluster" in loaded
    assert not {"numpy", "numba", "rapidfuzz", "datasketch", "scipy", "dedup.pipeline"} & set(loaded)


def test_the_version_is_printed():
    shown = CliRunner().invoke(group, ["--version"])

    assert shown.exit_code == 0
    assert shown.output.startswith("dedup ")


@pytest.mark.parametrize("size", ["nan", "inf", "0", "-1"])
def test_a_record_size_that_is_none_is_wrong_use(size):
    ran = dedup("cluster", __file__, "--input-format", "txt", "--max-record-mb", size)

    assert ran.returncode == 2
    assert "--max-record-mb" in ran.stderr
