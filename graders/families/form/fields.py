"""The types of a form's fields. Each reads one text as a value, or as None; it never guesses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cluster.text.names import normalize
from graders.reading.vocabulary import same

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
TIME: Mapping[str, float] = {"ms": 0.001, "s": 1.0, "min": MINUTE, "h": HOUR, "day": DAY, "days": DAY}
"""Units of time, in seconds."""

SIZE: Mapping[str, float] = {"MB": 1e6, "GB": 1e9, "TB": 1e12, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40}
"""Units of size, in bytes."""

CPU: Mapping[str, float] = {"m": 0.001, "core": 1.0, "cores": 1.0}
"""Units of processor capacity, in cores."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_AMOUNT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?([A-Za-z]{1,9})", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9}", re.ASCII)
_INTEGER = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_PATH = re.compile(r"/[A-Za-z0-9._~/-]{0,99}", re.ASCII)
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)


@dataclass(frozen=True, slots=True)
class FieldType:
    """A type of field: ``read`` converts a text into a value, or returns None if it doesn't understand it.

    ``form`` describes the format. The notebook prints it beside the field, and a finding says “write it as ...”.
    """

    form: str
    read: Callable[[str], Any]


def choice(*words: str) -> FieldType:
    """One of some words, as a text. Case, spaces and dashes don't matter."""
    return FieldType(f"one of {' · '.join(words)}", lambda written: same(written, words))


def amount(units: Mapping[str, float], example: str, bare: str = "") -> FieldType:
    """A number with one of some units, as a float in the unit whose factor is 1.

    ``bare`` is the unit of a number without a unit; if empty, such a number isn't understood.
    """
    factors = {unit.casefold(): factor for unit, factor in units.items()}

    def read(written: str) -> float | None:
        if bare and _NUMBER.fullmatch(written):
            return float(written)
        match = _AMOUNT.fullmatch(written)
        factor = factors.get(match[2].casefold()) if match else None
        return float(match[1]) * factor if match and factor else None

    form = f"a number and a unit ({' · '.join(units)}), such as {example}"
    return FieldType(f"a number of {bare}, or {form}" if bare else form, read)


def _matching(pattern: re.Pattern[str], value: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda written: value(written) if pattern.fullmatch(written) else None


def _clock(written: str) -> float | None:
    match = _CLOCK.fullmatch(written)
    if match is None:
        return None
    return int(match[1]) * HOUR + int(match[2]) * MINUTE if match[1] else DAY


def _weekday(written: str) -> int | None:
    named = normalize(written)
    return next((n for n, day in enumerate(WEEKDAYS) if named in (normalize(day), normalize(day[:3]))), None)


INTEGER = FieldType("a whole number, such as 12", _matching(_INTEGER, int))
"""An int from 0 to 999,999,999."""

PATH = FieldType("a path, such as /orders", _matching(_PATH, str))
"""A path of a URL, as a text."""

CLOCK = FieldType("a time from 00:00 to 24:00, such as 20:30", _clock)
"""A time of day, as seconds since midnight."""

WEEKDAY = FieldType(f"one of {' · '.join(day[:3] for day in WEEKDAYS)}", _weekday)
"""A day of the week, as a number: Monday is 0."""

WEEKLY: Mapping[str, FieldType] = {"day": WEEKDAY, "from": CLOCK, "to": CLOCK}
"""A weekly window, in three fields."""
