"""Compare the time of the reference answer's train on the kind cluster with plain kubectl commands for a part of it.

``python -m benchmarks.kind [ROUNDS]``. Needs kubectl and `workbook cluster up`.
"""

from __future__ import annotations

import secrets
import shutil
import statistics
import subprocess
import sys
import time

from cluster.kind.world import KindCluster
from cluster.manifests.documents import read
from cluster.train.stops import LANES, ROLLOUT, Scenario
from cluster.train.timeline import EventKind, Timeline
from tests.contract.cases import cases


def main(rounds: int) -> None:
    """Print the train's duration, that of its stops, and the rollout beside kubectl's."""
    manifest = cases()["reference"]
    whole, rollouts, bare = [], [], []
    stops: dict[str, list[float]] = {stop: [] for lane in LANES for stop in lane}
    for _ in range(rounds):
        bare.append(applied(manifest))
        began = time.perf_counter()
        timeline = KindCluster().run(Scenario(tuple(read(manifest))))
        whole.append(time.perf_counter() - began)
        for stop, seconds in stops.items():
            seconds.append(duration(timeline, stop))
        rollouts.append(stops[ROLLOUT][-1])
    print(f"{rounds} rounds, medians in seconds")
    for stop, seconds in stops.items():
        print(f"  {stop:<14}{statistics.median(seconds):>8.1f}")
    medians = [statistics.median(seconds) for seconds in stops.values()]
    print(f"whole train {statistics.median(whole):.1f}; its stops: sum {sum(medians):.1f}, longest {max(medians):.1f}")
    ratio = statistics.median(rollouts) / statistics.median(bare)
    print(
        f"rollout {statistics.median(rollouts):.2f} beside kubectl apply and rollout status {statistics.median(bare):.2f}: {ratio:.2f} times"
    )


def duration(timeline: Timeline, stop: str) -> float:
    """From a stop's beginning to its end."""
    began, ended = timeline.first(stop, EventKind.BEGAN), timeline.first(stop, EventKind.ENDED)
    return ended.at - began.at if began and ended else 0.0


def applied(manifest: str) -> float:
    """`kubectl apply` and `kubectl rollout status`, in a namespace of its own."""
    name = f"bare-{secrets.token_hex(4)}"
    kubectl("create", "namespace", name)
    try:
        began = time.perf_counter()
        kubectl("-n", name, "apply", "-f", "-", given=manifest)
        kubectl("-n", name, "rollout", "status", "deployment/orders")
        return time.perf_counter() - began
    finally:
        kubectl("delete", "namespace", name, "--wait=true")


def kubectl(*arguments: str, given: str = "") -> None:
    """Run kubectl on our cluster."""
    command = [shutil.which("kubectl") or "kubectl", "--context", "kind-workbook", *arguments]
    subprocess.run(command, input=given.encode(), check=True, capture_output=True)  # noqa: S603  our own arguments


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
