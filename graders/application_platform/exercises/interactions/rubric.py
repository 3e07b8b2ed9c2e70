"""Exercise ``interactions``: ten times that one program needs another; does it wait for the answer or not, and why."""

from __future__ import annotations

from collections.abc import Mapping

from graders.core.exercise import Exercise, Sample
from graders.families.decision.criteria import Field, Item, decision
from graders.reading.choices import Choices

SYNC, ASYNC = "synchronous", "asynchronous"
ANSWER, DEADLINE, TOGETHER = "needs-the-answer", "tight-deadline", "all-or-nothing"
NOBODY, APART, SLOW = "nobody-waits", "kept-apart", "slow-work"
REASONS: Mapping[str, str] = {
    ANSWER: "Nothing comes back here that the caller goes on with.",
    DEADLINE: "The facts don't name a short time in which it has to be done.",
    TOGETHER: "Nothing here has to happen together with something else, or not at all.",
    NOBODY: "Read it once more: somebody, or something, is waiting until it is done.",
    APART: "The facts don't say that one side may be away, or that it may be unknown.",
    SLOW: "Nothing in the facts takes long.",
}
"""What decides, and what to say of it where the facts don't give it."""

_POINTERS: Mapping[str, str] = {
    SYNC: "What does the caller do with the answer, and can it go on without?",
    ASYNC: "Who would notice if it happened a minute later, or if the other side were away for that minute?",
}
_NEARLY: Mapping[str, str] = {
    SYNC: "The caller's next line needs what comes back. A queue would give it a receipt in place of an answer.",
    ASYNC: "The caller has said what it had to say. A message that is kept safe until somebody takes it is enough.",
}

_WHY = (
    "The choice fits. Which words of the facts made you choose it?",
    "Take the reasons one by one, and keep those for which you can point at words in the facts.",
)
_NEARLY_WHY: Mapping[str, str] = {
    SYNC: "The caller can't go on without something: is it what comes back, a figure in milliseconds, or two changes at once?",
    ASYNC: "Ask three things: does anybody look at the clock, does the work take long, and may the other side be away?",
}
"""The hints about a reason."""

EXAMPLES: Mapping[str, str] = {
    **dict.fromkeys(("rest", "grpc", "http", "https", "rpc", "graphql", "soap"), SYNC),
    **dict.fromkeys(
        ("queue", "kafka", "nats", "rabbitmq", "sqs", "event", "events", "message", "messages", "topic", "pubsub"),
        ASYNC,
    ),
}


TERMS: Mapping[str, str] = {"synchronously": SYNC, "asynchronously": ASYNC}

_LEFT_OUT = "A choice without a reason is hard to tell from a guess."


def _interaction(  # noqa: PLR0917  a table, row by row
    name: str, title: str, facts: str, how: str, because: tuple[str, ...], nudge: str, otherwise: str
) -> Item:
    """An interaction; ``because`` are the reasons that its facts give, ``otherwise`` is what comes of the other way."""
    return Item(
        name=name, title=title, facts=facts,
        why="Whoever waits for another can be stopped by it; whoever doesn't wait must live with not knowing.",
        hints=(nudge, _POINTERS[how], _NEARLY[how]),
        fields=(
            Field("how", (SYNC, ASYNC), right=(how,), told={SYNC if how == ASYNC else ASYNC: otherwise}, terms=TERMS, examples=EXAMPLES),
            Field("because", tuple(REASONS), right=because,
                  told={reason: said for reason, said in REASONS.items() if reason not in because}, several=True,
                  hints=(*_WHY, _NEARLY_WHY[how]), why=_LEFT_OUT),
        ),
    )  # fmt: skip


ITEMS = (
    _interaction(
        "show-order", "Looking at an order",
        "A customer opens the page of order 123, and looks at an empty page until it is there.", SYNC, (ANSWER,),
        "What is on the page before the answer has come?",
        "The page says “your request has been received”. The customer wanted to see the order.",
    ),
    _interaction(
        "confirmation", "The confirmation email",
        "Each order is confirmed by email, some time within the day. On some days the mail server is down.", ASYNC,
        (APART, NOBODY), "What should the shop do on a day without a mail server?",
        "On the day that the mail server is down the shop sells nothing.",
    ),
    _interaction(
        "last-seat", "The last seat",
        "When the last seat is sold, it is marked as taken and its price is booked. Nobody may ever see the one without the other.",
        SYNC, (TOGETHER,), "What does the next visitor see between the two?",
        "The price is booked, and the seat is still free for a minute. The next one who pays for it gets a refund and an apology.",
    ),
    _interaction(
        "price-change", "A price that everybody copies",
        "When a price changes, the search index and the shops of partners are waiting to take it over. Partners come and go, and "
        "the program that changes prices doesn't know them.",
        ASYNC, (APART,), "How many must be called, and who knows all of them?",
        "Each new partner is one more call in your program, and whoever is down keeps all the others from hearing it.",
    ),
    _interaction(
        "motor-stop", "A guard that was opened",
        "Somebody opens the guard of a saw. The motor has to stand still within 200 ms; nothing needs to come back.", SYNC,
        (DEADLINE,), "What may happen in a second?",
        "The message is in a queue, behind the day's statistics. The saw goes on until it is read.",
    ),
    _interaction(
        "year-export", "A year in one file",
        "An accountant presses Export, and waits for an email with a link to the file. Adding the year up takes six minutes.", ASYNC,
        (SLOW,), "What does the browser show in the sixth minute?",
        "After a minute the proxy gives up and says 504. The accountant presses Export again, and now it is added up twice.",
    ),
    _interaction(
        "wallets", "From one wallet to another",
        "Five euros leave one wallet and reach another one in the same database. Nobody may ever see them in neither or in both.",
        SYNC, (TOGETHER,), "What is in the two wallets between the first step and the second?",
        "The first message has arrived and the second one hasn't: five euros are nowhere, for as long as that lasts.",
    ),
    _interaction(
        "small-copies", "Small copies of a photo",
        "An uploaded photo gets three small copies, at 4 s each. Until they are there, the visitor looks at grey boxes.", ASYNC,
        (SLOW,), "What did whoever built the page think of already?",
        "The upload takes 12 s longer, and on a Saturday night every one of your copies of the API is busy with photos.",
    ),
    _interaction(
        "token-check", "Is this token still good?",
        "Before it lets a request through, the gateway asks the login service about its token, within 50 ms.", SYNC,
        (ANSWER, DEADLINE), "What happens to the request meanwhile?",
        "The request is let through, and a moment later you learn that it shouldn't have been.",
    ),
    _interaction(
        "count-clicks", "Counting clicks",
        "Each click is counted for a table that somebody reads next month.", ASYNC,
        (NOBODY,), "When is the number looked at?",
        "The counter is slow today, so every page is. The counter is down, so every page is.",
    ),
)  # fmt: skip

EXERCISE: Exercise[Choices, None] = decision(
    name="interactions",
    title="To wait or not to wait",
    section="04-sync-or-async",
    minutes=8,
    points=4,
    part=4,
    items=ITEMS,
    sample=Sample(__file__, 1.7),
)
