"""A submission made whole: the cells that nbgrader released, as the gradebook has them, around the learner's text.

Nothing but cell types and texts is taken from a submission. Points, flags, locks and checksums come out of the
gradebook; a check is what was released; a cell that is missing comes back, and one that was copied counts once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from graders.answers.cells import Notebook, answer_cell, grade_id, source
from graders.exercises import EXERCISES
from graders.gradebook import inert
from graders.gradebook.scores import forget
from graders.gradebook.submission import Submission

SCHEMA_VERSION = 3
OWN_CELLS = 500
"""How many cells of a learner's own are kept."""
OWN_CHARACTERS = 200_000
"""How much a learner's own cells may say together; what is beyond it is left out."""


@dataclass(frozen=True, slots=True)
class Released:
    """A cell as it was released, out of the gradebook. ``points`` is None for a cell that earns none."""

    name: str
    kind: str
    source: str
    locked: bool
    checksum: str
    solution: bool
    grade: bool
    task: bool
    points: float | None


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """First of all: a new notebook of the submission. What was scored before is forgotten until it is judged again."""

    def preprocess(self, _nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """The restored notebook; its metadata say which file it was made of, and what was wrong with that."""
        about = resources["nbgrader"]
        submission: Submission = resources["submission"]
        with Gradebook(about["db_url"]) as gradebook:
            released = released_cells(gradebook, about["notebook"], about["assignment"])
        forget(about)
        notebook = restored(submission.notebook, released)
        notebook.metadata.workbook = {
            "digest": submission.digest, "problem": submission.problem, "hint": submission.hint,
        }  # fmt: skip
        return notebook, resources


def released_cells(gradebook: Gradebook, notebook: str, assignment: str) -> tuple[Released, ...]:
    """The cells that nbgrader released with a notebook."""
    entry = gradebook.find_notebook(notebook, assignment)
    points = {cell.name: float(cell.max_score) for cell in (*entry.grade_cells, *entry.task_cells)}
    solutions = {cell.name for cell in entry.solution_cells}
    tasks = {cell.name for cell in entry.task_cells}
    return tuple(
        Released(
            name=cell.name, kind=cell.cell_type, source=cell.source, locked=bool(cell.locked),
            checksum=cell.checksum or "", solution=cell.name in solutions, task=cell.name in tasks,
            grade=cell.name in points and cell.name not in tasks, points=points.get(cell.name),
        )
        for cell in entry.source_cells
    )  # fmt: skip


def restored(submitted: Notebook, released: Sequence[Released]) -> NotebookNode:
    """A notebook with each released cell exactly once, and around them what the learner wrote, in its order."""
    holders = _holders(submitted, released)
    cells: list[NotebookNode] = []
    own, characters = 0, 0
    for index, cell in enumerate(submitted["cells"]):
        if index in holders:
            cells.append(_known(holders[index], source(cell)))
        elif isinstance(cell, Mapping) and own < OWN_CELLS and characters < OWN_CHARACTERS:
            cells.append(_own(cell))
            own, characters = own + 1, characters + len(cells[-1].source)
    held = {cell.name for cell in holders.values()}
    for missing in sorted((cell for cell in released if cell.name not in held), key=lambda cell: cell.grade):
        cells.insert(_place(missing, cells), _known(missing, missing.source))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})


def _holders(submitted: Notebook, released: Sequence[Released]) -> dict[int, Released]:
    """Which cell of the submission is which released one: of several the last, for an answer the one that counts."""
    begun = {f"{e.name}-answer": e.begun for e in EXERCISES}
    holders: dict[int, Released] = {}
    # Answers first: a check can be made anew, should its name stand on a cell that holds an answer.
    for cell in sorted(released, key=lambda cell: cell.name not in begun):
        if cell.name in begun:
            index = answer_cell(submitted, cell.name.removesuffix("-answer"), begun[cell.name])
        else:
            index = max(set(_with_id(submitted, cell.name)) - holders.keys(), default=None)
        if index is not None and index not in holders:
            holders[index] = cell
    return holders


def _with_id(submitted: Notebook, name: str) -> Iterator[int]:
    for index, cell in enumerate(submitted["cells"]):
        if isinstance(cell, Mapping) and grade_id(cell) == name:
            yield index


def _known(released: Released, text: str) -> NotebookNode:
    about: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION, "grade_id": released.name, "cell_type": released.kind,
        "grade": released.grade, "solution": released.solution, "locked": released.locked, "task": released.task,
        "checksum": released.checksum,
    }  # fmt: skip
    if released.points is not None:
        about["points"] = released.points
    text = released.source if released.locked else text
    metadata = {"nbgrader": about, "deletable": False}
    if released.kind == "code":
        return new_code_cell(inert.answer(text), metadata=metadata)
    return new_markdown_cell(text if released.locked else inert.markdown(text), metadata=metadata)


def _own(cell: Mapping[str, Any]) -> NotebookNode:
    text = source(cell)
    if cell.get("cell_type") == "code":
        return new_code_cell(inert.code(text))
    return new_markdown_cell(inert.markdown(text))


def _place(missing: Released, cells: Sequence[NotebookNode]) -> int:
    """Where a missing cell goes: an answer before its check, a check after its answer, anything else at the end."""
    names = [grade_id(cell) for cell in cells]
    if missing.name.endswith("-answer") and missing.name.removesuffix("-answer") in names:
        return names.index(missing.name.removesuffix("-answer"))
    if f"{missing.name}-answer" in names:
        return names.index(f"{missing.name}-answer") + 1
    return len(cells)
