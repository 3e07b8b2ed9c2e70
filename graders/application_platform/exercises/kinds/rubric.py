"""Exercise ``kinds``: ten workloads; what kind of service each is, how soon it must be done, and what sets its pace."""

from __future__ import annotations

from collections.abc import Mapping

from graders.core.exercise import Exercise, Sample
from graders.families.decision.criteria import Field, Item, decision
from graders.reading.choices import Choices

API, WORKER, SCHEDULED = "api", "worker", "scheduled"
KINDS = (API, WORKER, SCHEDULED)
DEADLINES: Mapping[str, str] = {API: "500ms", WORKER: "nobody-waits", SCHEDULED: "before-the-next-run"}
SCALES: Mapping[str, str] = {API: "requests", WORKER: "queue-depth", SCHEDULED: "one-at-a-time"}
"""What goes with each kind, as a rule."""

LATE: Mapping[str, Mapping[str, str]] = {
    API: {
        WORKER: "Somebody does wait: after a few seconds the visitor presses reload, and you serve the request twice.",
        SCHEDULED: "There is no next run. There is a person in front of a page that doesn't load.",
    },
    WORKER: {
        API: "Nobody looks at a clock here. Machines that could finish each piece at once stand idle nearly all day.",
        SCHEDULED: "There are no runs: pieces of work arrive whenever they like.",
    },
    SCHEDULED: {
        API: "The clock on the wall starts this, no caller does; half a second means nothing to it.",
        WORKER: "No person waits, but there is a limit: the clock will start it once more, and two runs would get in each other's way.",
    },
}
PACE: Mapping[str, Mapping[str, str]] = {
    API: {
        WORKER: "No line forms anywhere: callers are answered or turned away, so there is nothing to measure.",
        SCHEDULED: "With one copy that takes one caller at a time, the second caller already waits.",
    },
    WORKER: {
        API: "Nobody calls it, so that figure is always zero, and it stays at one copy while work piles up.",
        SCHEDULED: "One copy takes one piece after the other; on a busy night the line grows until morning.",
    },
    SCHEDULED: {
        API: "Nobody calls it, so there is nothing to count.",
        WORKER: "There is no line to look at; and two copies side by side would do the same work twice.",
    },
}
"""What comes of the deadline, and of the pace, that goes with another kind."""

ONE_BY_ONE: Mapping[str, Mapping[str, str]] = {
    SCHEDULED: {
        API: "Nobody calls it, so that figure is always zero.",
        WORKER: "A long line starts a second copy, and the two take messages side by side; that is what mustn't happen.",
    },
}
"""What comes of the pace of another kind, where work arrives by itself and has to be done one piece after the other."""

_POINTERS: Mapping[str, str] = {
    API: "Somebody stands there until the answer has come. Which kind has clients?",
    WORKER: "Pieces of work arrive by themselves and may wait their turn. Which kind takes them one by one?",
    SCHEDULED: "Neither a caller nor a message starts it. What does?",
}
_NEARLY: Mapping[str, str] = {
    API: "It is stateless and has callers, so it grows with them; and a person's patience is under a second.",
    WORKER: "No client waits, and what sets the pace is how much is still lying there.",
    SCHEDULED: "Kubernetes has a kind of its own for what a clock starts; and the last one should be through in time.",
}

Ladder = tuple[str, str, str]

_HOW_SOON: Mapping[str, Ladder] = {
    API: (
        "Who waits until it is done, and how long does that person stay?",
        "The lesson has a figure for the time within which somebody should have an answer.",
        "It is the only option that is a figure.",
    ),
    WORKER: (
        "Who notices if it is done a minute later?",
        "No client stands there, and no clock starts it once more.",
        "Two of the options speak of a person's patience or of a clock. Neither is here.",
    ),
    SCHEDULED: (
        "The clock will start it once more. What must be true by then?",
        "Two copies of it side by side would do the same work twice. When does the second one begin?",
        "Compare the options: one of them speaks of what comes after this run.",
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
        "Pieces of work lie there until somebody takes them.",
        "Measure how long the line is.",
    ),
    SCHEDULED: (
        "What would a second copy do at the same moment?",
        "A second copy beside the first would only get in its way.",
        "So how many of it should there be at any moment?",
    ),
}
"""The hints about the deadline and about the pace, by kind."""

EXAMPLES: Mapping[str, str] = {
    **dict.fromkeys(("rest", "grpc", "http", "web", "website", "frontend", "backend", "endpoint", "server"), API),
    **dict.fromkeys(("consumer", "queue", "subscriber", "celery", "sidekiq"), WORKER),
    **dict.fromkeys(("cron", "cronjob", "crontab", "batch", "timer", "schedule"), SCHEDULED),
}
"""What people write in place of a kind."""


