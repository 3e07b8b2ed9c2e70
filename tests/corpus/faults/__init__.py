"""Answers that were judged wrongly once, with the right verdict: ``index.jsonl``, one fault a line.

A line has ``id``, ``exercise``, ``file`` (beside it) or ``answer`` (a text, or a change to make on the solution),
``right`` (what must come of it) and ``now`` (what came of it before).
"""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parent

INDEX: dict[str, dict[str, str]] = {
    row["id"]: row for row in map(json.loads, (FOLDER / "index.jsonl").read_text(encoding="utf-8").splitlines())
}
"""Every fault by its id."""


def file(fault_id: str) -> Path:
    """The file of a fault. Raises KeyError if the fault's answer is in the index."""
    return FOLDER / INDEX[fault_id]["file"]


def fault(fault_id: str) -> str:
    """The text of a fault's file, byte order mark and line ends included, or its answer as the index has it."""
    row = INDEX[fault_id]
    return row["answer"] if "answer" in row else file(fault_id).read_bytes().decode()
