"""A learner's schema, tried on events that are made from the learner's own: good ones, bad ones, and a newer one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import jsonschema_rs

from cluster import Cluster
from cluster.manifests.documents import Path
from graders.application_platform.exercises.event.broken import Broken, Lacks, broken, newer, next_versions
from graders.application_platform.exercises.event.fields import TYPE, is_time, time_problem, type_problem
from graders.application_platform.exercises.event.json_schema import UnusableError, Usable, usable
from graders.application_platform.exercises.event.reading import (
    NAMES,
    EventAnswer,
    FieldRole,
    changed,
    dotted,
    folded,
    recognised,
    within,
    without,
)
from graders.application_platform.exercises.event.schema_slips import (
    described,
    nearest,
    relaxed,
    type_meant,
    usable_again,
)
from graders.application_platform.exercises.event.variants import moments, others
from graders.reading.text import shown

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
_BESIDE = "“required” stands beside “properties”, once, and lists the names of the fields that have to be there."
_MOST_SLIPS = 8
"""How many slips of one schema are mended, at most."""
_MOST_FORGIVEN = 2
"""In how many fields: of a schema that fits its event in fewer nothing can be told."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What a schema said of one event: ``what`` the event is, and why it was refused, empty where it was accepted.

    ``lacks`` is what the schema of a bad event that was accepted is missing. ``by`` is the keyword of the schema that
    refused it, ``field`` the event's field that it is about; ``absent`` the one that it lacks, ``near`` the one it may be.
    """

    what: str
    refused: str = ""
    lacks: Lacks | None = None
    by: Path = ()
    field: Path = ()
    absent: str = ""
    near: str = ""


@dataclass(frozen=True, slots=True)
class EventEvidence:
    """What the schema said of good events, bad ones, newer ones, and versions to come.

    ``trouble`` is why it can't be used at all, ``way`` what to do then, and ``at`` where in the schema; ``remarks`` say
    what it was tried without, and ``misspelt`` which formats are unknown, each with the one that was probably meant.
    ``version`` is where the events that were tried have theirs. ``mended`` says that a slip was mended before others than the
    first event were tried.
    """

    trouble: str
    way: str = ""
    good: tuple[TrialResult, ...] = ()
    bad: tuple[TrialResult, ...] = ()
    newer: tuple[TrialResult, ...] = ()
    versions: tuple[TrialResult, ...] = ()
    remarks: tuple[str, ...] = ()
    misspelt: tuple[tuple[str, str], ...] = ()
    at: Path = ()
    version: Path = ()
    mended: bool = False


def observe(answer: EventAnswer, _world: Cluster, _so_far: object = None) -> EventEvidence:
    """Try the learner's schema on events that are made from the learner's own.

    A slip by which it can't be used, or refuses that event, is told, and the rest is tried with the slip mended.
    """
    said = EventEvidence("") if isinstance(answer.schema, (dict, bool)) else EventEvidence(*_no_schema(answer))
    if said.trouble:
        below = answer.event.get("schema")
        if answer.schema is not None or not isinstance(below, dict):
            return said
        answer = replace(
            answer, schema=below, event=(event := without(answer.event, ("schema",))), roles=recognised(event)
        )
    try:
        fit = usable(answer.schema, answer.event)
    except UnusableError as error:
        return said if said.trouble else EventEvidence(error.problem, error.hint, at=error.at)
    try:
        validator = _validator(fit)
    except UnusableError as error:
        if not said.trouble:
            said = EventEvidence(error.problem, error.hint, at=error.at)
        try:
            fit = _mended(fit, error)
            validator = _validator(fit)
        except UnusableError:
            return said
    said = replace(said, remarks=fit.remarks, misspelt=fit.misspelt, mended=bool(said.trouble))
    first, answer = _own(validator, answer)
    slipped = frozenset((described(said.at),) if said.trouble else ())
    if first.refused:
        fit, fields = _relaxed(fit, answer.event)
        slipped |= fields
        validator = _validator(fit)
        said = replace(said, mended=True)
        if not validator.is_valid(answer.event) or len(slipped) > _MOST_FORGIVEN:
            return replace(said, good=(first,))
    others = () if said.mended else tuple(_tried(validator, what, events) for what, events in alike(answer))
    return replace(
        said,
        good=(first, *others),
        bad=tuple(_let_through(validator, one) for one in broken(answer) if not _forgiven(one, slipped)),
        newer=tuple(_tried(validator, what, (event,)) for what, event in newer(answer)),
        versions=tuple(_tried(validator, what, events, enough=1) for what, events in next_versions(answer)),
        version=answer.roles.get(FieldRole.VERSION, ()),
    )


def _forgiven(claim: Broken, slipped: frozenset[Path]) -> bool:
    """Whether a claim is about a field whose slip was charged already. Whether the field has to be there is another question."""
    return claim.at in slipped and claim.lacks is not Lacks.REQUIRED


def _mended(fit: Usable, error: UnusableError) -> Usable:
    """A schema with each keyword mended that has a value which it can't have. Raises UnusableError where one can't be."""
    for _ in range(_MOST_SLIPS):
        better = usable_again(fit.schema, error.at)
        if better is None:
            raise error
        fit = replace(fit, schema=better)
        try:
            _validator(fit)
        except UnusableError as next_one:
            error = next_one
        else:
            return fit
    raise error


def _relaxed(fit: Usable, event: dict[str, Any]) -> tuple[Usable, frozenset[Path]]:
    """A schema that accepts an event, as near to this one as can be, and the fields of which it now says less."""
    fields: set[Path] = set()
    for _ in range(_MOST_SLIPS):
        error = next(_validator(fit).iter_errors(event), None)
        if error is None:
            break
        refused = _reason("", error, event)
        unexpected = [str(name) for name in getattr(error.kind, "unexpected", ())]
        better = relaxed(fit.schema, refused.by, within(event, refused.field), refused.absent, unexpected)
        if better is None:
            break
        fit = replace(fit, schema=better)
        if not refused.absent and not unexpected:
            fields.add(refused.field)
    return fit, frozenset(fields)


def _own(validator: Any, answer: EventAnswer) -> tuple[TrialResult, EventAnswer]:
    """What the schema says of the learner's event, and the event to make others from.

    A schema is right to refuse an event with a mistake that costs its points elsewhere. So where it does, the event is
    tried once more with each field filled in as a good event has it.
    """
    own = _tried(validator, "your own event", (answer.event,))
    if not own.refused:
        return own, answer
    better = completed(answer)
    if better.event == answer.event:
        return own, answer
    if validator.is_valid(better.event):
        return TrialResult("your own event, with its mistakes mended"), better
    return _tried(validator, "your own event", (better.event,)), better


def _let_through(validator: Any, claim: Broken) -> TrialResult:
    """What the schema says of a broken claim: the first event that it accepts, or that it refuses them all."""
    through = next((what for what, event in claim.events if validator.is_valid(event)), None)
    if through is None:
        return TrialResult(claim.events[0][0], "refused")
    return TrialResult(through, lacks=claim.lacks, field=claim.at)


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
    if keyword == "type" and isinstance(written, dict):
        return UnusableError(
            f"“type” has fields of its own{where}",
            "A field that is called type stands below “properties”, as all others.",
            at,
        )
    if keyword == "type":
        meant = type_meant(written)
        offer = f"Did you mean “{meant}”? " if meant else ""
        return UnusableError(
            f"JSON has no type “{shown(written, 30)}”{where}",
            f"{offer}JSON's types are string, integer, number, boolean, object, array and null.",
            at,
        )
    if keyword == "required" and at[-3:-2] == ("properties",):
        return UnusableError(f"“required” is {shown(written, 40)} in a field{where}", _BESIDE, at)
    if keyword == "required":
        return UnusableError(
            f"“required” is a list of names, and {shown(written, 40)} is none{where}",
            "Write the names in brackets, with a comma between two of them.",
            at,
        )
    return UnusableError(f"it can't be used: {shown(_first_line(error), 120)}{where if at else ''}", _WAY, at)


def _tried(validator: Any, what: str, events: tuple[Any, ...], enough: int = ENOUGH_OTHERS) -> TrialResult:
    """What became of an event, or of several of a kind, of which enough have to be accepted."""
    left, refused = min(enough, len(events)), []
    for event in events:
        if not validator.is_valid(event):
            refused.append(event)
        elif (left := left - 1) == 0:
            return TrialResult(what)
    for error in validator.iter_errors(refused[0]):
        return _reason(what, error, refused[0])
    return TrialResult(what, "the schema doesn't fit it")


def _reason(what: str, error: jsonschema_rs.ValidationError, event: Any) -> TrialResult:
    """Why an event is refused, by which keyword, and over which field."""
    by, field = tuple(error.schema_path), tuple(error.instance_path)
    named = dotted(field)
    if by[-1:] in (("additionalProperties",), ("unevaluatedProperties",)):
        return TrialResult(what, f"{by[-1]}: false forbids what the schema doesn't list", by=by, field=field)
    if by[-1:] == ("required",) and isinstance(absent := getattr(error.kind, "property", None), str):
        holder = within(event, field)
        near = nearest(absent, [*holder]) if isinstance(holder, dict) else ""
        inside = f" in {named}" if named else ""
        said = f"“{absent}” is required{inside}, and the event has no such field"
        return TrialResult(what, said, by=by, field=field, absent=absent, near=near)
    return TrialResult(what, f"{named}: {_first_line(error)}" if named else _first_line(error), by=by, field=field)


def _first_line(error: Exception) -> str:
    return str(getattr(error, "message", error)).split("\n", 1)[0]


def alike(answer: EventAnswer) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Events that a consumer can use as well: others of the same form."""
    event = answer.event
    for role in (FieldRole.ORDER, FieldRole.KEY):
        if role in answer.roles:
            at = answer.roles[role]
            yield f"another {role}", tuple(changed(event, at, other) for other in others(answer.value(role)))
    if FieldRole.TIME in answer.roles and is_time(answer.value(FieldRole.TIME)):
        at = answer.roles[FieldRole.TIME]
        yield "another time", tuple(changed(event, at, other) for other in moments(answer.value(FieldRole.TIME)))


_FILLED_IN: Mapping[FieldRole, Any] = {
    FieldRole.TYPE: TYPE, FieldRole.KEY: "7b1f6f0e-3a52-4f0e-8a55-0d7a0a6f2f10", FieldRole.ORDER: "4711", FieldRole.TIME: "2026-03-02T10:15:00Z",
    FieldRole.VERSION: 1,
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
        elif (role is FieldRole.TYPE and type_problem(answer)) or (role is FieldRole.TIME and time_problem(answer)):
            event = changed(event, at, good)
    return replace(answer, event=event, roles=recognised(event))
