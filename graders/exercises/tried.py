"""A learner's schema, tried on events that are made from the learner's own: good ones, bad ones, and a newer one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import jsonschema_rs

from cluster import Cluster
from cluster.manifests import Path
from graders.answers.alike import moments, others
from graders.answers.broken import Broken, Lacks, broken, newer, next_versions
from graders.answers.event import NAMES, EventAnswer, Role, changed, dotted, folded, recognised
from graders.answers.schema import UnusableError, Usable, usable
from graders.answers.text import shown
from graders.exercises.told import TYPE, is_time, time_problem, type_problem

PATTERN_BYTES = 1024 * 1024
"""How large a compiled pattern of a learner's schema may be; patterns are matched in linear time."""

ENOUGH_OTHERS = 2
"""How many other values of a form have to be accepted. A schema may ask for more than can be seen in one example, so not
each of them needs to pass; a schema that lists the one value lets none of them through."""

_VALIDATORS: Mapping[str, Any] = {
    "draft-04": jsonschema_rs.Draft4Validator,
    "draft-06": jsonschema_rs.Draft6Validator,
    "draft-07": jsonschema_rs.Draft7Validator,
    "2019-09": jsonschema_rs.Draft201909Validator,
    "2020-12": jsonschema_rs.Draft202012Validator,
}
_WAY = "Write a JSON schema under “schema:”: type, required, properties."
_OTHER_TYPES = {
    "str": "string", "text": "string", "uuid": "string", "date": "string", "datetime": "string", "int": "integer",
    "float": "number", "decimal": "number", "bool": "boolean", "dict": "object", "map": "object", "list": "array",
}  # fmt: skip
"""What types are called elsewhere, and in JSON."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a schema said of one event: ``what`` the event is, and why it was refused, empty where it was accepted.

    ``lacks`` is what the schema of a bad event that was accepted is missing.
    """

    what: str
    refused: str = ""
    lacks: Lacks | None = None


@dataclass(frozen=True, slots=True)
class EventEvidence:
    """What the schema said of good events, bad ones, newer ones, and versions to come.

    ``trouble`` is why it can't be used at all, ``way`` what to do then, and ``at`` where in the schema; ``remarks`` say
    what it was tried without, and ``misspelt`` which formats are unknown, each with the one that was probably meant.
    ``version`` is where the events that were tried have theirs.
    """

    trouble: str
    way: str = ""
    good: tuple[Tried, ...] = ()
    bad: tuple[Tried, ...] = ()
    newer: tuple[Tried, ...] = ()
    versions: tuple[Tried, ...] = ()
    remarks: tuple[str, ...] = ()
    misspelt: tuple[tuple[str, str], ...] = ()
    at: Path = ()
    version: Path = ()


def observe(answer: EventAnswer, _world: Cluster, _so_far: object = None) -> EventEvidence:
    """Try the learner's schema on events that are made from the learner's own."""
    if not isinstance(answer.schema, (dict, bool)):
        return EventEvidence(*_no_schema(answer))
    try:
        fit = usable(answer.schema, answer.event)
        validator = _validator(fit)
    except UnusableError as error:
        return EventEvidence(error.problem, error.hint, at=error.at)
    first, answer = _own(validator, answer)
    if first.refused:  # then nothing else is asked
        return EventEvidence("", good=(first,), remarks=fit.remarks, misspelt=fit.misspelt)
    return EventEvidence(
        "",
        "",
        (first, *(_tried(validator, what, events) for what, events in alike(answer))),
        tuple(_let_through(validator, one) for one in broken(answer)),
        tuple(_tried(validator, what, (event,)) for what, event in newer(answer)),
        tuple(_tried(validator, what, events, enough=1) for what, events in next_versions(answer)),
        fit.remarks,
        fit.misspelt,
        version=answer.roles.get(Role.VERSION, ()),
    )


def _own(validator: Any, answer: EventAnswer) -> tuple[Tried, EventAnswer]:
    """What the schema says of the learner's event, and the event to make others from.

    A schema is right to refuse an event with a mistake that costs its points elsewhere. So where it does, the event is
    tried once more with each field filled in as a good event has it.
    """
    own = _tried(validator, "your own event", (answer.event,))
    if not own.refused:
        return own, answer
    better = completed(answer)
    if better.event == answer.event or not validator.is_valid(better.event):
        return own, answer
    return Tried("your own event, with its mistakes mended"), better


def _let_through(validator: Any, claim: Broken) -> Tried:
    """What the schema says of a broken claim: the first event that it accepts, or that it refuses them all."""
    through = next((what for what, event in claim.events if validator.is_valid(event)), None)
    return Tried(claim.events[0][0], "refused") if through is None else Tried(through, lacks=claim.lacks)


