"""What a command takes: processor time of its whole tree of processes, elapsed time, and memory (PSS, Linux only)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.course import ROOT

EVERY = 0.25
"""The time between two looks at the memory, in seconds."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """Seconds of processor time of all processes, of the first process alone, elapsed seconds, and MiB at the peak."""

    cpu: float = 0.0
    first: float = 0.0
    elapsed: float = 0.0
    memory: float = 0.0
    output: str = ""
    errors: str = ""
    code: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)


def show(figures: Mapping[str, float], form: str) -> None:
    """Print figures by their names, or as JSON if ``form`` says so."""
    if form == "json":
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:<32}{value:>12,}" if isinstance(value, int) else f"{name:<32}{value:>12,.2f}")


def run(folder: Path, *command: str, path: str = "") -> Cost:
    """Run a Python module in a folder, and return its cost. Processes that the command doesn't wait for aren't counted."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **({"PATH": path} if path else {})}
    began, cost = time.perf_counter(), Cost()
    with (folder / ".stdout").open("w+") as out, (folder / ".stderr").open("w+") as errors:
        process = subprocess.Popen(  # noqa: S603  our own commands
            [sys.executable, "-m", *command], cwd=folder, env=environment, stdout=out, stderr=errors
        )
        watch = threading.Thread(target=_watch, args=(process.pid, cost))
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        cost._ended.set()  # noqa: SLF001
        watch.join()
        cost.elapsed, cost.cpu, cost.code = (
            time.perf_counter() - began,
            used.ru_utime + used.ru_stime,
            process.returncode,
        )
        out.seek(0)
        errors.seek(0)
        cost.output, cost.errors = out.read(), errors.read()
    return cost


def _watch(first: int, cost: Cost) -> None:
    while not cost._ended.wait(EVERY):  # noqa: SLF001
        cost.memory = max(cost.memory, sum(map(_pss, _tree(first))))
        fields = _read(first, "stat").rpartition(")")[2].split()
        if len(fields) > 12:
            cost.first = (int(fields[11]) + int(fields[12])) / TICKS


def _tree(first: int) -> list[int]:
    found, left = [first], [first]
    while left:
        here = left.pop()
        for task in Path(f"/proc/{here}/task").glob("*"):
            children = [int(child) for child in _read(here, f"task/{task.name}/children").split()]
            found += children
            left += children
    return found


def _pss(process: int) -> float:
    line = next((line for line in _read(process, "smaps_rollup").splitlines() if line.startswith("Pss:")), "Pss: 0")
    return int(line.split()[1]) / 1024


def _read(process: int, name: str) -> str:
    try:
        return Path(f"/proc/{process}/{name}").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
