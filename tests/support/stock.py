"""A stock nbgrader assignment: a function to write, a test that is executed, and a module that both need."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

NAME, NOTEBOOK, POINTS = "ps1", "problem", 3
HELPER = "FACTOR = 2\n"


def flags(grade_id: str, **own: Any) -> dict[str, Any]:
    """nbgrader's metadata of a cell."""
    own = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, **own}
    return {"nbgrader": {"grade_id": grade_id, "cell_type": "code", **own}}


def write(course: Path, name: str = NAME, solution: str = "return FACTOR * number") -> None:
    """Put the assignment's source into a course."""
    body = f"    ### BEGIN SOLUTION\n    {solution}\n    ### END SOLUTION"
    cells = [
        new_code_cell("from helper import FACTOR"),
        new_code_cell(f"def double(number):\n{body}", metadata=flags("double", solution=True)),
        new_code_cell(
            "assert double(21) == 42\n### BEGIN HIDDEN TESTS\nassert double(0) == 0\n### END HIDDEN TESTS",
            metadata=flags("double-test", grade=True, locked=True, points=POINTS),
        ),
    ]
    folder = course / "solutions" / name
    folder.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells), folder / f"{NOTEBOOK}.ipynb")
    (folder / "helper.py").write_text(HELPER, encoding="utf-8")


def hand_in(course: Path, student: str, body: str, name: str = NAME) -> None:
    """Hand in the released notebook with this body of the function."""
    notebook = released(course, name)
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double":
            cell["source"] = f"def double(number):\n    {body}"
    path = course / "submitted" / student / name / f"{NOTEBOOK}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def released(course: Path, name: str = NAME) -> dict[str, Any]:
    """The notebook that learners get."""
    path = course / "notebooks" / name / f"{NOTEBOOK}.ipynb"
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook
