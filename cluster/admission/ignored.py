"""Fields that the server ignores because their feature gate is off by default: they are left out, with a remark.

The server ignores them silently, so the remarks are ours.
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


def remarks(document: Document, kind: ServedKind, paths: Iterable[Path], minor: Minor) -> tuple[Cause, ...]:
    """Return one remark for each ignored field, with its line, in the order of lines."""
    found = (Cause(dotted(path), _REASON, _words(kind, path, minor), document.line(*path)) for path in paths)
    return tuple(sorted(found, key=lambda cause: cause.line))


def _words(kind: ServedKind, path: Path, minor: Minor) -> str:
    gate = minor.schema.ignored(minor.schema.owner(kind.type, path)).get(str(path[-1]), "")
    named = f"its feature gate {gate}" if gate else "its feature gate"
    return f"Kubernetes {minor.name} has this field, but {named} is off by default"


def without(decoded: Object, paths: Sequence[Path]) -> Object:
    """Return the object without what depends on ignored fields, which decoding left out.

    An image volume is removed with its mounts, and so are lifecycle hooks that had only a stop signal.

    Source: dropImageVolumes and dropContainerStopSignals in pkg/api/pod/util.go.
    """
    found: Object = copy.deepcopy(decoded)
    for path in reversed(paths):  # later entries of a list first, so that the other indices stay valid
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
