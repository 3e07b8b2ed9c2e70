"""Find the fields that a server ignores: their feature gate is off, so they are dropped before validation.

Each field that the samples lack is added alone, with a value of its type, and the object is created as a
dry run: a field that is in the answer or in the refusal isn't ignored; a field that the answer lacks is ignored.

Source: the ``DropDisabledFields`` functions of Kubernetes' pkg/api and pkg/registry, called by ``PrepareForCreate``.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cluster.admission.recording.connection import Ask, Progress, create
from cluster.admission.recording.go_types import Types
from cluster.admission.response import ACCEPTED

SAMPLES = Path(__file__).with_name("samples.yaml")
"""Manifests that every server accepts and that use as many types as possible."""

_NOT_ASKED = ("meta/v1.", "apiVersion", "kind", "status")
"""The server itself writes the status and most of the metadata."""

_SCALARS: Mapping[str, tuple[Any, ...]] = {
    "string": ("x", "/x", "10"), "int32": (1, 1000), "int64": (1, 1000), "float64": (1.5,), "bool": (True,),
    "IntOrString": (1,), "Quantity": ("1",), "[]byte": ("YQ==",), "any": ({"a": "b"},),
}  # fmt: skip
_DEEPEST = 3

Step = str | int

Name = tuple[str, str]
"""A field's owner and its name: ``("core/v1.EmptyDirVolumeSource", "mode")``."""


@dataclass(frozen=True, slots=True)
class _Question:
    """A field to test: its sample, its place there, its owner, and its type."""

    sample: Mapping[str, Any]
    path: tuple[Step, ...]
    owner: str
    spec: str

    @property
    def name(self) -> Name:
        """The field's owner and its name."""
        return self.owner, str(self.path[-1])


def ignored(ask: Ask, kinds: Mapping[str, Any], types: Types, progress: Progress) -> tuple[set[Name], list[Name]]:
    """Return the ignored fields and the undecided ones, each by its owner and name.

    A sample that the server refuses is skipped: it uses fields that only other servers have.
    """
    samples = list(yaml.safe_load_all(SAMPLES.read_text(encoding="utf-8")))
    found: dict[Name, bool] = {}
    for sample in samples:
        for name, absent in _written(ask, kinds, types, sample):
            found[name] = found.get(name, True) and absent
    questions = list(_questions(samples, kinds, types))
    for number, question in enumerate(questions):
        progress("ignored fields", number, len(questions))
        if question.name not in found:
            answer = _is_ignored(ask, kinds, types, question)
            if answer is not None:
                found[question.name] = answer
    undecided = {question.name for question in questions} - set(found)
    return {name for name, absent in found.items() if absent}, sorted(undecided)


def _gvk(sample: Mapping[str, Any]) -> str:
    return f"{sample['apiVersion']}/{sample['kind']}"


def _questions(samples: list[Any], kinds: Mapping[str, Any], types: Types) -> Iterator[_Question]:
    for sample in samples:
        for path, owner, written in _structs(sample, kinds[_gvk(sample)]["type"], types):
            for name, spec in types[owner].items():
                if name not in written and not owner.startswith(_NOT_ASKED) and name not in _NOT_ASKED:
                    yield _Question(sample, (*path, name), owner, spec)


def _written(
    ask: Ask, kinds: Mapping[str, Any], types: Types, sample: Mapping[str, Any]
) -> Iterator[tuple[Name, bool]]:
    """Yield the fields in a sample, and whether the server's answer lacks them."""
    kind = kinds[_gvk(sample)]
    status, said = create(ask, kind, _gvk(sample), sample)
    for path, owner, written in _structs(sample, kind["type"], types) if status == ACCEPTED else ():
        answer = _at(said, path)
        if isinstance(answer, dict):
            yield from (((owner, name), name not in answer) for name in written)


def _structs(written: Any, spec: str, types: Types, path: tuple[Step, ...] = ()) -> Iterator[tuple[Any, str, Any]]:
    """Yield each object of a recorded type within a sample, with its place and its type."""
    if isinstance(written, list):
        for index, one in enumerate(written):
            yield from _structs(one, spec.removeprefix("[]"), types, (*path, index))
    elif isinstance(written, dict) and spec.startswith("map[string]"):
        for key, one in written.items():
            yield from _structs(one, spec.removeprefix("map[string]"), types, (*path, key))
    elif isinstance(written, dict) and spec in types:
        yield path, spec, written
        for name, one in written.items():
            yield from _structs(one, types[spec][name], types, (*path, name))


def _is_ignored(ask: Ask, kinds: Mapping[str, Any], types: Types, question: _Question) -> bool | None:
    """Return whether a field is ignored; None if no value of its type was accepted or refused for the field."""
    ignored_once = None
    *way, field = question.path
    gvk = _gvk(question.sample)
    for value in _values(question.spec, types):
        changed = copy.deepcopy(dict(question.sample))
        owner: Any = _at(changed, way)
        owner[field] = value
        status, said = create(ask, kinds[gvk], gvk, changed)
        answer = _at(said, way) if status == ACCEPTED else None
        if _is_about(said, question) or (answer and field in answer):
            return False
        if isinstance(answer, dict):
            ignored_once = True
    return ignored_once


def _is_about(refusal: Any, question: _Question) -> bool:
    causes = (refusal.get("details") or {}).get("causes", ())
    field = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in question.path)[1:]
    return any(str(cause.get("field", "")).startswith(field) for cause in causes)


def _at(written: Any, path: Sequence[Step]) -> Any:
    step: Any
    for step in path:
        if (isinstance(written, list) and isinstance(step, int) and step < len(written)) or (
            isinstance(written, dict) and step in written
        ):
            written = written[step]
        else:
            return None
    return written


def _values(spec: str, types: Types, depth: int = 0) -> Iterator[Any]:
    """Yield values of a type: the likely ones first, and never an empty one."""
    if spec in _SCALARS:
        yield from _SCALARS[spec]
    elif spec.startswith("[]"):
        yield from ([one] for one in _values(spec[2:], types, depth))
    elif spec.startswith("map[string]"):
        yield from ({"x": one} for one in _values(spec.removeprefix("map[string]"), types, depth))
    elif spec in types:
        if depth < _DEEPEST:
            filled = {name: next(_values(inner, types, depth + 1), None) for name, inner in types[spec].items()}
            known = {name: value for name, value in filled.items() if value is not None}
            yield from ({name: value} for name, value in known.items())
            yield known
        yield {}
