"""Events that no consumer can use, made from a learner's own: each claim about a good event, broken in several ways.

The ways differ from answer to answer, by the answer's own text: a schema that only forbids the bad values that its
author has seen lets others through. The same answer always meets the same ones.
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
"""What each consumer relies on: an event without one of them is a bad one."""

FURTHER = 7
"""How many versions further a schema has to reach: one that lists the next two is a list that somebody has to keep."""

_ENVELOPES = frozenset(("specversion", "dataschema", "schema"))
"""Names of fields that say how an event is wrapped, or where its schema is, and not which version it is of."""

_DIGITS = re.compile(r"[0-9]{1,12}")


class Lacks(StrEnum):
    """What a schema lacks that lets such an event through."""

    REQUIRED = "required"
    TYPE = "type"
    CONSTANT = "constant"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Broken:
    """A claim that is broken: what the schema lacks that accepts one of the events; each with a few words for it.

    ``at`` is the field of the event that the claim is about, empty for the event as a whole.
    """

    lacks: Lacks
    events: tuple[tuple[str, Any], ...]
    at: Path = ()


def broken(answer: EventAnswer) -> Iterator[Broken]:
    """The claims about a good event, each broken; of the roles that the event has."""
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
    """What next year's producer sends: the same, and one field more, at the top and where the order's fields are."""
    name = f"{_word(_chance(answer))}_channel"
    yield f"next year's event, with one field more (“{name}”),", {**answer.event, name: "app"}
    if len(answer.roles.get(FieldRole.ORDER, ())) > 1:
        inside = str(answer.roles[FieldRole.ORDER][0])
        yield (
            f"next year's event, with one field more in {inside} (“{name}”),",
            {**answer.event, inside: {**answer.event[inside], name: "app"}},
        )


def next_versions(answer: EventAnswer) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The next version of the event and a later one: what each is called, and the events that it may be.

    Of a version with several numbers any of them may be the one that grows.
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
            # A whole new version has noughts behind its first number: 2.0 after 1.4.
            begins = version.index(parts[0])
            behind = _DIGITS.sub("0", version[begins + len(parts[0]) : 100])
            yield version[:begins] + str(int(parts[0]) + step) + behind


def _chance(answer: EventAnswer) -> random.Random:
    return random.Random(hashlib.sha256(answer.document.source.encode("utf-8", "replace")).digest())  # noqa: S311  no secret


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
