"""Compare the time of `workbook cluster up` with bare kind, which makes a cluster and loads the same images.

``python -m benchmarks.cluster_up [ROUNDS]``. Needs Docker and kind, the shop's images built, and no cluster of ours: it
makes and deletes two, one after the other, each round.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from cluster.kind import lifecycle
from cluster.shop import images

BARE = "bare"


def main(rounds: int) -> None:
    """Print the seconds of both, and their ratio."""
    if lifecycle.status().cluster:
        raise SystemExit("There is a cluster of ours already: workbook cluster down.")
    images.build()
    ours, bare = [], []
    for _ in range(rounds):
        bare.append(timed(bare_kind))
        kind("delete", "cluster", "--name", BARE)
        ours.append(timed(lambda: lifecycle.up(lifecycle.node_image(), lambda _: None)))
        lifecycle.down(lambda _: None)
    print(f"{rounds} rounds, in seconds")
    for name, seconds in (("kind create and load", bare), ("workbook cluster up", ours)):
        print(f"  {name:<22}" + " ".join(f"{s:7.1f}" for s in seconds))
    print(f"median ratio {statistics.median(ours) / statistics.median(bare):.2f}")


def bare_kind() -> None:
    """What the README of kind says, and the images."""
    kind("create", "cluster", "--name", BARE, "--image", lifecycle.node_image(), "--wait", "180s")
    kind("load", "docker-image", "--name", BARE, *(one.name for one in images.IMAGES))


def kind(*arguments: str) -> None:
    """Run kind."""
    command = [shutil.which("kind") or "kind", *arguments]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  our own arguments


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
