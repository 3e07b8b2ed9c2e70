"""The recorded schema of a minor, as it is written: what is compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cluster.simulated.admission.schema import FOLDER

PARTS = frozenset(
    ("version", "scheme", "gates", "kinds", "types", "names", "embedded", "ignored", "undecided", "others")
)
"""What a schema has that is recorded today; older ones have less."""

Schema = Mapping[str, Any]


def file(minor: str) -> Path:
    """Where a minor's schema is kept."""
    return FOLDER / minor / "schema.json"


def read(minor: str) -> Schema | None:
    """A minor's schema; None where it isn't recorded."""
    found: Schema | None = json.loads(file(minor).read_text(encoding="utf-8")) if file(minor).exists() else None
    return found
