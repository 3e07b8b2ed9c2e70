"""What a shop of pods did, wiring by wiring: ``python -m tests.contract.shops [DRAWING...]`` records it.

Without arguments it takes the wirings that aren't recorded yet, half a minute each; with names of drawings it records
theirs again. What is recorded stays if it is interrupted.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from cluster.kind.shop import KindShop
from cluster.kubernetes import CURRENT
from cluster.shop.story import Seen, seen
from cluster.shop.wiring import Wiring
from tests.contract.recording import RECORDED
from tests.graders.diagrams.drawings import by_wiring

FILE = RECORDED / CURRENT / "shops.json"
say = Console(highlight=False, soft_wrap=True).print


@dataclass(frozen=True, slots=True)
class Told:
    """What was seen of one wiring on a cluster, and how long its story took, in seconds."""

    wiring: Wiring
    seen: Seen
    version: str
    seconds: float


def read() -> dict[Wiring, Told]:
    """Everything that is recorded."""
    every = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else []
    return {one.wiring: one for one in map(_told, every)}


def _told(kept: dict[str, Any]) -> Told:
    wiring = Wiring(frozenset(kept["parts"]), frozenset((one, other) for one, other in kept["connections"]))
    failures = {part: (accepted, emailed) for part, (accepted, emailed) in kept["failures"].items()}
    return Told(wiring, Seen(kept["steps"], failures), kept["version"], kept["seconds"])


def write(every: dict[Wiring, Told]) -> None:
    """Keep all of them, always in the same order."""
    kept = [
        {
            "parts": sorted(t.wiring.parts), "connections": sorted(t.wiring.connections), "version": t.version,
            "seconds": round(t.seconds, 1), "steps": dict(t.seen.steps), "failures": dict(t.seen.failures),
        }
        for t in sorted(every.values(), key=lambda t: (sorted(t.wiring.parts), sorted(t.wiring.connections)))
    ]  # fmt: skip
    FILE.write_text("[\n" + ",\n".join(json.dumps(one) for one in kept) + "\n]\n", encoding="utf-8")


def main(names: list[str]) -> None:
    """Record the wirings of the drawings named, or those that are missing."""
    wirings, shop, every = by_wiring(), KindShop(), read()
    if strange := [n for n in names if not any(n in drawings for drawings in wirings.values())]:
        raise SystemExit(f"There is no drawing called {strange[0]!r}.")
    for wiring, drawings in wirings.items():
        if set(names) & set(drawings) or (not names and wiring not in every):
            story = shop.run(wiring)
            every[wiring] = Told(wiring, seen(story), shop.version, story.seconds)
            write(every)
            say(f"{story.seconds:5.1f} s  {drawings[0]}")


if __name__ == "__main__":
    main(sys.argv[1:])
