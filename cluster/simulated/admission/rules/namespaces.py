"""Namespaces: their finalizers, and the levels of Pod Security that their labels ask for.

Source: ValidateNamespace in pkg/apis/core/validation/validation.go, and PolicyToEvaluate in k8s.io/pod-security-admission's
api/helpers.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain

from cluster.simulated.admission import names
from cluster.simulated.admission.decode import Key, Object
from cluster.simulated.admission.minor import Minor
from cluster.simulated.admission.problems import Problems, each_invalid, invalid
from cluster.simulated.admission.rules.metadata import object_meta

_STANDARD = frozenset(("kubernetes", "orphan", "foregroundDeletion"))
_LEVELS = ("privileged", "baseline", "restricted")
_VERSION = re.compile(r"v1\.(0|[1-9][0-9]*)")
_MODES = ("enforce", "audit", "warn")
_PREFIX = "pod-security.kubernetes.io/"


def namespace(obj: Object, minor: Minor) -> Problems:
    """ValidateNamespace; Pod Security's labels are only looked at where nothing else is wrong: its plug-in comes last."""
    metadata = obj.get("metadata", {})
    finalizers = obj.get("spec", {}).get("finalizers", ())
    valid = True
    for problem in chain(
        object_meta(metadata, names.dns_label, minor, namespaced=False, generation=True),
        *(_finalizer(one, minor) for one in finalizers),
    ):
        valid = False
        yield problem
    if valid:
        yield from _pod_security(metadata.get("labels", {}))


def _finalizer(name: str, minor: Minor) -> Problems:
    path = ("spec", "finalizers")
    yield from each_invalid(path, name, minor.qualified_name(name))
    if "/" not in name and name not in _STANDARD:
        yield invalid(path, name, "name is neither a standard finalizer name nor is it fully qualified")


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
