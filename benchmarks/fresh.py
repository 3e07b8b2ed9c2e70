"""Measure the worlds' agreement on random Deployments: ``python -m benchmarks.fresh [--seed N] [--count 24]``.

Each runs on the kind cluster and on the simulated one, two at once on kind, about two minutes each. If a criterion
differs, the Deployment runs on kind again: a verdict that differs between kind's two runs is chance. ``--keep FOLDER``
saves the runs. Ctrl-C prints the results so far.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from cluster import world
from cluster.errors import WorldError
from graders.cli.exit_codes import NOT_FULL, OK, guarded
from graders.core.registry import exercise
from tests.contract.agreement import verdicts
from tests.contract.fresh import fresh
from tests.contract.record import AT_ONCE, record
from tests.contract.recording import Recording, Replayed
from tests.contract.server import Server


@dataclass(frozen=True)
class Compared:
    """The result for one Deployment: the criteria that agree, those that don't, and those that chance decides."""

    number: int
    agree: int
    differ: tuple[str, ...]
    chance: tuple[str, ...]


def main(arguments: list[str]) -> int:
    """Compare, and print a line each; the exit code is 0 where all agree that chance doesn't decide."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fresh", description=__doc__.partition("\n\n")[0])
    parser.add_argument(
        "--seed", type=int, default=int(time.time()) % 1_000_000, help="another seed, other Deployments"
    )
    parser.add_argument("--count", type=int, default=24, help="how many (24)")
    parser.add_argument("--keep", type=Path, help="a folder for what the cluster did")
    asked = parser.parse_args(arguments)
    print(f"seed {asked.seed}, {asked.count} Deployments")
    done: list[Compared] = []
    try:
        for one in _every(asked.seed, asked.count, asked.keep):
            done.append(one)
            said = "".join(f"; {name} differs" for name in one.differ) + "".join(
                f"; {name} is chance" for name in one.chance
            )
            print(f"{len(done):>3}  number {one.number:<4}{one.agree:>3} criteria agree{said}", flush=True)
    finally:
        agree, differ = sum(one.agree for one in done), sum(len(one.differ) for one in done)
        print(
            f"{len(done)} Deployments: {agree} of {agree + differ} criteria agree; chance decides {sum(len(one.chance) for one in done)} more"
        )
    return NOT_FULL if differ else OK


def _every(seed: int, count: int, keep: Path | None) -> Iterator[Compared]:
    server, ended = Server.reach(), threading.Event()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            for run in as_completed([pool.submit(_compared, seed, n, server, ended, keep) for n in range(count)]):
                yield run.result()
        except BaseException:
            ended.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _compared(seed: int, number: int, server: Server, ended: threading.Event, keep: Path | None) -> Compared:
    manifest = fresh(seed, number)
    ours = verdicts(exercise("deployment").judge(manifest, world()))
    first = _on_kind(manifest, server, ended, keep and keep / f"{seed}-{number}.json")
    differ = tuple(name for name in ours if ours[name] != first[name])
    if not differ:
        return Compared(number, len(ours), (), ())
    again = _on_kind(manifest, server, ended, keep and keep / f"{seed}-{number}-again.json")
    # Where the cluster agrees with itself against us we are wrong; where it doesn't, either verdict may come.
    chance = tuple(name for name in ours if first[name] != again[name])
    wrong = tuple(name for name in differ if name not in chance)
    return Compared(number, len(ours) - len(set(wrong) | set(chance)), wrong, chance)


def _on_kind(manifest: str, server: Server, ended: threading.Event, keep: Path | None) -> dict[str, tuple[str, float]]:
    for attempt in (1, 2):
        try:
            recording: Recording = record(manifest, server, ended)[0]
            break
        except WorldError:
            if ended.is_set() or attempt == 2:
                raise
    if keep:
        keep.parent.mkdir(parents=True, exist_ok=True)
        recording.write(keep)
    return verdicts(exercise("deployment").judge(manifest, Replayed(recording)))


if __name__ == "__main__":
    sys.exit(guarded(lambda: main(sys.argv[1:])))
