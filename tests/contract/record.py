"""Run every case on the kind cluster and record the result: ``python -m tests.contract.record [CASE...]``.

Without arguments it takes the cases that aren't recorded yet; with names it records those again. Two run at once,
about two minutes each: they mostly wait. Ctrl-C ends the program; finished recordings stay. They are stored in the folder of the
cluster's minor version.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from itertools import count

from cluster.errors import UsageError, WorldError
from cluster.kind.world import KindCluster, untested
from graders.cli.exit_codes import guarded
from graders.core.registry import exercise
from graders.present.console import Console
from graders.present.words import score
from tests.contract.cases import cases
from tests.contract.recording import Recorder, Recording, deployments
from tests.contract.server import Server

AT_ONCE = 2
say = Console(soft_wrap=True).print


def due(minor: str, server: str) -> list[str]:
    """The cases without a recording of that server, or changed since."""
    return [name for name, manifest in cases().items() if not _recorded(name, manifest, minor, server)]


def _recorded(name: str, manifest: str, minor: str, server: str) -> bool:
    file = deployments(minor) / f"{name}.json"
    if not file.exists():
        return False
    recording = Recording.read(file)
    return recording.manifest == manifest and recording.server in ("", server)


def record(manifest: str, server: Server, ended: threading.Event | None = None) -> tuple[Recording, str]:
    """Judge a manifest on the kind cluster; return the recording, and the score as text. Raises WorldError."""
    recorder = Recorder(KindCluster(server.context, together=True), ended)
    report = exercise("deployment").judge(manifest, recorder)
    if not report.judged:
        raise WorldError(report.problem, report.hint)
    ran = recorder.timeline
    if ran is not None and ran.note == untested(recorder.version):
        ran = replace(ran, note="")  # it is tested by this
    return Recording(manifest, recorder.version, recorder.admissions, ran, server.version), score(report)


def record_all(names: Sequence[str], server: Server, told: Callable[[str, str], object]) -> tuple[str, ...]:
    """Record cases, two at once, in the folder of the server's minor version; return the names of those that failed.

    ``told`` is called with each case's name and result. Ctrl-C stops the running cases within seconds.
    """
    every, ended, failed = cases(), threading.Event(), []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = {pool.submit(_one, name, every[name], server, ended): name for name in names}
        try:
            for run in as_completed(runs):
                good, words = run.result()
                if not good:
                    failed.append(runs[run])
                told(runs[run], words)
        except BaseException:
            ended.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return tuple(failed)


def _one(name: str, manifest: str, server: Server, ended: threading.Event) -> tuple[bool, str]:
    """Record a case; return whether that succeeded, and the result as text."""
    began = time.monotonic()
    try:
        recording, said = record(manifest, server, ended)
    except WorldError as error:
        return False, f"not judged: {error.problem} {error.hint}"
    recording.write(deployments(server.minor) / f"{name}.json")
    return True, f"{said:14} {time.monotonic() - began:5.0f} s"


def main(names: list[str]) -> None:
    """Record the named cases, or those that are due. Raises UsageError for an unknown case."""
    if strange := [name for name in names if name not in cases()]:
        raise UsageError(f"There is no case called {strange[0]!r}.")
    server = Server.reach()
    wanted, done = names or due(server.minor, server.version), count(1)
    record_all(wanted, server, lambda name, words: say(f"{next(done):3} of {len(wanted)}  {name:34} {words}"))


if __name__ == "__main__":
    sys.exit(guarded(lambda: main(sys.argv[1:])))
