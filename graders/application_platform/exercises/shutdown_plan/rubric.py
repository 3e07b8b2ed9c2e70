"""Exercise ``shutdown-plan``: the steps of a service after SIGTERM, so that no customer notices."""

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

_EXITS_WELL = never(model.CODE, "whenever it exits, its code is 0", "An orderly shutdown isn't an error.")
_NEVER_KILLED = never(model.KILLED, "it exits by itself within 30 s", "Add up the seconds that your steps may take.")
_NO_END = (
    "After your last step the process still runs. What ends it?",
    "Read the right column of the table: two of its steps end the process.",
    "The plan needs a last step that ends the process.",
)
"""The hints for a plan without a step that ends the process."""

_NEVER_REFUSED = never(
    model.REFUSED, "no request is refused",
    "The load balancer still sends requests at that moment. How does it learn to stop, and when?",
)  # fmt: skip


def _refused(answer: Plan, evidence: PlanEvidence) -> Verdict:
    """No request finds the port closed while the service runs."""
    if evidence.way(model.LEFT) and not evidence.way(model.REFUSED):
        return follows("the platform kills it while requests still arrive")
    return _NEVER_REFUSED(answer, evidence)


def _code(answer: Plan, evidence: PlanEvidence) -> Verdict:
    """It exits by itself with 0, and its shutdown isn't wrong in every other way."""
    if "exit-1" in evidence.steps:
        return failed("the plan ends with exit-1, the exit after an error", "An orderly shutdown isn't an error.")
    wrongs = evidence.explored.wrongs.keys() if evidence.explored else set()
    if model.KILLED in wrongs:
        # Another criterion judges the kill; if nothing else is wrong, it costs points only once.
        if wrongs - {model.KILLED, model.CODE}:
            return follows("it is killed before it exits by itself")
        return passed("it is killed before it exits by itself; another criterion judges that")
    if {model.REFUSED, model.CUT} <= wrongs:
        return follows("a shutdown that refuses requests and cuts off others isn't orderly")
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
    """Whether a step of the plan could cut off a request, or prevents that."""
    return any(step in steps for step in ("close-database", *EXITS)) or {"stop-accepting", "finish-requests"} <= set(
        steps
    )


def remarks(_answer: Plan, evidence: PlanEvidence) -> tuple[str, ...]:
    """A remark without cost: a promise of the contract that no step keeps."""
    if evidence.explored is None or evidence.explored.wrongs or "stop-accepting" in evidence.steps:
        return ()
    return ("The contract says “stop accepting new requests”. In this model no more requests arrive, so none is lost. With a "
            "step for it, the service would keep the promise also when the load balancer is slow.",)  # fmt: skip


CRITERIA: tuple[Criterion[Plan, PlanEvidence], ...] = (
    Criterion(
        name="steps", points=0.1, title="A plan that can be carried out", judge=carried_out,
        expected="steps from the table, each at most once, and nothing after the end",
        why="The steps after SIGTERM are decided in advance; there is no time for that later.",
        docs_url=TERMINATION,
        hints=FORM,
    ),
    Criterion(
        name="not-refused", points=0.6, title="No new request is refused",
        judge=where_any(("stop-accepting", *EXITS), _refused, "no step closes the port"),
        expected="the port stays open until no more requests arrive",
        why="The load balancer learns of the shutdown from /readyz, after some seconds. A port that closes earlier refuses customers.",
        docs_url=TERMINATION,
        hints=(
            "Which part sends the requests, and how does it learn of the shutdown?",
            "It takes some seconds until that part knows. What does the service do until then?",
            "Between “not ready” and the closed port, the service must serve for some time.",
        ),
    ),
    Criterion(
        name="not-cut-off", points=0.6, title="No request in flight is cut off",
        judge=where(_ends_requests, never(
            model.CUT, "every request is answered", "What does the request in flight still need, and for how long?"
        ), "no step affects the requests in flight"),
        expected="each request in flight is answered before a part that it needs is closed",
        why="After a request is cut off, the customer can't know whether the order counts.",
        docs_url=TERMINATION,
        hints=(
            "A request is in flight when the signal comes. What does it need for its answer?",
            "The answer needs the database. While the port is open, new requests arrive.",
            "Three steps matter, in this order: accept no more requests, answer those in flight, close what they needed.",
        ),
    ),
    Criterion(
        name="in-time", points=0.4, title="It exits before it is killed",
        judge=_in_time,
        expected="the process exits by itself within 30 s",
        why="After the grace period the platform kills the process, also in the middle of a request.",
        docs_url=TERMINATION,
        hints=(
            "How long does the platform wait? The contract says it.",
            "Some steps wait; add up their seconds.",
            "When all is done, the process still has to exit.",
        ),
    ),
    Criterion(
        name="code", points=0.3, title="When it exits by itself, its code is 0",
        judge=_code,
        expected="exit code 0",
        why="Any other code looks like a crash, and wakes the person on call.",
        docs_url=TERMINATION,
        hints=(
            "How does the platform tell an orderly shutdown from a crash?",
            "The platform looks at the exit code of the process.",
            "Unix has one exit code for success, and the table has a step with it.",
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
