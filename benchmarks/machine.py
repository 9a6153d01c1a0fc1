"""What a figure was measured on: processor, memory, Python and package versions, day. No names, no paths."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def describe_machine(packages: list[str]) -> dict[str, object]:
    """Return the machine, the installed versions of ``packages`` and today's date, ready for JSON."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": _first_field(Path("/proc/cpuinfo"), "model name") or platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(_memory_kb() / 2**20, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in sorted(set(packages))},
    }


def machine_line(machine: dict[str, object]) -> str:
    """Return the machine in one line, to stand above a table."""
    return "{date}: {processor}, {cores} cores, {memory_gb} GB, {system}, Python {python}.".format(**machine)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _memory_kb() -> int:
    field = _first_field(Path("/proc/meminfo"), "MemTotal")
    return int(field.split()[0]) if field else 0


def _first_field(path: Path, name: str) -> str:
    """Return the first ``name : value`` of a /proc file, empty where there is none."""
    if not path.exists():
        return ""
    for line in path.read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""
