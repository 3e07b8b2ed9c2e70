"""Exercise ``event``: an order.created event and its JSON schema, tried on good events, bad ones, and a newer one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs

from cluster import Cluster
from graders.answers.event import EventAnswer, Role, changed, dotted, folded, parse, without
from graders.answers.manifest import begun
from graders.answers.schema import unusable
from graders.answers.text import shown
from graders.exercises.exercise import Criterion, Exercise, Verdict, failed, partly, passed

READ = "notebook 4, the text above the exercise"
JSON_SCHEMA = "json-schema.org/understanding-json-schema"
TYPE = "order.created"
REQUIRED = (Role.TYPE, Role.ORDER, Role.TIME, Role.KEY)
"""What each consumer relies on: an event without one of them is a bad one."""

PATTERN_BYTES = 256 * 1024
"""How large a compiled pattern of a learner's schema may be; patterns are matched in linear time."""

_ISO_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)")
_DRAFTS = {"draft-07": jsonschema_rs.Draft7, "2020-12": jsonschema_rs.Draft202012, "2019-09": jsonschema_rs.Draft201909}
_ANOTHER = {Role.ORDER: "c0ffee00-5a3d-4e0b-9d63-0d9a4f2b7e11", Role.KEY: "0b54d5a2-8f3c-4a6e-9f0a-77d1c2e4b9aa"}


@dataclass(frozen=True, slots=True)
class Tried:
    """What a schema said of one event: ``what`` the event is, and why it was refused, empty where it was accepted."""

    what: str
    refused: str = ""


@dataclass(frozen=True, slots=True)
class EventEvidence:
    """What the schema said of good events, bad ones, and a newer one; ``trouble`` is why it can't be used at all."""

    trouble: str
    good: tuple[Tried, ...] = ()
    bad: tuple[Tried, ...] = ()
    newer: tuple[Tried, ...] = ()


def observe(answer: EventAnswer, _world: Cluster, _so_far: object = None) -> EventEvidence:
    """Try the learner's schema on events that are made from the learner's own."""
    if not isinstance(answer.schema, (dict, bool)):
        what = "“schema:” isn't there" if answer.schema is None else "“schema:” has no fields"
        return EventEvidence(what)
    if why := unusable(answer.schema, answer.event):
        return EventEvidence(why)
    try:
        validator = _validator(answer.schema)
    except Exception as error:  # whatever the library says of a schema that is none
        return EventEvidence(f"it can't be used: {shown(_first_line(error), 120)}")
    return EventEvidence(
        "",
        tuple(_tried(validator, what, event) for what, event in good(answer)),
        tuple(_tried(validator, what, event) for what, event in bad(answer)),
        tuple(_tried(validator, what, event) for what, event in newer(answer)),
    )


def _validator(schema: Any) -> Any:
    said = str(schema.get("$schema", "")) if isinstance(schema, dict) else ""
    draft = next((number for name, number in _DRAFTS.items() if name in said), jsonschema_rs.Draft202012)
    if isinstance(schema, dict):
        # An address of its own leads nowhere: nothing is fetched, and what the schema refers to has to be in it.
        schema = {key: value for key, value in schema.items() if key not in ("$id", "id", "$schema")}
    options = jsonschema_rs.RegexOptions(size_limit=PATTERN_BYTES, dfa_size_limit=PATTERN_BYTES)
    return {
        jsonschema_rs.Draft7: jsonschema_rs.Draft7Validator,
        jsonschema_rs.Draft201909: jsonschema_rs.Draft201909Validator,
    }.get(draft, jsonschema_rs.Draft202012Validator)(
        schema, validate_formats=True, pattern_options=options, offline=True
    )  # fmt: skip


def _tried(validator: Any, what: str, event: Any) -> Tried:
    for error in validator.iter_errors(event):
        where = dotted(tuple(error.instance_path))
        return Tried(what, f"{where}: {_first_line(error)}" if where else _first_line(error))
    return Tried(what)


def _first_line(error: Exception) -> str:
    return str(getattr(error, "message", error)).split("\n", 1)[0]


def good(answer: EventAnswer) -> Iterator[tuple[str, Any]]:
    """Events that a consumer can use: the learner's own, and others of the same form."""
    event = answer.event
    yield "your own event", event
    for role in (Role.ORDER, Role.KEY):
        if role in answer.roles:
            now = answer.value(role)
            other = 4711 if isinstance(now, int) else _ANOTHER[role]
            yield f"another {role}", changed(event, answer.roles[role], _alike(now, other))
    if Role.TIME in answer.roles and _is_time(answer.value(Role.TIME)):
        yield "another time", changed(event, answer.roles[Role.TIME], "2031-12-31T23:59:59Z")


