"""A course directory for tests: the workbook's own notebooks, and a class's submissions.

A submission in ``tests/class/`` is YAML: what a student did to the released notebook, step by step, and what it
should score; ``also`` has the other notebooks that were handed in. ``hand_in`` writes it where nbgrader collects it.
"""

from __future__ import annotations

import atexit
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from nbgrader.api import Gradebook

from graders.classroom import Graded
from graders.core.registry import exercises
from graders.gradebook.course import course as course_in
from graders.reading.notebook_cells import grade_id
from graders.release import enrol
from tests.support.forks import NBGRADER, forks

ASSIGNMENT = "application-platform"
ROOT = Path(__file__).resolve().parents[2]
CLASS = Path(__file__).parents[1] / "class"
SECTION = "06-hands-on"
RELEASED = ROOT / "notebooks" / ASSIGNMENT / f"{SECTION}.ipynb"

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Student:
    """A student of the class: the name, the submitted notebooks by file name, and the expected scores."""

    name: str
    who: str
    content: str
    filename: str
    scores: Mapping[str, float | None]
    outcome: str
    problem: str
    also: Mapping[str, str]


def new_course(folder: Path, *sections: str) -> Path:
    """A course with the workbook's sources, or those of a few sections, and no submissions."""
    for name in ("solutions", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        for path in (folder / name / ASSIGNMENT).iterdir():
            if sections and path.stem not in sections:
                path.unlink()
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


def hand_in(course: Path, student: str, content: str | Notebook, filename: str = f"{SECTION}.ipynb") -> Path:
    """Put a notebook where nbgrader collects it, and return its path."""
    path = course / "submitted" / student / ASSIGNMENT / filename
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def enrolled_course(folder: Path, *sections: str) -> Path:
    """A course whose gradebook knows the assignment, with all of its sections or the named ones.

    Making a gradebook takes seconds; it is done once and copied.
    """
    new_course(folder, *sections)
    shutil.copy(_gradebook(*sections), folder / "gradebook.db")
    return folder


@cache
def _gradebook(*sections: str) -> Path:
    course = new_course(Path(tempfile.mkdtemp(prefix="workbook-tests-")), *sections)
    atexit.register(shutil.rmtree, course)
    enrol(course_in(course))
    return course / "gradebook.db"


def class_course(folder: Path, *names: str) -> Path:
    """A course with the submissions of the class of ``tests/class/``; for a few students, with only their sections."""
    few = [one for one in students() if one.name in names]
    enrolled_course(folder, *sorted({SECTION, *(Path(name).stem for one in few for name in one.also)} if few else ()))
    for student in few or students():
        hand_in(folder, student.name, student.content, student.filename)
        for filename, content in student.also.items():
            hand_in(folder, student.name, content, filename)
    return folder


def released(section: str = SECTION) -> Notebook:
    """The notebook that learners get."""
    notebook: Notebook = json.loads(RELEASED.with_name(f"{section}.ipynb").read_text(encoding="utf-8"))
    return notebook


def elsewhere() -> dict[str, float]:
    """The scores for the notebooks that a student didn't submit: zero in every exercise."""
    return {e.name: 0.0 for e in exercises() if e.graded and e.section != SECTION}


def answered(deployment: str = "", diagram: str = "") -> Notebook:
    """The released notebook with these answers in it."""
    notebook = released()
    for name, text in (("deployment", deployment), ("diagram", diagram)):
        if text:
            cell(notebook, f"{name}-answer")["source"] = f"%%answer {name}\n{text}"
    return notebook


def cell(notebook: Notebook, name: str) -> dict[str, Any]:
    """The cell with that grade_id."""
    found: dict[str, Any] = next(c for c in notebook["cells"] if grade_id(c) == name)
    return found


def students() -> tuple[Student, ...]:
    """The class, by name."""
    return tuple(_student(path) for path in sorted(CLASS.glob("*.yaml")))


def grades(course: Path) -> dict[str, dict[str, tuple[float | None, bool]]]:
    """The gradebook: by student and exercise the automatic score, and whether it needs manual grading."""
    found: dict[str, dict[str, tuple[float | None, bool]]] = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(ASSIGNMENT):
            for grade in (grade for notebook in submission.notebooks for grade in notebook.grades):
                found.setdefault(submission.student_id, {})[grade.name] = grade.auto_score, grade.needs_manual_grade
    return found


def nbgrader(course: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the ``nbgrader`` command in a course, without an activated virtual environment."""
    base = {"PATH": os.defpath, "PYTHONPATH": str(ROOT)}
    return forks(sys.executable, *base.items()).run(NBGRADER, *arguments, cwd=course, HOME=str(course), **environment)


def _student(path: Path) -> Student:
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    content = json.dumps(_done(released(), written["steps"]))
    also = {
        f"{name}.ipynb": json.dumps(_done(released(name), steps)) for name, steps in written.get("also", {}).items()
    }
    expected = written["expected"]
    return Student(
        name=path.stem, who=written["who"], filename=written.get("filename", f"{SECTION}.ipynb"),
        content=content[: written["cut short at"]] if "cut short at" in written else content,
        scores=elsewhere() | expected["scores"] if "scores" in expected else {}, also=also, outcome=expected["outcome"], problem=expected.get("problem", ""),
    )  # fmt: skip


def _done(notebook: Notebook, steps: Iterable[Mapping[str, Any]]) -> Notebook:
    for step in steps:
        notebook = STEPS[step["do"]](notebook, step)
    return notebook


def _answer(notebook: Notebook, step: Mapping[str, Any]) -> Notebook:
    """Put a text below the magic line of an exercise's answer cell."""
    cell(notebook, f"{step['exercise']}-answer")["source"] = f"%%answer {step['exercise']}\n{step['text']}"
    return notebook


def _write(notebook: Notebook, step: Mapping[str, Any]) -> Notebook:
    """Replace a cell's whole text, the magic line included."""
    cell(notebook, step["cell"])["source"] = step["text"]
    return notebook


def _flag(notebook: Notebook, step: Mapping[str, Any]) -> Notebook:
    """Change the nbgrader metadata of a cell, or of every cell that has any if no cell is named."""
    names = [step["cell"]] if "cell" in step else [grade_id(c) for c in notebook["cells"] if grade_id(c)]
    for name in names:
        cell(notebook, name)["metadata"]["nbgrader"].update(step["flags"])
    return notebook


def _copy(notebook: Notebook, step: Mapping[str, Any]) -> Notebook:
    """Copy a cell with its metadata to the end of the notebook, with another text."""
    again = copy.deepcopy(cell(notebook, step["cell"]))
    notebook["cells"].append({**again, "source": step["text"]})
    return notebook


def _delete(notebook: Notebook, step: Mapping[str, Any]) -> Notebook:
    """Delete cells."""
    notebook["cells"] = [c for c in notebook["cells"] if grade_id(c) not in step["cells"]]
    return notebook


def _add(notebook: Notebook, step: Mapping[str, Any]) -> Notebook:
    """Add a cell of the student's own at the end."""
    added = {"cell_type": step.get("type", "code"), "metadata": step.get("metadata", {}), "source": step["text"]}
    if added["cell_type"] == "code":
        added |= {"outputs": step.get("outputs", []), "execution_count": 1}
    notebook["cells"].append({"id": f"own-{len(notebook['cells'])}", **added})
    return notebook


def _output(notebook: Notebook, step: Mapping[str, Any]) -> Notebook:
    """Give a cell outputs, real or forged."""
    cell(notebook, step["cell"])["outputs"] = step["outputs"]
    return notebook


def _top(notebook: Notebook, step: Mapping[str, Any]) -> Notebook:
    """Change keys of the notebook itself."""
    return {**notebook, **step["keys"]}


STEPS = {
    "answer": _answer, "write": _write, "flag": _flag, "copy": _copy, "delete": _delete, "add": _add,
    "output": _output, "change the notebook": _top,
}  # fmt: skip


@dataclass(frozen=True)
class GradedClass:
    """The course's folder, and the result of each student."""

    folder: Path
    graded: tuple[Graded, ...]
