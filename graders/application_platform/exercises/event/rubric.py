"""Exercise ``event``: an order.created event and its JSON schema, tested with good events, bad ones, and a newer one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cluster.text.names import nearest
from graders.application_platform.exercises.event.broken import MUST, Lacks
from graders.application_platform.exercises.event.fields import (
    TYPE,
    id_problem,
    is_another,
    order_problem,
    time_problem,
    type_problem,
    where,
)
from graders.application_platform.exercises.event.fields import line as line_of
from graders.application_platform.exercises.event.keywords import FORMATS, KEYWORDS
from graders.application_platform.exercises.event.reading import EventAnswer, FieldRole, dotted, folded, parse
from graders.application_platform.exercises.event.schema_slips import fields_beside, place_of, required_within
from graders.application_platform.exercises.event.trials import EventEvidence, TrialResult, observe
from graders.core.exercise import Criterion, Echo, Exercise, Sample, Verdict, failed, follows, partly, passed
from graders.families.manifest.documents import is_started
from graders.reading.text import shown

READ = "notebook 4, the text above the exercise"
JSON_SCHEMA = "json-schema.org/understanding-json-schema"

Judge = Callable[[EventAnswer, EventEvidence], Verdict]


def _of_the_event(judge: Judge) -> Judge:
    """Judge only the event that the exercise asks for; for another event the criterion follows."""

    def judged(answer: EventAnswer, evidence: EventEvidence) -> Verdict:
        if is_another(answer):
            return follows(f"the event isn't {TYPE}")
        return judge(answer, evidence)

    return judged


def carries(answer: EventAnswer, _evidence: EventEvidence) -> Verdict:
    """The event says what happened, to which order, and when in ISO 8601 in UTC."""
    asked = ((type_problem, _TYPES), (order_problem, _ORDERS), (time_problem, _TIMES))
    problems = [(p, ladder) for problem, ladder in asked if (p := problem(answer)) is not None]
    if not problems:
        return passed(f"{TYPE}, with order id and time")
    ((observed, hint, line), ladder), *more = problems
    also = "; ".join(f"{other} (line {at})" if at else other for (other, _, at), _ in more)
    return partly(1 - len(problems) / 3, observed, hint, line=line, also=also, hints=ladder)


_TYPES = (
    "Which field tells the email worker what has happened?",
    "The exercise names the event; its type is that name.",
    "It has two words with a dot between: the thing, and what happened to it.",
)
_ORDERS = (
    "What does the email worker need to find the order?",
    "The order has its own id, which isn't the event's id.",
    "The notebook's event names its seat in a similar way.",
)
_TIMES = (
    "Would a consumer in another country read it as the same time?",
    "ISO 8601 has the date, then T, then the time, then the zone of its clock.",
    "In UTC it ends with Z, without an offset.",
)


def key(answer: EventAnswer, _evidence: EventEvidence) -> Verdict:
    """The event has its own id, by which a consumer recognizes a second delivery."""
    value = answer.value(FieldRole.KEY)
    if value is None or value == "":
        used = answer.roles.get(FieldRole.ORDER)
        also = f"; {dotted(used)} is the order's id, and one order has many events" if used else ""
        return failed(f"the event doesn't have its own id{also}", "Add a field such as “event_id”, with a different value for each event.",
                      line=answer.line("event"))  # fmt: skip
    line = line_of(answer, FieldRole.KEY)
    if value == answer.value(FieldRole.ORDER):
        return partly(0.25, f"{where(answer, FieldRole.KEY)} is the same as {where(answer, FieldRole.ORDER)}",
                      "One order has many events: created, paid, shipped. Give each event its own id.", line=line)  # fmt: skip
    if problem := id_problem(answer, FieldRole.KEY):
        return failed(*problem, line=line)
    return passed(
        f"with {where(answer, FieldRole.KEY)} a consumer can distinguish a second delivery from a second event"
    )


def accepts(answer: EventAnswer, evidence: EventEvidence) -> Verdict:
    """The schema accepts good events."""
    if evidence.trouble:
        place = ("event", "schema") if answer.schema is None else ("schema", *evidence.at)
        return failed(evidence.trouble, evidence.way, line=answer.line(*place), hints=_unusable(answer, evidence))
    refused = [tried for tried in evidence.good if tried.refused]
    if not refused:
        return passed(f"{len(evidence.good)} good events are accepted")
    first = refused[0]
    observed, line = f"{first.what} is refused: {shown(first.refused, 120)}", _line_of(answer, first)
    if first is evidence.good[0]:
        return failed(observed, _step(first), line=line, hints=_REQUIRES if first.absent else _OWN)
    return partly(1 - len(refused) / len(evidence.good), observed,
                  "The schema fits only this one event. Describe the kind of value, not the value itself.", line=line)  # fmt: skip


def _step(tried: TrialResult) -> str:
    """Return the next step for a schema that refuses the learner's own event."""
    if tried.near:
        return f"Did you mean “{shown(tried.near, 40)}”?"
    if tried.absent:
        return f"Is “{shown(tried.absent, 40)}” missing in the event, or does the schema require too much?"
    if tried.field:
        return f"Compare the two lines of “{shown(dotted(tried.field), 40)}”: in the event and in the schema."
    return "Compare the schema with the event: which of the two is wrong?"


