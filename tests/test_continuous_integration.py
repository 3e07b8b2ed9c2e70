"""The workflow of docs/continuous-integration.md is valid, and its commands check a student's notebook."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from graders.core.registry import exercises
from tests.support.course import ASSIGNMENT, SECTION, answered
from tests.support.drawing import DRAWING
from tests.support.environment import ROOT
from tests.support.junit import suite
from tests.support.manifests import DEPLOYMENT

PAGE = (ROOT / "docs" / "continuous-integration.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def steps() -> list[dict[str, Any]]:
    """The steps of the page's workflow."""
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    workflow = yaml.safe_load(text)
    assert workflow[True] == "push"  # YAML 1.1 reads the key `on` as true
    found: list[dict[str, Any]] = workflow["jobs"]["check"]["steps"]
    return found


def test_actions_are_pinned(steps: list[dict[str, Any]]) -> None:
    """Each action is GitHub's own and pinned to a major version, and the environment is cached by its lock."""
    used = [step["uses"] for step in steps if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", name) for name in used)
    (cache,) = (step["with"] for step in steps if step.get("uses", "").startswith("actions/cache@"))
    assert cache["path"] == ".venv"
    assert "hashFiles('requirements.lock', 'pyproject.toml')" in cache["key"]
    assert "make setup" in [step.get("run") for step in steps]


def pushed(folder: Path, deployment: str, diagram: str) -> Path:
    """A student's repository with these answers, in which the workbook is set up."""
    (folder / ".venv").symlink_to(sys.prefix)
    notebook = folder / "notebooks" / ASSIGNMENT / f"{SECTION}.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.write_text(json.dumps(answered(deployment, diagram)), encoding="utf-8")
    return folder


@pytest.mark.parametrize("missed", [False, True], ids=["right", "a criterion missed"])
def test_a_push(steps: list[dict[str, Any]], tmp_path: Path, missed: bool) -> None:
    """The step that checks fails if a criterion is missed, and writes a test suite for each exercise either way."""
    (command,) = (step["run"] for step in steps if "workbook check" in step.get("run", ""))
    assert "--format junit" in command
    folder = pushed(tmp_path, DEPLOYMENT.replace("replicas: 3", "replicas: 1") if missed else DEPLOYMENT, DRAWING)
    # GitHub runs a step's lines with `bash -e`.
    done = subprocess.run(["bash", "-e", "-c", command], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (int(missed), "")
    suites = {path.stem: suite(path.read_text(encoding="utf-8")) for path in (folder / "results").iterdir()}
    assert {name: len(found.findall("testcase")) for name, found in suites.items()} == {
        one.name: len(one.criteria) for one in exercises() if one.section == SECTION
    }
    assert {name: found.get("failures") != "0" for name, found in suites.items()} == {
        "deployment": missed, "diagram": False,
    }  # fmt: skip
    assert {found.get("errors") for found in suites.values()} == {"0"}


def test_the_table_of_states() -> None:
    """The page's table has each kind of result that JUnit knows."""
    for word in ("passed", "a failure", "skipped", "an error"):
        assert f"| {word}" in PAGE
