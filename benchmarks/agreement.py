"""Measure the agreement of the three ways to run a drawing: the flow, the shop of processes, and the shop of pods.

``python -m benchmarks.agreement``. Processes run again, about ten seconds for each wiring; the runs of pods are
recordings (``python -m tests.contract.shops`` makes them, on a kind cluster).
"""

from __future__ import annotations

from cluster.engines import close
from cluster.shop.local import LocalShop
from cluster.shop.story import ObservedStory, seen
from graders.application_platform.exercises.diagram.wired import foreseen
from tests.contract import shops
from tests.graders.application_platform.exercises.diagram.drawings import by_wiring, flow


def main() -> None:
    """Print how many wirings and drawings there are, and for how many each pair of ways says the same."""
    wirings, pods = by_wiring(), shops.read()
    told: list[tuple[ObservedStory, ObservedStory, ObservedStory]] = []
    facts = 0
    for wiring, names in wirings.items():
        processes = seen(LocalShop().run(wiring))
        for name in names:
            told.append((foreseen(flow(name)), processes, pods[wiring].seen))
            facts += len(told[-1][0].steps) + 2 * len(told[-1][0].failures)
        print(f"  {len(told):>3} drawings, {names[0]}", flush=True)
    close()
    print(f"{len(told)} drawings in {len(wirings)} wirings, {facts} findings of each way")
    for what, one, other in (("flow and processes", 0, 1), ("flow and pods", 0, 2), ("processes and pods", 1, 2)):
        print(f"  {what:<20} agree on {sum(three[one] == three[other] for three in told)} of {len(told)}")


if __name__ == "__main__":
    main()
