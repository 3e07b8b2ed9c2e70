"""Namespaces: their finalizers, and the Pod Security levels in their labels.

Source: ValidateNamespace in pkg/apis/core/validation/validation.go, SetDefaults_Namespace in pkg/apis/core/v1/defaults.go, and
PolicyToEvaluate in k8s.io/pod-security-admission's api/helpers.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain

from cluster.admission import name_rules
from cluster.admission.decode import Key, Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problems, each_invalid, invalid
from cluster.admission.rules.metadata import core_finalizer, object_meta

_LEVELS = ("privileged", "baseline", "restricted")
_VERSION = re.compile(r"v1\.(0|[1-9][0-9]*)")
_MODES = ("enforce", "audit", "warn")
_NAME = "kubernetes.io/metadata.name"
_PREFIX = "pod-security.kubernetes.io/"


def namespace(obj: Object, minor: Minor) -> Problems:
    """ValidateNamespace; Pod Security's labels are checked only if nothing else is wrong: its plug-in comes last."""
    metadata = _labeled(obj.get("metadata", {}))
    finalizers = obj.get("spec", {}).get("finalizers", ())
    valid = True
    for problem in chain(
        object_meta(metadata, name_rules.dns_label, minor, namespaced=False, generation=True),
        *(_finalizer(one, minor) for one in finalizers),
    ):
        valid = False
        yield problem
    if valid:
        yield from _pod_security(metadata.get("labels") or {})


def _labeled(metadata: Object) -> Object:
    """Return the metadata with the label that the server adds to every Namespace with a name: its name."""
    name = metadata.get("name", "")
    return metadata | {"labels": {**(metadata.get("labels") or {}), _NAME: name}} if name else metadata


def _finalizer(name: str, minor: Minor) -> Problems:
    path = ("spec", "finalizers")
    yield from each_invalid(path, name, minor.qualified_name(name))
    yield from core_finalizer(name, path)


def _pod_security(labels: dict[str, str]) -> Problems:
    checks: dict[str, tuple[Callable[[str], bool], str]] = {
        "": (_LEVELS.__contains__, f"must be one of {', '.join(_LEVELS)}"),
        "-version": (_is_version, 'must be "latest" or "v1.x"'),
    }
    for mode in _MODES:
        for ending, (good, detail) in checks.items():
            label = f"{_PREFIX}{mode}{ending}"
            if label in labels and not good(labels[label]):
                yield invalid(("metadata", "labels", Key(label)), labels[label], detail)


def _is_version(text: str) -> bool:
    return text == "latest" or _VERSION.fullmatch(text) is not None
