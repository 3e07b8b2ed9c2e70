"""What the API server would say, in lines for people and as a line of JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cluster.admission import Admission
from cluster.text import json_text
from graders.answers.text import shown


def line(file: str, index: int, admission: Admission) -> str:
    """One admission as one line of JSON, with its file and the document's index in it, from 0."""
    return json_text({"file": file, "index": index, **shape(admission)})


def shape(admission: Admission) -> dict[str, Any]:
    """An admission as the server would say it: accepted, status, causes and message.

    Where the server ignores fields there is ``ignored`` as well, each with field, line and message, which are ours.
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
    """A document's verdict for people, each line with its colour or an empty string.

    For a refusal they say on which line, what, and what was probably meant.
    """
    file = shown(file, 200)
    if admission.accepted:
        yield f"✔ {file}: {what} accepted", "green"
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
    where = f"line {number}: " if number else ""
    what = f"{shown(field, 120)}: " if field else ""
    yield f"  {where}{what}{shown(message, 160)}"
    if suggestion:
        yield f"    {shown(suggestion, 160)}"
