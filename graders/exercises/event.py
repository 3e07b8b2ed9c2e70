"""Exercise ``event``: an order.created event and its JSON schema, tried on good events, bad ones, and a newer one."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from graders.answers.broken import MUST, Lacks
from graders.answers.event import EventAnswer, Role, dotted, folded, parse
from graders.answers.keywords import FORMATS, KEYWORDS
from graders.answers.manifest import begun
from graders.answers.text import shown
from graders.exercises.exercise import Criterion, Exercise, Verdict, failed, follows, partly, passed
from graders.exercises.told import TYPE, id_problem, order_problem, time_problem, type_problem, where
from graders.exercises.told import line as line_of
from graders.exercises.tried import EventEvidence, observe

READ = "notebook 4, the text above the exercise"
JSON_SCHEMA = "json-schema.org/understanding-json-schema"


def carries(answer: EventAnswer, _evidence: EventEvidence) -> Verdict:
    """The event says what happened, to which order, and when in ISO 8601 in UTC."""
    problems = [p for p in (type_problem(answer), order_problem(answer), time_problem(answer)) if p is not None]
    if not problems:
        return passed(f"{TYPE}, with order id and time")
    saw, hint, line = problems[0]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    share = 1 - len(problems) / 3
    return partly(share, saw + more, hint, line=line) if share else failed(saw + more, hint, line=line)


def key(answer: EventAnswer, _evidence: EventEvidence) -> Verdict:
    """The event has an id of its own, by which a consumer knows that it had it before."""
    value = answer.value(Role.KEY)
    if value is None or value == "":
        used = answer.roles.get(Role.ORDER)
        also = f"; {dotted(used)} is the order's, and one order has many events" if used else ""
        return failed(f"the event has no id of its own{also}", "Add a field such as “event_id”, another one for each event.",
                      line=answer.line("event"))  # fmt: skip
    line = line_of(answer, Role.KEY)
    if value == answer.value(Role.ORDER):
        return partly(0.25, f"{where(answer, Role.KEY)} is the same as {where(answer, Role.ORDER)}",
                      "One order has many events: created, paid, shipped. Give each event an id of its own.", line=line)  # fmt: skip
    if problem := id_problem(answer, Role.KEY):
        return failed(*problem, line=line)
    return passed(f"{where(answer, Role.KEY)} tells a second delivery from a second event")


def accepts(answer: EventAnswer, evidence: EventEvidence) -> Verdict:
    """The schema accepts good events."""
    if evidence.trouble:
        return failed(evidence.trouble, evidence.way, line=answer.line("schema", *evidence.at), hints=_UNUSABLE)
    refused = [tried for tried in evidence.good if tried.refused]
    if not refused:
        return passed(f"{len(evidence.good)} good events are accepted")
    first = refused[0]
    saw = f"{first.what} is refused: {shown(first.refused, 120)}"
    hint = "Hold schema and event side by side: does each say the same of that field?"
    if first is evidence.good[0]:
        return failed(saw, hint, line=answer.line("schema"))
    return partly(1 - len(refused) / len(evidence.good), saw,
                  "The schema fits this one event only; say what kind of value belongs there, and not which.",
                  line=answer.line("schema"))  # fmt: skip


_UNUSABLE = (
    "Nothing can be tried before the schema is one. The card says what stops it, and on which line.",
    "A schema for an event needs three words: type, required and properties.",
    "Below properties stand the names of the fields, and below each name its type.",
)
_LADDERS: Mapping[Lacks, tuple[str, str, str]] = {
    Lacks.REQUIRED: (
        "properties says what a field looks like if it is there; which keyword says that it has to be?",
        "Take a field away in your head. What does the schema say?",
        "required is a list of names, beside properties.",
    ),
    Lacks.TYPE: (
        "Say of each id what type it has.",
        "To forbid the values that you think of leaves all the others.",
        "Below the name of the field stands type, with one of JSON's types.",
    ),
    Lacks.CONSTANT: (
        "Another event would pass for this one; which keyword allows one value only?",
        "To forbid the names that you think of leaves all the others.",
        "const has the one value that is allowed.",
    ),
    Lacks.TIME: (
        "A text can be anything; which format, or which pattern, does a moment in UTC have?",
        "To forbid the texts that you think of leaves all the others.",
        "JSON Schema has a format for a moment with a zone; the notebook's schema uses it.",
    ),
}
"""The hints for what a schema lacks."""


def refuses(answer: EventAnswer, evidence: EventEvidence) -> Verdict:
    """The schema refuses bad events."""
    if not _usable(evidence):
        return _first_of_all(evidence)
    through = [tried for tried in evidence.bad if not tried.refused]
    # One field that the event lacks costs its points where the event is judged, and not here once more.
    lacking = [role for role in MUST if role not in answer.roles][1:]
    if not through and not lacking:
        return passed(f"{len(evidence.bad)} bad events are refused")
    if lacking and not through:
        return partly(0.5, f"there is no {lacking[0]} that it could ask for", "Complete the event, and then the schema.",
                      line=answer.line("event"))  # fmt: skip
    share = (len(evidence.bad) - len(through)) / (len(evidence.bad) + len(lacking))
    more = f", and {len(through) - 3} more" if len(through) > 3 else ""  # noqa: PLR2004  as many as can be read
    saw = f"it lets through: {'; '.join(shown(tried.what, 60) for tried in through[:3])}{more}"
    lacks = through[0].lacks or Lacks.REQUIRED
    if lacks is Lacks.TIME and evidence.misspelt:
        written, meant = evidence.misspelt[0]
        return partly(share, saw, _unknown_format(written, meant), line=_line_of_format(answer, written), hints=(
            "Which word of your schema should have refused that time?",
            f"“{shown(written, 40)}” is no format that the checker knows.",
            _unknown_format(written, meant),
        ))  # fmt: skip
    slip = evidence.misspelt[:1] if any(tried.lacks is Lacks.TIME for tried in through) else ()
    return partly(share, saw, _misspelt(answer.schema), line=answer.line("schema"), hints=_LADDERS[lacks],
                  also=" ".join(_unknown_format(*one) for one in slip))  # fmt: skip


def _unknown_format(written: str, meant: str) -> str:
    way = f"did you mean {meant}?" if meant else f"there are {', '.join(sorted(FORMATS))}."
    return f"“{shown(written, 40)}” is no format that the checker knows: {way}"


def _line_of_format(answer: EventAnswer, written: str) -> int:
    lines = answer.document.lines
    places = (path for path in lines if path[-1:] == ("format",) and answer.document.get(*path) == written)
    return answer.line(*next(places, ("schema",)))


def _first_of_all(evidence: EventEvidence) -> Verdict:
    """The verdict where no other event could be tried."""
    what = "there is no schema that can be used" if evidence.trouble else "the schema refuses your own event"
    return follows(f"no other event could be tried: {what}")


def _misspelt(schema: Any) -> str:
    """A hint where a keyword of the schema is nearly one that would have said something."""
    for written in schema if isinstance(schema, dict) else ():
        near = difflib.get_close_matches(str(written)[:40].casefold(), KEYWORDS, n=1, cutoff=0.8)
        if near and written not in KEYWORDS:
            return f"“{shown(written, 40)}” says nothing in a schema. Did you mean “{near[0]}”?"
    return ""


_GROWS = (
    "Next year the event gets a field more. Who has to be released on that day?",
    "Which keyword forbids what a schema doesn't know?",
    "What a schema doesn't mention is allowed, unless it says otherwise.",
)
_NEXT_VERSION = (
    "Next year's event has another version. What does this year's schema say of it?",
    "The old consumer should read the newer event, and see that it is newer.",
    "Say what type a version has, and leave open which one it is.",
)
_VERSIONED = (
    "By what does a consumer see that it reads a newer event?",
    "A number that grows with each change says it.",
    "Add a field to the event that says which version this is.",
)


def room(answer: EventAnswer, evidence: EventEvidence) -> Verdict:
    """An old consumer can read a newer event, and can tell that it is one."""
    if not _usable(evidence):
        return _first_of_all(evidence)
    versioned = Role.VERSION in answer.roles or (isinstance(answer.schema, dict) and "$id" in answer.schema)
    if refused := next((tried for tried in evidence.newer if tried.refused), None):
        saw = f"{refused.what} is refused: {shown(refused.refused, 100)}"
        hint = (
            "Next year's producer adds a field, and each old consumer stops. Let the schema allow what it doesn't know."
        )
        return partly(0.5 if versioned else 0, saw, hint, line=answer.line("schema"), hints=_GROWS)
    if refused := next((tried for tried in evidence.versions if tried.refused), None):
        name = shown(dotted(evidence.version), 60)
        line = answer.line("schema", "properties", *evidence.version)
        return partly(0.5, f"{name}: {refused.what} is refused by this schema", f"Say what type {name} has, and not which value.",
                      line=line, hints=_NEXT_VERSION)  # fmt: skip
    if not versioned:
        return partly(0.5, "nothing says which version of the event this is", "Add a version to the event, or an $id to the schema.",
                      line=answer.line("event"), hints=_VERSIONED)  # fmt: skip
    return passed("one field more is no problem, and there is a version")


def _usable(evidence: EventEvidence) -> bool:
    return not evidence.trouble and not evidence.good[0].refused


_SECRETS = ("password", "passwd", "cardnumber", "creditcard", "cvc", "cvv", "iban", "ssn", "token", "secret")


def notes(answer: EventAnswer, evidence: EventEvidence) -> tuple[str, ...]:
    """What the schema was tried without; and what doesn't belong into an event, which everybody on the topic can read."""
    found = [name for name in _names(answer.event) if any(word in folded(name) for word in _SECRETS)]
    formats = () if any(tried.lacks is Lacks.TIME for tried in evidence.bad) else evidence.misspelt
    public = (
        f"“{shown(name, 40)}” is read by every consumer of the topic, and kept as long as the topic is. Leave it out."
        for name in found[:3]
    )
    return (*evidence.remarks[:3], *(_unknown_format(*one) for one in formats[:3]), *public)


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield str(name)
            yield from _names(below)
    elif isinstance(value, list):
        for below in value:
            yield from _names(below)


