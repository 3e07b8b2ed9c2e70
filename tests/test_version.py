"""The version's number is in pyproject.toml, and everything else reads it there."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from graders.core import version as module
from graders.core.version import PACKAGE, version
from tests.support.tracked import ROOT, tracked

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
RELEASE = re.compile(r"^## (\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)$", re.MULTILINE)
MAY_HOLD_IT = {"pyproject.toml", "CHANGELOG.md", "requirements.lock"}
"""The one place, the history, and the versions of other packages."""


def test_agreement() -> None:
    """The installed package has pyproject.toml's name and version; after a change of the number, ``make setup`` installs it."""
    assert PROJECT["name"] == PACKAGE
    assert version() == PROJECT["version"] == metadata.version(PACKAGE)


def test_nowhere_else() -> None:
    """No other file of the project holds the number."""
    number = re.compile(rf"(?<![\w.]){re.escape(PROJECT['version'])}(?![\w.])")
    holders = {
        path.relative_to(ROOT).as_posix() for path in tracked() if number.search(path.read_text("utf-8", "ignore"))
    }
    assert holders - MAY_HOLD_IT == set()


def test_command() -> None:
    """``workbook --version`` shows the version."""
    command = (Path(sys.executable).with_name("workbook"), "--version")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"workbook {version()}\n"


def test_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an installation the version is unknown, and that isn't an error."""
    monkeypatch.setattr(module, "PACKAGE", "no-such-package")
    assert version.__wrapped__() == "unknown"


def test_changelog() -> None:
    """The changelog's newest release is this version, and its releases are in order, the newest first."""
    releases = RELEASE.findall(CHANGELOG)
    assert releases[0][0] == PROJECT["version"]
    numbers = [tuple(map(int, number.split("."))) for number, _ in releases]
    days = [day for _, day in releases]
    assert (numbers, days) == (sorted(numbers, reverse=True), sorted(days, reverse=True))


def test_changelog_sections() -> None:
    """A release in the changelog has only the sections of Keep a Changelog."""
    sections = set(re.findall(r"^### (.+)$", CHANGELOG, re.MULTILINE))
    assert sections <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
