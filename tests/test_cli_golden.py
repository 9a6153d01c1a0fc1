"""The two seed reports, printed exactly as a user sees them.

Where a change of wording or model is meant, write the files anew with DEDUP_GOLDEN=write in the environment.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
RUNS = {
    "seeds-cluster.txt": ["cluster", "seeds"],
    "seeds-cluster.jsonl": ["cluster", "seeds", "--json"],
    "seeds-cluster.csv": ["cluster", "seeds", "-f", "csv"],
    "seeds-pairs.txt": ["pairs", "seeds"],
    "seeds-clean.txt": ["clean", "seeds"],
}


def printed(args):
    env = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    ran = subprocess.run(
        [sys.executable, "-m", "dedup", *args], capture_output=True, cwd=HERE.parent, env=env, timeout=120, check=False
    )

    assert (ran.returncode, ran.stderr) == (0, b"")
    return ran.stdout.decode()


@pytest.mark.parametrize("name", RUNS)
def test_the_seeds_are_printed_as_ever(name):
    golden = HERE / "golden" / name
    shown = printed(RUNS[name])
    if os.environ.get("DEDUP_GOLDEN") == "write":
        golden.write_text(shown, encoding="utf-8")

    assert shown == golden.read_text(encoding="utf-8")


def test_the_seeds_are_compared_and_are_one_story_of_two_events():
    lines = printed(["cluster", "seeds"]).splitlines()
    head = next(i for i, line in enumerate(lines) if line.split()[:2] == ["id", "event"])
    events = {word for line in lines[head + 1 : head + 3] for word in line.split() if word.startswith("e-")}

    assert lines[0] == "2 articles compared, 2 different texts; 1 story of 2 articles (0 stand alone)"
    assert len(events) == 2


def test_the_seeds_are_compared_and_are_no_copies():
    shown = " ".join(printed(["cluster", "seeds", "--level", "near"]).split())

    assert "2 articles compared, 2 different texts; no copies at level near" in shown
    assert "closest pair: Turkiye, Russia discuss escalation in northern Syria" in shown
    assert "p(near) 0.0" in shown


def test_explain_says_why_the_seeds_are_one_story_and_no_copies():
    seeds = sorted(str(path) for path in (HERE.parent / "seeds").iterdir())
    shown = " ".join(printed(["explain", *seeds]).split())

    assert shown.startswith(
        "The same running story, not the same event, with hardly any wording in common (probability of one story 0."
    )
    assert "Idlib" in shown
    assert "log-odds, p(story) 0." in shown
    assert "his Russian counterpart, Sergei Shoigu»" in shown
