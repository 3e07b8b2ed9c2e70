"""The API server's response, as lines for people and as a line of JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cluster.admission.response import Admission
from cluster.limits import SENTENCE_CHARACTERS
from cluster.text import json_text, printable
from graders.reading.text import shown

ACCEPTED, DECODED_ONLY, REFUSED, NOT_JUDGED = "accepted", "decoded only", "refused", "not judged"
STATES = (ACCEPTED, DECODED_ONLY, REFUSED, NOT_JUDGED)

_DECODED_ONLY = "its fields and metadata are valid; the workbook doesn't know the other rules of this kind"


def state(admission: Admission) -> str:
    """The state of an admission, one of STATES."""
    if admission.unjudged:
        return NOT_JUDGED
    if not admission.accepted:
        return REFUSED
    return DECODED_ONLY if admission.decoded_only else ACCEPTED


def summary(states: Mapping[str, int]) -> str:
    """The number of objects in each state; empty if every object is accepted or refused."""
    if not states.get(DECODED_ONLY) and not states.get(NOT_JUDGED):
        return ""
    counted = ", ".join(f"{states[one]} {one}" for one in STATES if states.get(one))
    total = sum(states.values())
    return f"{total} {'object' if total == 1 else 'objects'}: {counted}."


def line(file: str, index: int, item: str, admission: Admission) -> str:
    """One admission as one line of JSON, by ``docs/schemas/admission.json``, with its file and the document's index there, from 0.

    ``state`` is one of STATES; if it is *not judged*, ``accepted`` and ``status`` are null. ``item`` is the object's place in a list.
    """
    found = {"file": file, "index": index, **({"item": item} if item else {}), "state": state(admission)}
    if admission.unjudged:
        return json_text({**found, "accepted": None, "status": None, "causes": [], "message": admission.unjudged})
    return json_text({**found, **shape(admission)})


def shape(admission: Admission) -> dict[str, Any]:
    """An admission as the server's response: accepted, status, causes and message.

    If the server ignores fields, ``ignored`` lists them, each with field, line and message; the texts are the workbook's.
    """
    found: dict[str, Any] = {
        "accepted": admission.accepted,
        "status": admission.status,
        "causes": [{"field": c.field, "reason": c.reason, "message": c.message} for c in admission.causes],
        "message": admission.message,
    }
    if admission.ignored:
        found["ignored"] = [{"field": c.field, "line": c.line, "message": c.message} for c in admission.ignored]
    return found


def lines(file: str, what: str, admission: Admission) -> Iterator[tuple[str, str]]:
    """A document's verdict for people: pairs of a line and its color, or an empty string.

    For a refusal the lines give the line number, the mistake, and a suggestion.
    """
    file = shown(file, 200)
    if admission.unjudged:
        yield f"! {file}: {what} not judged here".replace(":  ", ": "), "yellow"
        yield f"  {printable(admission.unjudged, SENTENCE_CHARACTERS)}", ""
        return
    if admission.accepted:
        yield f"✔ {file}: {what} {state(admission)}", "green"
        if admission.decoded_only:
            yield f"  {_DECODED_ONLY}", ""
    else:
        yield f"✘ {file}: {what}".rstrip(" :"), "red"
        yield f"  {shown(admission.message, 200)}", ""
    for cause in admission.pointers or admission.causes:
        yield from ((text, "") for text in _pointer(cause.line, cause.field, cause.message, cause.suggestion))
    for warning in admission.warnings:
        yield f"  warning: {shown(warning, 200)}", "yellow"
    for cause in admission.ignored:
        for text in _pointer(cause.line, cause.field, cause.message, cause.suggestion):
            yield f"  ignored: {text.strip()}", "yellow"


def _pointer(number: int, field: str, message: str, suggestion: str) -> Iterator[str]:
    where = f"line {number}: " if number and not re.search(rf"\bline {number}\b", message, re.IGNORECASE) else ""
    what = f"{shown(field, 120)}: " if field else ""
    yield f"  {where}{what}{shown(message, 160)}"
    if suggestion:
        yield f"    {shown(suggestion, 160)}"
