"""Recordings of shops of pods, one for each wiring: ``python -m tests.contract.shops [DRAWING...]`` makes them.

Without arguments it takes the wirings that aren't recorded yet, half a minute each; with names of drawings it records
theirs again. Finished recordings stay after an interruption. They are stored in the folder of the cluster's minor version.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster.errors import UsageError
from cluster.kind.shop import KindShop
from cluster.kubernetes import CURRENT
from cluster.shop.story import ObservedStory, seen
from cluster.shop.wiring import Wiring
from graders.cli.exit_codes import guarded
from graders.present.console import Console
from tests.contract.recording import RECORDED
from tests.contract.server import Server
from tests.corpus.recording import write_whole
from tests.graders.application_platform.exercises.diagram.drawings import by_wiring

say = Console(soft_wrap=True).print


@dataclass(frozen=True, slots=True)
class RecordedShop:
    """The results of one wiring on a cluster, and the duration of its story, in seconds.

    ``server`` is the server's full version with the patch; empty if unknown.
    """

    wiring: Wiring
    seen: ObservedStory
    version: str
    seconds: float
    server: str = ""


def file(minor: str = CURRENT) -> Path:
    """The file with a minor version's recordings."""
    return RECORDED / minor / "shops.json"


def read(minor: str = CURRENT) -> dict[Wiring, RecordedShop]:
    """Read all recordings of a minor version."""
    kept = file(minor)
    every = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else []
    return {one.wiring: one for one in map(_told, every)}


def due(minor: str, server: str) -> dict[Wiring, str]:
    """The wirings without a recording of that server, each with the name of a drawing."""
    recorded = read(minor)
    return {
        wiring: drawings[0]
        for wiring, drawings in by_wiring().items()
        if wiring not in recorded or recorded[wiring].server not in ("", server)
    }


def record(wiring: Wiring, shop: KindShop, minor: str, server: str) -> RecordedShop:
    """Run a shop with this wiring and return the recording. Raises WorldError."""
    story = shop.run(wiring)
    told = RecordedShop(wiring, seen(story), shop.version, story.seconds, server)
    write(read(minor) | {wiring: told}, minor)
    return told


def _told(kept: dict[str, Any]) -> RecordedShop:
    wiring = Wiring(frozenset(kept["parts"]), frozenset((one, other) for one, other in kept["connections"]))
    failures = {part: (accepted, emailed) for part, (accepted, emailed) in kept["failures"].items()}
    return RecordedShop(
        wiring, ObservedStory(kept["steps"], failures), kept["version"], kept["seconds"], kept.get("server", "")
    )


def write(every: dict[Wiring, RecordedShop], minor: str) -> None:
    """Write all recordings, always in the same order."""
    kept = [
        {
            "parts": sorted(t.wiring.parts), "connections": sorted(t.wiring.connections), "version": t.version,
            "server": t.server, "seconds": round(t.seconds, 1), "steps": dict(t.seen.steps), "failures": dict(t.seen.failures),
        }
        for t in sorted(every.values(), key=lambda t: (sorted(t.wiring.parts), sorted(t.wiring.connections)))
    ]  # fmt: skip
    write_whole(file(minor), "[\n" + ",\n".join(json.dumps(one) for one in kept) + "\n]\n")


def main(names: list[str]) -> None:
    """Record the wirings of the named drawings, or the missing ones."""
    wirings = by_wiring()
    if strange := [n for n in names if not any(n in drawings for drawings in wirings.values())]:
        raise UsageError(f"There is no drawing called {strange[0]!r}.")
    server, shop = Server.reach(), KindShop()
    again = {wiring: drawings[0] for wiring, drawings in wirings.items() if set(names) & set(drawings)}
    for wiring, drawing in (again if names else due(server.minor, server.version)).items():
        say(f"{record(wiring, shop, server.minor, server.version).seconds:5.1f} s  {drawing}")


if __name__ == "__main__":
    sys.exit(guarded(lambda: main(sys.argv[1:])))
