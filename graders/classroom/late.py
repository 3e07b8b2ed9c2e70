"""The penalty for a late submission, as nbgrader's AssignLatePenalties gives it."""

from __future__ import annotations

from datetime import datetime, timedelta

from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties


class Late:
    """The course's policy: its LateSubmissionPlugin, if its configuration assigns penalties at all."""

    def __init__(self, app: NbGrader, due: datetime | None) -> None:
        self._due = due
        self._assigns: bool = any(
            _is_it(step) for step in Autograde(coursedir=app.coursedir, parent=app).autograde_preprocessors
        )
        self._step = AssignLatePenalties(parent=app)
        self._step.init_plugin()

    def penalty(self, student: str, score: float, at: datetime | None, extension: timedelta | None) -> float | None:
        """Return the penalty for a notebook with this score, handed in ``at`` a time; None without a penalty."""
        if not self._assigns or at is None or self._due is None:
            return None
        late = (at - (self._due + (extension or timedelta()))).total_seconds()
        if late <= 0:
            return None
        penalty = self._step.plugin_inst.late_submission_penalty(student, score, late)
        if penalty is None:
            return None
        return 0 if penalty < 0 else min(penalty, score)

    @property
    def assigns(self) -> bool:
        """Whether the course's configuration assigns penalties."""
        return self._assigns


def _is_it(step: object) -> bool:
    return str(getattr(step, "__name__", step)).rpartition(".")[2] == "AssignLatePenalties"
