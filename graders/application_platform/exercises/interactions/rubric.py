"""Exercise ``interactions``: ten interactions of two programs; for each, whether the caller waits for the answer, and why."""

from __future__ import annotations

from collections.abc import Mapping

from graders.core.exercise import Exercise, Sample
from graders.families.decision.criteria import Field, Item, decision
from graders.reading.choices import Choices

SYNC, ASYNC = "synchronous", "asynchronous"
ANSWER, DEADLINE, TOGETHER = "needs-the-answer", "tight-deadline", "all-or-nothing"
NO_WAIT, APART, SLOW = "nobody-waits", "kept-apart", "slow-work"
REASONS: Mapping[str, str] = {
    ANSWER: "The caller doesn't use anything that comes back.",
    DEADLINE: "The facts don't name a short time limit.",
    TOGETHER: "The facts name no two changes that must happen both or not at all.",
    NO_WAIT: "Read the facts again: a person or a program waits until it is done.",
    APART: "The facts don't say that one side may be down, or unknown to the other.",
    SLOW: "Nothing in the facts takes long.",
}
"""The reasons, each with the message for an item whose facts don't give it."""

_POINTERS: Mapping[str, str] = {
    SYNC: "What does the caller do with the answer, and can it continue without it?",
    ASYNC: "Who would notice if it happened a minute later, or if the other side were down for that minute?",
}
_NEARLY: Mapping[str, str] = {
    SYNC: "The caller's next step needs the result. A queue only confirms that it has the message.",
    ASYNC: "The caller doesn't need a result. It is enough to store a message until a program takes it.",
}

_WHY = (
    "The choice fits. Which words of the facts made you choose it?",
    "Check the reasons one by one, and keep those that you can point at in the facts.",
)
_NEARLY_WHY: Mapping[str, str] = {
    SYNC: "What does the caller need: the result, an end within milliseconds, or two changes at once?",
    ASYNC: "Ask three things: does anybody wait, does the work take long, and may the other side be down?",
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

_LEFT_OUT = "A choice without a reason may be a guess."


def _interaction(  # noqa: PLR0917  a table, row by row
    name: str, title: str, facts: str, how: str, because: tuple[str, ...], nudge: str, otherwise: str
) -> Item:
    """An interaction; ``because`` are the reasons that its facts give, ``otherwise`` is the consequence of the other choice."""
    return Item(
        name=name, title=title, facts=facts,
        why="A caller that waits can be blocked by the other side; one that doesn't wait can't know the result.",
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
        "What does the page show before the answer arrives?",
        "The page says “your request has been received”. The customer wanted to see the order.",
    ),
    _interaction(
        "confirmation", "The confirmation email",
        "Each order is confirmed by email, some time within the day. On some days the mail server is down.", ASYNC,
        (APART, NO_WAIT), "What should the shop do on a day without a mail server?",
        "On a day without a mail server, the shop sells nothing.",
    ),
    _interaction(
        "last-seat", "The last seat",
        "When the last seat is sold, it is marked as taken and its price is booked. No reader may see the one without the other.",
        SYNC, (TOGETHER,), "What does the next visitor see between the two changes?",
        "The price is booked, and the seat still looks free for a minute. The next customer who pays for it needs a refund.",
    ),
    _interaction(
        "price-change", "A price that everybody copies",
        "When a price changes, the search index and the shops of partners are waiting to take it over. Partners come and go, and "
        "the program that changes prices doesn't know them.",
        ASYNC, (APART,), "How many programs need the new price, and who knows all of them?",
        "Each new partner is one more call in your program, and one partner that is down delays all the others.",
    ),
    _interaction(
        "motor-stop", "A guard that was opened",
        "Somebody opens the guard of a saw. The motor has to stand still within 200 ms; nothing needs to come back.", SYNC,
        (DEADLINE,), "What can happen within a second?",
        "The message waits in a queue behind the day's statistics. The saw runs until a worker reads it.",
    ),
    _interaction(
        "year-export", "A year in one file",
        "An accountant presses Export, and waits for an email with a link to the file. Adding the year up takes six minutes.", ASYNC,
        (SLOW,), "What does the browser show after five minutes?",
        "After a minute the proxy gives up with 504. The accountant presses Export again, and the work is done twice.",
    ),
    _interaction(
        "wallets", "From one wallet to another",
        "Five euros leave one wallet and reach another one in the same database. No reader may see them in neither or in both.",
        SYNC, (TOGETHER,), "What is in the two wallets between the first step and the second?",
        "Between the first message and the second one, the five euros are in neither wallet.",
    ),
    _interaction(
        "small-copies", "Small copies of a photo",
        "An uploaded photo gets three small copies, at 4 s each. Until they are there, the visitor looks at gray boxes.", ASYNC,
        (SLOW,), "What does the page show until the copies are there?",
        "The upload takes 12 s longer, and on a Saturday night all copies of the API are busy with photos.",
    ),
    _interaction(
        "token-check", "Is this token still good?",
        "Before it lets a request through, the gateway asks the login service about its token, within 50 ms.", SYNC,
        (ANSWER, DEADLINE), "What does the gateway do with the request until the answer arrives?",
        "The gateway lets the request through, and learns a moment later that the token is invalid.",
    ),
    _interaction(
        "count-clicks", "Counting clicks",
        "Each click is counted for a table that somebody reads next month.", ASYNC,
        (NO_WAIT,), "When does somebody look at the number?",
        "When the counter is slow, every page is slow. When the counter is down, every page is down.",
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
