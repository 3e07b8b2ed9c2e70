"""Which minor versions of Kubernetes the workbook knows.

What differs between them is data, recorded from a real server of that version; ``python -m tools.renew`` records the
next one.
"""

from __future__ import annotations

import re
from typing import Final

CURRENT: Final[str] = "1.37"
"""The minor that the simulated cluster behaves as, and that runs are recorded and tested on."""

MINORS: Final[tuple[str, ...]] = ("1.34", "1.37")
"""The minors whose admission is recorded, the oldest first: `workbook admit --kubernetes` speaks as any of them."""

NODE_IMAGE: Final[str] = "kindest/node:v1.37.0@sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5"
"""The pinned node image of the current minor, by its digest: the default of the kind program that brings it."""


def number(version: str) -> tuple[int, ...]:
    """A version as numbers, to be compared: of ``v1.37.2``, of ``v1.37`` and of ``1.37``; empty where it has none."""
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("-")[0].partition("+")[0])[:3])


def displayed(minor: str) -> str:
    """A minor as people read it and as a server's ``gitVersion`` begins: ``v1.37``."""
    return f"v{minor}"
