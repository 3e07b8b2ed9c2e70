"""Test a learner's schema with events that are made from the learner's own: good ones, bad ones, and a newer one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import jsonschema_rs

from cluster import Cluster
from cluster.manifests.documents import Path
from cluster.text.names import nearest
from graders.application_platform.exercises.event.broken import Broken, Lacks, broken, newer, next_versions
from graders.application_platform.exercises.event.fields import TYPE, is_time, time_problem, type_problem
from graders.application_platform.exercises.event.learner_schema import UnusableError, Usable, usable
from graders.application_platform.exercises.event.reading import (
    NAMES,
    EventAnswer,
    FieldRole,
    changed,
    dotted,
    folded,
    recognized,
    within,
    without,
)
from graders.application_platform.exercises.event.schema_slips import (
    described,
    relaxed,
    type_meant,
    usable_again,
)
from graders.application_platform.exercises.event.variants import moments, others
from graders.reading.text import shown

PATTERN_BYTES = 1024 * 1024
"""The most bytes of a compiled pattern; patterns are matched in linear time."""

ENOUGH_OTHERS = 2
"""The number of other values of a form that a schema must accept. It may require more than one example shows, so not all need
to pass; a schema that lists only the one value accepts none of them."""

_VALIDATORS: Mapping[str, Any] = {
    "draft-04": jsonschema_rs.Draft4Validator,
    "draft-06": jsonschema_rs.Draft6Validator,
    "draft-07": jsonschema_rs.Draft7Validator,
    "2019-09": jsonschema_rs.Draft201909Validator,
    "2020-12": jsonschema_rs.Draft202012Validator,
}
_WAY = "Write a JSON schema under “schema:”: type, required, properties."
_BESIDE = "Write “required” once, beside “properties”, with a list of the required fields."
_MOST_SLIPS = 8
"""The most slips of one schema that are corrected."""
_MOST_FORGIVEN = 2
"""The most fields with slips; a schema with more is not tested further."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """A schema's result for one event: ``what`` describes the event, ``refused`` is the reason, empty if it was accepted.

    ``lacks`` is what the schema lacks if it accepts a bad event. ``by`` is the path of the keyword that refused it,
    ``field`` the event's field; ``absent`` is a missing field, ``near`` a similar one that exists.
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
    """A schema's results for good events, bad ones, newer ones, and later versions.

    ``trouble`` is why it can't be used at all, ``way`` the next step, and ``at`` the path in the schema; ``remarks`` name
    the parts that weren't tested, and ``misspelled`` the unknown formats, each with the most similar one. ``version`` is the
    path of the events' version. ``mended`` says that a slip was corrected before the events after the first were tested.
    """

    trouble: str
    way: str = ""
    good: tuple[TrialResult, ...] = ()
    bad: tuple[TrialResult, ...] = ()
    newer: tuple[TrialResult, ...] = ()
    versions: tuple[TrialResult, ...] = ()
    remarks: tuple[str, ...] = ()
    misspelled: tuple[tuple[str, str], ...] = ()
    at: Path = ()
    version: Path = ()
    mended: bool = False