def _validator(fit: Usable) -> Any:
    """The schema, compiled. Raises UnusableError for a schema that is none."""
    options = jsonschema_rs.RegexOptions(size_limit=PATTERN_BYTES, dfa_size_limit=PATTERN_BYTES)
    try:
        return _VALIDATORS[fit.draft.name](fit.schema, validate_formats=True, pattern_options=options, offline=True)
    except jsonschema_rs.ValidationError as error:
        if error.instance_path and error.instance_path[-1] == "pattern":
            raise UnusableError(
                f"the pattern {shown(error.instance, 60)} is no regular expression, or repeats too often",
                "Try it on its own; for a text's length there are minLength and maxLength.",
            ) from error
        raise _misused(error) from error
    except ValueError as error:  # what the library raises where a schema can't be compiled
        raise UnusableError(f"it can't be used: {shown(_first_line(error), 120)}", _WAY) from error


def _no_schema(answer: EventAnswer) -> tuple[str, str]:
    """What to say where nothing can be a schema, and what to do."""
    if answer.schema is not None:
        return "“schema:” has no fields", _WAY
    if isinstance(answer.event.get("schema"), dict):
        return "“schema:” stands below “event:”", "Begin “schema:” in the first column, as “event:” does."
    return "“schema:” isn't there", _WAY


def _misused(error: jsonschema_rs.ValidationError) -> UnusableError:
    """What is wrong with a schema that isn't one, by the keyword that has a value which it can't have."""
    at = tuple(error.instance_path)
    keyword, written = (str(at[-1]), error.instance) if at else ("", None)
    where = f" ({shown(dotted(at), 60)})"
    among_fields = at[-2:-1] == ("properties",)
    if among_fields and keyword == "required" and isinstance(written, list):
        return UnusableError(
            f"“required” stands among the fields{where}", "Put it beside “properties”, not below it.", at
        )
    if among_fields or keyword == "properties":
        return UnusableError(
            f"{shown(written, 40)} says nothing of a field{where}",
            "Below “properties” stand the fields' names, and below each name what it may be: type: string.",
            at,
        )
    if keyword == "type":
        meant = _OTHER_TYPES.get(str(written)[:40].casefold())
        offer = f"Did you mean “{meant}”? " if meant else ""
        return UnusableError(
            f"JSON has no type “{shown(written, 30)}”{where}",
            f"{offer}JSON's types are string, integer, number, boolean, object, array and null.",
            at,
        )
    if keyword == "required":
        return UnusableError(
            f"“required” is a list of names, and {shown(written, 40)} is none{where}",
            "Write it in brackets: required: [type, time].",
            at,
        )
    return UnusableError(f"it can't be used: {shown(_first_line(error), 120)}{where if at else ''}", _WAY, at)


def _tried(validator: Any, what: str, events: tuple[Any, ...], enough: int = ENOUGH_OTHERS) -> Tried:
    """What became of an event, or of several of a kind, of which enough have to be accepted."""
    left, refused = min(enough, len(events)), []
    for event in events:
        if not validator.is_valid(event):
            refused.append(event)
        elif (left := left - 1) == 0:
            return Tried(what)
    for error in validator.iter_errors(refused[0]):
        where = dotted(tuple(error.instance_path))
        return Tried(what, f"{where}: {_first_line(error)}" if where else _first_line(error))
    return Tried(what, "the schema doesn't fit it")


def _first_line(error: Exception) -> str:
    return str(getattr(error, "message", error)).split("\n", 1)[0]


def alike(answer: EventAnswer) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Events that a consumer can use as well: others of the same form."""
    event = answer.event
    for role in (Role.ORDER, Role.KEY):
        if role in answer.roles:
            at = answer.roles[role]
            yield f"another {role}", tuple(changed(event, at, other) for other in others(answer.value(role)))
    if Role.TIME in answer.roles and is_time(answer.value(Role.TIME)):
        at = answer.roles[Role.TIME]
        yield "another time", tuple(changed(event, at, other) for other in moments(answer.value(Role.TIME)))


_FILLED_IN: Mapping[Role, Any] = {
    Role.TYPE: TYPE, Role.KEY: "7b1f6f0e-3a52-4f0e-8a55-0d7a0a6f2f10", Role.ORDER: "4711", Role.TIME: "2026-03-02T10:15:00Z",
    Role.VERSION: 1,
}  # fmt: skip


def completed(answer: EventAnswer) -> EventAnswer:
    """The answer with an event whose mistakes are mended: a field that the schema requires, and a bad type or time."""
    event = answer.event
    for role, good in _FILLED_IN.items():
        at = answer.roles.get(role)
        if at is None:
            required = answer.schema.get("required") if isinstance(answer.schema, dict) else None
            names = (
                [name for name in required if isinstance(name, str) and folded(name) in NAMES[role]]
                if isinstance(required, list)
                else []
            )
            event = {**dict.fromkeys(names[:1], good), **event}
        elif (role is Role.TYPE and type_problem(answer)) or (role is Role.TIME and time_problem(answer)):
            event = changed(event, at, good)
    return replace(answer, event=event, roles=recognised(event))
