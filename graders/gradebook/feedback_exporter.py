"""How ``nbgrader generate_feedback`` writes a page: a lesson's by the workbook's template, all others by nbgrader's."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter, HTMLExporter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbformat import NotebookNode

from graders.core.registry import is_lesson
from graders.gradebook.feedback import Marks, page
from graders.reading.notebook_cells import grade_id


class FeedbackExporter(HTMLExporter):  # type: ignore[misc]
    """Writes a lesson's feedback without nbconvert's templates."""

    _preprocessors: list[Any]

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        """Return the page of a graded notebook, and the resources."""
        about = (resources or {}).get("nbgrader", {})
        if not is_lesson(about.get("assignment", "")):
            return super().from_notebook_node(nb, resources, **kw)
        self._preprocessors = [s for s in self._preprocessors if not isinstance(s, CSSHTMLHeaderPreprocessor)]
        nb, resources = Exporter.from_notebook_node(self, nb, resources, **kw)
        return page(nb, about["notebook"], marks_in(nb, resources["nbgrader"].get("late_penalty") or 0.0)), resources


def marks_in(nb: NotebookNode, penalty: float) -> Marks:
    """Return the marks that nbgrader's GetGrades wrote into a notebook's metadata."""
    cells = {grade_id(cell): cell.metadata.nbgrader for cell in nb.cells if "nbgrader" in cell.metadata}
    scores = {name: (said["score"], said["points"]) for name, said in cells.items() if "score" in said}
    return Marks(scores, {name: said["comment"] for name, said in cells.items() if said.get("comment")}, penalty)