def observe(answer: EventAnswer, _world: Cluster, _so_far: object = None) -> EventEvidence:
    """Test the learner's schema with events that are made from the learner's own.

    A slip that makes it unusable, or refuses that event, is recorded, and the rest is tested with the slip corrected.
    """
    said = EventEvidence("") if isinstance(answer.schema, (dict, bool)) else EventEvidence(*_no_schema(answer))
    if said.trouble:
        below = answer.event.get("schema")
        if answer.schema is not None or not isinstance(below, dict):
            return said
        answer = replace(
            answer, schema=below, event=(event := without(answer.event, ("schema",))), roles=recognized(event)
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
    said = replace(said, remarks=fit.remarks, misspelled=fit.misspelled, mended=bool(said.trouble))
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
    """Whether the property belongs to a field whose slip cost points already, unless it is about a required field."""
    return claim.at in slipped and claim.lacks is not Lacks.REQUIRED


def _mended(fit: Usable, error: UnusableError) -> Usable:
    """Return the schema with each invalid keyword corrected. Raises UnusableError if one can't be corrected."""
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
    """Return the closest schema that accepts an event, and the fields for which it is now less strict."""
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
    """Return the schema's result for the learner's event, and the event from which others are made.

    A schema may refuse an event whose mistake costs points in another criterion. The event is then tested again with each
    field corrected.
    """
    own = _tried(validator, "your own event", (answer.event,))
    if not own.refused:
        return own, answer
    better = completed(answer)
    if better.event == answer.event:
        return own, answer
    if validator.is_valid(better.event):
        return TrialResult("your own event, with its mistakes corrected"), better
    return _tried(validator, "your own event", (better.event,)), better


def _let_through(validator: Any, claim: Broken) -> TrialResult:
    """Return the first bad event that the schema accepts, or a refusal of all."""
    through = next((what for what, event in claim.events if validator.is_valid(event)), None)
    if through is None:
        return TrialResult(claim.events[0][0], "refused")
    return TrialResult(through, lacks=claim.lacks, field=claim.at)


def _validator(fit: Usable) -> Any:
    """Compile the schema. Raises UnusableError if it isn't a valid schema."""
    options = jsonschema_rs.RegexOptions(size_limit=PATTERN_BYTES, dfa_size_limit=PATTERN_BYTES)
    try:
        return _VALIDATORS[fit.draft.name](fit.schema, validate_formats=True, pattern_options=options, offline=True)
    except jsonschema_rs.ValidationError as error:
        if error.instance_path and error.instance_path[-1] == "pattern":
            raise UnusableError(
                f"the pattern {shown(error.instance, 60)} isn't a regular expression, or repeats too often",
                "Test it separately; for the length of a text, use minLength and maxLength.",
            ) from error
        raise _misused(error) from error
    except ValueError as error:  # the library's error for a schema that can't be compiled
        raise UnusableError(f"it can't be used: {shown(_first_line(error), 120)}", _WAY) from error


def _no_schema(answer: EventAnswer) -> tuple[str, str]:
    """Return the problem with a missing schema, and the next step."""
    if answer.schema is not None:
        return "“schema:” has no fields", _WAY
    if isinstance(answer.event.get("schema"), dict):
        return "“schema:” is below “event:”", "Begin “schema:” in the first column, like “event:”."
    return "“schema:” is missing", _WAY


def _misused(error: jsonschema_rs.ValidationError) -> UnusableError:
    """Return the error for an invalid schema, by the keyword with the invalid value."""
    at = tuple(error.instance_path)
    keyword, written = (str(at[-1]), error.instance) if at else ("", None)
    where = f" ({shown(dotted(at), 60)})"
    among_fields = at[-2:-1] == ("properties",)
    if among_fields and keyword == "required" and isinstance(written, list):
        return UnusableError(f"“required” is among the fields{where}", "Put it beside “properties”, not below it.", at)
    if among_fields or keyword == "properties":
        return UnusableError(
            f"“{shown(written, 40)}” doesn't describe a field{where}",
            "Below “properties”, write the fields' names, and below each name its type: type: string.",
            at,
        )
    if keyword == "type" and isinstance(written, dict):
        return UnusableError(
            f"“type” has fields below it{where}",
            "Put a field with the name type below “properties”, like all others.",
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
            f"“required” must be a list of names, but “{shown(written, 40)}” isn't a list{where}",
            "Write the names in brackets, with a comma between two of them.",
            at,
        )
    return UnusableError(f"it can't be used: {shown(_first_line(error), 120)}{where if at else ''}", _WAY, at)


def _tried(validator: Any, what: str, events: tuple[Any, ...], enough: int = ENOUGH_OTHERS) -> TrialResult:
    """Return the result for an event, or for several of a kind, of which ``enough`` must be accepted."""
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
    """Return the reason for a refusal, with its keyword and its field."""
    by, field = tuple(error.schema_path), tuple(error.instance_path)
    named = dotted(field)
    if by[-1:] in (("additionalProperties",), ("unevaluatedProperties",)):
        return TrialResult(what, f"{by[-1]}: false forbids what the schema doesn't list", by=by, field=field)
    if by[-1:] == ("required",) and isinstance(absent := getattr(error.kind, "property", None), str):
        holder = within(event, field)
        near = (nearest(absent, holder) if isinstance(holder, dict) else None) or ""
        inside = f" in {named}" if named else ""
        said = f"“{absent}” is required{inside}, but the event doesn't have that field"
        return TrialResult(what, said, by=by, field=field, absent=absent, near=near)
    said = f"{named}: {_first_line(error)}" if named else _EVENT.sub("the event ", _first_line(error), count=1)
    return TrialResult(what, said, by=by, field=field)


_EVENT = re.compile(r"\A\{.*?\} (?=(?:is|does|has) )")
"""The whole event at the beginning of a message, which is too long to show."""


def _first_line(error: Exception) -> str:
    return str(getattr(error, "message", error)).split("\n", 1)[0]


def alike(answer: EventAnswer) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield other good events of the same form."""
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
    """Return the answer with a corrected event: missing required fields, and a wrong type or time."""
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
    return replace(answer, event=event, roles=recognized(event))
