"""Fields that the server knows and ignores, since their feature gate is off by default: left out, and told of.

The server says nothing about them, so what is said is ours.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any

from cluster.admission.decode import Object, dotted
from cluster.admission.minor import Minor
from cluster.admission.response import Cause
from cluster.admission.schema import ServedKind
from cluster.manifests.documents import Document, Path

_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
_REASON = "FieldIgnored"


def told(document: Document, kind: ServedKind, paths: Iterable[Path], minor: Minor) -> tuple[Cause, ...]:
    """One remark for each field that the server ignores, with the learner's line, in the order of the lines."""
    found = (Cause(dotted(path), _REASON, _words(kind, path, minor), document.line(*path)) for path in paths)
    return tuple(sorted(found, key=lambda cause: cause.line))


def _words(kind: ServedKind, path: Path, minor: Minor) -> str:
    gate = minor.schema.ignored(minor.schema.owner(kind.type, path)).get(str(path[-1]), "")
    named = f"its feature gate {gate}" if gate else "its feature gate"
    return f"Kubernetes {minor.name} has this field, but {named} is off by default"


def without(decoded: Object, paths: Sequence[Path]) -> Object:
    """An object without what goes along with ignored fields, which decoding left out.

    A volume made of an image goes as a whole, with its mounts; lifecycle hooks that had a stop signal alone go, too.

    Source: dropImageVolumes and dropContainerStopSignals in pkg/api/pod/util.go.
    """
    found: Object = copy.deepcopy(decoded)
    for path in reversed(paths):  # later entries of a list first, so that the others keep their places
        match path:
            case (*where, "volumes", int(index), "image"):
                _drop_volume(_at(found, where), index)
            case (*where, "lifecycle", "stopSignal"):
                container = _at(found, where)
                if not container["lifecycle"]:
                    del container["lifecycle"]
    return found


def _drop_volume(spec: Object, index: int) -> None:
    name = spec["volumes"].pop(index).get("name", "")
    for kind in _CONTAINERS:
        for container in spec.get(kind, []):
            if "volumeMounts" in container:
                container["volumeMounts"] = [m for m in container["volumeMounts"] if m.get("name", "") != name]


def _at(written: Any, path: Iterable[str | int]) -> Any:
    for step in path:
        written = written[step]
    return written
