"""Run every case on the kind cluster and keep what happened: ``python -m tests.contract.record [CASE...]``.

Without arguments it takes the cases that aren't recorded yet; with names it records those again. Two run at once,
about two minutes each: they mostly wait. Ctrl-C ends it; what is recorded stays.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

from rich.console import Console

from cluster.errors import WorldError
from cluster.kind.world import KindCluster
from graders.exercises import exercise
from graders.show.words import score
from tests.contract.cases import cases
from tests.contract.recording import FOLDER, Recorder, Recording

AT_ONCE = 2
say = Console(highlight=False, soft_wrap=True).print


def record(manifest: str) -> tuple[Recording, str]:
    """Judge a manifest on the kind cluster; what is to be kept, and the score in words."""
    recorder = Recorder(KindCluster(together=True))
    report = exercise("deployment").judge(manifest, recorder)
    if not report.judged:
        raise WorldError(report.problem, report.hint)
    return Recording(manifest, recorder.version, recorder.admissions, recorder.timeline), score(report)


def main(names: list[str]) -> None:
    """Record the cases named, or those that are missing."""
    every = cases()
    wanted = names or [name for name in every if not (FOLDER / f"{name}.json").exists()]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = {pool.submit(one, name, every[name]): name for name in wanted}
        try:
            for number, run in enumerate(as_completed(runs), 1):
                say(f"{number:3} of {len(wanted)}  {runs[run]:34} {run.result()}")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def one(name: str, manifest: str) -> str:
    """Record a case; a word on it."""
    began = time.monotonic()
    try:
        recording, said = record(manifest)
    except WorldError as error:
        return f"not judged: {error.problem} {error.hint}"
    recording.write(FOLDER / f"{name}.json")
    return f"{said:14} {time.monotonic() - began:5.0f} s"


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        say("Ended; what is recorded stays.")
