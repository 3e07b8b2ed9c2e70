"""The doctor, on this machine with its PATH, its lock and its kernels changed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from cluster.errors import WorldError
from graders.cli.doctor import Condition, Inspection, examine, report
from graders.core.lesson import Lesson
from graders.present.console import Console

ROOT = Path(__file__).resolve().parents[3]
OPTIONAL = ("docker", "kind", "kubectl", "dot", "chromium")


def items(root: Path = ROOT) -> dict[str, Inspection]:
    return {item.name: item for item in examine(root)}


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with one empty folder."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.mark.usefixtures("path")
def test_nothing_optional() -> None:
    """Without programs on the PATH nothing is broken; each missing program has its use and the way to get it."""
    found = items()
    assert [item for item in found.values() if item.health is Condition.BROKEN] == []
    for name in OPTIONAL:
        assert found[name].health is Condition.ABSENT
        assert found[name].observed
        assert found[name].advice
    assert report(Console(file=io.StringIO())) == 0


def test_docker_without_engine(path: Path) -> None:
    """An installed Docker without a running engine doesn't count as working."""
    program(path, "docker", "exit 1")
    assert (items()["docker"].health, items()["docker"].observed) == (
        Condition.ABSENT, "is installed, but no Docker engine answers",
    )  # fmt: skip
    program(path, "docker", "exit 0")
    assert items()["docker"].health is Condition.OK


def test_any_chromium(path: Path) -> None:
    """Chromium is found under its names on other systems."""
    program(path, "chromium-browser", "")
    assert items()["chromium"].health is Condition.OK


def test_another_version(tmp_path: Path) -> None:
    """A package that is missing or has another version than the lock's is named as broken; packages for other systems aren't."""
    (tmp_path / "requirements.lock").write_text(
        "rich==0.1 \\\n    --hash=sha256:0\nnowhere==1 \\\n    --hash=sha256:0\nelsewhere==1 ; sys_platform == 'x' \\\n    --hash=sha256:0\n"
    )
    packages = items(tmp_path)["packages"]
    assert packages.health is Condition.BROKEN
    assert "rich is " in packages.observed
    assert "the lock says 0.1" in packages.observed
    assert "nowhere is not installed" in packages.observed
    assert "elsewhere" not in packages.observed
    said = Console(file=io.StringIO(), width=100)
    assert report(said, tmp_path) == 3
    assert isinstance(said.file, io.StringIO)
    assert "fixed: packages" in said.file.getvalue()


PROJECT = """
[project]
name = "application-platform-workbook"
scripts = {workbook = "graders.cli.__main__:main"}
entry-points."workbook.lessons" = {application-platform = "graders.application_platform:LESSON"%s}
"""


def test_stale_entry_points(tmp_path: Path) -> None:
    """Lessons that only pyproject.toml or only the installation has are named, with the advice to run make setup."""
    project = tmp_path / "pyproject.toml"
    project.write_text(PROJECT % "")
    assert items(tmp_path)["lessons"].health is Condition.OK
    project.write_text(PROJECT % ', harbor = "harbor:LESSON"')
    lessons = items(tmp_path)["lessons"]
    assert (lessons.health, lessons.advice) == (Condition.BROKEN, "Run make setup.")
    assert lessons.observed == "pyproject.toml has harbor of workbook.lessons, but the installation doesn't"
    project.write_text((PROJECT % "").replace("application-platform =", "renamed ="))
    renamed = items(tmp_path)["lessons"].observed
    assert "pyproject.toml has renamed of workbook.lessons" in renamed
    assert "the installation has application-platform of workbook.lessons, but pyproject.toml doesn't" in renamed
    project.write_text((PROJECT % "").replace("-workbook", "-elsewhere"))
    assert items(tmp_path)["lessons"].observed == "application-platform-elsewhere isn't installed"


def test_stale_version(tmp_path: Path) -> None:
    """A version in pyproject.toml that isn't the installed one is named: run make setup."""
    (tmp_path / "pyproject.toml").write_text(PROJECT.replace("scripts", 'version = "0.0.7"\nscripts') % "")
    lessons = items(tmp_path)["lessons"]
    assert (lessons.health, lessons.advice) == (Condition.BROKEN, "Run make setup.")
    assert lessons.observed.startswith("pyproject.toml has version 0.0.7, but ")


def test_a_lesson_that_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lesson that can't be loaded is broken, with the loading error."""

    def broken() -> tuple[Lesson, ...]:
        raise WorldError("The lesson harbor can't be loaded: no module named harbor.", "Install its package again.")

    monkeypatch.setattr("graders.cli.doctor.lessons", broken)
    lessons = items()["lessons"]
    assert (lessons.health, lessons.advice) == (Condition.BROKEN, "Install its package again.")
    assert "harbor" in lessons.observed


def test_another_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel of the same name on another Python is reported with its folder."""
    spec = tmp_path / "kernels/python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(
        json.dumps({"argv": ["/elsewhere/bin/python", "-m", "x"], "display_name": "x", "language": "python"})
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    kernel = items()["kernel"]
    assert (kernel.health, kernel.observed) == (Condition.BROKEN, "notebooks would run on /elsewhere/bin/python")
    assert str(spec) in kernel.advice


def test_here() -> None:
    """Everything that the workbook needs is installed, in the lock's versions."""
    assert [item for item in examine() if item.health is Condition.BROKEN] == []
