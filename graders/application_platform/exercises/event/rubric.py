"""Exercise ``event``: an order.created event and its JSON schema, tried on good events, bad ones, and a newer one."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

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
    """A criterion of the event that was asked for: what is right about another one says nothing of this."""

    def judged(answer: EventAnswer, evidence: EventEvidence) -> Verdict:
        if is_another(answer):
            return follows(f"the event is another one than {TYPE}")
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
    "By which field does the email worker know what has happened?",
    "The exercise names the event; its type is that name.",
    "Two words with a dot between them: what it happened to, and what happened.",
)
_ORDERS = (
    "What does the email worker need before it can look the order up?",
    "What the event happened to has an id of its own, and not the event's.",
    "The notebook's event names its seat in the same way.",
)
_TIMES = (
    "Would a consumer in another country read the same moment in it?",
    "ISO 8601 has the date first, then T, then the time, and says whose clock it was.",
    "In UTC it ends in Z, with no offset.",
)


def key(answer: EventAnswer, _evidence: EventEvidence) -> Verdict:
    """The event has an id of its own, by which a consumer knows that it had it before."""
    value = answer.value(FieldRole.KEY)
    if value is None or value == "":
        used = answer.roles.get(FieldRole.ORDER)
        also = f"; {dotted(used)} is the order's, and one order has many events" if used else ""
        return failed(f"the event has no id of its own{also}", "Add a field such as “event_id”, another one for each event.",
                      line=answer.line("event"))  # fmt: skip
    line = line_of(answer, FieldRole.KEY)
    if value == answer.value(FieldRole.ORDER):
        return partly(0.25, f"{where(answer, FieldRole.KEY)} is the same as {where(answer, FieldRole.ORDER)}",
                      "One order has many events: created, paid, shipped. Give each event an id of its own.", line=line)  # fmt: skip
    if problem := id_problem(answer, FieldRole.KEY):
        return failed(*problem, line=line)
    return passed(f"{where(answer, FieldRole.KEY)} tells a second delivery from a second event")


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
                  "The schema fits this one event only; say what kind of value belongs there, and not which.", line=line)  # fmt: skip


def _step(tried: TrialResult) -> str:
    """What to do where the schema refuses the learner's own event."""
    if tried.near:
        return f"Did you mean “{shown(tried.near, 40)}”?"
    if tried.absent:
        return f"Does the event lack “{shown(tried.absent, 40)}”, or does the schema ask for too much?"
    if tried.field:
        return f"Hold the two lines of “{shown(dotted(tried.field), 40)}” side by side, the event's and the schema's."
    return "Hold schema and event side by side: does each say the same of that field?"


def _line_of(answer: EventAnswer, tried: TrialResult) -> int:
    """The line in the schema of the keyword that refused an event, of a name in a list where that is at fault."""
    names = answer.document.get("schema", *tried.by)
    if tried.absent and isinstance(names, list) and tried.absent in names:
        return answer.line("schema", *tried.by, names.index(tried.absent))
    return answer.line("schema", *tried.by)


def _unusable(answer: EventAnswer, evidence: EventEvidence) -> tuple[str, str, str]:
    """The hints for what keeps a schema from being one."""
    if not isinstance(answer.schema, (dict, bool)):
        return _BELOW if "schema" in answer.event else _NONE
    if evidence.at[-1:] == ("type",):
        return _NO_TYPE
    return _REQUIRED_WITHIN if evidence.at[-1:] == ("required",) and "properties" in evidence.at else _UNUSABLE


_BELOW = (
    "How far in does “event:” stand, and how far “schema:”?",
    "The two stand side by side, each with its own fields below it.",
    "A name that begins further in than “event:” is one of the event's fields.",
)
_NONE = (
    "By what could a program check an event of this kind?",
    "A schema for an event needs three words: type, required and properties.",
    "The notebook has a schema for another event; yours has the same form.",
)
_NO_TYPE = (
    "Is that one of JSON's own types?",
    "Other languages call their types otherwise; the card lists JSON's.",
    "A text is a string, a whole number an integer, and an event as a whole an object.",
)
_UNUSABLE = (
    "What should stand in the place that the card names: a name, a value, a list, or a block of fields?",
    "A schema for an event needs three words: type, required and properties.",
    "Below properties stand the names of the fields, and below each name its type.",
)
_OWN = (
    "Which of the two is right: what the event has there, or what the schema says?",
    "Below properties the schema has a line for each field; the card names the one that doesn't fit.",
    "Mend the one that is wrong, so that type, format or value of that field agree in both.",
)
_REQUIRES = (
    "Which name in the list of required fields does the event not have?",
    "Compare the list with the names below “event:”, letter by letter.",
    "A name in required has to be a field's name, exactly as it is written in the event.",
)
_LADDERS: Mapping[Lacks, tuple[str, str, str]] = {
    Lacks.REQUIRED: (
        "Take a field away in your head. What does the schema say?",
        "properties says what a field looks like if it is there, and not that it has to be.",
        "required is a list of names, beside properties.",
    ),
    Lacks.TYPE: (
        "What kind of value is an id: a text, a number, a list?",
        "To forbid the values that you think of leaves all the others.",
        "Below the name of the field stands type, with one of JSON's types.",
    ),
    Lacks.CONSTANT: (
        "How does a consumer tell this event from others on the same topic?",
        "To forbid the names that you think of leaves all the others.",
        "const has the one value that is allowed.",
    ),
    Lacks.TIME: (
        "How would a program tell a moment from any other text?",
        "To forbid the texts that you think of leaves all the others.",
        "JSON Schema has a format for a moment with a zone; the notebook's schema uses it.",
    ),
}
"""The hints for what a schema lacks."""

