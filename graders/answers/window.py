"""A weekly time as people write it: ``Tue 02:00-04:00 UTC``, ``Tuesday 2am to 4am``, or the schedule of a CronJob."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from graders.answers.figures import duration
from graders.answers.phrase import NOTHING, alone, plain, spelled, without

DAY, HOUR, MINUTE = 86_400.0, 3600.0, 60.0
NOON = 12
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = re.compile(r"\b(mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:days?)?\b:?")
_TIME = re.compile(r"(?<![0-9:])([0-9]{1,2})(?:[:.h]?([0-9]{2}))?(?::00)?\s*(am|pm|h\b|z\b)?(?![0-9:])")
_CRON = re.compile(r"([0-5]?[0-9]) ([01]?[0-9]|2[0-3]) \* \* ([0-7]|mon|tue|wed|thu|fri|sat|sun)")
_RANGE = re.compile(r"(?<=[0-9mhzc])\s*-\s*(?=[0-9mtwfs])")
_LASTING = re.compile(r" for ((?:[0-9.]+|one|two|an?) ?[a-z]+)$")
_OFFSET = re.compile(r"(?:(?:utc|gmt) ?(?:([+±]) ?|(-))|(?<=\s)(\+))([0-9]{1,2})(?::?([0-9]{2}))?(?![0-9:])")
_ZONE = re.compile(r"(?<![\w/])[a-z]+/[a-z_]+\b|(?:\b|(?<=[0-9]))[a-z]{1,5}\b(?: time\b)?")
_AHEAD = {
    "utc": 0, "gmt": 0, "z": 0, "zulu": 0, "etc/utc": 0, "wet": 0, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3,
    "jst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "est": -5, "edt": -4, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
"""Hours by which a clock is ahead of UTC all year round."""

_OTHERS = frozenset(("bst", "ist", "cst", "cdt", "local", "local time"))
"""Clocks that may be any: two countries have one of that name. So have those of a place, which change with the season."""

_UTC_NAMED = re.compile(r"\b(?:utc|gmt)\b|[0-9]z\b")
_BESIDE = (
    r"every|each|on|from|between|and|to|until|till|at|nights?|mornings?|early|weekly|week|only|the|window|time|in|utc"
)
_PARTS = ("day", "weekday", "from", "start", "begin", "to", "end", "until", "timezone", "timeZone", "zone", "tz")


@dataclass(frozen=True, slots=True)
class Window:
    """Days of the week, Monday is 0; ``begin`` and ``end`` in seconds since midnight, ``end`` none where none is named.

    They are by a clock that is ``ahead`` of UTC by so many seconds; none where nobody can tell how far it is.
    """

    weekdays: tuple[int, ...]
    begin: float
    end: float | None = None
    ahead: float | None = 0.0

    @property
    def utc(self) -> bool:
        """Whether it is written by UTC's clock."""
        return self.ahead == 0

    def in_utc(self) -> Window | None:
        """The same time by UTC's clock, on the day on which it begins there; None where nobody can tell."""
        if self.ahead is None:
            return None
        days, begin = divmod(self.begin - self.ahead, DAY)
        end = None if self.end is None else self.end - self.ahead - days * DAY
        return Window(tuple((day + int(days)) % 7 for day in self.weekdays), begin, end)


def window(written: Any) -> Window | None:
    """The weekly time that is meant, in UTC unless another clock is named; None for what says none.

    A phrase of which a word isn't understood says none: “not on Tuesdays” isn't Tuesday.
    """
    written = alone(written)
    if isinstance(written, dict):
        written = " ".join(spelled(written.get(part)) for part in _PARTS)
    if not isinstance(written, str):
        return None
    written = re.sub(r"(?<=[ 0-9][AaPp])\.[Mm]\.", "m", written.replace("–", "-").replace("—", "-"))
    opened = plain(written.replace("(", " ").replace(")", " "))
    # What stands in parentheses may be a clock; it is a comment only where another clock is named outside.
    closed = plain(written)
    return _read(opened) or (_read(closed) if _UTC_NAMED.search(closed) else None)


def _read(text: str) -> Window | None:
    if cron := _CRON.fullmatch(text):
        return Window((_weekday(cron[3]),), int(cron[2]) * HOUR + int(cron[1]) * MINUTE)
    text, lasting = _without_length(text)
    days = tuple(dict.fromkeys(_weekday(day[1]) for day in _DAY.finditer(text)))
    text, ahead = _without_clock(_DAY.sub(" ", text))
    text = _RANGE.sub(" to ", text)
    times = [_seconds(*time.groups()) for time in _TIME.finditer(text)]
    rest = without(re.sub(r"[,;.]| -(?= |$)", " ", _TIME.sub(" ", text)), _BESIDE)
    if rest or not days or not 1 <= len(times) <= 2 or None in times:  # noqa: PLR2004  a beginning, and maybe an end
        return None
    begin, *ends = (time for time in times if time is not None)
    if lasting is not None:
        ends.append(begin + lasting)
    return Window(days, begin, ends[0] if ends else None, ahead) if len(ends) <= 1 else None


def _without_length(text: str) -> tuple[str, float | None]:
    """A text without the words for how long the window is, and how long that is."""
    if (said := _LASTING.search(text)) and (length := duration(said[1], NOTHING)) is not None:
        return text[: said.start()], length
    return text, None


def _without_clock(text: str) -> tuple[str, float | None]:
    """A text without the words for a clock, and how far that is ahead of UTC: not at all where none is named."""
    named: set[float | None] = set()

    def offset(said: re.Match[str]) -> str:
        ahead = int(said[4]) * HOUR + int(said[5] or 0) * MINUTE
        named.add(-ahead if said[2] else ahead)
        return " "

    def zone(said: re.Match[str]) -> str:
        name = said[0].strip()
        if name in _AHEAD or (name := name.removesuffix(" time")) in _AHEAD:
            named.add(_AHEAD[name] * HOUR)
        elif name in _OTHERS or "/" in name:
            named.add(None)
        else:
            return said[0]
        return " "

    text = _ZONE.sub(zone, _OFFSET.sub(offset, text))
    return text, named.pop() if len(named) == 1 else 0.0 if not named else None


def _weekday(said: str) -> int:
    """The number of a day: by its name, or as cron counts, where 0 and 7 are Sunday."""
    if said.isdigit():
        return (int(said) - 1) % 7
    return next(number for number, day in enumerate(DAYS) if day.startswith(said[:3]))


def _seconds(hour: str, minute: str | None, suffix: str | None) -> float | None:
    hours, minutes = int(hour), int(minute or 0)
    if suffix in ("am", "pm"):
        hours = hours % NOON + (NOON if suffix == "pm" else 0)
    return hours * HOUR + minutes * MINUTE if hours <= 24 and minutes < 60 else None  # noqa: PLR2004  a day's