def _line_of(answer: EventAnswer, tried: TrialResult) -> int:
    """Return the schema's line of the keyword that refused an event, or of the wrong name in its list."""
    names = answer.document.get("schema", *tried.by)
    if tried.absent and isinstance(names, list) and tried.absent in names:
        return answer.line("schema", *tried.by, names.index(tried.absent))
    return answer.line("schema", *tried.by)


def _unusable(answer: EventAnswer, evidence: EventEvidence) -> tuple[str, str, str]:
    """Return the hints for a schema that can't be used."""
    if not isinstance(answer.schema, (dict, bool)):
        return _BELOW if "schema" in answer.event else _NONE
    if evidence.at[-1:] == ("type",):
        return _NO_TYPE
    return _REQUIRED_WITHIN if evidence.at[-1:] == ("required",) and "properties" in evidence.at else _UNUSABLE


_BELOW = (
    "How far is “event:” indented, and how far is “schema:” indented?",
    "Both are on the same level, each with its own fields below it.",
    "A name that is indented more than “event:” is a field of the event.",
)
_NONE = (
    "How could a program check such an event?",
    "A schema for an event needs three words: type, required and properties.",
    "The notebook has a schema for another event; yours needs the same form.",
)
_NO_TYPE = (
    "Is that a type of JSON?",
    "Other languages have other names for types; the card lists JSON's types.",
    "A text is a string, a whole number is an integer, and the whole event is an object.",
)
_UNUSABLE = (
    "What belongs at the line that the card names: a name, a value, a list, or a block of fields?",
    "A schema for an event needs three words: type, required and properties.",
    "Below properties are the names of the fields, and below each name its type.",
)
_OWN = (
    "Which of the two is right: the event's value, or the schema?",
    "Below properties the schema has a line for each field. The card names the field that doesn't fit.",
    "Correct the wrong one, so that both have the same type, format or value for that field.",
)
_REQUIRES = (
    "Which name in the list of required fields is missing in the event?",
    "Compare the list with the names below “event:”, letter by letter.",
    "A name in required must be the name of a field, exactly as in the event.",
)
_LADDERS: Mapping[Lacks, tuple[str, str, str]] = {
    Lacks.REQUIRED: (
        "Imagine the event without one field. What does the schema say?",
        "properties describes a field if it exists; it doesn't require the field.",
        "required is a list of names, beside properties.",
    ),
    Lacks.TYPE: (
        "What kind of value is an id: a text, a number, a list?",
        "If you forbid some values, all others are still allowed.",
        "Write type below the name of the field, with one of JSON's types.",
    ),
    Lacks.CONSTANT: (
        "How does a consumer distinguish this event from others on the same topic?",
        "If you forbid some names, all others are still allowed.",
        "const is for a field with only one allowed value.",
    ),
    Lacks.TIME: (
        "How could a program distinguish a time from any other text?",
        "If you forbid some texts, all others are still allowed.",
        "JSON Schema has a format for a date and time with a time zone. The notebook's schema uses it.",
    ),
}
"""The hints by what a schema lacks."""

_STEPS: Mapping[Lacks, str] = {
    Lacks.REQUIRED: "Which keyword says that a field must exist?",
    Lacks.TYPE: "Write the type of each id.",
    Lacks.CONSTANT: "The schema also accepts events of other types. Which keyword allows only one value?",
    Lacks.TIME: "A text can be anything. Which format, or which pattern, does a time in UTC have?",
}
"""The next step by what a schema lacks."""

_FIELDS_BESIDE = (
    "Which words of your schema are keywords of JSON Schema? Which are your own names?",
    "Your own names belong one level deeper, below a keyword.",
    "The notebook's schema has that keyword; below it is each field with its type.",
)
_REQUIRED_WITHIN = (
    "Which list has the names of the fields that an event must have?",
    "Below a field, “required” is about the fields inside it, and this one has none.",
    "Write one list for the whole event, on the same level as type and properties.",
)


