"""The recorded schema: which kinds there are, what fields their types have, and what Go calls a field's type.

Types are written as Go writes them: ``string``, ``int32``, ``[]core/v1.Container``, ``map[string]Quantity``. What
record.py recorded is read on first use, in a few milliseconds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cluster.kubernetes import CURRENT

FOLDER = Path(__file__).with_name("recorded")
"""What was recorded, in a folder for each minor."""

RECORDED = FOLDER / CURRENT / "schema.json"

_SELF_DECODING = {
    "Quantity": "resource.Quantity",
    "IntOrString": "int32",
    "Time": "v1.Time",
    "MicroTime": "v1.MicroTime",
}
_BYTES = {"[]byte": "[]uint8"}


@dataclass(frozen=True, slots=True)
class Kind:
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

    @property
    def qualified(self) -> str:
        """The kind with its group, as refusals name it: ``Deployment.apps``, ``Service``."""
        group = self.api_version.rpartition("/")[0]
        return f"{self.name}.{group}" if group else self.name


@cache
def recorded() -> Mapping[str, Any]:
    """The recording, read once."""
    found: Mapping[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return found


@cache
def kinds() -> Mapping[tuple[str, str], Kind]:
    """The kinds whose schema is recorded, by apiVersion and name."""
    found = {}
    for name, kind in recorded()["kinds"].items():
        api_version, _, short = name.rpartition("/")
        found[api_version, short] = Kind(api_version, short, kind["type"], kind["plural"], kind["namespaced"])
    return found


@cache
def others() -> frozenset[tuple[str, str]]:
    """The kinds that the server serves and whose schema isn't recorded, by apiVersion and name."""
    return frozenset((name.rpartition("/")[0], name.rpartition("/")[2]) for name in recorded()["others"])


def fields(type_name: str) -> Mapping[str, str]:
    """A type's fields and their types; empty for a type that isn't recorded."""
    found: Mapping[str, str] = recorded()["types"].get(type_name, {})
    return found


def go_name(owner: str, field: str, spec: str, *, item: bool = False) -> str:
    """What a refusal calls the type of a field (of an item in it), such as ``v1.Protocol``."""
    name: str | None = recorded()["names"].get(owner, {}).get(field + "[]" if item else field)
    return name or displayed(spec)


def displayed(spec: str) -> str:
    """A type as Go prints it: a package's last part and the name, without the group."""
    if spec in _BYTES:
        return _BYTES[spec]
    for prefix in ("[]", "map[string]"):
        if spec.startswith(prefix):
            return prefix + displayed(spec.removeprefix(prefix))
    return _SELF_DECODING.get(spec) or spec.rpartition("/")[2]
