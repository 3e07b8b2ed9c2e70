"""Cron schedules and time zones.

Source: ParseStandard of github.com/robfig/cron v3, which the API server calls, and validateTimeZone in
pkg/apis/batch/validation/validation.go. Zones are named as in the IANA database, with exact case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cluster.manifests.go_text import quoted

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS: tuple[tuple[int, int, Mapping[str, int]], ...] = (
    (0, 59, {}), (0, 23, {}), (1, 31, {}), (1, 12, {name: number for number, name in enumerate(_MONTHS, 1)}),
    (0, 6, {name: number for number, name in enumerate(_DAYS)}),
)  # fmt: skip
_DESCRIPTORS = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}  # fmt: skip
_EVERY = "@every "
_ZONES = Path(__file__).with_name("zones.txt")
_ZONE_PART = re.compile(r"[A-Za-z.\-_0-9+]{1,14}")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DURATION_PART = re.compile(r"([0-9]*)(\.[0-9]*)?([^0-9.]*)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_LARGEST = 2**63 - 1


class CronError(ValueError):
    """A text that isn't a schedule; the message is the parser's complaint."""


@dataclass(frozen=True, slots=True)
class CronField:
    """One of the five fields: its allowed values, and whether it was written with a star (or ``?``)."""

    values: frozenset[int]
    star: bool


@dataclass(frozen=True, slots=True)
class WrittenSchedule:
    """A written schedule: minute, hour, day of the month, month, day of the week (0 is Sunday).

    For ``@every`` the field ``every`` has the seconds between two runs instead. ``zone`` is that of a ``TZ=`` prefix,
    which the parser accepts and the API server refuses.
    """

    fields: tuple[CronField, ...] = ()
    every: float = 0.0
    zone: str = ""


def read_schedule(schedule: str) -> WrittenSchedule:
    """Parse a schedule. Raises CronError in the parser's words."""
    zone, text = _split_zone(schedule)
    if text.startswith(_EVERY):
        return WrittenSchedule(every=_every(text), zone=zone)
    if text.startswith("@") and text not in _DESCRIPTORS:
        raise CronError(f"unrecognized descriptor: {text}")
    return WrittenSchedule(_five_fields(_DESCRIPTORS.get(text, text)), zone=zone)


def schedule_complaint(schedule: str) -> str:
    """Return the complaint of the server's cron parser about a schedule; empty if it is valid."""
    try:
        read_schedule(schedule)
    except CronError as error:
        return str(error)
    return ""


def zone_complaints(zone: str) -> list[str]:
    """Return the complaints of validateTimeZone about a time zone."""
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
    """Return the time zone with this name in any case, or ""."""
    folded = name.strip().lower().replace(" ", "_")
    return next((zone for zone in _zones() if zone.lower() == folded), "")


@cache
def _zones() -> frozenset[str]:
    return frozenset(_ZONES.read_text(encoding="utf-8").split())


def _split_zone(schedule: str) -> tuple[str, str]:
    if not schedule.startswith(("TZ=", "CRON_TZ=")):
        return "", schedule
    zone, space, rest = schedule.partition("=")[2].partition(" ")
    if space and not is_zone(zone):
        raise CronError(f"provided bad location {zone}: unknown time zone {zone}")
    return zone, rest.strip()


def _every(text: str) -> float:
    written = text.removeprefix(_EVERY)
    if complaint := _duration_complaint(written):
        raise CronError(f"failed to parse duration {text}: {complaint}")
    return _seconds(written)


def _five_fields(text: str) -> tuple[CronField, ...]:
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise CronError(f"expected exactly {len(_FIELDS)} fields, found {len(fields)}: [{' '.join(fields)}]")
    return tuple(_field(field, *bounds) for field, bounds in zip(fields, _FIELDS, strict=True))


def _field(written: str, low: int, high: int, named: Mapping[str, int]) -> CronField:
    values: set[int] = set()
    star = False
    for expression in filter(None, written.split(",")):
        found = _range(expression, low, high, named)
        values.update(found)
        # A star with a step counts as a list: it no longer means “any day”.
        star = star or (expression.startswith(("*", "?")) and found.step == 1)
    return CronField(frozenset(values), star)


def _range(expression: str, low: int, high: int, named: Mapping[str, int]) -> range:
    span, *steps = expression.split("/")
    first, *rest = span.split("-")
    if first in ("*", "?"):
        start, end = low, high
    else:
        start = _number(first, named)
        if len(rest) > 1:
            raise CronError(f"too many hyphens: {expression}")
        end = _number(rest[0], named) if rest else start
    step = 1
    if len(steps) > 1:
        raise CronError(f"too many slashes: {expression}")
    if steps:
        step = _number(steps[0], {})
        end = end if rest else high
    if start < low:
        raise CronError(f"beginning of range ({start}) below minimum ({low}): {expression}")
    if end > high:
        raise CronError(f"end of range ({end}) above maximum ({high}): {expression}")
    if start > end:
        raise CronError(f"beginning of range ({start}) beyond end of range ({end}): {expression}")
    if step == 0:
        raise CronError(f"step of range should be a positive number: {expression}")
    return range(start, end + 1, step)


def _number(text: str, named: Mapping[str, int]) -> int:
    if text.lower() in named:
        return named[text.lower()]
    if not _INTEGER.fullmatch(text):
        raise CronError(f"failed to parse int from {text}: strconv.Atoi: parsing {quoted(text)}: invalid syntax")
    if len(text) > len(str(_LARGEST)) or int(text) > _LARGEST:
        raise CronError(f"failed to parse int from {text}: strconv.Atoi: parsing {quoted(text)}: value out of range")
    if int(text) < 0:
        raise CronError(f"negative number ({int(text)}) not allowed: {text}")
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


def _seconds(duration: str) -> float:
    """Return the length of a valid duration, in seconds."""
    bare = duration.lstrip("+-")
    total = 0.0
    while bare and bare != "0":
        match = _DURATION_PART.match(bare)
        assert match is not None  # noqa: S101  for the type checker: there is no complaint
        total += float(f"{match[1] or 0}{match[2] or ''}") * _UNITS[match[3]]
        bare = bare[match.end() :]
    return -total if duration.startswith("-") else total
