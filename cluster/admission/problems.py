"""Problems found by validation: a field, a reason and a message, in the API server's words.

Source: ``Error`` and its constructors in apimachinery's pkg/util/validation/field/errors.go.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cluster.limits import ADMISSION_CHARACTERS
from cluster.manifests.documents import Path
from cluster.manifests.go_text import quoted
from cluster.manifests.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a field; ``reason`` is the server's word for the kind of problem.

    ``value`` is the written value and ``supported`` the allowed ones, if they help to find a suggestion.
    """

    path: Path
    reason: str
    message: str
    value: Any = None
    supported: tuple[str, ...] = ()


Problems = Iterator[Problem]


def invalid(path: Path, value: Any, detail: str) -> Problem:
    """The value is well formed but not allowed."""
    return Problem(path, "FieldValueInvalid", _with_detail(f"Invalid value: {shown(value)}", detail), value)


def required(path: Path, detail: str = "") -> Problem:
    """The field is missing or empty."""
    return Problem(path, "FieldValueRequired", _with_detail("Required value", detail))


def forbidden(path: Path, detail: str) -> Problem:
    """The field may not be set here."""
    return Problem(path, "FieldValueForbidden", _with_detail("Forbidden", detail))


def duplicate(path: Path, value: Any) -> Problem:
    """The value occurs twice but must be unique."""
    return Problem(path, "FieldValueDuplicate", f"Duplicate value: {shown(value)}", value)


def not_found(path: Path, value: Any, detail: str = "") -> Problem:
    """The value names something that doesn't exist."""
    return Problem(path, "FieldValueNotFound", _with_detail(f"Not found: {shown(value)}", detail), value)


def unsupported(path: Path, value: Any, supported: Iterable[str]) -> Problem:
    """The value isn't one of the supported values."""
    known = tuple(supported)
    listed = ", ".join(quoted(one) for one in known)
    message = _with_detail(f"Unsupported value: {shown(value)}", f"supported values: {listed}" if known else "")
    return Problem(path, "FieldValueNotSupported", message, value, known)


def too_long(path: Path, most: int) -> Problem:
    """The value has more than ``most`` bytes."""
    detail = f"may not be more than {most} {'byte' if most == 1 else 'bytes'}"
    return Problem(path, "FieldValueTooLong", f"Too long: {detail}")


def too_many(path: Path, actual: int, most: int) -> Problem:
    """The list has more than ``most`` items."""
    detail = f"must have at most {most} {'item' if most == 1 else 'items'}"
    return Problem(path, "FieldValueTooMany", f"Too many: {actual}: {detail}")


def each_invalid(path: Path, value: Any, details: Iterable[str]) -> Problems:
    """Yield one problem for each complaint about the value."""
    for detail in details:
        yield invalid(path, value, detail)


def shown(value: Any) -> str:
    """Return a value as the server shows it: strings as Go quotes them, everything else as JSON."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Quantity):
        return quoted(value.text)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)[:ADMISSION_CHARACTERS]
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _plain(value: Any) -> str:
    return value.text if isinstance(value, Quantity) else str(value)


def _with_detail(message: str, detail: str) -> str:
    return f"{message}: {detail[:ADMISSION_CHARACTERS]}" if detail else message
