"""What was recorded of a minor's server: kinds, the fields of their types, Go's names for them, and feature gates.

Types are written as Go writes them: ``string``, ``int32``, ``[]core/v1.Container``, ``map[string]Quantity``. A
minor's recording is read on first use, in a few milliseconds, and by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("recorded")
"""What was recorded, in a folder for each minor."""

_SELF_DECODING = {
    "Quantity": "resource.Quantity",
    "IntOrString": "int32",
    "Time": "v1.Time",
    "MicroTime": "v1.MicroTime",
}
_BYTES = {"[]byte": "[]uint8"}
_NONE: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class ServedKind:
    """A kind that the server serves: its apiVersion and name, the type of its objects, and its resource's name."""

    api_version: str
    name: str
    type: str
    plural: str
    namespaced: bool

    @property
    def version(self) -> str:
        """The version alone: ``v1`` of ``apps/v1``."""
        return self.api_version.rpartition("/")[2]

    def path(self, namespace: str) -> str:
        """Where its objects are created: in a namespace, where they have one."""
        root = "/apis" if "/" in self.api_version else "/api"
        inside = f"namespaces/{namespace}/" if self.namespaced else ""
        return f"{root}/{self.api_version}/{inside}{self.plural}"

    @property
    def qualified(self) -> str:
        """The kind with its group, as refusals name it: ``Deployment.apps``, ``Service``."""
        group = self.api_version.rpartition("/")[0]
        return f"{self.name}.{group}" if group else self.name


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """One minor's recording; ``record.py`` says what is in it.

    ``scheme`` is the line of the server's code that some refusals name. ``kinds`` are those whose types are recorded and
    ``others`` those that the server serves besides, by apiVersion and name.
    """

    version: str
    scheme: str
    kinds: Mapping[tuple[str, str], ServedKind]
    others: frozenset[tuple[str, str]]
    gates: Mapping[str, bool]
    _types: Mapping[str, Mapping[str, str]]
    _names: Mapping[str, Mapping[str, str]]
    _embedded: Mapping[str, Mapping[str, str]]
    _ignored: Mapping[str, Mapping[str, str]]

    def fields(self, type_name: str) -> Mapping[str, str]:
        """A type's fields and their types; empty for a type that isn't recorded."""
        return self._types.get(type_name, _NONE)

    def owner(self, type_name: str, path: Sequence[str | int]) -> str:
        """The type that the last step of a path in an object is a field of; empty where the path isn't recorded."""
        return self.type_at(type_name, path[:-1])

    def type_at(self, type_name: str, path: Sequence[str | int]) -> str:
        """The type at a path in an object, such as ``[]core/v1.Container``; empty where the path isn't recorded."""
        spec = type_name
        for step in path:
            if isinstance(step, int):
                spec = spec.removeprefix("[]")
            elif spec.startswith("map[string]"):
                spec = spec.removeprefix("map[string]")
            else:
                spec = self.fields(spec).get(step, "")
        return spec

    def knows(self, type_name: str) -> bool:
        """Whether a type's fields are recorded: that of a struct, be it one without fields."""
        return type_name in self._types

    def go_name(self, owner: str, field: str, spec: str, *, item: bool = False) -> str:
        """What a refusal calls the type of a field (of an item in it), such as ``v1.Protocol``."""
        name = self._names.get(owner, _NONE).get(field + "[]" if item else field)
        return name or displayed(spec)

    def go_path(self, owner: str, field: str) -> str:
        """What a refusal calls a field on its way: ``httpGet``, or ``ProbeHandler.httpGet`` by the embedded struct."""
        between = self._embedded.get(owner, _NONE).get(field)
        return f"{between}.{field}" if between else field

    def ignored(self, owner: str) -> Mapping[str, str]:
        """A type's fields that the server drops, and the feature gate that each of them waits for, where it is known."""
        return self._ignored.get(owner, _NONE)


def schema_file(minor: str) -> Path:
    """Where a minor's recording is kept."""
    return FOLDER / minor / "schema.json"


@cache
def schema(minor: str) -> Schema:
    """The recording of a minor such as ``1.37``, read once."""
    found = json.loads(schema_file(minor).read_text(encoding="utf-8"))
    return Schema(
        found["version"], found["scheme"], dict(_kinds(found["kinds"])), frozenset(map(_split, found["others"])), found["gates"],
        found["types"], found["names"], found["embedded"], found["ignored"],
    )  # fmt: skip


def _kinds(recorded: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], ServedKind]]:
    for name, kind in recorded.items():
        named = _split(name)
        yield named, ServedKind(*named, kind["type"], kind["plural"], kind["namespaced"])


def _split(name: str) -> tuple[str, str]:
    api_version, _, kind = name.rpartition("/")
    return api_version, kind


def inner(spec: str) -> str:
    """The type of what a list or a map holds; any other type is itself."""
    return spec.removeprefix("map[string]").lstrip("[]")


def displayed(spec: str) -> str:
    """A type as Go prints it: a package's last part and the name, without the group."""
    if spec in _BYTES:
        return _BYTES[spec]
    for prefix in ("[]", "map[string]"):
        if spec.startswith(prefix):
            return prefix + displayed(spec.removeprefix(prefix))
    return _SELF_DECODING.get(spec) or spec.rpartition("/")[2]
