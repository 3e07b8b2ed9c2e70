"""Judging in a process of its own, which is ended when a judgement takes longer than it may.

Every bound on an answer is meant to keep this from happening; it is the last of them. The worker is this Python
running this module: it reads what to judge from its standard input and writes reports to its standard output,
pickled by us both. It never runs anything of an answer's either. It is asked to stop before it is ended, so that a run
on a cluster takes its namespaces away.
"""

from __future__ import annotations

import atexit
import contextlib
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import BinaryIO

from cluster import KIND, world
from cluster.errors import NotJudgedError, OutOfTimeError
from cluster.limits import JUDGEMENT_SECONDS, RUN_SECONDS
from graders.exercises import exercise
from graders.output import guard_errors
from graders.report import Report, State

Task = tuple[str, str, str, str, bool]
"""An exercise, the text of an answer, the world that judges and its context by name; and whether live reports are wanted."""

Live = Callable[[Report], None]
CLEANED_UP_WITHIN = 10.0
EACH_SECONDS = 0.3
"""How far apart live reports are, in seconds."""


class Worker:
    """One judging process at a time, started when it is first needed and replaced when it has to be ended."""

    def __init__(self, seconds: float = JUDGEMENT_SECONDS, run_seconds: float = RUN_SECONDS, context: str = "") -> None:
        self._context = context
        self._seconds = {KIND: run_seconds}
        self._at_most = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._reports: queue.SimpleQueue[Report | None] = queue.SimpleQueue()
        self._one_at_a_time = threading.Lock()
        atexit.register(self.end)

    def start(self) -> None:
        """Start the process now, so that the first judgement needn't wait for it."""
        with self._one_at_a_time:
            self._running()

    def judge(self, name: str, text: str, world_name: str, live: Live | None = None) -> Report:
        """The report on an answer. One that takes too long, or takes its process along, is not judged.

        ``live`` is told of what is known so far while a run on a cluster goes on.
        """
        with self._one_at_a_time:
            process = self._running()
            assert process.stdin is not None  # noqa: S101  for the type checker: it was asked for
            try:
                pickle.dump((name, text, world_name, self._context, live is not None), process.stdin)
                process.stdin.flush()
                report = self._awaited(self._seconds.get(world_name, self._at_most), live)
            except queue.Empty:
                self._stop(gently=world_name == KIND)
                self._running()  # so that the next judgement isn't delayed
                seconds = self._seconds.get(world_name, self._at_most)
                return _not_judged(name, text, world_name, OutOfTimeError(
                    f"The judgement took longer than {seconds:g} s and was ended.",
                    "Nothing is marked wrong. Try again; if it happens again, make the answer smaller and report it.",
                ))  # fmt: skip
            except OSError:
                report = None
            except BaseException:  # Ctrl-C: what the run made is taken away before anything else
                self._stop(gently=True)
                raise
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

    def _awaited(self, seconds: float, live: Live | None) -> Report | None:
        until = time.monotonic() + seconds
        while True:
            report = self._reports.get(timeout=max(until - time.monotonic(), 0.0))
            if report is None or report.state is not State.WAITING:
                return report
            if live is not None:
                live(report)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._reports = queue.SimpleQueue()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "graders.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            threading.Thread(target=_read, args=(self._process.stdout, self._reports), daemon=True).start()
        return self._process

    def _stop(self, *, gently: bool = False) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if gently:
            with contextlib.suppress(OSError, ValueError, subprocess.TimeoutExpired):
                process.send_signal(signal.SIGINT)
                process.wait(CLEANED_UP_WITHIN)
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


class _Throttled:
    """Passes on live reports, not more often than anyone can see."""

    def __init__(self, write: Live) -> None:
        self._write = write
        self._last = 0.0

    def __call__(self, report: Report) -> None:
        now = time.monotonic()
        if now - self._last >= EACH_SECONDS and report.state is State.WAITING:
            self._last = now
            self._write(report)


def main() -> None:
    """What the worker does until its input ends: judge one task after another."""
    signal.signal(signal.SIGINT, _interrupted_once)
    tasks, reports = sys.stdin.buffer, sys.stdout.buffer
    guard_errors()
    sys.stdout = sys.stderr  # whatever a library prints must not stand between two reports

    def write(report: Report) -> None:
        pickle.dump(report, reports)
        reports.flush()

    while True:
        try:
            name, text, world_name, context, live = pickle.load(tasks)  # noqa: S301  our own parent wrote it
        except EOFError:
            return
        write(exercise(name).judge(text, world(world_name, context), _Throttled(write) if live else None))


def _interrupted_once(*_: object) -> None:
    # A second Ctrl-C would interrupt the cleaning up after the first.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        main()
