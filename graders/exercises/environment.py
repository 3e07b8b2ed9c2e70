"""What the application's environment tells it, as far as the answer says it: which port it listens at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cluster.manifests import Path
from graders.answers.manifest import Manifest
from graders.exercises.contract import PORT

HIGHEST_PORT = 65535
_SOURCES = {
    "configMapKeyRef": "ConfigMap",
    "secretKeyRef": "Secret",
    "configMapRef": "ConfigMap",
    "secretRef": "Secret",
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the application's container: its value, and the path in the Deployment where it is given."""

    value: str
    path: Path


def port(answer: Manifest) -> tuple[int | None, Variable | None]:
    """Where the application listens, and the variable that says so where one does; no port where that isn't one.

    The shop reads ``PORT``; an empty one counts as none.
    """
    said = variable(answer, "PORT")
    if said is None or not said.value:
        return PORT, None
    number = int(said.value) if re.fullmatch(r"[0-9]{1,5}", said.value, re.ASCII) else 0
    return (number if 0 < number <= HIGHEST_PORT else None), said


def variable(answer: Manifest, name: str) -> Variable | None:
    """A variable of the application's container. ``env`` counts before ``envFrom``, and the last one counts."""
    found = [*_from_sources(answer, name), *_written(answer, name)]
    return found[-1] if found else None


def _written(answer: Manifest, name: str) -> Iterator[Variable]:
    for index, entry in enumerate(_list(answer.of("env"))):
        if not isinstance(entry, dict) or entry.get("name") != name:
            continue
        path = (*answer.path, "env", index)
        if isinstance(entry.get("value"), str):
            yield Variable(entry["value"], (*path, "value"))
        for field, source in _dict(entry.get("valueFrom")).items():
            data = _data(answer, _SOURCES.get(field, ""), _dict(source).get("name"))
            value = data.get(str(_dict(source).get("key")))
            if isinstance(value, str):
                yield Variable(value, path)


def _from_sources(answer: Manifest, name: str) -> Iterator[Variable]:
    for index, entry in enumerate(_list(answer.of("envFrom"))):
        prefix = _dict(entry).get("prefix") or ""
        for field, source in _dict(entry).items():
            data = _data(answer, _SOURCES.get(field, ""), _dict(source).get("name"))
            value = data.get(name.removeprefix(prefix)) if name.startswith(str(prefix)) else None
            if isinstance(value, str):
                yield Variable(value, (*answer.path, "envFrom", index))


def _data(answer: Manifest, kind: str, name: Any) -> dict[str, Any]:
    """What a ConfigMap holds, or a Secret in plain text."""
    beside = (d for d in answer.documents if kind and d.get("kind") == kind and d.get("metadata", "name") == name)
    return next((_dict(d.get("data" if kind == "ConfigMap" else "stringData")) for d in beside), {})


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
