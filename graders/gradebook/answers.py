"""Judge instead of running: each check of a notebook gets the card and the score of its exercise."""

from __future__ import annotations

from functools import cache
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import TraitError, Unicode, validate

from cluster import DEFAULT_WORLD, Cluster
from cluster import world as world_of
from cluster.errors import NotJudgedError, UsageError
from graders.gradebook import inert
from graders.gradebook.outputs import checks_in, is_check, judge
from graders.gradebook.prepared import BUDGETS, prepared, reader
from graders.reading.notebook_cells import source


class GradeAnswers(NbGraderPreprocessor):  # type: ignore[misc]
    """Replaces nbgrader's Execute: judges the answers, and starts no kernel."""

    world = Unicode(DEFAULT_WORLD, help="The world that judges. Each score records it.").tag(config=True)

    context = Unicode(
        "", help="A kubeconfig context to use instead of the workbook's own cluster, for the world kind."
    ).tag(config=True)

    @validate("world", "context")
    def _is_a_world(self, proposal: Any) -> str:
        said = {"world": self.world, "context": self.context, proposal["trait"].name: str(proposal["value"])}
        try:
            _cluster(**said)
        except UsageError as error:
            raise TraitError(f"GradeAnswers.{proposal['trait'].name}: {error.problem} {error.hint}") from None
        except NotJudgedError:
            pass  # the world exists but is broken now: each answer will say so
        return str(proposal["value"])

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Judge the answer of each check; the check's outputs become the card and one number."""
        student = resources.get("nbgrader", {}).get("student", "")
        ready = prepared(student).outputs
        checks = {check.name: check for check in checks_in(nb)}
        for cell in filter(is_check, nb.cells):
            name = cell.metadata.nbgrader.grade_id
            made = ready.get(name)
            if made is None:
                made = judge(checks[name], self.world, self.context, reader(), BUDGETS.of(student))
            cell.execution_count, cell.outputs = None, [from_dict(output) for output in made]
        for cell in nb.cells:
            if cell.cell_type == "code":  # after judging, the text is only displayed
                cell.source = inert.code(source(cell))
        return nb, resources


@cache
def _cluster(world: str, context: str) -> Cluster:
    return world_of(world, context)
