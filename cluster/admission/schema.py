"""The recording of a minor version's server: kinds, the fields of their types, Go's names for them, and feature gates.

Types are written as Go writes them: ``string``, ``int32``, ``[]core/v1.Container``, ``map[string]Quantity``. Each
recording is read separately on first use, in a few milliseconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("recorded")
"""The recordings, in a folder for each minor version."""

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
        """Return the path at which its objects are created: in the namespace if the kind is namespaced."""
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
    """One minor version's recording; ``record.py`` describes its content.

    ``scheme`` is the line of the server's code that some refusals name. ``kinds`` are those with recorded types,
    ``others`` the server's other kinds, by apiVersion and name.
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
        """Return a type's fields and their types; empty for a type that isn't recorded."""
        return self._types.get(type_name, _NONE)

    def owner(self, type_name: str, path: Sequence[str | int]) -> str:
        """Return the type that has the last step of a path as its field; empty if the path isn't recorded."""
        return self.type_at(type_name, path[:-1])

    def type_at(self, type_name: str, path: Sequence[str | int]) -> str:
        """Return the type at a path in an object, such as ``[]core/v1.Container``; empty if the path isn't recorded."""
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
        """Whether the type is a recorded struct, even one without fields."""
        return type_name in self._types

    def go_name(self, owner: str, field: str, spec: str, *, item: bool = False) -> str:
        """Return the type of a field (or of its items) as a refusal names it, such as ``v1.Protocol``."""
        name = self._names.get(owner, _NONE).get(field + "[]" if item else field)
        return name or displayed(spec)

    def go_path(self, owner: str, field: str) -> str:
        """Return a field's step in a refusal's path: ``httpGet``, or ``ProbeHandler.httpGet`` with the embedded struct."""
        between = self._embedded.get(owner, _NONE).get(field)
        return f"{between}.{field}" if between else field

    def ignored(self, owner: str) -> Mapping[str, str]:
        """Return the type's fields that the server drops, each with its feature gate, if known."""
        return self._ignored.get(owner, _NONE)


def schema_file(minor: str) -> Path:
    """Return the file of a minor version's recording."""
    return FOLDER / minor / "schema.json"


@cache
def schema(minor: str) -> Schema:
    """Return the recording of a minor version such as ``1.37``; it is read once."""
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
    """Return the type of a list's or map's items; any other type is returned unchanged."""
    return spec.removeprefix("map[string]").lstrip("[]")


def displayed(spec: str) -> str:
    """Return a type as Go prints it: a package's last part and the name, without the group."""
    if spec in _BYTES:
        return _BYTES[spec]
    for prefix in ("[]", "map[string]"):
        if spec.startswith(prefix):
            return prefix + displayed(spec.removeprefix(prefix))
    return _SELF_DECODING.get(spec) or spec.rpartition("/")[2]
