"""Exercise ``kinds``: ten workloads; for each the kind of service, the deadline, and what it scales on."""

from __future__ import annotations

from collections.abc import Mapping

from graders.core.exercise import Exercise, Sample
from graders.families.decision.criteria import Field, Item, decision
from graders.reading.choices import Choices

API, WORKER, SCHEDULED = "api", "worker", "scheduled"
KINDS = (API, WORKER, SCHEDULED)
DEADLINES: Mapping[str, str] = {API: "500ms", WORKER: "nobody-waits", SCHEDULED: "before-the-next-run"}
SCALES: Mapping[str, str] = {API: "requests", WORKER: "queue-depth", SCHEDULED: "one-at-a-time"}
"""The usual deadline and the usual figure to scale on, by kind."""

LATE: Mapping[str, Mapping[str, str]] = {
    API: {
        WORKER: "Somebody does wait: after a few seconds the visitor presses reload, and you serve the request twice.",
        SCHEDULED: "There is no next run. There is a person in front of a page that doesn't load.",
    },
    WORKER: {
        API: "No person waits for the result here. With enough machines to finish each piece at once, most of them are idle nearly all day.",
        SCHEDULED: "There are no runs: pieces of work arrive at any time.",
    },
    SCHEDULED: {
        API: "A clock starts this, not a caller; half a second doesn't matter to it.",
        WORKER: "No person waits, but there is a limit: the clock starts the next run, and two runs at once would disturb each other.",
    },
}
PACE: Mapping[str, Mapping[str, str]] = {
    API: {
        WORKER: "There is no queue: callers get an answer or an error, so there is no length to measure.",
        SCHEDULED: "One copy takes one caller at a time, so the second caller already waits.",
    },
    WORKER: {
        API: "It gets no requests, so that figure is always zero: it stays at one copy while the queue grows.",
        SCHEDULED: "One copy takes one piece after the other; on a busy night the queue grows until morning.",
    },
    SCHEDULED: {
        API: "It gets no requests, so there is nothing to count.",
        WORKER: "There is no queue to measure; and two copies at once would do the same work twice.",
    },
}
"""The consequence of another kind's deadline, and of scaling on another kind's figure."""

ONE_BY_ONE: Mapping[str, Mapping[str, str]] = {
    SCHEDULED: {
        API: "It gets no requests, so that figure is always zero.",
        WORKER: "A long queue starts a second copy, and the two take messages at the same time; that must not happen.",
    },
}
"""The consequence of scaling on another kind's figure, where messages must be processed one after the other."""

_POINTERS: Mapping[str, str] = {
    API: "Somebody waits for the answer. Which kind has clients?",
    WORKER: "Pieces of work arrive by themselves and may wait. Which kind takes them one by one?",
    SCHEDULED: "Neither a caller nor a message starts it. What does?",
}
_NEARLY: Mapping[str, str] = {
    API: "It is stateless and has callers, so it scales with them; and a person waits for less than a second.",
    WORKER: "No client waits, and the amount of waiting work decides how many copies it needs.",
    SCHEDULED: "Kubernetes has a kind of object for work that a clock starts. Each run should end in time.",
}

Ladder = tuple[str, str, str]

_HOW_SOON: Mapping[str, Ladder] = {
    API: (
        "Who waits until it is done, and for how long?",
        "The lesson names a time within which a caller should have an answer.",
        "It is the only option with a number.",
    ),
    WORKER: (
        "Who notices if it is done a minute later?",
        "No client waits, and no clock starts it again.",
        "One option is for a waiting person, another one for a clock. Here there is neither.",
    ),
    SCHEDULED: (
        "The clock will start it again. What must be true by then?",
        "Two runs at once would do the same work twice. When does the next one begin?",
        "Compare the options: one of them names what comes after this run.",
    ),
}
_HOW_MANY: Mapping[str, Ladder] = {
    API: (
        "Twice as many visitors come. What do you see more of?",
        "Each copy answers its share of the callers.",
        "Count what comes in each second.",
    ),
    WORKER: (
        "It is too slow today. What do you see growing?",
        "Pieces of work wait until a copy takes them.",
        "Measure how much is waiting.",
    ),
    SCHEDULED: (
        "What would a second copy do at the same moment?",
        "A second copy would only disturb the first one.",
        "So how many copies should there be at any moment?",
    ),
}
"""The hints about the deadline and about the figure to scale on, by kind."""

EXAMPLES: Mapping[str, str] = {
    **dict.fromkeys(("rest", "grpc", "http", "web", "website", "frontend", "backend", "endpoint", "server"), API),
    **dict.fromkeys(("consumer", "queue", "subscriber", "celery", "sidekiq"), WORKER),
    **dict.fromkeys(("cron", "cronjob", "crontab", "batch", "timer", "schedule"), SCHEDULED),
}
"""Words that people write in place of a kind."""