def refuses(answer: EventAnswer, evidence: EventEvidence) -> Verdict:
    """The schema refuses bad events."""
    if not evidence.bad:
        return _first_of_all(evidence)
    through = [tried for tried in evidence.bad if not tried.refused]
    if evidence.mended and len(through) == len(evidence.bad):
        return _first_of_all(evidence)
    # The first missing field of the event costs points in the event's own criterion, not here.
    lacking = [role for role in MUST if role not in answer.roles][1:]
    if not through and not lacking:
        return passed(f"{len(evidence.bad)} bad events are refused")
    if lacking and not through:
        return partly(0.5, f"the event has no {lacking[0]} that the schema could require", "Complete the event, and then the schema.",
                      line=answer.line("event"))  # fmt: skip
    share = (len(evidence.bad) - len(through)) / (len(evidence.bad) + len(lacking))
    more = f", and {len(through) - 3} more" if len(through) > 3 else ""  # noqa: PLR2004  as many as can be read
    observed = f"it accepts: {'; '.join(shown(tried.what, 60) for tried in through[:3])}{more}"
    lacks = through[0].lacks or Lacks.REQUIRED
    if lacks is Lacks.TIME and evidence.misspelled:
        written, meant = evidence.misspelled[0]
        return partly(share, observed, _unknown_format(written, meant), line=_line_of_format(answer, written), hints=(
            "Which keyword of your schema should have refused that time?",
            f"“{shown(written, 40)}” isn't a format that we check.",
            _unknown_format(written, meant),
        ))  # fmt: skip
    if fields := fields_beside(answer.schema, answer.event):
        name = shown(fields[0], 40)
        return partly(share, observed, f"“{name}” isn't a keyword of JSON Schema. Put the fields below “properties:”.",
                      line=answer.line("schema", fields[0]), hints=_FIELDS_BESIDE)  # fmt: skip
    if lacks is Lacks.REQUIRED and (at := required_within(answer.schema)):
        hint = (
            f"“required” has no effect below “{shown(at[1], 40)}”: write it once, beside “properties”, with all names."
        )
        return partly(share, observed, hint, line=answer.line("schema", *at), hints=_REQUIRED_WITHIN)
    slip = evidence.misspelled[:1] if any(tried.lacks is Lacks.TIME for tried in through) else ()
    return partly(share, observed, _misspelled(answer.schema) or _STEPS[lacks], line=_line_of_field(answer, through[0]), hints=_LADDERS[lacks],
                  also=" ".join(_unknown_format(*one) for one in slip))  # fmt: skip


def _line_of_field(answer: EventAnswer, tried: TrialResult) -> int:
    """Return the schema's line for a field, or for its list of required names."""
    if tried.lacks is Lacks.REQUIRED:
        return answer.line("schema", *place_of(answer.schema, tried.field[:-1]), "required")
    return answer.line("schema", *place_of(answer.schema, tried.field))


def _unknown_format(written: str, meant: str) -> str:
    way = f"Did you mean {meant}?" if meant else f"The formats are {', '.join(sorted(FORMATS))}."
    return f"“{shown(written, 40)}” isn't a format that we check. {way}"


def _line_of_format(answer: EventAnswer, written: str) -> int:
    lines = answer.document.lines
    places = (path for path in lines if path[-1:] == ("format",) and answer.document.get(*path) == written)
    return answer.line(*next(places, ("schema",)))


def _first_of_all(evidence: EventEvidence) -> Verdict:
    """Return the verdict if no other event could be tested."""
    what = "the schema can't be used" if evidence.trouble else "the schema refuses your own event"
    if evidence.mended:
        what = f"{what}, and has no other rule"
    return follows(f"no other event was tested, because {what}")


def _misspelled(schema: Any) -> str:
    """Return a hint for a misspelled keyword, or an empty text."""
    for written in schema if isinstance(schema, dict) else ():
        near = nearest(str(written), sorted(KEYWORDS))
        if near and written not in KEYWORDS:
            return f"“{shown(written, 40)}” has no effect in a schema. Did you mean “{near}”?"
    return ""


_GROWS = (
    "Next year the event gets one more field. Which programs have to be released on that day?",
    "Which keyword forbids unknown fields?",
    "A schema allows fields that it doesn't mention, unless it forbids them.",
)
_NEXT_VERSION = (
    "Next year's event has another version. Does this year's schema accept it?",
    "The old consumer should read the newer event, and see that it is newer.",
    "Write the type of the version, and don't fix its value.",
)
_VERSIONED = (
    "How does a consumer see that it reads a newer event?",
    "A number that grows with each change shows that.",
    "Add a field to the event with the number of its version.",
)


