"""Projected volumes: several sources in one directory.

Source: validateProjectionSources in pkg/apis/core/validation/validation.go. Cluster trust bundles and pod certificates
are dropped before validation while their features are off.
"""

from __future__ import annotations

from collections.abc import Callable

from cluster.manifests import Path
from cluster.simulated.admission.decode import Object
from cluster.simulated.admission.problems import Problems, forbidden, invalid, required
from cluster.simulated.admission.rules.paths import not_reserved

_SHORTEST, _LONGEST = 600, 2**32
_HOUR = 3600
_CONFLICT = "conflicting duplicate paths"

ItemRule = Callable[[Object, Path], Problems]


def projected(source: Object, path: Path, key_to_path: ItemRule, downward_file: ItemRule) -> Problems:
    """The sources of a projected volume: complete, one kind each, no path twice."""
    seen: set[str] = set()
    for index, one in enumerate(source.get("sources", [])):
        here = (*path, "sources", index)
        for kind in ("secret", "configMap"):
            if kind in one:
                yield from _keys(one[kind], (*here, kind), path, seen, key_to_path)
        if "downwardAPI" in one:
            for item in one["downwardAPI"].get("items", []):
                yield from downward_file(item, (*here, "downwardAPI"))
                yield from _once(item.get("path", ""), item.get("path", ""), path, seen)
        if "serviceAccountToken" in one:
            yield from _token(one["serviceAccountToken"], (*here, "serviceAccountToken"), path)
        if sum(kind in one for kind in ("secret", "configMap", "downwardAPI", "serviceAccountToken")) > 1:
            yield forbidden(here, "may not specify more than 1 volume type per source")


def _keys(source: Object, path: Path, whole: Path, seen: set[str], key_to_path: ItemRule) -> Problems:
    name = source.get("name", "")
    if not name:
        yield required((*path, "name"))
    for index, item in enumerate(source.get("items", [])):
        yield from key_to_path(item, (*path, "items", index))
        yield from _once(item.get("path", ""), name, whole, seen)


def _once(target: str, shown: str, path: Path, seen: set[str]) -> Problems:
    if target and target in seen:
        yield invalid(path, shown, _CONFLICT)
    seen.add(target)


def _token(token: Object, path: Path, whole: Path) -> Problems:
    seconds = token.get("expirationSeconds", _HOUR)
    if seconds < _SHORTEST:
        yield invalid((*path, "expirationSeconds"), seconds, "may not specify a duration less than 10 minutes")
    if seconds > _LONGEST:
        yield invalid((*path, "expirationSeconds"), seconds, "may not specify a duration larger than 2^32 seconds")
    target = token.get("path", "")
    if target:
        yield from not_reserved(target, (*whole, "path"))
    else:
        yield required((*whole, "path"))
