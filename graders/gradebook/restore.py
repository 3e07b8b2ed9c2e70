"""Restore a submission: the released cells, from the gradebook, with the learner's text.

Only cell types and texts come from a submission. Points, flags, locks and checksums come from the gradebook. A check is
always the released one; a missing cell is added, and a copied cell counts once. An answer's cell always gets back its kind
and its ``%%answer`` line; ``find_answer`` finds its text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode, from_dict

from cluster.limits import OWN_CELLS, OWN_CHARACTERS
from graders.core.registry import exercises
from graders.gradebook import inert
from graders.gradebook.outputs import JUDGMENT
from graders.gradebook.submission import Submission
from graders.reading.notebook_cells import (
    ANSWER,
    Found,
    Notebook,
    find_answer,
    grade_id,
    no_answer,
    released_for,
    source,
)

SCHEMA_VERSION = 3
NBFORMAT, NBFORMAT_MINOR = 4, 5


@dataclass(frozen=True, slots=True)
class Released:
    """A cell as it was released, from the gradebook. ``points`` is None for a cell without points."""

    name: str
    kind: str
    source: str
    locked: bool
    checksum: str
    solution: bool
    grade: bool
    task: bool
    points: float | None


@dataclass(frozen=True, slots=True)
class ReleasedNotebook:
    """A notebook as it was released: its cells and its kernel, from the gradebook.

    ``prose`` is the Markdown between the cells, from the released notebook, since the gradebook doesn't have it.
    """

    cells: tuple[Released, ...]
    kernel: Mapping[str, Any] = field(default_factory=dict)
    prose: frozenset[str] = frozenset()


def made_whole(submission: Submission, release: ReleasedNotebook) -> NotebookNode:
    """Return the restored notebook of a submission, with the file's digest and problem in its metadata."""
    notebook = restored(submission.notebook, release)
    about = {"digest": submission.digest, "problem": submission.problem, "hint": submission.hint}
    notebook.metadata[JUDGMENT] = from_dict(about)
    return notebook


def restored(handed_in: Notebook, release: ReleasedNotebook) -> NotebookNode:
    """Return a notebook with each released cell exactly once, and the learner's own cells between them, in their order.

    The learner's own cells are inert text. Answers stay complete until they are judged.
    """
    released = release.cells
    found = _answers(handed_in, released)
    holders = _holders(handed_in, released, found)
    joined = {index for answer in found.values() for index in answer.cells[1:]}
    cells: list[NotebookNode] = []
    own, characters = 0, 0
    for index, cell in enumerate(handed_in["cells"]):
        if index in holders:
            cells.append(_known(holders[index], _as_released(holders[index].name, source(cell), found)))
        elif isinstance(cell, Mapping) and index not in joined and own < OWN_CELLS and characters < OWN_CHARACTERS:
            cells.append(_own(cell, release.prose))
            own, characters = own + 1, characters + len(cells[-1].source)
    present = {cell.name for cell in holders.values()}
    for missing in sorted((cell for cell in released if cell.name not in present), key=lambda cell: cell.grade):
        cells.insert(_place(missing, cells), _known(missing, missing.source))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"kernelspec": release.kernel} if release.kernel else {}
    # nbformat's own constructor validates the notebook, which takes longer than making it.
    made: NotebookNode = from_dict(
        {"metadata": {**kernel, "language_info": inert.TEXT}, "nbformat": NBFORMAT, "nbformat_minor": NBFORMAT_MINOR}
    )
    made.cells = cells
    return made


def _answers(handed_in: Notebook, released: Sequence[Released]) -> dict[str, Found]:
    """Return the answers in a submission, by the names of their released cells."""
    asked = {f"{e.name}{ANSWER}": e for e in exercises()}
    answers = {cell.name: asked[cell.name] for cell in released if cell.name in asked}
    found = {name: find_answer(handed_in, one.name, one.is_started) for name, one in answers.items()}
    return {name: answer for name, answer in found.items() if answer is not None}


def _holders(handed_in: Notebook, released: Sequence[Released], found: Mapping[str, Found]) -> dict[int, Released]:
    """Map the submission's cells to released ones: the last of several copies, or the first cell of an answer."""
    holders = {found[cell.name].cells[0]: cell for cell in released if cell.name in found}
    taken = {index for answer in found.values() for index in answer.cells}
    for cell in released:
        index = max(set(_with_id(handed_in, cell.name)) - taken, default=None)
        if cell.name not in found and index is not None:
            # A check is added again if a cell with an answer has its name.
            holders[index] = cell
    return holders


def _as_released(name: str, text: str, found: Mapping[str, Found]) -> str:
    """Return a cell's text, with a lost ``%%answer`` line and the rest of a split answer restored."""
    answer = found.get(name)
    if answer is None or answer.as_released or answer.problem:
        return text
    below = answer.text if answer.text.startswith("\n") else f"\n{answer.text}"
    return f"%%answer {name.removesuffix(ANSWER)}{below}"


def _with_id(handed_in: Notebook, name: str) -> Iterator[int]:
    for index, cell in enumerate(handed_in["cells"]):
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
        return _cell("code", inert.answer(text), metadata)
    return _cell("markdown", text if text == released.source else inert.block(text), metadata)


def _own(cell: Mapping[str, Any], prose: Collection[str]) -> NotebookNode:
    text, metadata = source(cell), no_answer() if released_for(cell) else {}
    if cell.get("cell_type") == "code":
        return _cell("code", inert.code(text), metadata)
    return _cell("markdown", text if text in prose else inert.block(text), metadata)


def _cell(kind: str, text: str, metadata: dict[str, Any]) -> NotebookNode:
    # nbformat's own constructors validate each cell; nbconvert validates the whole notebook in the end anyway.
    cell: NotebookNode = from_dict({"cell_type": kind, "source": text, "metadata": metadata})
    if kind == "code":
        cell.update(outputs=[], execution_count=None)
    return cell


def _place(missing: Released, cells: Sequence[NotebookNode]) -> int:
    """Return the index for a missing cell: an answer before its check, a check after its answer, others at the end."""
    names = [grade_id(cell) for cell in cells]
    check = missing.name.removesuffix(ANSWER)
    if check != missing.name and check in names:
        return names.index(check)
    if f"{missing.name}{ANSWER}" in names:
        return names.index(f"{missing.name}{ANSWER}") + 1
    return len(cells)
