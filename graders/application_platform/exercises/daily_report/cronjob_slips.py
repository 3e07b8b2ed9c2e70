"""Slips in a CronJob that the API server refuses: the correction, the next step, and the hint ladder for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cluster.admission.response import Cause
from cluster.manifests.documents import Document, Path
from cluster.manifests.schedule import ScheduleError, read, runs
from graders.application_platform.exercises.daily_report.reading import POD, SPEC
from graders.application_platform.exercises.daily_report.runs import ASKED, BEFORE
from graders.families.manifest import mending
from graders.families.manifest.refusal_hints import Ladder, is_tight

SCHEDULE: Path = (*SPEC, "schedule")
ZONE: Path = (*SPEC, "timeZone")
_DUPLICATE, _MISTYPED = "FieldValueDuplicate", "FieldValueTypeInvalid"
_FIELDS = 5
_FEWEST = 2
_TZ = re.compile(r"(?:CRON_)?TZ=(\S+)\s+(.+)")
_SUNDAY = re.compile(r"(?<![\d/])7\b")
_WEEK = re.compile(r"[01]-7")


def mended(document: Document, cause: Cause) -> Document | None:
    """Return the corrected CronJob, or None if no correction is certain."""
    path = mending.path_of(cause.field)
    if path[-1:] == ("restartPolicy",) and "unknown field" in cause.message:
        return mending.moved(document, path, (*POD, "restartPolicy"))
    if path != SCHEDULE or cause.reason == _DUPLICATE:
        return mending.mended(document, cause)
    written = document.get(*SCHEDULE)
    if not isinstance(written, str):
        return None
    if found := _TZ.fullmatch(written.strip()):
        zoned = mending.with_value(document, ZONE, found[1])
        return zoned and mending.with_value(zoned, SCHEDULE, found[2])
    meant = _meant(written[:200])
    return mending.with_value(document, SCHEDULE, meant) if meant else None


def _meant(written: str) -> str:
    """Return a valid schedule that differs by one slip, if possible one that runs at the right time; empty if none exists."""
    readable = [one for one in _nearby(written.split()) if _first_run(one)]
    return next((one for one in readable if _first_run(one) == ASKED[0]), readable[0] if readable else "")


def _first_run(schedule: str) -> object:
    try:
        return next(runs(read(schedule), BEFORE), None)
    except ScheduleError:
        return None


def _nearby(fields: list[str]) -> Iterator[str]:
    if _FEWEST <= len(fields) < _FIELDS:
        yield " ".join([*fields, *["*"] * (_FIELDS - len(fields))])
    elif len(fields) == _FIELDS + 1:
        yield " ".join(fields[1:])
        yield " ".join(fields[:-1])
    elif len(fields) == _FIELDS:
        *others, week = fields
        yield " ".join([*others, "*" if _WEEK.fullmatch(week) else _SUNDAY.sub("0", week)])


LEVELS: Ladder = (
    "Each field belongs to one level. Which level does the message name?",
    "A CronJob contains a Job template, which contains a pod template. Is each on its own level?",
    "The order of levels is spec, jobTemplate, spec, template, spec, containers.",
)
_NAME: Ladder = (
    "Which characters may the name of an object have?",
    "A name can't have capitals or spaces.",
    "The exercise has the right name, with a hyphen between its words.",
)
COUNT: Ladder = (
    "How many fields does your schedule have?",
    "They are minute, hour, day of the month, month, day of the week.",
    "Don't leave out a field that may have any value: write a star.",
)
RANGE: Ladder = (
    "Which of your five fields has a value outside its range?",
    "Each has a range: minutes 0 to 59, hours 0 to 23, days of the week 0 to 6.",
    "For any value, write a star, not a range.",
)
NO_ZONE: Ladder = (
    "Time zones have names. What is the exact name of this one?",
    "The names are those of the IANA database, such as Asia/Tokyo. Capitals matter.",
    "The exercise uses UTC, and UTC is also the name of the zone.",
)
INSIDE: Ladder = (
    "A schedule has five fields. What else does yours have?",
    "The zone has its own field beside schedule.",
    "That field is timeZone; the schedule then begins with the minute.",
)
POLICY: Ladder = (
    "What should happen when the report fails at 02:01?",
    "restartPolicy is in the pod's spec, and a Job allows two of its values. Capitals matter.",
    "Of the two values that a Job allows, choose the one that names a failure.",
)
SET: Ladder = (
    "How does the CronJob know when to run?",
    "A field beside jobTemplate says when.",
    "schedule is a text of five fields, in quotes.",
)

_BY_FIELD: Mapping[str, Ladder] = {
    "timeZone": NO_ZONE, "restartPolicy": POLICY, "metadata.name": _NAME, "metadata": _NAME,
}  # fmt: skip


def ladder(cause: Cause) -> Ladder | tuple[()]:
    """Return the hints for a refusal of a CronJob's own fields; empty if the hints of the cause's class fit."""
    if "unknown field" in cause.message and "did you mean" not in cause.suggestion and not is_tight(cause):
        return LEVELS
    if cause.reason in (_DUPLICATE, _MISTYPED) or "unknown field" in cause.message:
        return ()
    if mending.path_of(cause.field) == SCHEDULE:
        return of_schedule(cause.message)
    return _BY_FIELD.get(cause.field if cause.field.startswith("metadata") else cause.field.rpartition(".")[2], ())


def of_schedule(complaint: str) -> Ladder:
    """Return the hints for a schedule that can't be read or isn't allowed."""
    if complaint.startswith("Required"):
        return SET
    if "TZ" in complaint:
        return INSIDE
    return COUNT if "expected exactly" in complaint else RANGE


def next_step(cause: Cause) -> str:
    """Return the next step for a refusal without a suggestion; empty if there is nothing to add."""
    path = mending.path_of(cause.field)
    if cause.reason == _DUPLICATE:
        return ""
    if path == SCHEDULE:
        return step_for_schedule(cause.message)
    if path[-1:] == ("timeZone",) and not cause.suggestion:
        return "Write the name of a zone in the IANA database, such as Etc/UTC, or delete timeZone."
    return ""


def step_for_schedule(complaint: str) -> str:
    """Return the next step for a schedule that can't be read or isn't allowed."""
    if complaint.startswith("Required"):
        return "Write spec.schedule, five fields in quotes."
    if "TZ" in complaint:
        return "Move the zone out of the schedule; spec.timeZone is the field for it."
    if "expected exactly" in complaint:
        return "Write five fields: minute, hour, day of the month, month, day of the week."
    if "(7) above maximum (6)" in complaint:
        return "Days of the week are 0 to 6, and Sunday is 0."
    return "The message names the wrong value. Compare it with the range of that field."
