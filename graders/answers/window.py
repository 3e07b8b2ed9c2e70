"""A weekly time as people write it: ``Tue 02:00-04:00 UTC``, ``Tuesday 2am to 4am``, or the schedule of a CronJob."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cluster.limits import LABEL_CHARACTERS
from graders.answers.denied import unsure

HOUR, MINUTE = 3600.0, 60.0
NOON = 12
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = re.compile(r"\b(mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:days?)?\b:?")
_TIME = re.compile(r"(?<![0-9:])([0-9]{1,2})(?:[:.h]?([0-9]{2}))?(?::00)?\s*(am|pm|h\b|z\b)?(?![0-9:])")
_CRON = re.compile(r"([0-9]{1,2}) ([0-9]{1,2}) \* \* ([0-7]|mon|tue|wed|thu|fri|sat|sun)")
_RANGE = re.compile(r"(?<=[0-9mhz])\s*-\s*(?=[0-9mtwfs])")
_ZONE = re.compile(
    r"\b(?:utc|gmt)\s*[+-]\s*[0-9]{1,2}(?::?[0-9]{2})?|\s\+[0-9]{1,2}(?::?[0-9]{2})?$|\b[a-z]+/[a-z_]+\b"
    r"|\b(?:utc|gmt|z|zulu|cest|cet|eest|eet|est|edt|cst|cdt|mst|mdt|pst|pdt|bst|ist|jst|msk|local)\b|(?<=[0-9])z\b"
)
_UTC = re.compile(r"(?:utc|gmt|z|zulu|etc/utc)?(?:\s*[+-]\s*0{1,2}(?::?00)?)?")
_SELDOM = re.compile(r"\b(?:first|second|third|fourth|last|other|month|monthly|quarter|quarterly)\b")
_WORDS = frozenset((
    "am", "pm", "at", "on", "from", "to", "till", "until", "through", "and", "every", "each", "weekly", "week", "night", "nights",
    "nightly", "morning", "mornings", "early", "the", "in", "of", "clock", "between", "hour", "hours", "quiet", "time", "window",
    "maintenance", "only", "always", "start", "starts", "end", "ends", "begin", "begins", "patch", "patching", "patches",
))  # fmt: skip
_PARTS = ("day", "weekday", "from", "start", "begin", "to", "end", "until", "timezone", "timeZone", "zone", "tz")


@dataclass(frozen=True, slots=True)
class Window:
    """Days of the week, Monday is 0; ``begin`` and ``end`` in seconds since midnight, ``end`` none where none is named."""

    weekdays: tuple[int, ...]
    begin: float
    end: float | None = None
    utc: bool = True


def window(written: Any) -> Window | None:
    """The weekly time that is meant, in UTC unless another clock is named; None for what says none."""
    if isinstance(written, list) and len(written) == 1:
        written = written[0]
    if isinstance(written, dict):
        written = " ".join(f"{written[part]}" for part in _PARTS if isinstance(written.get(part), (str, int)))
    if not isinstance(written, str):
        return None
    text = " ".join(written.casefold()[:LABEL_CHARACTERS].replace("–", "-").replace("—", "-").split())
    if cron := _CRON.fullmatch(text):
        return Window((_weekday(cron[3]),), int(cron[2]) * HOUR + int(cron[1]) * MINUTE)
    if unsure(text) or _SELDOM.search(text):
        return None
    text = re.sub(r"\bfor\b.*", "", _RANGE.sub(" to ", text))
    days = tuple(dict.fromkeys(_weekday(day[1]) for day in _DAY.finditer(text)))
    zones = {zone[0].strip() for zone in _ZONE.finditer(_DAY.sub(" ", text))}
    bare = _ZONE.sub(" ", _DAY.sub(" ", text))
    # A word that is no time's may be a place's: without UTC beside it nobody can tell whose clock is meant.
    if not zones and set(re.findall(r"[a-z]{2,}", bare)) - _WORDS:
        zones = {"somebody's"}
    times = [_seconds(*time.groups()) for time in _TIME.finditer(bare)]
    if not days or not 1 <= len(times) <= 2 or None in times:  # noqa: PLR2004  a beginning, and maybe an end
        return None
    begin, *rest = (time for time in times if time is not None)
    return Window(days, begin, rest[0] if rest else None, all(map(_UTC.fullmatch, zones)))


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