def _alike(now: Any, other: Any) -> Any:
    """Another id of the same form: a prefix stays, digits become other digits."""
    if isinstance(now, str) and not re.fullmatch(r"[0-9a-fA-F-]{36}", now):
        return re.sub(r"[0-9]", lambda digit: str((int(digit[0]) + 3) % 10), now) or other
    return other


def bad(answer: EventAnswer) -> Iterator[tuple[str, Any]]:
    """Events that no consumer can use."""
    event = answer.event
    yield "an empty event", {}
    for role in REQUIRED:
        if role in answer.roles:
            yield f"one without {dotted(answer.roles[role])}", without(event, answer.roles[role])
    for role in (Role.ORDER, Role.KEY):
        if role in answer.roles:
            yield f"{dotted(answer.roles[role])}: true", changed(event, answer.roles[role], to=True)
    if Role.TIME in answer.roles:
        at = answer.roles[Role.TIME]
        yield f"{dotted(at)}: yesterday", changed(event, at, "yesterday")
        yield f"{dotted(at)}: a time without a zone", changed(event, at, "2026-03-02T10:00:00")
    if Role.TYPE in answer.roles:
        at = answer.roles[Role.TYPE]
        yield f"{dotted(at)}: order.deleted", changed(event, at, "order.deleted")


def newer(answer: EventAnswer) -> Iterator[tuple[str, Any]]:
    """What next year's producer sends: the same, and one field more, at the top and where the order's fields are."""
    yield "one more field", {**answer.event, "channel": "app"}
    if len(answer.roles.get(Role.ORDER, ())) > 1:
        inside = str(answer.roles[Role.ORDER][0])
        yield f"one more field in {inside}", {**answer.event, inside: {**answer.event[inside], "channel": "app"}}


# --- the criteria


def carries(answer: EventAnswer, _evidence: EventEvidence) -> Verdict:
    """The event says what happened, to which order, and when in ISO 8601 in UTC."""
    problems = [p for p in (_type(answer), _order(answer), _time(answer)) if p is not None]
    if not problems:
        return passed(f"{TYPE}, with order id and time")
    saw, hint, line = problems[0]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    share = 1 - len(problems) / 3
    return partly(share, saw + more, hint, line=line) if share else failed(saw + more, hint, line=line)


Problem = tuple[str, str, int]


def _type(answer: EventAnswer) -> Problem | None:
    value = answer.value(Role.TYPE)
    if value is None:
        return "the event doesn't say what happened", f"Add a field “type” with {TYPE}.", answer.line("event")
    if folded(str(value)) == "ordercreated" or str(value).casefold().endswith(TYPE):
        return None
    return f"{_where(answer, Role.TYPE)}: {shown(value, 40)}", f"The event is called {TYPE}.", _line(answer, Role.TYPE)


def _order(answer: EventAnswer) -> Problem | None:
    value = answer.value(Role.ORDER)
    if value is None or value == "":
        return "the event doesn't say which order", "Add a field “order_id”.", answer.line("event")
    if isinstance(value, bool | float):
        return (
            f"{_where(answer, Role.ORDER)}: {shown(value, 40)}",
            "An id is a text, or a whole number.",
            _line(answer, Role.ORDER),
        )
    return None


def _time(answer: EventAnswer) -> Problem | None:
    value, line = answer.value(Role.TIME), _line(answer, Role.TIME)
    if value is None:
        return (
            "the event doesn't say when",
            "Add a field “timestamp” with the moment, such as 2026-03-02T10:15:00Z.",
            answer.line("event"),
        )
    saw = f"{_where(answer, Role.TIME)}: {shown(value, 40)}"
    if isinstance(value, int | float):
        return (
            f"{saw}, seconds since 1970 for those who know",
            "Write the moment as ISO 8601 in UTC, such as 2026-03-02T10:15:00Z.",
            line,
        )
    if not _is_time(value):
        text = str(value)
        if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?", text):
            return f"{saw}, without a zone", "Whose clock is it? End it with Z, which says UTC.", line
        if re.search(r"[+-]\d\d:?\d\d$", text):
            return (
                f"{saw}, in a zone of its own",
                "Say it in UTC, with a Z at the end: then times can be compared as texts.",
                line,
            )
        return saw, "Write the moment as ISO 8601 in UTC, such as 2026-03-02T10:15:00Z.", line
    return None


def _is_time(value: Any) -> bool:
    if not isinstance(value, str) or not _ISO_UTC.fullmatch(value):
        return False
    try:
        return datetime.fromisoformat(value).tzinfo == UTC
    except ValueError:
        return False


