"""Exercise ``worker-plan``: the steps of an email worker, so that no crash loses an order or sends its email twice."""

from __future__ import annotations

from dataclasses import replace

from graders.application_platform.exercises.worker_plan import model
from graders.core.exercise import Criterion, Exercise, Sample, Verdict, failed
from graders.families.plan.criteria import (
    Judge,
    PlanEvidence,
    carried_out,
    in_words,
    never,
    observer,
    plan,
    where_any,
)
from graders.families.plan.reading import Plan

READ = "notebook 2, “A worker: nobody waits”"

SENDS = ("send", "send-with-key")

_NEVER_LOST = never(
    model.LOST,
    "every order is mailed",
    "If the worker crashes right after a step, which part still knows of the order? Ask that for each step.",
)
_NEVER_TWICE = never(
    model.TWICE, "no customer is mailed twice",
    "A crash is always possible right after the email. Which other part could recognize a second email?",
)  # fmt: skip

_NO_EMAIL = (
    "What does the customer get from this plan?",
    "Read the right column of the table: which steps use the mail server?",
    "Two steps of the table hand over the email. They differ in what the mail server knows afterward.",
)
_NO_CRASH = (
    "Follow one message through your steps, without any crash.",
    "One of your steps reads the database. What does it find there, and which step wrote that?",
    "A step that checks the database must come before the step that writes there.",
)
_RECORDED_TOO_EARLY = (
    "The second time, the worker trusted the database. Which step wrote there, and when?",
    "Compare two moments of your plan: the entry in the database, and the email.",
    "A step that reports the work as done must come after the work.",
)
_TWO_EMAILS = (
    "How many steps of your plan hand over an email?",
    "No crash is needed for a second email: follow one message through your steps.",
    "Keep the step that gives the mail server something to remember.",
)
"""Hint ladders for mistakes other than a crash after the acknowledgment."""


def _lost(answer: Plan, evidence: PlanEvidence) -> Verdict:
    """Each order is mailed in the end."""
    if evidence.explored is not None and not _sends(evidence):
        return failed(
            "no step sends the email, so no order is ever mailed", "Which step of the table hands over the email?", hints=_NO_EMAIL
        )  # fmt: skip
    verdict, way = _NEVER_LOST(answer, evidence), evidence.way(model.LOST)
    if way and not any(happening.crash for happening in way):
        hint = "This needs no crash. Follow one message through your steps: what does the worker find in the database?"
        return replace(verdict, hint=hint, hints=_NO_CRASH)
    if any(happening.what == model.SKIPPED for happening in way):
        hint = "The database says that the order is mailed. Was that true when it was written?"
        return replace(verdict, hint=hint, hints=_RECORDED_TOO_EARLY)
    return verdict


def _twice(answer: Plan, evidence: PlanEvidence) -> Verdict:
    """No order is mailed twice."""
    if len(_sends(evidence)) > 1 and evidence.way(model.TWICE):
        return failed(
            f"two steps send the email: {in_words(evidence.way(model.TWICE))}", "One step that hands over the email is enough.",
            hints=_TWO_EMAILS,
        )  # fmt: skip
    return _NEVER_TWICE(answer, evidence)


def _with_an_email(judge: Judge) -> Judge:
    """Apply the judge only to plans that send an email."""
    return where_any(SENDS, judge, "no step sends the email")


def _sends(evidence: PlanEvidence) -> list[str]:
    return [name for name in evidence.steps if name in SENDS]


CRITERIA: tuple[Criterion[Plan, PlanEvidence], ...] = (
    Criterion(
        name="steps", points=0.5, title="A plan that can be carried out", judge=carried_out,
        expected="steps from the table, each at most once, beginning with receive",
        why="A worker does exactly what its plan says, step by step.",
        docs_url=READ,
        hints=(
            "What does a worker need before it can do anything?",
            "Compare the names with the table, letter by letter; use each step at most once.",
            "The first line is the step that takes a message from the queue.",
        ),
    ),
    Criterion(
        name="not-lost", points=2.5, title="No order is lost",
        judge=_lost,
        expected="each order is mailed in the end, after any number of crashes",
        why="A customer without a confirmation calls, or buys in another shop.",
        docs_url=READ,
        hints=(
            "Where is the order stored while the worker works on it?",
            "The queue delivers a message again if it wasn't acknowledged. What if the worker crashes right after the acknowledgment?",
            "A step that reports the work as done must come after the work.",
        ),
    ),
    Criterion(
        name="not-twice", points=2.5, title="No customer is mailed twice",
        judge=_with_an_email(_twice),
        expected="one email, also after a crash, a redelivery, or a second publication of the message",
        why="The queue delivers at least once. Only an idempotent worker turns that into exactly one email.",
        docs_url=READ,
        hints=(
            "The queue may deliver a message twice. What makes the second delivery harmless?",
            "Two workers can read the database at the same moment, and both find no entry.",
            "With one of the steps, the mail server recognizes a repeated email.",
        ),
    ),
    Criterion(
        name="done", points=0.5, title="The message is acknowledged in the end",
        judge=_with_an_email(never(model.AGAIN, "each message is acknowledged", "Tell the queue when the work is done.")),
        expected="the queue doesn't deliver a message again after its work is done",
        why="A message without an acknowledgment comes back forever, and the queue only grows.",
        docs_url=READ,
        hints=(
            "How does the queue know that it may delete a message?",
            "Look for the step that tells the queue something.",
            "It comes when all important work is done.",
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
