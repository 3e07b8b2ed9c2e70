"""What was read and judged of a submission before nbgrader comes to save it.

``workbook grade`` reads and judges each submission by itself, within bounds; nbgrader's own commands come with
nothing prepared, and then its exporter and preprocessors read and judge.
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
    """A student's submission, by their names: each notebook as it was read and restored, and the outputs of each check."""

    student: str = ""
    notebooks: Mapping[str, Submission] = field(default_factory=dict)
    restored: Mapping[str, NotebookNode] = field(default_factory=dict)
    outputs: Mapping[str, Outputs] = field(default_factory=dict)


_NOTHING = Prepared()
_now: ContextVar[Prepared] = ContextVar("prepared", default=_NOTHING)


def is_prepared() -> bool:
    """Whether nbgrader saves what was read and judged before."""
    return _now.get() is not _NOTHING


def prepared(student: str) -> Prepared:
    """What is prepared of a student's submission."""
    now = _now.get()
    return now if now.student == student else _NOTHING


@contextmanager
def saving(what: Prepared) -> Iterator[None]:
    """Have nbgrader save this, meanwhile."""
    token = _now.set(what)
    try:
        yield
    finally:
        _now.reset(token)


@cache
def reader() -> Child:
    """The process in which nbgrader's own commands read and judge."""
    return Child("graders.gradebook.restore", "graders.gradebook.outputs")


def new_budget() -> Budget:
    """What grading one submission may cost."""
    return Budget(SUBMISSION_CPU_SECONDS, SUBMISSION_MEMORY, SUBMISSION_STEP_SECONDS)


class Purse:
    """The budget of the student who is being graded; the next one has another."""

    def __init__(self) -> None:
        self._student = ""
        self._budget = new_budget()

    def of(self, student: str) -> Budget:
        """What grading this student's submission may still cost."""
        if student != self._student:
            self._student, self._budget = student, new_budget()
        return self._budget


PURSE = Purse()
"""Whose budget nbgrader's own commands, which go from student to student, are spending."""
