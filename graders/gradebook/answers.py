"""Judge instead of running: each check of a notebook gets the card and the score of its exercise."""

from __future__ import annotations

from functools import cache
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import TraitError, Unicode, validate

from cluster import DEFAULT_WORLD, Cluster
from cluster import world as world_of
from cluster.errors import NotJudgedError, UsageError
from graders.gradebook.budgets import BUDGETS, reader
from graders.gradebook.outputs import checks_in, judge, put_into


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
        made = {
            check.name: judge(check, self.world, self.context, reader(), BUDGETS.of(student)) for check in checks_in(nb)
        }
        put_into(nb, made)
        return nb, resources


@cache
def _cluster(world: str, context: str) -> Cluster:
    return world_of(world, context)
