"""Make a notebook from an author's py:percent text, by the rules of its exercises; the same text gives the same bytes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearSolutions

from cluster.errors import UsageError
from cluster.text.amounts import format_number, format_points
from graders.core.exercise import Exercise
from graders.core.lesson import Lesson
from graders.core.registry import is_lesson, lesson
from graders.reading.notebook_cells import ANSWER, grade_id, released_id
from graders.reading.notebook_release import KEY, RELEASE, digest_of

SOLUTION = re.compile(r"BEGIN SOLUTION.*?END SOLUTION", re.DOTALL)
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


STUB = {"python": "# your answer here"}
"""The text that replaces a solution in a released notebook: a comment in YAML and in DOT."""


class SourceExporter(NotebookExporter):  # type: ignore[misc]
    """Gives ``nbgrader generate_assignment`` the py:percent text beside a lesson's ``.ipynb``, which is the source.

    The notebooks of other assignments are read unchanged.
    """

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        if self.parent is not None:
            self.parent.init_assignment = partial(_without_texts, self.parent.coursedir, self.parent.init_assignment)

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Return the learners' notebook from a source. Raises UsageError if the source breaks a rule."""
        text = Path(filename).with_suffix(".py")
        assignment = (resources or {}).get("nbgrader", {}).get("assignment", "")
        ours = is_lesson(assignment) and text.exists()
        for step in self._preprocessors:
            if isinstance(step, ClearSolutions) and "code_stub" not in self.config.ClearSolutions:
                step.code_stub = STUB if ours else step.trait_defaults("code_stub")
        if not ours:
            return super().from_filename(filename, resources, **kw)
        return self.from_notebook_node(source_notebook(text, lesson(assignment)), resources, **kw)


def _without_texts(coursedir: CourseDirectory, init: Callable[[str, str], None], assignment: str, student: str) -> None:
    """Start with an assignment; a lesson's sources contain the solutions, so they aren't copied."""
    kept = coursedir.ignore
    if is_lesson(assignment):
        coursedir.ignore = [*kept, "*.py"]
    try:
        init(assignment, student)
    finally:
        coursedir.ignore = kept


def source_notebook(path: Path, of: Lesson) -> NotebookNode:
    """Return a lesson's notebook from a py:percent text. Raises UsageError if it breaks a rule of its exercises."""
    notebook = jupytext.read(path, fmt="py:percent")
    notebook.metadata = NotebookNode(kernelspec=NotebookNode(KERNEL), language_info=NotebookNode(name="python"))
    notebook.metadata[KEY] = NotebookNode({RELEASE: digest_of(_without_solutions(notebook.cells))})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        cell.id = _identity(path.stem, cell, seen)
    broken = tuple(problems(notebook, path.stem, of.of_section(path.stem)))
    if broken:
        raise UsageError(f"{path.name} can't be released:\n- " + "\n- ".join(broken))
    nbformat.validate(notebook)
    return notebook


def _without_solutions(cells: Iterable[NotebookNode]) -> Iterator[NotebookNode]:
    """Yield the learners' cells, without the comment that replaces a solution."""
    for cell in cells:
        yield NotebookNode({**cell, "source": SOLUTION.sub("", cell.source)})


def problems(notebook: NotebookNode, section: str, exercises: Sequence[Exercise[Any, Any]]) -> Iterator[str]:
    """Yield a sentence for each problem that this notebook, once released, would cause for learners or in the gradebook."""
    cells = {grade_id(cell): cell for cell in notebook.cells if grade_id(cell)}
    for name, times in Counter(grade_id(cell) for cell in notebook.cells if grade_id(cell)).items():
        if times > 1:
            yield f"{times} cells have the grade_id “{name}”."
    expected = {e.name for e in exercises}
    for exercise in exercises:
        yield from problems_of(exercise, cells)
    for name, cell in cells.items():
        if _flags(cell).get("grade") and not _flags(cell).get("solution") and name not in expected:
            yield f"The check “{name}” doesn't belong to an exercise of {section}, so it would never be judged."


def problems_of(exercise: Exercise[Any, Any], cells: Mapping[str, NotebookNode]) -> Iterator[str]:
    """Yield a sentence for each problem of an exercise's pair of cells; ``cells`` are the notebook's by grade_id."""
    yield from _answer_problems(exercise.name, cells.get(f"{exercise.name}{ANSWER}"))
    yield from _check_problems(exercise, cells.get(exercise.name))


def _answer_problems(name: str, cell: NotebookNode | None) -> Iterator[str]:
    if cell is None:
        yield f"The answer cell of {name}, with the grade_id “{name}-answer”, is missing."
        return
    lines = cell.source.split("\n")
    if lines[0].strip() != f"%%answer {name}":
        yield f"The cell “{name}-answer” doesn't begin with “%%answer {name}”."
    begins = [n for n, line in enumerate(lines) if "BEGIN SOLUTION" in line]
    ends = [n for n, line in enumerate(lines) if "END SOLUTION" in line]
    if len(begins) != 1 or len(ends) != 1 or not 0 < begins[0] < ends[0]:
        yield (
            f"The cell “{name}-answer” has no region from “### BEGIN SOLUTION” to “### END SOLUTION” below its "
            "first line, so nbgrader would replace the whole cell, including its %%answer line."
        )
    if not _flags(cell).get("solution") or _flags(cell).get("grade") or _flags(cell).get("locked"):
        yield f"The cell “{name}-answer” needs the flags solution: true, grade: false, locked: false."


def _check_problems(exercise: Exercise[Any, Any], cell: NotebookNode | None) -> Iterator[str]:
    name = exercise.name
    if cell is None:
        yield f"The check of {name}, with the grade_id “{name}”, is missing."
        return
    flags = _flags(cell)
    if cell.source.strip() != f'check("{name}")' or cell.cell_type != "code":
        yield f'The check of {name} must be exactly the code check("{name}").'
    if bool(flags.get("grade")) != exercise.graded or flags.get("solution") or not flags.get("locked"):
        grade = str(exercise.graded).lower()
        yield f"The check of {name} needs the flags grade: {grade}, solution: false, locked: true."
    if exercise.graded and flags.get("points") != exercise.points:
        yield f"The check of {name} says {_points(flags.get('points'))}; the exercise has {format_number(exercise.points)}."


def _points(written: Any) -> str:
    """The points of a check's cell, in words; the cell may have none, or a text in their place."""
    is_number = isinstance(written, (int, float)) and not isinstance(written, bool)
    return format_points(written) if is_number else f"{written or 'no'} points"


def _flags(cell: NotebookNode) -> dict[str, Any]:
    return dict(cell.metadata.get("nbgrader", {}))


def _identity(section: str, cell: NotebookNode, seen: Counter[str]) -> str:
    what = grade_id(cell) or f"{cell.cell_type}\n{cell.source}"
    seen[what] += 1
    return released_id(section, what, seen[what])
