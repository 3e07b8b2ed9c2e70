"""Manifests, and the verdicts of real API servers of several minors on each: ``verdicts/MINOR/NAME.jsonl``, row by row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cluster.kubernetes import CURRENT

FOLDER = Path(__file__).parent
NAMES = ("admission", "admission-more")


def manifests(name: str) -> list[dict[str, Any]]:
    """A corpus's manifests, each with ``id``, ``category`` and ``manifest``."""
    return _lines(FOLDER / f"{name}.jsonl")


def verdicts_file(name: str, minor: str) -> Path:
    """The folder with the verdicts of a minor's server."""
    return FOLDER / "verdicts" / minor / f"{name}.jsonl"


def verdicts(name: str, minor: str = CURRENT) -> list[dict[str, Any]]:
    """A minor's verdicts on a corpus's manifests, each with the manifest's ``id``."""
    return _lines(verdicts_file(name, minor))


def rows(name: str, minor: str = CURRENT) -> list[dict[str, Any]]:
    """A corpus's manifests with a minor's verdicts: ``verdict``, ``status``, ``message``, ``causes``, ``warnings``."""
    told = {row["id"]: row for row in verdicts(name, minor)}
    return [row | told[row["id"]] for row in manifests(name)]


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
