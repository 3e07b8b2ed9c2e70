"""Judging in a process of its own, which is ended when a judgement takes longer than it may.

Every bound on an answer is meant to keep this from happening; it is the last of them. The worker is this Python
running this module: it reads what to judge from its standard input and writes the report to its standard output,
both pickled by us. It never runs anything of an answer's either.
"""

from __future__ import annotations

import atexit
import contextlib
import pickle
import queue
import subprocess
import sys
import threading
from typing import BinaryIO

from cluster import world
from cluster.errors import NotJudgedError, OutOfTimeError
from cluster.limits import JUDGEMENT_SECONDS
from graders.exercises import exercise
from graders.report import Report

Task = tuple[str, str, str]
"""An exercise, the text of an answer, and the world that judges, each by name."""


class Worker:
    """One judging process at a time, started when it is first needed and replaced when it has to be ended."""

    def __init__(self, seconds: float = JUDGEMENT_SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._reports: queue.SimpleQueue[Report | None] = queue.SimpleQueue()
        self._one_at_a_time = threading.Lock()
        atexit.register(self.end)

    def start(self) -> None:
        """Start the process now, so that the first judgement needn't wait for it."""
        with self._one_at_a_time:
            self._running()

    def judge(self, name: str, text: str, world_name: str) -> Report:
        """The report on an answer. One that takes too long, or takes its process along, is not judged."""
        with self._one_at_a_time:
            process = self._running()
            assert process.stdin is not None  # noqa: S101  for the type checker: it was asked for
            try:
                pickle.dump((name, text, world_name), process.stdin)
                process.stdin.flush()
                report = self._reports.get(timeout=self._seconds)
            except queue.Empty:
                self._stop()
                self._running()  # so that the next judgement isn't delayed
                return _not_judged(name, text, world_name, OutOfTimeError(
                    f"The judgement took longer than {self._seconds:g} s and was ended.",
                    "Nothing is marked wrong. Try again; if it happens again, make the answer smaller and report it.",
                ))  # fmt: skip
            except OSError:
                report = None
            if report is None:
                self._stop()
                return _not_judged(name, text, world_name, NotJudgedError(
                    "The judge ended in the middle of this answer.",
                    "Nothing is marked wrong. Try again; if it happens again, please report it with the answer.",
                ))  # fmt: skip
            return report

    def end(self) -> None:
        """End the process, if there is one."""
        with self._one_at_a_time:
            self._stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._reports = queue.SimpleQueue()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "graders.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            threading.Thread(target=_read, args=(self._process.stdout, self._reports), daemon=True).start()
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    stream and stream.close()


def _read(stream: BinaryIO, reports: queue.SimpleQueue[Report | None]) -> None:
    """Hand on what the worker writes; None once it has ended."""
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError, ValueError):
        while True:
            reports.put(pickle.load(stream))  # noqa: S301  our own process wrote it
    reports.put(None)


def _not_judged(name: str, text: str, world_name: str, error: NotJudgedError) -> Report:
    return exercise(name).unjudged(world(world_name), error, text)


def main() -> None:
    """What the worker does until its input ends: judge one task after another."""
    tasks, reports = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints must not stand between two reports
    while True:
        try:
            name, text, world_name = pickle.load(tasks)  # noqa: S301  our own parent wrote it
        except EOFError:
            return
        pickle.dump(exercise(name).judge(text, world(world_name)), reports)
        reports.flush()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        main()
