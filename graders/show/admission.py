"""What the API server would say, in the terminal and as a line of JSON."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.text import Text

from cluster.admission import Admission
from graders.answers.text import shown


def line(file: str, index: int, admission: Admission) -> str:
    """One admission as one line of JSON, with its file and the document's index in it, from 0."""
    return json.dumps({"file": file, "index": index, **shape(admission)}, ensure_ascii=False)


def shape(admission: Admission) -> dict[str, Any]:
    """An admission as the server would say it: accepted, status, causes and message."""
    return {
        "accepted": admission.accepted,
        "status": admission.status,
        "causes": [{"field": c.field, "reason": c.reason, "message": c.message} for c in admission.causes],
        "message": admission.message,
    }


def show(file: str, what: str, admission: Admission, console: Console) -> None:
    """Print a document's verdict, and for a refusal on which line, what, and what was probably meant."""
    if admission.accepted:
        console.print(Text(f"✔ {file}: {what} accepted", style="green"))
    else:
        console.print(Text(f"✘ {file}: {what}".rstrip(" :"), style="red"))
        console.print(Text(f"  {shown(admission.message, 200)}"))
    for cause in admission.pointers or admission.causes:
        console.print(Text(_pointer(cause.line, cause.field, cause.message, cause.suggestion)))
    for warning in admission.warnings:
        console.print(Text(f"  warning: {shown(warning, 200)}", style="yellow"))


def _pointer(number: int, field: str, message: str, suggestion: str) -> str:
    where = f"line {number}: " if number else ""
    what = f"{shown(field, 120)}: " if field else ""
    said = f"  {where}{what}{shown(message, 160)}"
    return f"{said}\n    {suggestion}" if suggestion else said
