"""The schemas of ``docs/schemas/``, and where a line of JSON breaks one of them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "schemas"


def schema(name: str) -> dict[str, Any]:
    """The schema of that name: ``report``, ``admission`` or ``grades``."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def misfits(name: str, line: str) -> list[str]:
    """Where a line of JSON breaks the schema of that name, each as a place and a sentence; empty if it fits."""
    errors = _validator(name).iter_errors(json.loads(line))
    return [f"{'.'.join(map(str, error.instance_path))}: {error.message[:300]}" for error in errors]


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name))
