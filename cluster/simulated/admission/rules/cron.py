"""Cron schedules and time zones.

Source: ParseStandard of github.com/robfig/cron v3, which the API server calls, and validateTimeZone in
pkg/apis/batch/validation/validation.go. The names of zones are those of the IANA database, in their own case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from cluster.simulated.admission.problems import quoted

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS: tuple[tuple[int, int, Mapping[str, int]], ...] = (
    (0, 59, {}), (0, 23, {}), (1, 31, {}), (1, 12, {name: number for number, name in enumerate(_MONTHS, 1)}),
    (0, 6, {name: number for number, name in enumerate(_DAYS)}),
)  # fmt: skip
_DESCRIPTORS = frozenset(("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"))
_EVERY = "@every "
_ZONES = Path(__file__).parent.with_name("zones.txt")
_ZONE_PART = re.compile(r"[A-Za-z.\-_0-9+]{1,14}")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DURATION_PART = re.compile(r"([0-9]*)(\.[0-9]*)?([^0-9.]*)")
_UNITS = ("ns", "us", "µs", "μs", "ms", "s", "m", "h")
_LARGEST = 2**63 - 1


def schedule_complaint(schedule: str) -> str:
    """What the server's cron parser says of a schedule; empty when it is right."""
    try:
        text = _without_zone(schedule)
        if text.startswith("@"):
            _descriptor(text)
        else:
            _five_fields(text)
    except _CronError as error:
        return str(error)
    return ""


def zone_complaints(zone: str) -> list[str]:
    """What validateTimeZone says of a time zone."""
    if not zone:
        return ["timeZone must be nil or non-empty string"]
    unknown = f"unknown time zone {zone}"
    for part in zone.split("/"):
        if part in (".", "..") or part.startswith("-") or not _ZONE_PART.fullmatch(part):
            return [unknown]
    if zone.lower() == "local":
        local = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"
        return [local] if zone == "Local" else [local, unknown]
    return [] if is_zone(zone) else [unknown]


def is_zone(name: str) -> bool:
    """Whether Go's time.LoadLocation finds the zone."""
    return name in ("", "UTC", "Local") or name in _zones()


def zone_named(name: str) -> str:
    """The zone of this name in whatever case; empty where there is none."""
    folded = name.strip().lower().replace(" ", "_")
    return next((zone for zone in _zones() if zone.lower() == folded), "")


@cache
def _zones() -> frozenset[str]:
    return frozenset(_ZONES.read_text(encoding="utf-8").split())


class _CronError(ValueError):
    """The parser's complaint."""


def _without_zone(schedule: str) -> str:
    if not schedule.startswith(("TZ=", "CRON_TZ=")):
        return schedule
    zone, space, rest = schedule.partition("=")[2].partition(" ")
    if space and not is_zone(zone):
        raise _CronError(f"provided bad location {zone}: unknown time zone {zone}")
    return rest.strip()


def _descriptor(text: str) -> None:
    if text in _DESCRIPTORS:
        return
    if not text.startswith(_EVERY):
        raise _CronError(f"unrecognized descriptor: {text}")
    complaint = _duration_complaint(text.removeprefix(_EVERY))
    if complaint:
        raise _CronError(f"failed to parse duration {text}: {complaint}")


def _five_fields(text: str) -> None:
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise _CronError(f"expected exactly {len(_FIELDS)} fields, found {len(fields)}: [{' '.join(fields)}]")
    for field, bounds in zip(fields, _FIELDS, strict=True):
        for expression in filter(None, field.split(",")):
            _range(expression, *bounds)


def _range(expression: str, low: int, high: int, named: Mapping[str, int]) -> None:
    span, *steps = expression.split("/")
    first, *rest = span.split("-")
    if first in ("*", "?"):
        start, end = low, high
    else:
        start = _number(first, named)
        if len(rest) > 1:
            raise _CronError(f"too many hyphens: {expression}")
        end = _number(rest[0], named) if rest else start
    step = 1
    if len(steps) > 1:
        raise _CronError(f"too many slashes: {expression}")
    if steps:
        step = _number(steps[0], {})
        end = end if rest else high
    if start < low:
        raise _CronError(f"beginning of range ({start}) below minimum ({low}): {expression}")
    if end > high:
        raise _CronError(f"end of range ({end}) above maximum ({high}): {expression}")
    if start > end:
        raise _CronError(f"beginning of range ({start}) beyond end of range ({end}): {expression}")
    if step == 0:
        raise _CronError(f"step of range should be a positive number: {expression}")


def _number(text: str, named: Mapping[str, int]) -> int:
    if text.lower() in named:
        return named[text.lower()]
    if not _INTEGER.fullmatch(text):
        raise _CronError(f"failed to parse int from {text}: strconv.Atoi: parsing {quoted(text)}: invalid syntax")
    if len(text) > len(str(_LARGEST)) or int(text) > _LARGEST:
        raise _CronError(f"failed to parse int from {text}: strconv.Atoi: parsing {quoted(text)}: value out of range")
    if int(text) < 0:
        raise _CronError(f"negative number ({int(text)}) not allowed: {text}")
    return int(text)


def _duration_complaint(text: str) -> str:
    """Go's time.ParseDuration."""
    bare = text[1:] if text[:1] in ("+", "-") else text
    if bare == "0":
        return ""
    wrong = f"time: invalid duration {quoted(text)}"
    if not bare:
        return wrong
    while bare:
        match = _DURATION_PART.match(bare)
        if match is None or not (match[1] or (match[2] or "").strip(".")):
            return wrong
        unit = match[3]
        if not unit:
            return f"time: missing unit in duration {quoted(text)}"
        if unit not in _UNITS:
            return f"time: unknown unit {quoted(unit)} in duration {quoted(text)}"
        bare = bare[match.end() :]
    return ""
