"""The process and the budgets with which nbgrader's own commands read and judge."""

from __future__ import annotations

from functools import cache

from cluster.limits import SUBMISSION_CPU_SECONDS, SUBMISSION_MEMORY, SUBMISSION_STEP_SECONDS
from graders.judging.child import Budget, Child


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