_STEPS: Mapping[Lacks, str] = {
    Lacks.REQUIRED: "Which keyword says that a field has to be there?",
    Lacks.TYPE: "Say of each id what type it has.",
    Lacks.CONSTANT: "Another event would pass for this one; which keyword allows one value only?",
    Lacks.TIME: "A text can be anything; which format, or which pattern, does a moment in UTC have?",
}
"""The next step for what a schema lacks."""

_FIELDS_BESIDE = (
    "Which words of your schema are words of JSON schema, and which are names of your own?",
    "Names of your own stand one level further in, below a word for them.",
    "The notebook's schema has that word; under it stands each field with its type.",
)
_REQUIRED_WITHIN = (
    "In whose list do the names of the fields stand that an event has to have?",
    "Below a field “required” speaks of the fields inside it, and this one has none.",
    "One list for the whole event, on the same level as type and properties.",
)


def refuses(answer: EventAnswer, evidence: EventEvidence) -> Verdict:
    """The schema refuses bad events."""
    if not evidence.bad:
        return _first_of_all(evidence)
    through = [tried for tried in evidence.bad if not tried.refused]
    if evidence.mended and len(through) == len(evidence.bad):
        return _first_of_all(evidence)
    # One field that the event lacks costs its points where the event is judged, and not here once more.
    lacking = [role for role in MUST if role not in answer.roles][1:]
    if not through and not lacking:
        return passed(f"{len(evidence.bad)} bad events are refused")
    if lacking and not through:
        return partly(0.5, f"there is no {lacking[0]} that it could ask for", "Complete the event, and then the schema.",
                      line=answer.line("event"))  # fmt: skip
    share = (len(evidence.bad) - len(through)) / (len(evidence.bad) + len(lacking))
    more = f", and {len(through) - 3} more" if len(through) > 3 else ""  # noqa: PLR2004  as many as can be read
    observed = f"it lets through: {'; '.join(shown(tried.what, 60) for tried in through[:3])}{more}"
    lacks = through[0].lacks or Lacks.REQUIRED
    if lacks is Lacks.TIME and evidence.misspelt:
        written, meant = evidence.misspelt[0]
        return partly(share, observed, _unknown_format(written, meant), line=_line_of_format(answer, written), hints=(
            "Which word of your schema should have refused that time?",
            f"“{shown(written, 40)}” is no format that the checker knows.",
            _unknown_format(written, meant),
        ))  # fmt: skip
    if fields := fields_beside(answer.schema, answer.event):
        name = shown(fields[0], 40)
        return partly(share, observed, f"“{name}” is no word of JSON schema; put the fields below “properties:”.",
                      line=answer.line("schema", fields[0]), hints=_FIELDS_BESIDE)  # fmt: skip
    if lacks is Lacks.REQUIRED and (at := required_within(answer.schema)):
        hint = f"“required” says nothing below “{shown(at[1], 40)}”: it stands beside “properties”, once, with all the names."
        return partly(share, observed, hint, line=answer.line("schema", *at), hints=_REQUIRED_WITHIN)
    slip = evidence.misspelt[:1] if any(tried.lacks is Lacks.TIME for tried in through) else ()
    return partly(share, observed, _misspelt(answer.schema) or _STEPS[lacks], line=_line_of_field(answer, through[0]), hints=_LADDERS[lacks],
                  also=" ".join(_unknown_format(*one) for one in slip))  # fmt: skip


def _line_of_field(answer: EventAnswer, tried: TrialResult) -> int:
    """The line of what the schema says of a field; of its list of required names where one may be missing."""
    if tried.lacks is Lacks.REQUIRED:
        return answer.line("schema", *place_of(answer.schema, tried.field[:-1]), "required")
    return answer.line("schema", *place_of(answer.schema, tried.field))


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
    if evidence.mended:
        what = f"{what}, and says nothing else"
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
    if not evidence.bad:
        return _first_of_all(evidence)
    versioned = FieldRole.VERSION in answer.roles or (isinstance(answer.schema, dict) and "$id" in answer.schema)
    if refused := next((tried for tried in evidence.newer if tried.refused), None):
        observed = f"{refused.what} is refused: {shown(refused.refused, 100)}"
        line = answer.line("schema", *refused.by)
        hint = (
            "Next year's producer adds a field, and each old consumer stops. Let the schema allow what it doesn't know."
        )
        return partly(0.5 if versioned else 0, observed, hint, line=line, hints=_GROWS)
    if refused := next((tried for tried in evidence.versions if tried.refused), None):
        name = shown(dotted(evidence.version), 60)
        line = answer.line("schema", "properties", *evidence.version)
        return partly(0.5, f"{name}: {refused.what} is refused by this schema", f"Say what type {name} has, and not which value.",
                      line=line, hints=_NEXT_VERSION)  # fmt: skip
    if not versioned:
        return partly(0.5, "nothing says which version of the event this is", "Add a version to the event.",
                      line=answer.line("event"), hints=_VERSIONED)  # fmt: skip
    return passed("one field more is no problem, and there is a version")


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
    is_started=is_started,
    notes=notes,
    echo=lambda answer: Echo(answer.kept),
    judged_by="trying it on good events, bad ones and a newer one",
    sample=Sample(__file__, 1.79),
    prints=lambda: ("`order.created`",),
)
