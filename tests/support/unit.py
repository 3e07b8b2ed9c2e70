"""Unit tests, for ``make check``: those that start no process and replay no recording, which both take time."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
WITH_PROCESSES = (
    "attacks", "browser", "cluster/engines", "cluster/kind/live", "cluster/kind/test_lifecycle.py", "cluster/shop",
    "contract", "corpus",
    "graders/application_platform/demos", "graders/application_platform/test_sections.py", "graders/authoring",
    "graders/classroom", "graders/cli", "graders/gradebook", "graders/judging", "graders/notebook",
    "graders/reading/test_notebook_release.py", "graders/release", "lessons", "test_contributing.py", "test_guessing.py",
    "test_house.py", "test_schemas.py", "test_setup.py", "test_skips.py", "test_version.py", "tools",
)  # fmt: skip
"""Folders and modules that aren't unit tests: they start processes, grade with nbgrader, or replay recordings of servers."""

_STARTS = ("subprocess.Popen", "os.system", "os.posix_spawn", "os.fork", "os.forkpty")
_running = [""]


class StartedError(AssertionError):
    """A unit test starts a process."""


def is_unit(path: Path) -> bool:
    """Whether a folder or a module of tests has none that starts a process."""
    return path.is_relative_to(TESTS) and path.relative_to(TESTS).as_posix() not in WITH_PROCESSES


class Unit:
    """The plugin behind ``--unit``: it leaves out the other tests, and fails a test that starts a process nevertheless."""

    def __init__(self) -> None:
        sys.addaudithook(_refuse)

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out modules that start processes, before they are imported."""
        return None if is_unit(collection_path) or collection_path == TESTS else True

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """From the first test on, no process may be started."""
        _running[0] = nodeid


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if _running[0] and event in _STARTS and "git" not in str(arguments[:2]):
        raise StartedError(
            f"{_running[0]} starts a process ({event}): put it into WITH_PROCESSES of tests/support/unit.py"
        )
