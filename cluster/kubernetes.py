"""The minor versions of Kubernetes that the workbook supports.

Their differences are data, recorded from a real server of each version; ``python -m tools.renew`` records the next one.
"""

from __future__ import annotations

import re
from typing import Final

CURRENT: Final[str] = "1.37"
"""The minor version that is simulated by default, and that runs are recorded and tested on."""

MINORS: Final[tuple[str, ...]] = ("1.34", "1.37")
"""The minor versions whose admission is recorded, oldest first: the choices of `workbook admit --kubernetes`."""

NODE_IMAGE: Final[str] = "kindest/node:v1.37.0@sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5"
"""The node image of the current minor version, pinned by digest: the default of the kind program that ships it."""


def number(version: str) -> tuple[int, ...]:
    """Return a version as comparable numbers: ``v1.37.2``, ``v1.37`` and ``1.37`` are understood; empty for a text without numbers."""
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("-")[0].partition("+")[0])[:3])


def displayed(minor: str) -> str:
    """Return a minor version as people and a server's ``gitVersion`` write it: ``v1.37``."""
    return f"v{minor}"
