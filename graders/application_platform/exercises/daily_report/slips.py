"""Slips in a CronJob that the API server refuses: what was meant, the next step, and a ladder of hints for each."""

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
    """The CronJob as it was probably meant; None where nobody can say. A schedule may be a slip away from one."""
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
    """The schedule that differs from this one by a slip, the best one runs when it should; empty where there is none."""
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
    "Each field has one level on which it may stand. Which level does the message name?",
    "A CronJob holds a Job, and the Job holds a pod: is each template on its own level?",
    "The order of levels is spec, jobTemplate, spec, template, spec, containers.",
)
_NAME: Ladder = (
    "Which signs may stand in the name of an object?",
    "No capitals, and no blanks.",
    "The exercise has the name as it should be, with a hyphen between its words.",
)
COUNT: Ladder = (
    "How many fields does your schedule have?",
    "They are minute, hour, day of the month, month, day of the week.",
    "A field that may be anything isn't left out: a star stands there.",
)
RANGE: Ladder = (
    "Which of your five fields has a value that it can't have?",
    "Each has a range: minutes 0 to 59, hours 0 to 23, days of the week 0 to 6.",
    "Any value at all is a star, and no range.",
)
NO_ZONE: Ladder = (
    "Time zones have names. How does a database of zones write this one?",
    "The names are those of IANA's database, such as Asia/Tokyo. Capitals count.",
    "The exercise counts in UTC, and that is the zone's name, too.",
)
INSIDE: Ladder = (
    "A schedule has five fields. What else stands in yours?",
    "The zone has a field of its own beside schedule.",
    "That field is timeZone; the schedule then begins with the minute.",
)
POLICY: Ladder = (
    "What should happen when the report fails at 02:01?",
    "restartPolicy stands where the containers are, and a Job allows two of its values. A capital counts.",
    "Of the two values that a Job allows, take the one that speaks of failure.",
)
SET: Ladder = (
    "By what should the CronJob know when to run?",
    "A field of its own says it, beside jobTemplate.",
    "schedule is a text of five fields, in quotes.",
)

_BY_FIELD: Mapping[str, Ladder] = {
    "timeZone": NO_ZONE, "restartPolicy": POLICY, "metadata.name": _NAME, "metadata": _NAME,
}  # fmt: skip


def ladder(cause: Cause) -> Ladder | tuple[()]:
    """The hints for a refusal of a CronJob's own fields; empty where those of the cause's class fit."""
    if "unknown field" in cause.message and "did you mean" not in cause.suggestion and not is_tight(cause):
        return LEVELS
    if cause.reason in (_DUPLICATE, _MISTYPED) or "unknown field" in cause.message:
        return ()
    if mending.path_of(cause.field) == SCHEDULE:
        return of_schedule(cause.message)
    return _BY_FIELD.get(cause.field if cause.field.startswith("metadata") else cause.field.rpartition(".")[2], ())


def of_schedule(complaint: str) -> Ladder:
    """The hints for a schedule that can't be read, or may not be written like this."""
    if complaint.startswith("Required"):
        return SET
    if "TZ" in complaint:
        return INSIDE
    return COUNT if "expected exactly" in complaint else RANGE


def next_step(cause: Cause) -> str:
    """What to do about a refusal where its suggestion doesn't say; empty where nothing more is known."""
    path = mending.path_of(cause.field)
    if cause.reason == _DUPLICATE:
        return ""
    if path == SCHEDULE:
        return step_for_schedule(cause.message)
    if path[-1:] == ("timeZone",) and not cause.suggestion:
        return "Write the name of a zone in IANA's database, such as Etc/UTC, or leave timeZone out."
    return ""


def step_for_schedule(complaint: str) -> str:
    """What to do about a schedule that can't be read, or may not be written like this."""
    if complaint.startswith("Required"):
        return "Write spec.schedule, five fields in quotes."
    if "TZ" in complaint:
        return "Move the zone out of the schedule; spec.timeZone is the field for it."
    if "expected exactly" in complaint:
        return "Write five fields: minute, hour, day of the month, month, day of the week."
    if "(7) above maximum (6)" in complaint:
        return "Days of the week go from 0 to 6, and Sunday is 0 here."
    return "The message names the field that can't be read; compare it with what such a field may hold."
