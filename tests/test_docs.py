"""What the pages say is so: commands and snippets print what is shown, lists name what there is.

Where an output is meant to change, write the pages anew with DEDUP_DOCS=write in the environment.
"""

import contextlib
import doctest
import importlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from statistics import median

import pytest
from click import Choice

import dedup
from dedup.cli.group import COMMANDS, group
from dedup.measures import MEASURES
from dedup.read import ReadOptions
from dedup.read.fields import plan_fields
from dedup.report.records import CLUSTER_FIELDS, PAIR_FIELDS
from tests import running

ROOT = Path(__file__).parent.parent
GUIDES = tuple(sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")))
PAGES = ("README.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md", *GUIDES)
WITH_OPTIONS = [name for name in COMMANDS if name != "completion"]
FIRST_SCREEN_LINES = 45
PEER_HEADS = (
    "tool", "real_nd F1", "synth ARI", "hard negatives joined", "press_releases F1", "CPU s, 35,288 articles", "ratio"
)  # fmt: skip
PEER_ROWS = {
    "dedup": ("dedup", "dedup"),
    "datasketch, 3 words, 0.5": ("datasketch, 3 words, 0.5", "datasketch"),
    "datasketch, 5 words, 0.5, verified": ("datasketch, 5 words, 0.5, verified", ""),
    **{name: ("", name) for name in ("gaoya", "daft", "rensa", "FastSketchLSH")},
}
"""Each row of the table of peers, and what the tool is called in the results of quality.py and speed.py."""

WRITING = os.environ.get("DEDUP_DOCS") == "write"
FENCE = re.compile(r"(?<=^```)(sh|console|pycon)\n(.*?)(?=^```$)", re.DOTALL | re.MULTILINE)
SHELL = re.compile(r"[<>|&;$`*?\\]")
"""What a shell would not hand on to a command as it stands."""
PEERS = re.compile(r"(?<=<!-- peers -->\n).*(?=<!-- /peers -->)", re.DOTALL)
NUMBER = re.compile(r"^\| `([\w.]+)` \| (\S+) \|", re.MULTILINE)
OPTIONS = re.compile(r"(?<=<!-- options -->\n).*(?=<!-- /options -->)", re.DOTALL)


def page(name):
    return (ROOT / name).read_text(encoding="utf-8")


def between(text, start, end):
    return text.partition(start)[2].partition(end)[0]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A place that looks like the repository to the examples and takes the files they write."""
    for name in ("seeds", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")  # the pages show lines in the order of a terminal
    monkeypatch.setenv("DEDUP_PYTHON", sys.executable)
    for name in ("COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


def printed(command):
    """Return exit code and output, stderr included, of a shell command in which ``dedup`` is this package's.

    A run that the line begins with, whatever its output is piped into, needs no process of its own.
    """
    run, _, rest = command.partition(" | ")
    if run.startswith("dedup ") and not SHELL.search(run):
        said, told = io.BytesIO(), io.BytesIO()
        code = running.run(shlex.split(run)[1:], said, told if rest else said)
        return shell(rest, said.getvalue(), told.getvalue()) if rest else (code, said.getvalue().decode())
    return shell(command)


def shell(command, piped=b"", told=b""):
    """Return exit code and output of a shell command that is piped bytes; what was ``told`` before stands first."""
    script = 'dedup() { "$DEDUP_PYTHON" -m dedup "$@"; }\n' + command
    seen = dict(os.environ)  # readline, which pytest loads, sets COLUMNS behind Python's back
    ran = subprocess.run(
        ["sh", "-c", script],
        env=seen, input=piped, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False,
    )  # fmt: skip
    return ran.returncode, (told + ran.stdout).decode()


def rerun_commands(block):
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"{command}\n{printed(command.removeprefix('$ '))[1]}" for command in commands)


def rerun_snippet(block):
    names, shown = {}, []
    for example in doctest.DocTestParser().get_examples(block):
        first, *more = example.source.splitlines()
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(example.source, "snippet", "single"), names)
        shown += [f">>> {first}\n", *(f"... {line}\n" for line in more), said.getvalue()]
    return "".join(shown)


def rerun(block):
    kind, body = block.groups()
    again = {"console": rerun_commands, "pycon": rerun_snippet}.get(kind, str)
    return f"{kind}\n{again(body)}"


def option_cells(option):
    """Return how an option is spelled and what its help page says of it."""
    value = "|".join(option.type.choices) if isinstance(option.type, Choice) else option.metavar
    spelling = ", ".join(option.opts) + ("" if option.is_flag else f" {value or option.type.name.upper()}")
    default = f" [default: {option.default}]" if option.show_default else ""
    return spelling.replace("|", "\\|"), " ".join(option.help.split()) + default


def listed_options():
    """Return the table of all options: spelling, the commands that take it, the words of the help page."""
    takers = {}
    for name in COMMANDS:
        for option in group.get_command(None, name).params:
            if option.param_type_name == "option":
                takers.setdefault(option_cells(option), []).append(name)
    rows = [
        f"| `{spelling}` | {'all' if names == WITH_OPTIONS else ', '.join(names)} | {words} |"
        for (spelling, words), names in takers.items()
    ]
    return "\n".join(["| option | commands | meaning |", "| --- | --- | --- |", *rows]) + "\n"


def rewritten(name, pattern, again):
    """Return a page with every match of a pattern made anew; when writing, put it in its place."""
    text = pattern.sub(again, page(name))
    if WRITING:
        (ROOT / name).write_text(text, encoding="utf-8")
    return text


def results_of(script):
    path = ROOT / "benchmarks" / "results" / f"{script}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def dug(record, *names):
    for name in names:
        record = record.get(name, {})
    return record


def listed_peers():
    """Return the table of the first screen, from what the benchmark scripts have left; a dash is not measured."""
    quality, speed = results_of("quality"), results_of("speed")
    rows = ["| " + " | ".join(PEER_HEADS) + " |", "| --- |" + " ---: |" * (len(PEER_HEADS) - 1)]
    for tool, (measured, timed) in PEER_ROWS.items():
        found = {name: dug(quality, "sets", name, "tools", measured) for name in ("real_nd", "synth", "press_releases")}
        natural = dug(found["real_nd"], "pairs.csv", "pairs", "f1")
        if tool == "dedup":
            natural = dug(quality, "cross_validated", "real_nd", "f1")
        hard = dug(found["synth"], "hard_negatives")
        runs, ours = (dug(speed, "runs", f"{name}, 1 thread") or [] for name in (timed, "dedup"))
        seconds = [run["cpu_seconds"] for run in runs]
        ratios = [a / b["cpu_seconds"] for a, b in zip(seconds, ours, strict=False)]
        cells = [
            f"{natural:.3f}" if natural else "–",
            f"{dug(found['synth'], 'clusters.csv', 'clusters', 'ari') or 0:.3f}" if found["synth"] else "–",
            f"{hard['in_cluster']} of {hard['pairs']}" if hard else "–",
            f"{dug(found['press_releases'], 'clusters.csv', 'pairs', 'f1'):.3f}" if found["press_releases"] else "–",
            f"{median(seconds):,.1f}" if seconds else "–",
            f"{median(ratios):,.1f}" if ratios else "–",
        ]
        rows.append(f"| {tool} | " + " | ".join(cells) + " |")
    return "\n".join(rows) + "\n"


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", *GUIDES])
def test_examples_print_what_the_page_shows(name):
    again = rewritten(name, FENCE, rerun)

    assert page(name) == again


@pytest.mark.usefixtures("desk")
def test_commands_without_a_shown_output_end_well():
    blocks = [body for name in PAGES for kind, body in FENCE.findall(page(name)) if kind == "sh"]
    commands = [line for block in blocks for line in block.splitlines() if line.startswith("dedup ")]

    ended = [(command, *printed(command)) for command in commands]

    assert commands
    assert [run for run in ended if run[1]] == []


def test_the_option_table_is_that_of_the_help_pages():
    again = rewritten("README.md", OPTIONS, lambda _: listed_options())

    assert page("README.md") == again


def test_the_figures_of_the_first_screen_are_those_the_benchmarks_left():
    again = rewritten("README.md", PEERS, lambda _: listed_peers())

    assert page("README.md") == again


def value_of(name):
    """Return a number of the package by its dotted name; fields of a dataclass have their default."""
    module, *path = name.split(".")
    value = importlib.import_module(f"dedup.{module}")
    for part in path:
        value = getattr(value, part)
        value = value() if isinstance(value, type) else value
    return value


def test_the_numbers_of_the_design_are_those_of_the_code():
    again = rewritten("DESIGN.md", NUMBER, lambda row: f"| `{row[1]}` | {value_of(row[1])} |")

    assert len(NUMBER.findall(again)) > 10
    assert page("DESIGN.md") == again


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_an_example_with_its_output(name):
    shown = [body for kind, body in FENCE.findall(page("README.md")) if kind == "console"]

    assert any(f"$ dedup {name} " in block for block in shown)


def test_the_readme_links_every_guide():
    assert [name for name in GUIDES if f"]({name})" not in page("README.md")] == []


def test_the_first_screen_is_one_screen():
    assert page("README.md").split("\n## ")[0].rstrip().count("\n") < FIRST_SCREEN_LINES


@pytest.mark.parametrize("name", ["README.md", "docs/formats.md"])
@pytest.mark.parametrize("fields", [CLUSTER_FIELDS, PAIR_FIELDS])
def test_the_promised_fields_are_those_of_the_rows(fields, name):
    assert f"`{', '.join(fields)}`" in page(name)


def leaves(record):
    """Return every name in a record, however deep."""
    inner = record.values() if isinstance(record, dict) else record if isinstance(record, list) else []
    return set(record if isinstance(record, dict) else ()).union(*map(leaves, inner))


ARTICLES, LABELLED = "tests/corpus/articles.jsonl", "--labels tests/corpus/clusters.csv"


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("section", "command"),
    [
        ("Articles out", f"dedup filter {ARTICLES} -o /dev/null --dropped - 2> /dev/null | head -1"),
        ("Articles out", f"dedup filter {ARTICLES} --json 2> /dev/null | head -1"),
        ("Clusters", f"dedup cluster {ARTICLES} --json | head -1"),
        ("Pairs", f"dedup pairs {ARTICLES} --json | head -1"),
        ("Explanations", f"dedup explain rate rate-excerpt --in {ARTICLES} --json"),
        ("Cuts", f"dedup clean {ARTICLES} --json | grep reason | head -1"),
        ("Figures", f"dedup bench {ARTICLES} {LABELLED} --misses 1 --json"),
        ("Figures", f"dedup sweep {ARTICLES} {LABELLED} --json"),
    ],
)
def test_every_name_in_a_machine_format_is_described(section, command):
    _, shown = printed(command)
    described = set(re.findall(r"\w+", between(page("docs/formats.md"), f"\n## {section}\n", "\n## ")))
    described |= set(re.findall(r"\w+", between(page("docs/formats.md"), "\n## Pairs\n", "\n## ")))
    channels = {"bands", "shingles", "copies", "terms"}

    assert leaves(json.loads(shown)) - described - channels == set()


@pytest.mark.usefixtures("desk")
def test_the_promised_names_of_bench_are_in_its_json():
    promised = re.findall(r"`((?:candidates|channels|pairs|clusters)\.[\w.<>]+|level)`", page("README.md"))
    _, shown = printed("dedup bench tests/corpus/articles.jsonl --labels tests/corpus/clusters.csv --json")
    record = json.loads(shown)
    missing = []
    for name in promised:
        inner = record
        for part in name.replace("<name>", "bands").split("."):
            inner = inner.get(part) if isinstance(inner, dict) else None
        missing += [name] if inner is None else []

    assert len(promised) > 10
    assert missing == []


def test_the_guessed_names_are_guessed():
    rows = re.findall(r"^\| `--(\w+)-field` \| (.+?) \|$", page("README.md"), re.MULTILINE)
    guesses = {
        (name, {"lang": "language"}.get(field, field))
        for field, names in rows
        for name in re.findall(r"`(.+?)`", names)
    }

    assert len(rows) == 7
    assert [
        (name, field)
        for name, field in guesses
        if getattr(plan_fields([name] if field == "text" else ["text", name], ReadOptions()), field) != name
    ] == []


@pytest.mark.parametrize("name", ["README.md", "docs/formats.md"])
def test_the_exit_codes_are_those_of_the_help_page(name):
    table = between(page(name) + "\n", "| code |", "\n\n")

    assert re.findall(r"^\| (\d+) \|", table, re.MULTILINE) == re.findall(r"\d+", group.epilog)


def test_make_targets_named_are_in_the_makefile():
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))
    named = {target for name in PAGES for target in re.findall(r"(?:`|^)make ([a-z]+)", page(name), re.MULTILINE)}

    assert {"demo", "test"} <= named <= targets


@pytest.mark.parametrize("name", PAGES)
def test_files_and_links_named_exist(name):
    paths = re.findall(r"`((?:dedup|tests|benchmarks|seeds)/[\w./-]*)`", page(name))
    links = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", page(name))

    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


def test_the_layout_names_every_file_of_the_package_and_no_other():
    named, folder = set(), Path()
    for line in between(page("DESIGN.md"), "```tree\n", "```").splitlines():
        entry = line.split()[0]
        if entry.endswith("/"):
            folder = Path("dedup", entry) if entry != "dedup/" else Path(entry)
        else:
            folder = folder if line.startswith(" " * 4) else Path("dedup")
            named.add(folder / entry)
    there = {
        path.relative_to(ROOT)
        for path in (ROOT / "dedup").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert sorted(map(str, named ^ there)) == []


def test_the_layers_are_those_the_import_contract_checks():
    contracts = tomllib.loads(page("pyproject.toml"))["tool"]["importlinter"]["contracts"]

    assert "\n".join(contracts[0]["layers"]) in page("DESIGN.md")


def test_the_design_names_every_measure():
    assert [name for name in MEASURES if f"`{name}`" not in page("DESIGN.md")] == []


def test_the_change_log_has_a_section_for_this_version():
    assert f"\n## [{dedup.__version__}]" in page("CHANGELOG.md")
