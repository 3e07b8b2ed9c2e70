"""The recorded schema of a minor, as it is written: what is compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cluster.admission.schema import schema_file

PARTS = frozenset(
    ("version", "scheme", "gates", "kinds", "types", "names", "embedded", "ignored", "undecided", "others")
)
"""What a schema has that is recorded today; older ones have less."""

Schema = Mapping[str, Any]


def read(minor: str) -> Schema | None:
    """A minor's schema; None where it isn't recorded."""
    found: Schema | None = (
        json.loads(schema_file(minor).read_text(encoding="utf-8")) if schema_file(minor).exists() else None
    )
    return found
