"""The self-check: that it holds here and in a student's copy, and that it notices a judge that went wrong."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest

from graders.cli.selfcheck import report, run
from graders.core.registry import exercises
from graders.present.console import Console
from tests.support.course import ASSIGNMENT

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the workbook's notebooks and solutions."""
    for folder in ("notebooks", "solutions"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def printed(root: Path) -> tuple[int, str]:
    console = Console(file=io.StringIO(), width=120)
    code = report(console, root)
    assert isinstance(console.file, io.StringIO)
    return code, console.file.getvalue()


def expected(*kinds: str) -> list[str]:
    """The rows that there should be: an exercise for practice is right or not, never half."""
    return [f"{e.name}, {kind}" for e in exercises() for kind in kinds if e.graded or kind != "half right"]


def test_holds_here() -> None:
    """Every exercise's solution is judged in full, its stub zero and not started, its sample as it should be."""
    rows = run()
    assert [row for row in rows if not row.ok] == []
    assert [row.what for row in rows] == expected("solution", "stub", "half right")


def test_samples_are_half_right() -> None:
    """Each exercise with points has a sample that earns between 35 and 65 %: an honest answer that is half right keeps its half."""
    graded = {exercise.name: exercise for exercise in exercises() if exercise.graded}
    assert {e.name for e in exercises() if e.sample is not None} == set(graded)
    for name, exercise in graded.items():
        assert exercise.sample is not None
        assert 0.35 <= exercise.sample.score / exercise.points <= 0.65, name


def test_without_solutions(copy: Path) -> None:
    """A student's copy has no solutions; its stubs and samples are judged."""
    shutil.rmtree(copy / "solutions")
    code, said = printed(copy)
    assert code == 0
    assert [row.what for row in run(copy)] == expected("stub", "half right")
    assert "solution" not in said


def test_begun(copy: Path) -> None:
    """A learner's answer in the notebook is nobody's known answer: it is left out, and the check still holds."""
    notebook = copy / "notebooks" / ASSIGNMENT / f"{exercises()[0].section}.ipynb"
    cells = json.loads(notebook.read_text())
    for cell in cells["cells"]:
        if "".join(cell["source"]).startswith(f"%%answer {exercises()[0].name}"):
            cell["source"] = f"%%answer {exercises()[0].name}\nkind: Deployment\n"
    notebook.write_text(json.dumps(cells))
    code, said = printed(copy)
    assert code == 0
    assert f"{exercises()[0].name}, stub" not in said


def test_wrong_practice_is_noticed(copy: Path) -> None:
    """An exercise without points that no longer passes is noticed, too, though its score is the same."""
    source = copy / "solutions" / ASSIGNMENT / "00-start-here.py"
    source.write_text(source.read_text().replace("today: ready\n### END", "today: happy\n### END"))
    code, said = printed(copy)
    assert code == 3
    assert any(line.startswith("✘  hello, solution") for line in said.splitlines())


def test_wrong_score_is_noticed(copy: Path) -> None:
    """A known answer with another score than its own ends the check with code 3, a mark, and what to do."""
    for source in (copy / "solutions" / ASSIGNMENT).glob("*.py"):
        source.write_text(source.read_text().replace("replicas: 3", "replicas: 2"))
    code, said = printed(copy)
    assert code == 3
    assert any(line.startswith("✘  deployment, solution") for line in said.splitlines())
    assert "damaged" in said
