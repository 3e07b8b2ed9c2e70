"""The exercises, one module each with its rubric."""

from __future__ import annotations

import difflib
from typing import Any

from cluster.errors import UsageError
from graders.application_platform.exercises.bill import rubric as bill
from graders.application_platform.exercises.boundaries import rubric as boundaries
from graders.application_platform.exercises.contract import rubric as contract_terms
from graders.application_platform.exercises.daily_report import rubric as daily_report
from graders.application_platform.exercises.databases import rubric as databases
from graders.application_platform.exercises.deployment import rubric as deployment
from graders.application_platform.exercises.diagram import rubric as diagram
from graders.application_platform.exercises.event import rubric as event
from graders.application_platform.exercises.hello import rubric as hello
from graders.application_platform.exercises.interactions import rubric as interactions
from graders.application_platform.exercises.kinds import rubric as kinds
from graders.application_platform.exercises.request import rubric as request
from graders.application_platform.exercises.review import rubric as review
from graders.application_platform.exercises.shutdown_plan import rubric as shutdown_plan
from graders.application_platform.exercises.worker_plan import rubric as worker_plan
from graders.core.exercise import Exercise

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
