"""Exercise ``shutdown-plan``: what a service does on SIGTERM, so that no customer notices."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from graders.application_platform.exercises.shutdown_plan import model
from graders.core.exercise import Criterion, Exercise, Sample, Verdict, failed, follows, passed
from graders.families.plan.criteria import (
    FORM,
    PlanEvidence,
    carried_out,
    never,
    observer,
    plan,
    where,
    where_any,
)
from graders.families.plan.reading import Plan

EXITS = ("exit-0", "exit-1")
TERMINATION = "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/"

_EXITS_WELL = never(model.CODE, "whenever it exits, its code is 0", "An end in good order is no error.")
_NEVER_KILLED = never(
    model.KILLED, "it exits by itself within 30 s", "Add up what your steps may take, second by second."
)
_NO_END = (
    "After your last step the process is still there. What ends it?",
    "Read the right column of the table: two of its steps end the process.",
    "A process that has done everything still has to end, by a last step of its own.",
)
"""The hints where no step ends the process."""

_NEVER_REFUSED = never(
    model.REFUSED, "nobody is turned away",
    "Somebody still sends requests at that moment. How does the load balancer learn that it shouldn't, and by when?",
)  # fmt: skip


def _refused(answer: Plan, evidence: PlanEvidence) -> Verdict:
    """No request finds the port closed while the service is there."""
    if evidence.way(model.LEFT) and not evidence.way(model.REFUSED):
        return follows("the platform kills it while requests still come")
    return _NEVER_REFUSED(answer, evidence)


def _code(answer: Plan, evidence: PlanEvidence) -> Verdict:
    """It exits by itself with 0, and there was something in good order about its end."""
    if "exit-1" in evidence.steps:
        return failed("the plan ends with exit-1, the exit after an error", "An end in good order is no error.")
    wrongs = evidence.explored.wrongs.keys() if evidence.explored else set()
    if model.KILLED in wrongs:
        # Being killed has a criterion of its own; where nothing else is wrong, it costs once.
        if wrongs - {model.KILLED, model.CODE}:
            return follows("it is killed before it exits by itself")
        return passed("it is killed before it exits by itself, which costs a row of its own, and nothing here")
    if {model.REFUSED, model.CUT} <= wrongs:
        return follows("an exit that refuses and cuts off requests isn't an end in good order")
    return _EXITS_WELL(answer, evidence)


def _in_time(answer: Plan, evidence: PlanEvidence) -> Verdict:
    """It exits by itself before the platform kills it."""
    verdict = _NEVER_KILLED(answer, evidence)
    if (
        evidence.explored is None
        or evidence.steps[-1] in EXITS
        or verdict.share == 1
        or "this can happen" not in verdict.observed
    ):
        return verdict
    return replace(verdict, hint=_NO_END[0], hints=_NO_END)


def _ends_requests(steps: Collection[str]) -> bool:
    """Whether anything in a plan could cut off a request, or sees to it that none is."""
    return any(step in steps for step in ("close-database", *EXITS)) or {"stop-accepting", "finish-requests"} <= set(
        steps
    )


def remarks(_answer: Plan, evidence: PlanEvidence) -> tuple[str, ...]:
    """What costs nothing: a promise of the contract that isn't kept by a step of its own."""
    if evidence.explored is None or evidence.explored.wrongs or "stop-accepting" in evidence.steps:
        return ()
    return ("The contract says “stop accepting new requests”. Here none comes any more, so nothing is lost; a step that "
            "says it would keep the promise when the load balancer is slow.",)  # fmt: skip


CRITERIA: tuple[Criterion[Plan, PlanEvidence], ...] = (
    Criterion(
        name="steps", points=0.1, title="A plan that can be carried out", judge=carried_out,
        expected="steps from the table, each at most once, and nothing after the end",
        why="What a service does on SIGTERM is written down beforehand; there is no time to think then.",
        docs_url=TERMINATION,
        hints=FORM,
    ),
    Criterion(
        name="not-refused", points=0.6, title="No new request is refused",
        judge=where_any(("stop-accepting", *EXITS), _refused, "no step closes the port"),
        expected="the port stays open until nobody sends requests any more",
        why="The load balancer learns of the end from /readyz, and a while later. A door that closes before that turns customers away.",
        docs_url=TERMINATION,
        hints=(
            "Who sends you requests, and how do they learn that you are about to go?",
            "Saying no takes a moment to get around; what does the service do meanwhile?",
            "Between the first word of the end and the closed door there has to be some time, in which it serves.",
        ),
    ),
    Criterion(
        name="not-cut-off", points=0.6, title="No request in flight is cut off",
        judge=where(_ends_requests, never(
            model.CUT, "every request is answered", "Ask what the request in flight still needs, and until when."
        ), "no step has to do with the requests in flight"),
        expected="whatever is in flight is answered before what it needs goes away",
        why="A request that is cut off is an order of which nobody knows whether it counts.",
        docs_url=TERMINATION,
        hints=(
            "A request is under way when the signal comes. What does it need to end well?",
            "The database is part of the answer; and as long as the door is open, new requests come in.",
            "Close the door, then see everybody off, then turn off the lights.",
        ),
    ),
    Criterion(
        name="in-time", points=0.4, title="It is gone before it is killed",
        judge=_in_time,
        expected="the process exits by itself within 30 s",
        why="After the grace period the platform kills whoever is still there, whatever it is doing.",
        docs_url=TERMINATION,
        hints=(
            "How long does the platform wait, by the contract?",
            "Some steps wait; add up their seconds.",
            "A process that has done everything still has to end.",
        ),
    ),
    Criterion(
        name="code", points=0.3, title="When it exits by itself, its code is 0",
        judge=_code,
        expected="exit code 0",
        why="Any other code looks like a crash, and somebody will be woken up for it.",
        docs_url=TERMINATION,
        hints=(
            "How does the platform tell an end in good order from a crash?",
            "By the number with which the process exits.",
            "Unix has one number for “all is well”, and the table has a step with it.",
        ),
    ),
)  # fmt: skip

EXERCISE: Exercise[Plan, PlanEvidence] = plan(
    name="shutdown-plan",
    title="An orderly shutdown",
    section="05-contract",
    minutes=6,
    criteria=CRITERIA,
    steps=model.STEPS,
    observe=observer(model.check, model.STEPS, model.LIFELINES, last=EXITS),
    notes=remarks,
    sample=Sample(__file__, 1.1),
)
