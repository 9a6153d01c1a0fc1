"""Ctrl-C ends a run within a second with 130, whatever the run is doing."""

import os
import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")

BUSY = {
    "waiting for a worker thread": "with ThreadPoolExecutor(1) as pool: pool.submit(time.sleep, 60)",
    "in compiled code of the main thread": "hashlib.pbkdf2_hmac('sha256', b'', b'', 2_000_000_000)",
}
STUCK = """
import hashlib, sys, time
from concurrent.futures import ThreadPoolExecutor
from dedup.cli import guard
def stuck(_):
    print("stuck", file=sys.stderr, flush=True)
    {}
    return 0
guard._invoke = stuck
guard.main()
"""


@pytest.fixture(autouse=True)
def _hearing():
    """Let runs started here hear Ctrl-C: in the background of a shell it is switched off, and that is inherited."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupted(run):
    """Wait for the first word on stderr, press Ctrl-C, and return exit code, stderr and the seconds it took."""
    assert run.stderr.readline()
    time.sleep(0.1)
    began = time.monotonic()
    run.send_signal(signal.SIGINT)
    told = run.stderr.read()
    run.wait(timeout=30)
    return run.returncode, told, time.monotonic() - began


@pytest.mark.parametrize("busy", BUSY.values(), ids=BUSY)
def test_a_run_that_cannot_listen_is_ended_all_the_same(busy):
    with subprocess.Popen([sys.executable, "-c", STUCK.format(busy)], stderr=subprocess.PIPE) as run:
        code, told, seconds = interrupted(run)

    assert (code, told) == (130, b"dedup: interrupted\n")
    assert seconds < 1


def test_input_that_never_ends_can_be_left_and_the_old_output_stays(tmp_path):
    target = tmp_path / "out.jsonl"
    target.write_text("old")
    command = [sys.executable, "-m", "dedup", "clean", "-", "--json", "-o", str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        # One bad record, and so many blank lines that the reader hands it over.
        run.stdin.write(b"{broken\n" + b"\n" * (3 << 20))
        run.stdin.flush()
        code, told, seconds = interrupted(run)

    assert (code, told) == (130, b"dedup: interrupted\n")
    assert seconds < 1
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
