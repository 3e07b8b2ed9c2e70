"""Measure a learner's wait for the first email of a run drawing, and the customers' wait for emails.

``python -m benchmarks.story [ROUNDS]``. *Cold* is the first run in a process with the notebook's extension, so it starts the
engines; *warm* is a later run. Then the same number of orders is placed in two shops in turns, with the email inside the
request and by the queue, and compared in one run.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from cluster.engines import close
from cluster.percentile import percentile
from graders.application_platform.demos.waiting.latency_comparison import Sold, sell
from graders.application_platform.demos.waiting.shops import WAYS
from graders.core.registry import exercise
from tests.support.solutions import solution

ROOT = Path(__file__).resolve().parent.parent
WARM = 2
ORDERS, MAIL = 40, 0.1

ONE = """
import json, sys, time
import graders.notebook.magics
from graders.application_platform.exercises.diagram.run import run
from cluster.shop import local, story

first = []

class Enough(Exception):
    pass

def watched(so_far):
    if any(o.emailed for c in so_far.chapters for o in c.orders):
        first.append(time.perf_counter() - began)
        raise Enough

tell, shop = story.tell, local.LocalShop.run
local.LocalShop.run = lambda self, wiring, watch=None: shop(self, wiring, lambda so_far: (watch and watch(so_far), watched(so_far)))
for _ in range(int(sys.argv[2])):
    began = time.perf_counter()
    try:
        run(sys.argv[1], lambda shown: None)
    except Enough:
        pass
print(json.dumps(first))
"""


def main(rounds: int) -> None:
    """Print the seconds to the first email that is shown, cold and warm; then orders a second and p50, p99 both ways."""
    drawing = solution(exercise("diagram"))
    taken = [_process(drawing) for _ in range(rounds)]
    print(
        f"{rounds} processes on {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}: from run to the first email shown, s"
    )
    for name, seconds in (("cold", [t[0] for t in taken]), ("warm", [s for t in taken for s in t[1:]])):
        print(f"  {name:<6} min {min(seconds):.2f}  median {statistics.median(seconds):.2f}  max {max(seconds):.2f}")
    sold: dict[str, list[Sold]] = {way.name: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            sold[way.name].append(sell(way, ORDERS, MAIL))
    close()
    print(f"{rounds} times {ORDERS} orders each, in turns, {MAIL:g} s for an email")
    rates, waits = [], []
    for name, every in sold.items():
        rates.append(statistics.median(s.rate for s in every))
        waits.append(_both(every))
        print(
            f"  {name:<20}{rates[-1]:7.1f} orders/s   p50 {waits[-1][0] * 1000:6.1f} ms   p99 {waits[-1][1] * 1000:6.1f} ms"
        )
    (p50, p99), (queued50, queued99) = waits
    print(
        f"  by the queue: {rates[1] / rates[0]:.1f} times the orders, p50 {p50 / queued50:.0f} and p99 {p99 / queued99:.0f} times shorter"
    )


def _both(every: Sequence[Sold]) -> tuple[float, float]:
    waits = [wait for sold in every for wait in sold.waits]
    return percentile(waits, 50), percentile(waits, 99)


def _process(drawing: str) -> list[float]:
    argv = [sys.executable, "-c", ONE, drawing, str(1 + WARM)]
    began = time.perf_counter()
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  our own program
    if done.returncode:
        raise SystemExit(f"After {time.perf_counter() - began:.0f} s: {done.stderr}")
    taken: list[float] = json.loads(done.stdout.splitlines()[-1])
    return taken


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
