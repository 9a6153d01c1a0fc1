"""One job, one fresh process: CPU seconds, wall seconds and peak memory of the job alone.

In: where the input comes from and which function eats it, by name. Out: a ``Measure``. The child loads the input,
warms up on its first rows, and only then starts the clock; threads it hides are counted, as CPU time is the process's.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import inspect
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

THREADED_ENGINES = ("OMP", "OPENBLAS", "MKL", "NUMBA", "RAYON")
QUIET = {"DAFT_PROGRESS_BAR": "0", "DAFT_ANALYTICS_ENABLED": "0", "DO_NOT_TRACK": "true", "PYTHONHASHSEED": "0"}


@dataclass(frozen=True, slots=True)
class Job:
    """What a child does: ``load(**load_with)`` gives columns of rows, ``run`` takes those it has parameters for.

    Functions are named ``module:function``; ``warm`` is how many rows the warm-up starts from.
    """

    load: str
    load_with: dict[str, Any]
    run: str
    threads: int = 1
    warm: int = 200


@dataclass(frozen=True, slots=True)
class Measure:
    """What one run took. ``peak_kb`` is memory above the loaded input, ``answer`` the number the job came to."""

    cpu_seconds: float
    wall_seconds: float
    peak_kb: int
    rows: int
    answer: float


def measure(job: Job) -> Measure:
    """Run ``job`` in a fresh process; raises RuntimeError with the child's last words if it fails."""
    child = subprocess.run(
        [sys.executable, __file__, json.dumps(asdict(job))],
        env=thread_environment(job.threads),
        capture_output=True,
        text=True,
        check=False,
    )
    if child.returncode != 0:
        message = f"{job.run} failed: {child.stderr.strip()[-2000:]}"
        raise RuntimeError(message)
    return Measure(**json.loads(child.stdout.splitlines()[-1]))


def command_cpu_seconds(command: list[str]) -> float:
    """Return the CPU seconds a command takes from start to end; bad records (exit 3) are no failure."""
    with subprocess.Popen(command, env=thread_environment(1), stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        message = f"{command[1:4]} ended with exit code {process.returncode}"
        raise RuntimeError(message)
    return usage.ru_utime + usage.ru_stime


def thread_environment(threads: int) -> dict[str, str]:
    """Return the environment that holds every engine to ``threads`` threads."""
    return {**os.environ, **QUIET, **{f"{name}_NUM_THREADS": str(threads) for name in THREADED_ENGINES}}


def find_function(name: str) -> Callable[..., Any]:
    """Return the function called ``module:function``."""
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


def run_job(job: Job) -> Measure:
    """Do a job in this process, which should be fresh."""
    _pin(job.threads)
    run = find_function(job.run)
    columns: dict[str, list[Any]] = find_function(job.load)(**job.load_with)
    wanted = inspect.signature(run).parameters
    columns = {name: rows for name, rows in columns.items() if name in wanted}
    options = {"threads": job.threads} if "threads" in wanted else {}
    if job.warm:
        run(**_warm_up_rows(columns, job.warm), **options)
    _give_back_memory()
    before_kb, before_cpu, before_wall = _reset_peak(), _cpu_seconds(), time.perf_counter()
    answer = run(**columns, **options)
    wall, cpu = time.perf_counter() - before_wall, _cpu_seconds() - before_cpu
    return Measure(
        cpu_seconds=cpu,
        wall_seconds=wall,
        peak_kb=max(0, _peak_kb() - before_kb),
        rows=len(columns["texts"]),
        answer=answer if isinstance(answer, int | float) else len(answer),
    )


def _warm_up_rows(columns: dict[str, list[Any]], n_rows: int) -> dict[str, list[Any]]:
    """Return the first rows, and each again with a word more: a warm-up that finds nothing leaves half a tool cold."""
    rows = {name: column[:n_rows] for name, column in columns.items()}
    return {
        name: column + [text + " again" for text in column] if name == "texts" else column * 2
        for name, column in rows.items()
    }


def _pin(threads: int) -> None:
    """Hold this process to ``threads`` processors, where the system lets us."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])


def _cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _give_back_memory() -> None:
    """Return what loading freed to the system, lest the job gets it for nothing."""
    gc.collect()
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def _reset_peak() -> int:
    """Make the peak start again from what is in use now, and return that in kB."""
    clear = Path("/proc/self/clear_refs")
    if clear.exists():
        clear.write_text("5")
    return _peak_kb()


def _peak_kb() -> int:
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    print(json.dumps(asdict(run_job(Job(**json.loads(sys.argv[1]))))))