def room(answer: EventAnswer, evidence: EventEvidence) -> Verdict:
    """An old consumer can read a newer event, and can see that it is newer."""
    if not evidence.bad:
        return _first_of_all(evidence)
    versioned = FieldRole.VERSION in answer.roles or (isinstance(answer.schema, dict) and "$id" in answer.schema)
    if refused := next((tried for tried in evidence.newer if tried.refused), None):
        observed = f"{refused.what} is refused: {shown(refused.refused, 100)}"
        line = answer.line("schema", *refused.by)
        hint = "Next year's producer adds a field, and each old consumer stops. Let the schema allow unknown fields."
        return partly(0.5 if versioned else 0, observed, hint, line=line, hints=_GROWS)
    if refused := next((tried for tried in evidence.versions if tried.refused), None):
        name = shown(dotted(evidence.version), 60)
        line = answer.line("schema", "properties", *evidence.version)
        return partly(0.5, f"{name}: {refused.what} is refused by this schema", f"Write the type of {name}, not its value.",
                      line=line, hints=_NEXT_VERSION)  # fmt: skip
    if not versioned:
        return partly(0.5, "the event doesn't name its version", "Add a version to the event.",
                      line=answer.line("event"), hints=_VERSIONED)  # fmt: skip
    return passed("an additional field is accepted, and the event has a version")


_SECRETS = ("password", "passwd", "cardnumber", "creditcard", "cvc", "cvv", "iban", "ssn", "token", "secret")


def notes(answer: EventAnswer, evidence: EventEvidence) -> tuple[str, ...]:
    """Return the parts of the schema that weren't tested, and secrets in the event, which every consumer of the topic can read."""
    found = [name for name in _names(answer.event) if any(word in folded(name) for word in _SECRETS)]
    formats = () if any(tried.lacks is Lacks.TIME for tried in evidence.bad) else evidence.misspelled
    public = (
        f"“{shown(name, 40)}” can be read by every consumer of the topic, as long as the topic exists. Delete it."
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
    name: str, points: float, title: str, judge: Judge, expected: str, why: str,
    read: str, hints: tuple[str, str, str],
) -> Criterion[EventAnswer, EventEvidence]:  # fmt: skip
    return Criterion(
        name=name,
        points=points,
        title=title,
        judge=judge if name == "carries" else _of_the_event(judge),
        expected=expected,
        why=why,
        docs_url=read,
        hints=hints,
    )


CRITERIA: tuple[Criterion[EventAnswer, EventEvidence], ...] = (
    _criterion(
        "carries", 1, "It says what happened, to which order, and when", carries,
        f"type {TYPE}, an order id, and a time in ISO 8601 in UTC",
        "Consumers can't ask questions: they know only what the event has.", READ,
        ("What does the email worker need to write the email?",
         "What happened, to which order, and when: three fields.",
         "A type, the id of an order, and a time that ends with Z."),
    ),
    _criterion(
        "key", 0.75, "A second delivery can be recognized", key, "an id of the event itself, different for each event",
        "A queue delivers at least once. A consumer that doesn't recognize a second delivery sends two emails.", READ,
        ("The same event comes twice. How do you recognize that?",
         "It must be equal in both deliveries, and different in any two events.",
         "The event needs its own id, in addition to the order's id."),
    ),
    _criterion(
        "accepts", 0.75, "The schema accepts good events", accepts, "your own event, and others of the same form, are accepted",
        "Teams switch off a schema that refuses good events.", JSON_SCHEMA,
        ("Imagine the event of another order. Does the schema accept it?",
         "The schema describes the form of values; an example value belongs in the event.",
         "type, required and properties are enough, with one constant value for the type."),
    ),
    _criterion(
        "refuses", 1, "The schema refuses bad events", refuses, "events that consumers can't use are refused",
        "Each consumer must expect every event that the schema accepts.", JSON_SCHEMA,
        ("Imagine the event without one field. What does the schema say?",
         "A field that isn't required may be missing. A field without a type may have any value.",
         "Require each of the four fields, and give each a type. The event's type has one constant value, and the time has a format."),
    ),
    _criterion(
        "room", 0.5, "The event may grow", room, "a newer event with an additional field is accepted, and the event has a version",
        "Producer and consumers are released on different days, so old consumers always have to read new events.", JSON_SCHEMA,
        ("Next year the event gets one more field. Which programs have to be released on that day?",
         "Which keyword forbids unknown fields? And how does a consumer see that it reads a newer event?",
         "Don't forbid additional properties, and add a field with the version."),
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
    is_started=is_started,
    notes=notes,
    echo=lambda answer: Echo(answer.kept),
    judged_by="testing it with good events, bad ones and a newer one",
    sample=Sample(__file__, 1.79),
    prints=lambda: ("`order.created`",),
)
