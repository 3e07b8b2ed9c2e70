"""A submission that is read and judged before nbgrader saves it.

``workbook grade`` reads and judges each submission itself, within bounds. nbgrader's own commands prepare nothing; then the
exporter and the preprocessors read and judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache

from nbformat import NotebookNode

from cluster.limits import SUBMISSION_CPU_SECONDS, SUBMISSION_MEMORY, SUBMISSION_STEP_SECONDS
from graders.gradebook.outputs import Outputs
from graders.gradebook.submission import Submission
from graders.judging.child import Budget, Child


@dataclass(frozen=True, slots=True)
class Prepared:
    """A student's submission: each notebook as read and as restored, and the outputs of each check, by name."""

    student: str = ""
    notebooks: Mapping[str, Submission] = field(default_factory=dict)
    restored: Mapping[str, NotebookNode] = field(default_factory=dict)
    outputs: Mapping[str, Outputs] = field(default_factory=dict)


_NOTHING = Prepared()
_now: ContextVar[Prepared] = ContextVar("prepared", default=_NOTHING)


def is_prepared() -> bool:
    """Whether nbgrader is saving a prepared submission."""
    return _now.get() is not _NOTHING


def prepared(student: str) -> Prepared:
    """Return a student's prepared submission, or an empty one."""
    now = _now.get()
    return now if now.student == student else _NOTHING


@contextmanager
def saving(what: Prepared) -> Iterator[None]:
    """Have nbgrader save this submission inside the block."""
    token = _now.set(what)
    try:
        yield
    finally:
        _now.reset(token)


@cache
def reader() -> Child:
    """Return the process in which nbgrader's own commands read and judge."""
    return Child("graders.gradebook.restore", "graders.gradebook.outputs")


def new_budget() -> Budget:
    """Return the budget of one submission."""
    return Budget(SUBMISSION_CPU_SECONDS, SUBMISSION_MEMORY, SUBMISSION_STEP_SECONDS)


class StudentBudgets:
    """The budget of the current student; each student has a new one."""

    def __init__(self) -> None:
        self._student = ""
        self._budget = new_budget()

    def of(self, student: str) -> Budget:
        """Return the rest of this student's budget."""
        if student != self._student:
            self._student, self._budget = student, new_budget()
        return self._budget


BUDGETS = StudentBudgets()
"""The current budget of nbgrader's own commands, which grade one student after the other."""