def _workload(name: str, title: str, facts: str, kind: str, nudge: str, *, pace: str = "", **otherwise: str) -> Item:
    """A workload of a kind; ``otherwise`` has the consequence of each other kind.

    ``pace`` is the kind by whose figure it scales, if that isn't its own kind.
    """
    return Item(
        name=name, title=title, facts=facts, why="The kind decides what a failure does to the people and programs that wait.",
        hints=(nudge, _POINTERS[kind], _NEARLY[kind]),
        fields=(
            Field("kind", KINDS, right=(kind,), told=otherwise, nouns=("service", "job"), examples=EXAMPLES),
            _goes_with("deadline", DEADLINES, kind, LATE, _HOW_SOON[kind]),
            _goes_with("scale-on", SCALES, pace or kind, ONE_BY_ONE if pace and pace != kind else PACE, _HOW_MANY[pace or kind]),
        ),
    )  # fmt: skip


_LEFT_OUT: Mapping[str, str] = {
    "deadline": "Without a deadline we can't say when it is late.",
    "scale-on": "Without a figure to scale on, the platform can't know how many copies it needs.",
}
"""Why a field is needed, for an answer that leaves it out."""


def _goes_with(
    name: str, words: Mapping[str, str], kind: str, told: Mapping[str, Mapping[str, str]], hints: Ladder
) -> Field:
    wrong = {words[other]: said for other, said in told[kind].items()}
    return Field(name, tuple(words.values()), right=(words[kind],), told=wrong, hints=hints, why=_LEFT_OUT[name])


ITEMS = (
    _workload(
        "thumbnails", "Small copies of photos",
        "Uploaded photos wait in line for a small copy: 5 a minute on Mondays, 4,000 on Saturday nights.", WORKER,
        "Look for the word that says where a photo is before it is processed.",
        api="On Saturday nights 4,000 uploads a minute hold their connections open until the copies are made, and time out.",
        scheduled="Photos of Saturday night are gray boxes until the next run, and that run then takes too long.",
    ),
    _workload(
        "daily-report", "Yesterday's sales",
        "At 02:00 UTC the sales of the day before are added up into one report, which is read at breakfast.", SCHEDULED,
        "What makes it begin?",
        api="Somebody would have to call it, every night, at 02:00.",
        worker="It waits for a message that no program sends; at breakfast there is no report.",
    ),
    _workload(
        "seat-map", "Seats that are free",
        "A cinema's page asks which seats are free, and the visitor looks at an empty hall until it knows.", API,
        "Imagine that you are this visitor.",
        worker="The question waits in a queue, and the visitor looks at an empty hall until a worker takes it.",
        scheduled="The page shows the seats as they were when the last run ended. Seats are sold twice.",
    ),
    _workload(
        "ticket-pdf", "Tickets as PDF",
        "Once a ticket is paid for, a PDF is drawn and mailed. That takes 8 s; the page has said thank you long before.",
        WORKER, "Who notices if it takes 8 s, or 80?",
        api="The page waits for 8 s; when the mail server is slow, the payment fails with a timeout.",
        scheduled="All tickets are sent at night, to people who needed them in the evening.",
    ),
    _workload(
        "price-quote", "A price over gRPC",
        "Another team's service calls GetQuote and puts the answer into the page that it is building.", API,
        "A caller can also be a program. Can it continue without an answer?",
        worker="The caller needs the answer to finish its page; a queue doesn't return one.",
        scheduled="The caller gets the price from the last run, which may be out of date.",
    ),
    _workload(
        "stale-carts", "Forgotten carts",
        "Every hour, carts without a change for a day are emptied.", SCHEDULED,
        "Which event tells you that nothing has happened for a day?",
        api="A forgotten cart makes no request, so the API is never called for it.",
        worker="A forgotten cart sends no message, so the worker never has anything to take.",
    ),
    _workload(
        "ledger", "Payments into the ledger",
        "Each payment comes as a message and is written to the ledger: the next one only when the one before is written. The ledger is "
        "read in the evening.", WORKER,
        "What makes it begin, and who needs the result before the evening?",
        api="A customer pays, and waits until all earlier payments are in the ledger.",
        scheduled="Between two runs the payments accumulate, and each run begins with a thousand of them.", pace=SCHEDULED,
    ),
    _workload(
        "expiring-cards", "Cards that expire",
        "On the first of the month, the cards that end in it are listed for the support team.", SCHEDULED,
        "Which date starts this?",
        api="The list is made only when somebody calls; if they forget, it is never made.",
        worker="Cards send no message before they expire; the worker waits forever.",
    ),
    _workload(
        "login", "Signing in",
        "A visitor types a password, and sees the front page or an error.", API,
        "How long would you wait for an answer after you typed your password?",
        worker="The password waits in a queue, and the visitor waits for a page.",
        scheduled="The visitor has to come back after the next run.",
    ),
    _workload(
        "stock-count", "Counting stock",
        "Each order.created event lowers the stock. Two of them at the same time would get in each other's way, so one is done before "
        "the next one is taken. No program waits for the result.", WORKER,
        "What arrives, and does anybody wait for the result?",
        api="The shop calls it during each order; when the count is down, customers can't order.",
        scheduled="Between two runs the shop sells what it no longer has, and the events wait.", pace=SCHEDULED,
    ),
)  # fmt: skip

EXERCISE: Exercise[Choices, None] = decision(
    name="kinds",
    title="Kinds of service",
    section="02-kinds-of-service",
    minutes=8,
    points=5,
    part=2,
    items=ITEMS,
    sample=Sample(__file__, 1.93),
)