def key(answer: EventAnswer, _evidence: EventEvidence) -> Verdict:
    """The event has an id of its own, by which a consumer knows that it had it before."""
    value = answer.value(Role.KEY)
    if value is None or value == "":
        used = answer.roles.get(Role.ORDER)
        also = f"; {dotted(used)} is the order's, and one order has many events" if used else ""
        return failed(f"the event has no id of its own{also}", "Add a field such as “event_id”, another one for each event.",
                      line=answer.line("event"))  # fmt: skip
    line = _line(answer, Role.KEY)
    if value == answer.value(Role.ORDER):
        return partly(0.25, f"{_where(answer, Role.KEY)} is the same as {_where(answer, Role.ORDER)}",
                      "One order has many events: created, paid, shipped. Give each event an id of its own.", line=line)  # fmt: skip
    if isinstance(value, bool | float):
        return failed(
            f"{_where(answer, Role.KEY)}: {shown(value, 40)}", "An id is a text, or a whole number.", line=line
        )
    return passed(f"{_where(answer, Role.KEY)} tells a second delivery from a second event")


def accepts(answer: EventAnswer, evidence: EventEvidence) -> Verdict:
    """The schema accepts good events."""
    if evidence.trouble:
        return failed(
            evidence.trouble,
            "Write a JSON schema under “schema:”: type, required, properties.",
            line=answer.line("schema"),
        )
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


def refuses(answer: EventAnswer, evidence: EventEvidence) -> Verdict:
    """The schema refuses bad events."""
    if not _usable(evidence):
        return failed(
            "a schema that refuses your own event protects nobody", "Mend that first.", line=answer.line("schema")
        )
    through = [tried.what for tried in evidence.bad if not tried.refused]
    lacking = [role for role in REQUIRED if role not in answer.roles]
    if not through and not lacking:
        return passed(f"{len(evidence.bad)} bad events are refused")
    if lacking and not through:
        return partly(0.5, f"there is no {lacking[0]} that it could ask for", "Complete the event, and then the schema.",
                      line=answer.line("event"))  # fmt: skip
    share = (len(evidence.bad) - len(through)) / (len(evidence.bad) + len(lacking))
    more = f", and {len(through) - 3} more" if len(through) > 3 else ""  # noqa: PLR2004  as many as can be read
    saw = f"it lets through: {'; '.join(shown(what, 60) for what in through[:3])}{more}"
    hint = _hint(through)
    return (
        partly(share, saw, hint, line=answer.line("schema")) if share else failed(saw, hint, line=answer.line("schema"))
    )


def _hint(through: list[str]) -> str:
    first = through[0]
    if "empty" in first or ("without" in first and "zone" not in first):
        return "properties says what a field looks like if it is there; which keyword says that it has to be?"
    if "true" in first:
        return "Say of each id what type it has."
    if "order.deleted" in first:
        return "Another event would pass for this one; which keyword allows one value only?"
    return "A text can be anything; which format, or which pattern, does a moment in UTC have?"


def room(answer: EventAnswer, evidence: EventEvidence) -> Verdict:
    """An old consumer can read a newer event, and can tell that it is one."""
    if not _usable(evidence):
        return failed(
            "a schema that refuses your own event has no room at all", "Mend that first.", line=answer.line("schema")
        )
    refused = next((tried for tried in evidence.newer if tried.refused), None)
    versioned = Role.VERSION in answer.roles or (isinstance(answer.schema, dict) and "$id" in answer.schema)
    if refused is None and versioned:
        return passed("one field more is no problem, and there is a version")
    if refused is not None:
        saw = f"{refused.what} is refused: {shown(refused.refused, 100)}"
        hint = (
            "Next year's producer adds a field, and each old consumer stops. Let the schema allow what it doesn't know."
        )
        return (
            partly(0.5, saw, hint, line=answer.line("schema"))
            if versioned
            else failed(saw, hint, line=answer.line("schema"))
        )
    return partly(0.5, "nothing says which version of the event this is", "Add a version to the event, or an $id to the schema.",
                  line=answer.line("event"))  # fmt: skip


def _usable(evidence: EventEvidence) -> bool:
    return not evidence.trouble and not evidence.good[0].refused


def _where(answer: EventAnswer, role: Role) -> str:
    return shown(dotted(answer.roles[role]), 60)


def _line(answer: EventAnswer, role: Role) -> int:
    return answer.line("event", *answer.roles[role]) if role in answer.roles else answer.line("event")


_SECRETS = ("password", "passwd", "cardnumber", "creditcard", "cvc", "cvv", "iban", "ssn", "token", "secret")


def notes(answer: EventAnswer, _evidence: EventEvidence) -> tuple[str, ...]:
    """What doesn't belong into an event, which everybody on the topic can read and which is kept for long."""
    found = [name for name in _names(answer.event) if any(word in folded(name) for word in _SECRETS)]
    return tuple(
        f"“{shown(name, 40)}” is read by every consumer of the topic, and kept as long as the topic is. Leave it out."
        for name in found[:3]
    )


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
