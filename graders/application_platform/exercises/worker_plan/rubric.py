"""Exercise ``worker-plan``: what an email worker does with a message, so that no crash loses an order or mails it twice."""

from __future__ import annotations

from dataclasses import replace

from graders.application_platform.exercises.worker_plan import model
from graders.core.exercise import Criterion, Exercise, Sample, Verdict, failed
from graders.families.plan.criteria import (
    Judge,
    PlanEvidence,
    carried_out,
    never,
    observer,
    plan,
    told,
    where_any,
)
from graders.families.plan.reading import Plan

READ = "notebook 2, “A worker: nobody waits”"

SENDS = ("send", "send-with-key")

_NEVER_LOST = never(
    model.LOST, "every order is mailed", "Ask of each step: if the worker crashes right after it, who still knows?"
)
_NEVER_TWICE = never(
    model.TWICE, "nobody is mailed twice",
    "Between sending and remembering there is always a moment to crash in. Who else could remember, and at once?",
)  # fmt: skip

_NO_EMAIL = (
    "What does the customer get from this worker, by your plan?",
    "Read the right column of the table: which steps have to do with the mail server?",
    "Two steps of the table hand the email over. They differ in what the mail server knows afterwards.",
)
_NO_CRASH = (
    "Follow one message through your steps, one after the other, without any crash.",
    "One of your steps looks something up. What does it find there, and which step put it there?",
    "A step that looks for a trace of earlier work has to stand before the step that leaves it.",
)
_TOLD_TOO_EARLY = (
    "The second time the worker believed the database. Who told the database, and when?",
    "Compare two moments of your plan: when the database is told, and when the email is handed over.",
    "Whatever tells others that the work is done has to come after the work.",
)
_TWO_EMAILS = (
    "How many steps of your plan hand an email over?",
    "No crash is needed for a second email: follow one message through your steps.",
    "Keep the one of the two of which the mail server remembers something.",
)
"""Ladders for mistakes that have little to do with a crash after the acknowledgement."""


def _lost(answer: Plan, evidence: PlanEvidence) -> Verdict:
    """Each order is mailed in the end."""
    if evidence.explored is not None and not _sends(evidence):
        return failed(
            "no step sends the email, so no order is ever mailed", "Which step of the table hands the email over?", hints=_NO_EMAIL
        )  # fmt: skip
    verdict, way = _NEVER_LOST(answer, evidence), evidence.way(model.LOST)
    if way and not any(happening.crash for happening in way):
        hint = "No crash is needed for that: follow one message through your steps. What does it find in the database?"
        return replace(verdict, hint=hint, hints=_NO_CRASH)
    if any(happening.what == model.SKIPPED for happening in way):
        hint = "The database was told that the order is mailed. Was that true at that moment?"
        return replace(verdict, hint=hint, hints=_TOLD_TOO_EARLY)
    return verdict


def _twice(answer: Plan, evidence: PlanEvidence) -> Verdict:
    """No order is mailed twice."""
    if len(_sends(evidence)) > 1 and evidence.way(model.TWICE):
        return failed(
            f"two steps send the email: {told(evidence.way(model.TWICE))}", "One step that hands the email over is enough.",
            hints=_TWO_EMAILS,
        )  # fmt: skip
    return _NEVER_TWICE(answer, evidence)


def _with_an_email(judge: Judge) -> Judge:
    """The same, where an email is sent at all."""
    return where_any(SENDS, judge, "no step sends the email")


def _sends(evidence: PlanEvidence) -> list[str]:
    return [name for name in evidence.steps if name in SENDS]


CRITERIA: tuple[Criterion[Plan, PlanEvidence], ...] = (
    Criterion(
        name="steps", points=0.5, title="A plan that can be carried out", judge=carried_out,
        expected="steps from the table, each at most once, the first of them receive",
        why="A worker does what its plan says, step by step, and nothing else.",
        docs_url=READ,
        hints=(
            "What does a worker need before it can do anything?",
            "Compare the names with the table, letter by letter; each may stand there once.",
            "The first line is the step that takes a message from the queue.",
        ),
    ),
    Criterion(
        name="not-lost", points=2.5, title="No order is lost",
        judge=_lost,
        expected="however often the workers crash, each order is mailed in the end",
        why="A customer who never hears of an order calls, or orders elsewhere.",
        docs_url=READ,
        hints=(
            "Where is the order kept while the worker works on it?",
            "The queue delivers again what wasn't acknowledged. What if the worker is gone right after it acknowledged?",
            "Whatever tells others that the work is done has to come after the work.",
        ),
    ),
    Criterion(
        name="not-twice", points=2.5, title="No customer is mailed twice",
        judge=_with_an_email(_twice),
        expected="crashes, redeliveries and a message that was published twice lead to one email",
        why="The queue delivers at least once. Only whoever is idempotent makes that exactly one email.",
        docs_url=READ,
        hints=(
            "The queue will deliver a message twice some day. What makes the second time harmless?",
            "Two workers can look into the database at the same moment, and both find nothing.",
            "There is a step by which the mail server itself recognises an email that it had before.",
        ),
    ),
    Criterion(
        name="done", points=0.5, title="The message is done with in the end",
        judge=_with_an_email(never(model.AGAIN, "each message is done with", "Tell the queue when the work is done.")),
        expected="a message whose work is done doesn't come again",
        why="A message that nobody acknowledges comes back for ever, and the queue only grows.",
        docs_url=READ,
        hints=(
            "How does the queue learn that it may forget a message?",
            "Look for the step that speaks to the queue and not to the mail server.",
            "Its place is where nothing that matters is left to do.",
        ),
    ),
)  # fmt: skip

EXERCISE: Exercise[Plan, PlanEvidence] = plan(
    name="worker-plan",
    title="A worker that may crash at any moment",
    section="02-kinds-of-service",
    minutes=12,
    criteria=CRITERIA,
    steps=model.STEPS,
    observe=observer(model.check, model.STEPS, model.LIFELINES, first="receive"),
    sample=Sample(__file__, 3.5),
)
