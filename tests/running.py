"""Run ``dedup`` in the test's own process: what it prints and how it ends, without a start-up for every command.

Where the process itself is the matter (signals, pipes, terminals, what start-up loads, hash seeds) a test starts one.
"""

import contextlib
import io
import os
import sys
from subprocess import CompletedProcess

from dedup.cli import guard


def dedup(*args, cwd=None, stdin=""):
    """Run a command as a shell that pipes its streams would; return exit code, stdout and stderr as text."""
    ran = dedup_bytes(*args, cwd=cwd, stdin=stdin.encode())
    return CompletedProcess(ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def dedup_bytes(*args, cwd=None, stdin=b""):
    """Run a command like ``dedup``; streams are bytes."""
    out, err = io.BytesIO(), io.BytesIO()
    code = run([str(arg) for arg in args], out, err, cwd=cwd, stdin=stdin)
    return CompletedProcess(args, code, out.getvalue(), err.getvalue())


def run(args, out, err, *, cwd=None, stdin=b""):
    """Run a command on byte streams, which get each line as it is said; return the exit code."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.chdir(cwd or os.curdir))
        ours = {
            "stdin": io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"),
            "stdout": io.TextIOWrapper(out, encoding="utf-8", line_buffering=True),
            "stderr": io.TextIOWrapper(err, encoding="utf-8", errors="backslashreplace", line_buffering=True),
        }
        for name, stream in ours.items():
            stack.callback(setattr, sys, name, getattr(sys, name))
            setattr(sys, name, stream)
            stack.callback(stream.detach)  # which flushes; the bytes stay open
        return guard.run(args)
