"""Measure the simulated cluster's agreement with the recorded real one, and the time of its whole train, warm.

``python -m benchmarks.worlds``
"""

from __future__ import annotations

import statistics
import time
from collections import Counter, defaultdict

from cluster import world
from cluster.manifests.documents import read
from cluster.percentile import percentile
from cluster.train.stops import Scenario
from graders.core.registry import exercise
from tests.contract.agreement import times, verdicts
from tests.contract.recording import FOLDER, Recording, Replayed

ROUNDS = 200


def main() -> None:
    """Print the agreement by criterion, how far apart the times are, and the simulated train's duration."""
    deployment, simulated = exercise("deployment"), world()
    same: Counter[str] = Counter()
    apart: defaultdict[str, list[float]] = defaultdict(list)
    recorded = [Recording.read(path) for path in sorted(FOLDER.glob("*.json"))]
    for recording in recorded:
        ours = verdicts(deployment.judge(recording.manifest, simulated))
        theirs = verdicts(deployment.judge(recording.manifest, Replayed(recording)))
        same.update(name for name in theirs if ours[name] == theirs[name])
        if recording.timeline is None:
            continue
        here, there = times(simulated.run(Scenario(tuple(read(recording.manifest))))), times(recording.timeline)
        for name in here.keys() & there.keys():
            apart[name].append(here[name] - there[name])
    print(f"{len(recorded)} Deployments, verdicts that agree:")
    for name in (criterion.name for criterion in deployment.criteria):
        print(f"  {name:<22}{same[name]:>4} of {len(recorded)}")
    print(f"\n{'simulated minus real, in seconds':<34}{'runs':>6}{'median':>9}{'lowest':>9}{'highest':>9}")
    for name, seconds in apart.items():
        print(
            f"  {name:<32}{len(seconds):>6}{statistics.median(seconds):>9.1f}{min(seconds):>9.1f}{max(seconds):>9.1f}"
        )
    reference = Scenario(tuple(read(Recording.read(FOLDER / "reference.json").manifest)))
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        simulated.run(reference)
        took.append(1000 * (time.perf_counter() - began))
    p95 = percentile(took, 95)
    print(f"\nsimulated train, all stops, warm: median {statistics.median(took):.1f} ms, p95 {p95:.1f} ms of {ROUNDS}")


if __name__ == "__main__":
    main()
