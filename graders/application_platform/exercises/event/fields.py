"""The fields that an event needs: what happened, to which order, when, and the event's id. Each is judged separately."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from cluster.text.names import is_slip
from graders.application_platform.exercises.event.reading import EventAnswer, FieldRole, dotted, folded
from graders.families.manifest.documents import curly
from graders.reading.text import shown

TYPE = "order.created"

_ISO_UTC = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|\+00:00)")
_CAPITAL_WITHIN = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_WORD = re.compile(r"[^A-Za-z0-9]+")
_BEHIND = re.compile(r"event|v|(event)?v?[0-9]+")
_VERSION = re.compile(r"v[0-9]+")
_IN_ONE = re.compile(r"orders?created(event)?(v?[0-9]+)?")
_NEGATIONS = frozenset(
    (
        "anti",
        "cannot",
        "dis",
        "fake",
        "false",
        "isnt",
        "never",
        "no",
        "non",
        "none",
        "not",
        "pre",
        "re",
        "such",
        "un",
        "wasnt",
        "without",
    )
)
"""Words before the name of the event that change or negate its meaning."""

_PLACEHOLDERS = frozenset(
    ("", "fixme", "nan", "nil", "none", "null", "placeholder", "string", "tbd", "todo", "undefined", "uuid", "xxx")
)
_LONGEST_NAME = 200

Problem = tuple[str, str, int]
"""What was observed, the next step, and the line."""


def type_problem(answer: EventAnswer) -> Problem | None:
    """Why the event doesn't say that an order was created."""
    value = answer.value(FieldRole.TYPE)
    if value is None:
        return "the event doesn't say what happened", f"Add a field “type” with {TYPE}.", answer.line("event")
    if isinstance(value, str) and is_created(value):
        return None
    if curly(value):
        return _quoted(answer, FieldRole.TYPE)
    return (
        f"{where(answer, FieldRole.TYPE)}: {shown(value, 40)}",
        f"Write {TYPE}.",
        line(answer, FieldRole.TYPE),
    )


def is_another(answer: EventAnswer) -> bool:
    """Whether the event isn't the right one: its type isn't similar, and it names no order."""
    if not type_problem(answer) or not order_problem(answer):
        return False
    written = folded(str(answer.value(FieldRole.TYPE)))
    return written != folded(TYPE) and not is_slip(written, folded(TYPE))


def is_created(name: str) -> bool:
    """Whether a name is that of the event, in any spelling, with a version, or after other names as in CloudEvents."""
    if len(name) > _LONGEST_NAME or not (name.strip()[:1].isalnum() or name.startswith("/")):
        return False
    words = [word.casefold() for word in _NO_WORD.split(_CAPITAL_WITHIN.sub(" ", name)) if word]
    while words and _BEHIND.fullmatch(words[-1]):
        words.pop()
    words = [word for word in words if not _VERSION.fullmatch(word)]
    if words and _IN_ONE.fullmatch(words[-1]):
        before = words[:-1]
    elif words[-2:] in (["order", "created"], ["orders", "created"]):
        before = words[:-2]
    else:
        return False
    # A sentence that ends with the name may have any meaning.
    return not before or (len(name.split()) == 1 and _NEGATIONS.isdisjoint(before))


def id_problem(answer: EventAnswer, role: FieldRole) -> tuple[str, str] | None:
    """Return why a value isn't an id, and the next step, or None if it may be one. Ids are texts or whole numbers of any form."""
    value = answer.value(role)
    if isinstance(value, bool | float):
        return f"{where(answer, role)}: {shown(value, 40)}", "An id is a text, or a whole number."
    if isinstance(value, str) and not any(map(str.isalnum, value)):
        return f"{where(answer, role)} has no letter and no digit", "Write an id there as an example."
    if isinstance(value, str) and len(value) < _LONGEST_NAME and folded(value) in _PLACEHOLDERS - {""}:
        return (
            f"{where(answer, role)}: {shown(value, 40)} is still a placeholder",
            "Write an id there as an example.",
        )
    return None


def order_problem(answer: EventAnswer) -> Problem | None:
    """Why the event doesn't say which order was created."""
    value = answer.value(FieldRole.ORDER)
    if value is None or value == "":
        return "the event doesn't say which order", "Add a field “order_id”.", answer.line("event")
    problem = id_problem(answer, FieldRole.ORDER)
    return None if problem is None else (*problem, line(answer, FieldRole.ORDER))


def time_problem(answer: EventAnswer) -> Problem | None:
    """Why the event doesn't have a time that all readers understand in the same way."""
    value, at = answer.value(FieldRole.TIME), line(answer, FieldRole.TIME)
    if value is None:
        return (
            "the event doesn't say when",
            "Add a field “timestamp” with the time, such as 2026-03-02T10:15:00Z.",
            answer.line("event"),
        )
    if curly(value):
        return _quoted(answer, FieldRole.TIME)
    observed = f"{where(answer, FieldRole.TIME)}: {shown(value, 40)}"
    if isinstance(value, int | float):
        return (
            f"{observed}, which may be seconds since 1970",
            "Write the time as ISO 8601 in UTC, such as 2026-03-02T10:15:00Z.",
            at,
        )
    if not is_time(value):
        text = str(value)
        if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?", text):
            return f"{observed}, without a zone", "In which zone is it? End it with Z, which means UTC.", at
        if re.search(r"[+-]\d\d:?\d\d$", text):
            return (
                f"{observed}, in another zone than UTC",
                "Write it in UTC, with a Z at the end. Then programs can compare times as texts.",
                at,
            )
        return observed, "Write the time as ISO 8601 in UTC, such as 2026-03-02T10:15:00Z.", at
    return None


def _quoted(answer: EventAnswer, role: FieldRole) -> Problem:
    observed = f"{where(answer, role)}: {shown(answer.value(role), 40)}, with curly quotes"
    return (
        observed,
        "In YAML, curly quotes are part of the value. Write straight quotes, or none.",
        line(answer, role),
    )


def is_time(value: Any) -> bool:
    """Whether a value is a moment in ISO 8601, in UTC."""
    if not isinstance(value, str) or not _ISO_UTC.fullmatch(value):
        return False
    try:
        return datetime.fromisoformat(value).tzinfo == UTC
    except ValueError:
        return False


def where(answer: EventAnswer, role: FieldRole) -> str:
    """Return the path of a field as printable text."""
    return shown(dotted(answer.roles[role]), 60)


def line(answer: EventAnswer, role: FieldRole) -> int:
    """Return the line of a field, or of the event if the field is missing."""
    return answer.line("event", *answer.roles[role]) if role in answer.roles else answer.line("event")
