"""The steps of one submission for any executor: ``examine`` reads and judges it, ``publish`` writes its files.

Both take and return plain data, and bound themselves: the work is done in a child process that is ended when it breaks the
submission's budget. So an executor may run them in threads, in processes, or on other machines that have the course's folder.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from cluster.errors import AnswerError, NoResultError
from cluster.limits import SUBMISSION_STEP_SECONDS
from graders.classroom.desk import Desk, Folders
from graders.classroom.reading import HandedIn, read
from graders.classroom.writing import Changes, write
from graders.gradebook.outputs import Check, Outputs, judge, judgment
from graders.gradebook.timestamps import handed_in_at, kept_in
from graders.judging.child import Budget
from graders.judging.children import Children

Result = TypeVar("Result")

CHILDREN = Children("graders.classroom.writing")
"""The processes in which this process works on submissions."""
LOOK = "A person has to look at the submission."

_SAME = tuple(threading.Lock() for _ in range(64))
"""Held while an answer is judged, so that the same answer of another student waits for the result."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A submission, read and judged. With a ``problem`` it has no scores.

    ``judged`` has the judgment of each check, by name, and ``outputs`` those of checks without a judgment to keep. ``at`` is the
    time of the submission, and ``beside`` are the files for nbgrader's exchange. ``budget`` is what is left for it.
    """

    folders: Folders
    handed_in: HandedIn
    budget: Budget
    judged: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Outputs] = field(default_factory=dict)
    at: datetime | None = None
    beside: dict[str, bytes] = field(default_factory=dict)
    problem: str = ""
    note: str = ""


def examine(desk: Desk, folders: Folders, budget: Budget) -> Examined:
    """Read a submission, and judge each answer that has no judgment yet."""
    try:
        handed_in = _step(budget, "Reading the submission", read, desk, folders)
    except NoResultError as error:
        return Examined(folders, HandedIn(), budget, problem=f"{error.problem} {LOOK}")
    if handed_in.problem:
        return Examined(folders, handed_in, budget, problem=handed_in.problem)
    at, late = None, ""
    try:
        at = handed_in_at(folders.submitted)
    except AnswerError as error:
        late = error.problem
    found = Examined(
        folders, handed_in, budget, at=at, beside=kept_in(folders.submitted), note=f"{late} {handed_in.note}".strip()
    )
    for notebook in handed_in.notebooks.values():
        found.judged.update(notebook.judged)
        for check in notebook.checks:
            outputs = _judged(desk, check, budget)
            found.judged[check.name] = about = judgment({"outputs": outputs})
            if not about.get("judged"):
                found.outputs[check.name] = outputs
    return found


def _judged(desk: Desk, check: Check, budget: Budget) -> Outputs:
    """Return the outputs of a check; those that are kept may lack the card. What broke a bound is tried for each student."""
    judgments = desk.judgments
    with _SAME[int(judgments.key(check)[:8], 16) % len(_SAME)]:
        kept = None if check.problem else judgments.find(check)
        if kept is not None:
            return kept
        with CHILDREN.one() as child:
            return judge(check, judgments.world, judgments.context, child, budget, by=judgments.judged)


def publish(desk: Desk, folders: Folders, changes: Changes, budget: Budget) -> str:
    """Write the files of a graded submission. Returns a sentence if that isn't possible, or else ""."""
    try:
        problem = _step(budget, "Writing the feedback", write, desk, folders, changes)
    except NoResultError as error:
        problem = f"{error.problem} {LOOK}"
    return problem


def _step(budget: Budget, what: str, function: Callable[..., Result], *arguments: object) -> Result:
    budget.seconds = SUBMISSION_STEP_SECONDS
    with CHILDREN.one() as child:
        return child.call(function, *arguments, budget=budget, what=what)
