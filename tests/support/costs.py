"""The cost of the tests: CPU seconds and time of each test module, with every process that it started.

CPU time counts, because it says the same on a busy machine. A process that outlives its module, such as a browser that
several share, is charged to the modules while they use it.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SHOWN = 15
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(eq=False)
class Costs:
    """The plugin that measures in each test process, and sums up in the process that reports."""

    alone: bool
    """Whether the processes that this one starts count; those that test for it say themselves what they used."""
    modules: dict[str, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.0, 0.0]))
    """By module: CPU seconds, seconds."""
    before: tuple[float, float] = field(default_factory=lambda: (0.0, time.monotonic()))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self) -> None:
        """Charge Python's start, imports and collection, before the first test."""
        self._charge("(collection)")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Charge a test's module before its processes end, because the CPU of a killed process's children isn't known afterward."""
        self._charge(_module(item))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        """Charge the module with the end of the test as well."""
        result = yield
        self._charge(_module(item))
        return result

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send the measurements to the process that reports, if that is another one."""
        self._charge("(collection)")
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["costs"] = dict(self.modules)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add the measurements of another process."""
        for module, measured in getattr(node, "workeroutput", {}).get("costs", {}).items():
            self.modules[module] = [a + b for a, b in zip(self.modules[module], measured, strict=True)]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the most expensive modules, and the sum."""
        dear = sorted(self.modules.items(), key=lambda item: -item[1][0])
        if len(dear) <= SHOWN and not os.environ.get("WORKBOOK_COSTS"):
            return
        terminalreporter.section("CPU seconds, and seconds, by test module")
        for module, (cpu, wall) in dear if os.environ.get("WORKBOOK_COSTS") else dear[:SHOWN]:
            terminalreporter.write_line(f"{cpu:8.1f} {wall:8.1f}  {module}")
        total = sum(cpu for cpu, _ in self.modules.values())
        terminalreporter.write_line(f"{total:8.1f} s of CPU for everything, {total / 60:.1f} minutes")

    def _charge(self, module: str) -> None:
        now = cpu_seconds() if self.alone else time.process_time(), time.monotonic()
        for index, (new, old) in enumerate(zip(now, self.before, strict=True)):
            self.modules[module][index] += max(0.0, new - old)
        self.before = now


def _module(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def cpu_seconds() -> float:
    """CPU seconds of this process and of all processes that it started, ended or running."""
    return sum(os.times()[:4]) + sum(_so_far(pid) for pid in _descendants(os.getpid()))


def _descendants(pid: int) -> list[int]:
    """The running processes; none on systems that don't list them, which are all except Linux."""
    children = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += [int(child) for child in listed.read_text().split()]
        except OSError:  # the thread has ended meanwhile
            continue
    return children + [deeper for child in children for deeper in _descendants(child)]


def _so_far(pid: int) -> float:
    """The CPU seconds of a process and its ended children."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS
