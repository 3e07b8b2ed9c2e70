"""Bad events, made from a learner's own event: each property of a good event is violated in several ways.

The violations depend on the text of the answer, so a schema that forbids only some bad values accepts others. The same
answer always gets the same events.
"""

from __future__ import annotations

import hashlib
import random
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cluster.manifests.documents import Path
from graders.application_platform.exercises.event.reading import (
    EventAnswer,
    FieldRole,
    changed,
    dotted,
    folded,
    without,
)

MUST = (FieldRole.TYPE, FieldRole.ORDER, FieldRole.TIME, FieldRole.KEY)
"""The fields that each consumer needs: an event without one of them is bad."""

FURTHER = 7
"""The number of versions that a schema must accept in advance; a list of the next two isn't enough."""

_ENVELOPES = frozenset(("specversion", "dataschema", "schema"))
"""Names of fields about an event's envelope or its schema, not its version."""

_DIGITS = re.compile(r"[0-9]{1,12}")


class Lacks(StrEnum):
    """What a schema lacks if it accepts such an event."""

    REQUIRED = "required"
    TYPE = "type"
    CONSTANT = "constant"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Broken:
    """A violated property: what a schema lacks if it accepts one of the events, each with a short description.

    ``at`` is the event's field, empty for the event as a whole.
    """

    lacks: Lacks
    events: tuple[tuple[str, Any], ...]
    at: Path = ()


def broken(answer: EventAnswer) -> Iterator[Broken]:
    """Yield each violated property of a good event, for the roles that the event has."""
    chance = _chance(answer)
    event = answer.event
    yield Broken(
        Lacks.REQUIRED, (("an empty event", {}), ("an event of other fields only", {_word(chance): _word(chance)}))
    )
    for role in MUST:
        if role in answer.roles:
            at = answer.roles[role]
            yield Broken(Lacks.REQUIRED, ((f"one without {dotted(at)}", without(event, at)),), at)
    for role, lacks, values in (
        (FieldRole.ORDER, Lacks.TYPE, _no_ids(chance)), (FieldRole.KEY, Lacks.TYPE, _no_ids(chance)),
        (FieldRole.TIME, Lacks.TIME, _no_times(chance)), (FieldRole.TIME, Lacks.TIME, _no_zones(chance)),
        (FieldRole.TYPE, Lacks.CONSTANT, _other_types(chance)),
    ):  # fmt: skip
        if role in answer.roles:
            at = answer.roles[role]
            yield Broken(
                lacks, tuple((f"{dotted(at)}: {said}", changed(event, at, value)) for said, value in values), at
            )


def newer(answer: EventAnswer) -> Iterator[tuple[str, Any]]:
    """Yield next year's events: the same with one additional field, at the top and beside the order's fields."""
    name = f"{_word(_chance(answer))}_channel"
    yield f"next year's event, with one more field (“{name}”),", {**answer.event, name: "app"}
    if len(answer.roles.get(FieldRole.ORDER, ())) > 1:
        inside = str(answer.roles[FieldRole.ORDER][0])
        yield (
            f"next year's event, with one more field in {inside} (“{name}”),",
            {**answer.event, inside: {**answer.event[inside], name: "app"}},
        )


def next_versions(answer: EventAnswer) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the next version of the event and a later one: a description, and the possible events.

    In a version with several numbers, any of them may grow.
    """
    at, version = answer.roles.get(FieldRole.VERSION), answer.value(FieldRole.VERSION)
    if at is None or folded(at[-1]) in _ENVELOPES or isinstance(version, bool):
        return
    for step, said in ((1, "the next version"), (FURTHER, "a later version")):
        values = tuple(dict.fromkeys(_further(version, step)))
        if values:
            yield f"{said} ({values[0]})", tuple(changed(answer.event, at, value) for value in values)


def _further(version: Any, step: int) -> Iterator[Any]:
    if isinstance(version, int | float):
        yield version + step
    elif isinstance(version, str):
        for number in list(_DIGITS.finditer(version[:100]))[:4]:
            grown = str(int(number[0]) + step).zfill(len(number[0]))
            yield version[: number.start()] + grown + version[number.end() :]
        if parts := _DIGITS.match(version.lstrip("vV")):
            # A new major version has zeros after its first number: 2.0 after 1.4.
            begins = version.index(parts[0])
            behind = _DIGITS.sub("0", version[begins + len(parts[0]) : 100])
            yield version[:begins] + str(int(parts[0]) + step) + behind


def _chance(answer: EventAnswer) -> random.Random:
    return random.Random(hashlib.sha256(answer.document.source.encode("utf-8", "replace")).digest())  # noqa: S311  not for secrets


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(string.ascii_lowercase, k=chance.randint(5, 8)))


def _no_ids(chance: random.Random) -> tuple[tuple[str, Any], ...]:
    number = chance.randint(2, 99)
    others: list[tuple[str, Any]] = [
        ("false", False),
        ("a list", [_word(chance)]),
        ("fields", {"id": number}),
        ("null", None),
    ]
    return (("true", True), *chance.sample(others, 3))


def _no_times(chance: random.Random) -> tuple[tuple[str, Any], ...]:
    day, month = chance.randint(13, 28), chance.randint(1, 12)
    texts = (
        "yesterday",
        f"{day}.{month}.2026",
        f"in {chance.randint(2, 90)} minutes",
        _word(chance),
        f"{_word(chance)}Z",
    )
    return (*((text, text) for text in texts), ("true", True))


def _no_zones(chance: random.Random) -> tuple[tuple[str, Any], ...]:
    day = f"{chance.randint(2020, 2035)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    time = f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02}"
    said = "a time without a zone"
    return ((said, "2026-03-02T10:00:00"), (said, f"{day}T{time}"), (said, f"{day}T{time}.{chance.randint(100, 999)}"))


def _other_types(chance: random.Random) -> tuple[tuple[str, Any], ...]:
    names = ("order.deleted", f"order.{_word(chance)}", f"{_word(chance)}.created", _word(chance))
    return tuple((name, name) for name in names)
