"""Values of a document by their shape: what isn't of it counts as empty. An admitted document may still hold nulls."""

from __future__ import annotations

from typing import Any


def mapping(value: Any) -> dict[str, Any]:
    """A value as a mapping; an empty one where it is none."""
    return value if isinstance(value, dict) else {}


def listing(value: Any) -> list[Any]:
    """A value as a list; an empty one where it is none."""
    return value if isinstance(value, list) else []


def mappings(value: Any) -> list[dict[str, Any]]:
    """The mappings of a list."""
    return [one for one in listing(value) if isinstance(one, dict)]
