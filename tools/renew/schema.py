"""The recorded schema of a minor, as in its file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cluster.admission.schema import schema_file

PARTS = frozenset(
    ("version", "scheme", "gates", "kinds", "types", "names", "embedded", "ignored", "undecided", "others")
)
"""The parts of a schema that is recorded today; older schemas have fewer."""

Schema = Mapping[str, Any]


def read(minor: str) -> Schema | None:
    """Return a minor's schema, or None if it isn't recorded."""
    found: Schema | None = (
        json.loads(schema_file(minor).read_text(encoding="utf-8")) if schema_file(minor).exists() else None
    )
    return found
