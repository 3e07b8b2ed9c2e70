"""Other values in the form of a learner's own value: another id, another moment, with the smallest change.

A strict schema may require six digits, capitals, or a UUID of version 7, so the form must not change: not the prefix,
the length, the leading digit, or the version digit of a UUID.
"""

from __future__ import annotations

import re
import string
from datetime import datetime, timedelta
from typing import Any

_UUID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]+")
_SIGNS = re.compile(r"[0-9A-Za-z]")
_CLASSES = ("123456789", "abcdef", "ABCDEF", string.ascii_lowercase, string.ascii_uppercase)
"""Classes of interchangeable characters: hexadecimal ones stay hexadecimal. Zero isn't used, because it might lead."""

_NEARBY = (timedelta(seconds=1), timedelta(minutes=-1), timedelta(hours=1), timedelta(days=1))
_TO_THE_SECOND = len("2026-03-02T10:15:00")


def others(value: Any) -> tuple[Any, ...]:
    """Return other ids of the same form; for a value that isn't an id, plain ids, which a schema should accept as well."""
    if isinstance(value, str) and value:
        return _texts(value)
    if isinstance(value, int) and not isinstance(value, bool):
        # Neighbors above and below: above 9, or below 10, the number of digits may change.
        near = (value + step for step in (1, 2, -1, -2, 10, 20, 100, 200))
        return tuple(one for one in near if (one > 0) == (value > 0))
    return ("4711", "4712")


def _texts(text: str) -> tuple[str, ...]:
    if uuids := list(_UUID.finditer(text)):
        return _with_other_sign(text, uuids[-1].end() - 1)
    numbers = list(_DIGITS.finditer(text))
    signs = list(_SIGNS.finditer(text))
    places = {signs[-1].start()} if signs else set()
    if numbers:
        places.add(max(numbers, key=lambda run: (len(run[0]), run.start())).end() - 1)
    return tuple(one for place in sorted(places) for one in _with_other_sign(text, place)) or (f"{text}1", f"{text}2")


def _with_other_sign(text: str, place: int) -> tuple[str, ...]:
    now = text[place]
    alike = "123456789" if now == "0" else next(signs for signs in _CLASSES if now in signs)
    at = alike.find(now)
    # The nearest first, without wrapping around: after 9 comes 8, not 1.
    near = sorted((sign for sign in alike if sign != now), key=lambda sign: abs(alike.index(sign) - at))
    return tuple(text[:place] + sign + text[place + 1 :] for sign in near[:3])


def moments(written: str) -> tuple[str, ...]:
    """Return nearby moments in the same notation: as many decimals of a second, the same suffix for UTC."""
    moment, rest = datetime.fromisoformat(written[:_TO_THE_SECOND]), written[_TO_THE_SECOND:]
    away = _NEARBY if moment.year < datetime.max.year else tuple(-step for step in _NEARBY if step > timedelta())
    return tuple((moment + step).isoformat() + rest for step in away if (moment.year > 1) or step > timedelta())
