"""Exercise ``shutdown-plan``: what a service does on SIGTERM, so that no customer notices."""

from __future__ import annotations

from graders.answers.steps import Plan, begun, parse
from graders.exercises.exercise import Criterion, Exercise, Verdict, follows, passed
from graders.exercises.plans import PlanEvidence, carried_out, never, observer, where_any
from graders.exercises.vocabulary import normal, same
from graders.plans import shutdown

EXITS = ("exit-0", "exit-1")
TERMINATION = "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/"

_NEVER_ANOTHER_CODE = never(shutdown.CODE, "whenever it exits, its code is 0", "An end in good order is no error.")


def _code(answer: Plan, evidence: PlanEvidence) -> Verdict:
    """It exits with 0, and there was something in good order about its end."""
    wrongs = evidence.explored.wrongs if evidence.explored else {}
    exits = [same(step.name, shutdown.STEPS) for step in answer.steps if normal(step.name).startswith("exit")]
    if evidence.explored and not exits:
        return follows("no step ends the process")
    if {shutdown.REFUSED, shutdown.CUT} <= wrongs.keys() and set(exits) == {"exit-0"}:
        return follows("requests are refused and cut off, so its end isn't in good order")
    if shutdown.KILLED in wrongs and set(exits) == {"exit-0"}:
        return passed("its own exit has code 0")  # that the platform kills it first is another criterion's
    return _NEVER_ANOTHER_CODE(answer, evidence)


CRITERIA: tuple[Criterion[Plan, PlanEvidence], ...] = (
    Criterion(
        name="steps", points=0.1, title="A plan that can be carried out", judge=carried_out,
        expected="steps from the table, each at most once, and nothing after the end",
        why="What a service does on SIGTERM is written down beforehand; there is no time to think then.",
        read=TERMINATION,
        hints=(
            "Compare the names of your steps with the table.",
            "Each step may stand there once, and not every one is needed.",
            "The names have dashes between their words.",
        ),
    ),
    Criterion(
        name="not-refused", points=0.6, title="No new request is refused",
        judge=where_any(("stop-accepting", *EXITS), never(
            shutdown.REFUSED, "nobody is turned away",
            "Somebody still sends requests at that moment. How does the load balancer learn that it shouldn't, and by when?",
        ), "no step closes the port"),
        expected="the port stays open until nobody sends requests any more",
        why="The load balancer learns of the end later than the service does. Who closes the door at once turns customers away.",
        read=TERMINATION,
        hints=(
            "Who sends you requests, and how do they learn that you are about to go?",
            "Saying no takes a moment to get around; what does the service do meanwhile?",
            "Between the first word of the end and the closed door there has to be some time, in which it serves.",
        ),
    ),
    Criterion(
        name="not-cut-off", points=0.6, title="No request in flight is cut off",
        judge=where_any(("close-database", *EXITS), never(
            shutdown.CUT, "every request is answered", "Ask what the request in flight still needs, and until when."
        ), "no step ends the process"),
        expected="whatever is in flight is answered before what it needs goes away",
        why="A request that is cut off is an order of which nobody knows whether it counts.",
        read=TERMINATION,
        hints=(
            "A request is under way when the signal comes. What does it need to end well?",
            "The database is part of the answer; and as long as the door is open, new requests come in.",
            "Close the door, then see everybody off, then turn off the lights.",
        ),
    ),
    Criterion(
        name="in-time", points=0.4, title="It is gone before it is killed",
        judge=never(
            shutdown.KILLED, "it exits by itself within 30 s",
            "Add up what your steps may take, and see whether the last of them ends the process.",
        ),
        expected="the process exits by itself within 30 s",
        why="After the grace period the platform kills whoever is still there, whatever it is doing.",
        read=TERMINATION,
        hints=(
            "How long does the platform wait, by the contract?",
            "Some steps wait; add up their seconds.",
            "A process that has done everything still has to end.",
        ),
    ),
    Criterion(
        name="code", points=0.3, title="It exits with code 0",
        judge=_code,
        expected="exit code 0",
        why="Any other code looks like a crash, and somebody will be woken up for it.",
        read=TERMINATION,
        hints=(
            "How does the platform tell an end in good order from a crash?",
            "By the number with which the process exits.",
            "Unix has one number for “all is well”, and the table has a step with it.",
        ),
    ),
)  # fmt: skip

EXERCISE: Exercise[Plan, PlanEvidence] = Exercise(
    name="shutdown-plan",
    title="An orderly shutdown",
    kind="plan",
    section="05-contract",
    minutes=6,
    criteria=CRITERIA,
    parse=parse,
    observe=observer(shutdown.check, shutdown.STEPS, shutdown.LIFELINES, last=EXITS),
    begun=begun,
)
