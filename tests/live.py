"""Whether the workbook's own kind cluster is up, for tests that need it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from cluster.kind.machine import status


@cache
def missing() -> str:
    """Why tests can't run on the cluster; empty where they can."""
    found = status()
    if not found.docker:
        return "Docker isn't here, so there is no kind cluster (docs/kind.md)"
    if not found.kind:
        return "kind isn't here, so there is no kind cluster (docs/kind.md)"
    if not found.ours or found.missing_images:
        return "no kind cluster of the workbook's is up (workbook cluster up)"
    return ""


def skip_without_cluster(items: list[pytest.Item], folder: Path) -> None:
    """Mark the tests of a folder as skipped where there is no cluster, and say why."""
    inside = [item for item in items if folder in item.path.parents or item.path == folder]
    if inside and (reason := missing()):
        for item in inside:
            item.add_marker(pytest.mark.skip(reason=reason))