def _criterion(  # noqa: PLR0917  a table, row by row
    name: str, points: float, title: str, judge: Callable[[EventAnswer, EventEvidence], Verdict], expected: str, why: str,
    read: str, hints: tuple[str, str, str],
) -> Criterion[EventAnswer, EventEvidence]:  # fmt: skip
    return Criterion(
        name=name, points=points, title=title, judge=judge, expected=expected, why=why, read=read, hints=hints
    )


CRITERIA: tuple[Criterion[EventAnswer, EventEvidence], ...] = (
    _criterion(
        "carries", 1, "It says what happened, to what, and when", carries,
        f"type {TYPE}, an order id, and a time in ISO 8601 in UTC",
        "Consumers can't ask back: what isn't in the event they don't know.", READ,
        ("What does the email worker need before it can write?",
         "What happened, to which order, and when: three fields.",
         "A type, an order's id, and a moment that ends in Z."),
    ),
    _criterion(
        "key", 0.75, "A second delivery can be told", key, "an id of the event itself, another one for each event",
        "A queue delivers at least once. Who can't tell a second delivery mails twice.", READ,
        ("The same event comes twice. By what do you see it?",
         "It has to be the same in both deliveries, and different in any two events.",
         "An id that belongs to the event, beside the one that belongs to the order."),
    ),
    _criterion(
        "accepts", 0.75, "The schema accepts good events", accepts, "your own event, and others of the same form, are accepted",
        "A schema that refuses what is right is switched off on the first evening.", JSON_SCHEMA,
        ("Try it with another order in your head.",
         "The schema describes the form of values; one value as an example belongs into the event.",
         "type, required and properties are enough, with one constant value for the type."),
    ),
    _criterion(
        "refuses", 1, "The schema refuses bad events", refuses, "whatever consumers can't use is refused",
        "What the schema lets through, each consumer has to expect.", JSON_SCHEMA,
        ("Take a field away in your head. What does the schema say?",
         "A property that isn't required may be missing, and one without a type may be anything.",
         "Each of the four fields: required, with a type; the type's value constant; the time with a format."),
    ),
    _criterion(
        "room", 0.5, "It may grow", room, "a newer event with one field more is accepted, and there is a version",
        "Producer and consumers are released on different days, so old ones read new events all the time.", JSON_SCHEMA,
        ("Next year the event gets a field more. Who has to be released on that day?",
         "Which keyword forbids what a schema doesn't know? And by what does a consumer see that it reads a newer event?",
         "Don't forbid additional properties, and add a number that says which version this is."),
    ),
)  # fmt: skip

EXERCISE: Exercise[EventAnswer, EventEvidence] = Exercise(
    name="event",
    title="An event that others can rely on",
    kind="event",
    section="04-sync-or-async",
    minutes=10,
    criteria=CRITERIA,
    parse=parse,
    observe=observe,
    begun=begun,
    notes=notes,
)
