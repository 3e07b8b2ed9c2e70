"""CONTRIBUTING.md, followed word for word in a clone: the tests run the page's own commands."""

from __future__ import annotations

import json
import re
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from tests.support.scratch import Scratch, scratch

PAGE = (Path(__file__).resolve().parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
FAMILIES = {"promises": "request", "restart-plan": "shutdown-plan", "nightly": "daily-report", "rollback": "deployment"}
"""An exercise of each family but decisions, which the page itself adds: its name, and what it is like."""


def commands(heading: str) -> list[str]:
    """The lines of the shell blocks below a heading, up to the next one."""
    chapter = re.split(r"^###? ", PAGE.partition(f"### {heading}\n")[2], flags=re.MULTILINE)[0]
    blocks = re.findall(r"^```sh\n(.*?)^```$", chapter, re.MULTILINE | re.DOTALL)
    return [line.partition("  #")[0].rstrip() for block in blocks for line in block.splitlines()]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """A clone of the workbook."""
    return scratch(tmp_path_factory.mktemp("contributing"))


@pytest.fixture(scope="module")
def added(clone: Scratch) -> dict[str, str]:
    """The output of each command of the chapter on exercises, in order; each succeeded."""
    return {command: clone.done(command) for command in commands("Add an exercise")}


def said(added: dict[str, str], begin: str, end: str = "") -> str:
    """The output of the one command with this beginning and end."""
    (found,) = [
        output
        for command, output in added.items()
        if command.startswith(begin) and command.removesuffix(" || test $? -eq 1").endswith(end)
    ]
    return found


def test_an_exercise_is_verified(added: dict[str, str]) -> None:
    """The exercise of the page's first command passes ``workbook verify`` at once."""
    wrote = said(added, "workbook new exercise")
    assert "exercises/caches/rubric.py" in wrote
    assert "✔ caches" in said(added, "workbook verify")


def test_an_exercise_is_released(clone: Scratch, added: dict[str, str]) -> None:
    """Its cells are in the released notebook, without the solution, and its line is in the README's table."""
    assert "03-databases.ipynb" in said(added, "workbook release")
    notebook = json.loads(
        (clone.root / "notebooks/application-platform/03-databases.ipynb").read_text(encoding="utf-8")
    )
    cells = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): "".join(cell["source"]) for cell in notebook["cells"]
    }
    assert cells["caches-answer"] == "%%answer caches\n# your answer here"
    assert cells["caches"] == 'check("caches")'
    assert "| `caches` | 03-databases | decision | 5 | 8 |" in (clone.root / "README.md").read_text(encoding="utf-8")


def test_an_exercise_is_shown(added: dict[str, str]) -> None:
    """Its sample gets a card with a score in the terminal, and the same score as JSON."""
    assert "Caches: 2.04 of 5 points" in said(added, "workbook check", "sample.yaml")
    report: dict[str, Any] = json.loads(said(added, "workbook check", "--format json"))
    assert (report["exercise"], report["score"], report["max"]) == ("caches", 2.04, 5)


def test_an_exercise_is_graded(added: dict[str, str]) -> None:
    """A submission with its solution gets full marks for it in the gradebook."""
    graded: dict[str, Any] = json.loads(said(added, "workbook grade"))
    assert graded["outcome"] == "graded"
    assert {one["exercise"]: one["score"] for one in graded["exercises"]}["caches"] == 5


def test_an_exercise_passes_every_gate(added: dict[str, str]) -> None:
    """The page's last block runs the linter, the formatter, the type checker, the layers and the new test, and all succeed."""
    ran = " ".join(added)
    for gate in ("ruff check", "ruff format --check", "mypy", "lint-imports", "pytest"):
        assert gate in ran
    assert "2 passed" in said(added, "python -m pytest")


@pytest.mark.usefixtures("added")
def test_every_family(clone: Scratch) -> None:
    """A copied form, plan or manifest exercise is valid at once, too."""
    for name, like in FAMILIES.items():
        clone.done(f"workbook new exercise {name} --like {like}")
    verified = clone.done(f"workbook verify {' '.join(FAMILIES)}")
    assert sorted(line.split()[1] for line in verified.splitlines()[:-1]) == sorted(FAMILIES)
    assert "✘" not in verified
    clone.done("ruff check . && ruff format --check . && lint-imports")
    tests = " ".join(
        f"tests/graders/application_platform/exercises/test_{name.replace('-', '_')}.py" for name in FAMILIES
    )
    assert f"{2 * len(FAMILIES)} passed" in clone.done(f"python -m pytest -q -p no:cacheprovider {tests}")


def test_a_lesson(clone: Scratch) -> None:
    """A lesson is written, installed, found, verified and released by the page's commands, and gets a second exercise."""
    by_pip = "python -m pip install"
    installed_by = (
        by_pip if Path(sysconfig.get_path("purelib"), "pip").is_dir() else "uv pip install --python .venv/bin/python"
    )
    for command in commands("Add a lesson"):
        clone.done(command.replace(by_pip, installed_by))
    assert (clone.root / "notebooks/quay/01-start.ipynb").is_file()
    sample = "../quay/quay/exercises/quay_methods/sample.yaml"
    report = json.loads(clone.done(f"workbook check quay-methods {sample} --format json || test $? -eq 1"))
    assert (report["score"], report["max"]) == (1, 2)
    assert "quay (1 exercise)" in clone.run("workbook doctor").stdout
    clone.done("workbook new exercise berths --like quay-methods")
    clone.done("workbook new exercise stores --like databases --lesson quay")
    assert "3 exercises, nothing wrong." in clone.done("workbook verify --lesson quay")
    assert "7 passed" in clone.done("cd ../quay && ruff check . && ruff format --check . && python -m pytest -q")


def test_every_chapter_has_commands() -> None:
    """Each change in the page's table is a link to a chapter, and each of these has commands."""
    wanted = re.findall(r"^\| \[([^]]+)\]\(#([\w-]+)\) \|", PAGE, re.MULTILINE)
    assert len(wanted) >= 10
    headings = re.findall(r"^### (.+)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-"): heading for heading in headings}
    for _, anchor in wanted:
        chapter = PAGE.partition(f"### {anchors[anchor]}\n")[2].partition("\n### ")[0]
        assert "```" in chapter, anchor
