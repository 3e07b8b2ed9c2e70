"""The exercises, one module each with its rubric."""

from __future__ import annotations

import difflib
from typing import Any

from cluster.errors import UsageError
from graders.exercises import bill as bill
from graders.exercises import boundaries as boundaries
from graders.exercises import contract_terms as contract_terms
from graders.exercises import daily_report as daily_report
from graders.exercises import databases as databases
from graders.exercises import deployment as deployment
from graders.exercises import diagram as diagram
from graders.exercises import event as event
from graders.exercises import hello as hello
from graders.exercises import interactions as interactions
from graders.exercises import kinds as kinds
from graders.exercises import request as request
from graders.exercises import review as review
from graders.exercises import shutdown_plan as shutdown_plan
from graders.exercises import worker_plan as worker_plan
from graders.exercises.exercise import Exercise

EXERCISES: tuple[Exercise[Any, Any], ...] = (
    hello.EXERCISE,
    boundaries.EXERCISE,
    bill.EXERCISE,
    kinds.EXERCISE,
    worker_plan.EXERCISE,
    daily_report.EXERCISE,
    databases.EXERCISE,
    request.EXERCISE,
    interactions.EXERCISE,
    event.EXERCISE,
    contract_terms.EXERCISE,
    shutdown_plan.EXERCISE,
    review.EXERCISE,
    deployment.EXERCISE,
    diagram.EXERCISE,
)
"""Every exercise of the assignment, in the order in which learners meet them."""


def exercise(name: object) -> Exercise[Any, Any]:
    """The exercise of that name. Raises UsageError for a name that there isn't, with the nearest that there is."""
    every = {e.name: e for e in EXERCISES}
    if isinstance(name, str) and name in every:
        return every[name]
    if not isinstance(name, str) or not name:
        raise UsageError(
            "Say which exercise you mean, in quotes.",
            f'For example check("{EXERCISES[0].name}"). There are: {", ".join(every)}.',
        )
    near = difflib.get_close_matches(name, every, n=1)
    meant = f"Did you mean “{near[0]}”? " if near else ""
    raise UsageError(f"There is no exercise called “{name[:60]}”.", f"{meant}There are: {', '.join(every)}.")
