"""Paths inside volumes and mounts.

Source: validateLocalDescendingPath, validatePathNoBacksteps and ValidateLocalNonReservedPath in
pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from cluster.admission.problems import Problems, invalid
from cluster.manifests.documents import Path


def no_backsteps(target: str, path: Path) -> Problems:
    """No ``..`` as a step."""
    if ".." in target.split("/"):
        yield invalid(path, target, "must not contain '..'")


def descending(target: str, path: Path) -> Problems:
    """Relative, and without ``..``."""
    if target.startswith("/"):
        yield invalid(path, target, "must be a relative path")
    yield from no_backsteps(target, path)


def not_reserved(target: str, path: Path) -> Problems:
    """Descending, and not beginning with two dots, which the kubelet reserves."""
    yield from descending(target, path)
    if target.startswith("..") and not target.startswith("../"):
        yield invalid(path, target, "must not start with '..'")