def _workload(name: str, title: str, facts: str, kind: str, nudge: str, *, pace: str = "", **otherwise: str) -> Item:
    """A workload of a kind; ``otherwise`` says of each other kind what would come of it.

    ``pace`` is the kind whose pace it has, where that isn't its own.
    """
    return Item(
        name=name, title=title, facts=facts, why="The kind decides what a failure does to whoever is waiting.",
        hints=(nudge, _POINTERS[kind], _NEARLY[kind]),
        fields=(
            Field("kind", KINDS, right=(kind,), told=otherwise, nouns=("service", "job"), examples=EXAMPLES),
            _goes_with("deadline", DEADLINES, kind, LATE, _HOW_SOON[kind]),
            _goes_with("scale-on", SCALES, pace or kind, ONE_BY_ONE if pace and pace != kind else PACE, _HOW_MANY[pace or kind]),
        ),
    )  # fmt: skip


_LEFT_OUT: Mapping[str, str] = {
    "deadline": "Without a deadline it isn't clear when it is late.",
    "scale-on": "Without a figure to go by, the platform can't know how many copies it needs.",
}
"""What a field is worth, to those who left it out."""


def _goes_with(
    name: str, words: Mapping[str, str], kind: str, told: Mapping[str, Mapping[str, str]], hints: Ladder
) -> Field:
    wrong = {words[other]: said for other, said in told[kind].items()}
    return Field(name, tuple(words.values()), right=(words[kind],), told=wrong, hints=hints, why=_LEFT_OUT[name])


ITEMS = (
    _workload(
        "thumbnails", "Small copies of photos",
        "Uploaded photos wait in line for a small copy: 5 a minute on Mondays, 4,000 on Saturday nights.", WORKER,
        "Look for the word that says where a photo is before it is taken up.",
        api="On Saturday nights 4,000 uploads a minute wait for their copies on open connections, and time out together.",
        scheduled="Photos of Saturday night are grey boxes until the next run, and that one is then too long.",
    ),
    _workload(
        "daily-report", "Yesterday's sales",
        "At 02:00 UTC the sales of the day before are added up into one report, which is read at breakfast.", SCHEDULED,
        "What makes it begin?",
        api="Somebody would have to call it, every night, at 02:00.",
        worker="It waits for a message that nobody sends; breakfast comes without a report.",
    ),
    _workload(
        "seat-map", "Seats that are free",
        "A cinema's page asks which seats are free, and the visitor looks at an empty hall until it knows.", API,
        "Put yourself in front of that empty hall.",
        worker="The question is in a queue, and the visitor looks at an empty hall until somebody takes it out.",
        scheduled="The hall is as it was when the last run ended. Seats are sold twice.",
    ),
    _workload(
        "ticket-pdf", "Tickets as PDF",
        "Once a ticket is paid for, a PDF is drawn and mailed. That takes 8 s; the page has said thank you long before.",
        WORKER, "Who notices if it takes 8 s, or 80?",
        api="The page holds its breath for 8 s; when the mail server is slow, paying fails with a timeout.",
        scheduled="Tickets are sent in one go at night, to people who stood at the door in the evening.",
    ),
    _workload(
        "price-quote", "A price over gRPC",
        "Another team's service calls GetQuote and puts the answer into the page that it is building.", API,
        "A caller can be a program, too. Can it go on without an answer?",
        worker="The caller has asked and holds an unfinished page; nothing in a queue ever answers it.",
        scheduled="The caller gets the price that was right when the last run ended.",
    ),
    _workload(
        "stale-carts", "Forgotten carts",
        "On the hour, carts that nobody has touched for a day are emptied.", SCHEDULED,
        "Which event tells you that nothing has happened for a day?",
        api="Nobody calls when a cart is forgotten; that is what forgotten means.",
        worker="Leaving a cart alone sends no message, so there is never anything to take.",
    ),
    _workload(
        "ledger", "Payments into the ledger",
        "Each payment comes as a message and is entered into the ledger: the next one only when the one before is in. Nobody looks at "
        "the ledger before the evening.", WORKER,
        "What makes it begin, and who looks at it meanwhile?",
        api="Somebody pays and waits until all the payments before are in the ledger.",
        scheduled="Between two runs the payments pile up, and the run begins with a thousand of them.", pace=SCHEDULED,
    ),
    _workload(
        "expiring-cards", "Cards that expire",
        "On the first of the month, the cards that end in it are listed for the support team.", SCHEDULED,
        "Which page of the calendar starts this?",
        api="The list is made whenever somebody calls, or never, if nobody remembers to.",
        worker="Cards send no message before they expire; it waits for ever.",
    ),
    _workload(
        "login", "Signing in",
        "A visitor types a password, and sees the front page or an error.", API,
        "How long would you look at a password field that says nothing?",
        worker="Your password is in a queue. You will hear from us.",
        scheduled="Sign in now, and come back when the next run has let you in.",
    ),
    _workload(
        "stock-count", "Counting stock",
        "Each order.created event lowers the stock. Two of them at the same time would get in each other's way, so one is done before "
        "the next one is taken. Nobody is told when it is.", WORKER,
        "What arrives, and who is told when it is done?",
        api="The shop calls it in the middle of each order; when counting is down, so is ordering.",
        scheduled="Between two runs the shop sells what it no longer has, and events lie about.", pace=SCHEDULED,
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
