"""Values of a document by shape: a value of another shape counts as empty. An admitted document may still have nulls."""

from __future__ import annotations

from typing import Any


def mapping(value: Any) -> dict[str, Any]:
    """Return the value if it is a mapping, or else an empty one."""
    return value if isinstance(value, dict) else {}


def listing(value: Any) -> list[Any]:
    """Return the value if it is a list, or else an empty one."""
    return value if isinstance(value, list) else []


def mappings(value: Any) -> list[dict[str, Any]]:
    """Return the mappings in a list."""
    return [one for one in listing(value) if isinstance(one, dict)]
