"""Shared by all tests: the project's folder, and a last report on skipped tests with their reasons."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.costs import Costs
from tests.support.live import hide_cluster
from tests.support.side_by_side import Turns, cluster_first
from tests.support.unit import Unit

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def root() -> Path:
    """The project's folder."""
    return ROOT


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that runs only the unit tests."""
    parser.addoption("--unit", action="store_true", help="only the tests that start no process (make check)")


def pytest_configure(config: pytest.Config) -> None:
    """Hide this machine's clusters, and let Ctrl-C be tested in the background of a shell, which ignores it there."""
    if config.getoption("unit"):
        config.pluginmanager.register(Unit(), "unit")
    tests_here = hasattr(config, "workerinput") or not config.getoption("numprocesses", 0)
    config.pluginmanager.register(Costs(alone=tests_here), "costs")
    if tests_here:
        hide_cluster()  # who only hands tests to other processes tests nothing, and they need to know of the clusters
    # CI says of a commit the same thing each time; everywhere else new examples are looked for.
    # How long an example takes says more of the machine than of the software; bounds are tested as bounds.
    at_any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("ci", at_any_speed, derandomize=True)
    settings.register_profile("anywhere", at_any_speed)
    settings.load_profile("ci" if os.environ.get("WORKBOOK_NO_SKIPS") else "anywhere")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slowest tests."""
    cluster_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Distribute the tests over several processes, if there are several."""
    return Turns(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what this machine could not test, in one line for each reason."""
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    )
    for reason, tests in reasons.items():
        terminalreporter.write_line(f"Not tested on this machine: {reason} ({tests} tests)")
    if reasons and os.environ.get("WORKBOOK_NO_SKIPS"):
        terminalreporter.write_line("Here nothing may be skipped: that counts as a failure.", red=True)
    if not reasons:
        terminalreporter.write_line("Nothing was skipped on this machine.")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Make a skip a failure if CI says that nothing may be missing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if (
        os.environ.get("WORKBOOK_NO_SKIPS")
        and reporter is not None
        and reporter.stats.get("skipped")
        and not exitstatus
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
