"""Exercise ``worker-plan``: what an email worker does with a message, so that no crash loses an order or mails it twice."""

from __future__ import annotations

from graders.answers.steps import Plan, begun, parse
from graders.exercises.exercise import Criterion, Exercise, Verdict, failed
from graders.exercises.plans import Judge, PlanEvidence, carried_out, never, observer, where_any
from graders.exercises.vocabulary import same
from graders.plans import worker

READ = "notebook 2, “A worker: nobody waits”"

SENDS = ("send", "send-with-key")

_NEVER_LOST = never(
    worker.LOST, "every order is mailed", "Ask of each step: if the worker crashes right after it, who still knows?"
)
_NEVER_TWICE = never(
    worker.TWICE, "nobody is mailed twice",
    "Between sending and remembering there is always a moment to crash in. Who else could remember, and at once?",
)  # fmt: skip


def _lost(answer: Plan, evidence: PlanEvidence) -> Verdict:
    """Each order is mailed in the end."""
    if evidence.explored is not None and not _sends(answer):
        return failed(
            "no step sends the email, so no order is ever mailed", "Which step of the table hands the email over?"
        )
    return _NEVER_LOST(answer, evidence)


def _with_an_email(judge: Judge) -> Judge:
    """The same, where an email is sent at all."""
    return where_any(SENDS, judge, "no step sends the email")


def _sends(answer: Plan) -> bool:
    return any(same(step.name, SENDS) for step in answer.steps)


CRITERIA: tuple[Criterion[Plan, PlanEvidence], ...] = (
    Criterion(
        name="steps", points=0.5, title="A plan that can be carried out", judge=carried_out,
        expected="steps from the table, each at most once, the first of them receive",
        why="A worker does what its plan says, step by step, and nothing else.",
        read=READ,
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
        read=READ,
        hints=(
            "Where is the order kept while the worker works on it?",
            "The queue delivers again what wasn't acknowledged. What if the worker is gone right after it acknowledged?",
            "Whatever tells others that the work is done has to come after the work.",
        ),
    ),
    Criterion(
        name="not-twice", points=2.5, title="No customer is mailed twice",
        judge=_with_an_email(_NEVER_TWICE),
        expected="crashes, redeliveries and a message that was published twice lead to one email",
        why="The queue delivers at least once. Only whoever is idempotent makes that exactly one email.",
        read=READ,
        hints=(
            "The queue will deliver a message twice some day. What makes the second time harmless?",
            "Two workers can look into the database at the same moment, and both find nothing.",
            "There is a step by which the mail server itself recognises an email that it had before.",
        ),
    ),
    Criterion(
        name="done", points=0.5, title="The message is done with in the end",
        judge=_with_an_email(never(worker.AGAIN, "each message is done with", "Tell the queue when the work is done.")),
        expected="a message whose work is done doesn't come again",
        why="A message that nobody acknowledges comes back for ever, and the queue only grows.",
        read=READ,
        hints=(
            "How does the queue learn that it may forget a message?",
            "Look for the step that speaks to the queue and not to the mail server.",
            "Its place is where nothing that matters is left to do.",
        ),
    ),
)  # fmt: skip

EXERCISE: Exercise[Plan, PlanEvidence] = Exercise(
    name="worker-plan",
    title="A worker that may crash at any moment",
    kind="plan",
    section="02-kinds-of-service",
    minutes=12,
    criteria=CRITERIA,
    parse=parse,
    observe=observer(worker.check, worker.STEPS, worker.LIFELINES, first="receive"),
    begun=begun,
)
