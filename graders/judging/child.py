"""A child process that runs the workbook's functions one after the other, and is ended when one breaks a bound.

It is the last bound; the other bounds on answers should make it unnecessary. The child is the same Python, running
this module: it reads calls from its standard input and writes results to its standard output, both pickled by the
workbook. It never runs a learner's code.

The system bounds processor time (``RLIMIT_CPU``) and, on Linux, memory (``RLIMIT_DATA``); the parent bounds elapsed
time. No library has all of these guarantees. ``concurrent.futures`` can't end one
call, and its processes import the parent's main module or are forked from a program with threads, which isn't safe.
pebble ends a call after a time limit, but bounds neither processor time nor memory, charges no budget for several calls,
passes nothing on before the result, and gives a call no time to clean up what it made.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from cluster.errors import NoResultError, WorkbookError
from cluster.python import python_module
from graders.core.output import guard_errors

try:
    import resource
except ImportError:  # Windows lacks it: there only the elapsed time is bounded
    resource = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

CLEANED_UP_WITHIN = 10.0
"""The time for a child to clean up after a request to stop, in seconds."""

ENDED, DONE, RAISED, STOPPED, NO_MEMORY, FAULT, PARTIAL = (
    "ended", "done", "raised", "stopped", "no memory", "fault", "partial",
)  # fmt: skip

Message = tuple[str, Any]
Result = TypeVar("Result")


@dataclass(slots=True)
class Budget:
    """The budget of some work: processor seconds and bytes of memory in all, elapsed seconds for each call.

    ``spent`` and ``peak`` are the cost so far: processor seconds, and the largest size of a child in bytes.
    """

    cpu: float
    memory: int
    seconds: float
    spent: float = 0.0
    peak: int = 0

    @property
    def left(self) -> float:
        """The processor seconds that are left."""
        return max(self.cpu - self.spent, 0.0)


class Child:
    """One process at a time, started when it is first needed and replaced after it was ended.

    ``preload`` names the modules that it imports at its start, before the first call.
    """

    def __init__(self, *preload: str) -> None:
        self._preload = preload
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._one_at_a_time = threading.Lock()

    def start(self) -> None:
        """Start the process now, so that the first call doesn't wait for it."""
        with self._one_at_a_time:
            self._running()

    def call(
        self, function: Callable[..., Result], *arguments: Any, budget: Budget, what: str, at_most: float | None = None,
        tell: Callable[[Any], None] | None = None, gently: bool = False,
    ) -> Result:  # fmt: skip
        """Call a module's function in the child; returns what it returns, and raises the WorkbookError that it raises.

        The call's cost is added to ``budget``; ``at_most`` further bounds the processor seconds of this call. With
        ``tell`` the function gets a keyword argument ``tell``, to which it passes partial results. ``gently`` lets it
        clean up when its time is over. Raises NoResultError, whose message begins with ``what``, if a bound is
        broken, the process dies, or the function has a fault.
        """
        with self._one_at_a_time:
            process = self._running()
            assert process.stdin is not None  # noqa: S101  for the type checker: stdin is a pipe
            cpu = budget.left if at_most is None else min(budget.left, at_most)
            if not cpu:
                raise NoResultError(f"{what} wasn't started: its {budget.cpu:g} s of processor time are used up.")
            try:
                pickle.dump((function, arguments, cpu, budget.memory, tell is not None), process.stdin)
                process.stdin.flush()
                kind, value, spent, peak = self._awaited(budget.seconds, tell)
            except queue.Empty:
                self._stop(gently=gently)
                self._running()  # so that the next call isn't delayed
                budget.spent += cpu
                raise NoResultError(f"{what} took longer than {budget.seconds:g} s and was ended.") from None
            except OSError:
                kind, value, spent, peak = ENDED, None, 0.0, 0
            except BaseException:  # Ctrl-C: the function cleans up first
                self._stop(gently=True)
                raise
            budget.spent += spent
            budget.peak = max(budget.peak, peak)
            if kind == DONE:
                return value  # type: ignore[no-any-return]
            raise self._error(kind, value, what, cpu, budget)

    def interrupt(self) -> None:
        """Interrupt the call that another thread waits for, which then raises KeyboardInterrupt; without one, do nothing.

        A function that doesn't clean up in time is ended.
        """
        process = self._process
        if process is not None and self._one_at_a_time.locked():
            with contextlib.suppress(OSError, ValueError):
                process.send_signal(signal.SIGINT)
            ended = threading.Timer(CLEANED_UP_WITHIN, process.kill)
            ended.daemon = True
            ended.start()

    def end(self) -> None:
        """End the process, if one runs."""
        with self._one_at_a_time:
            self._stop()

    def _error(self, kind: str, value: Any, what: str, cpu: float, budget: Budget) -> BaseException:
        """The error for a call without a result. After every error except RAISED the process is stopped."""
        if kind == RAISED:
            error: WorkbookError = value
            return error
        process = self._process
        self._stop(after_itself=True)
        if kind == STOPPED:
            return KeyboardInterrupt()
        if kind == FAULT:
            return NoResultError(f"{what} failed, and that is a bug in the workbook: {value}")
        if kind == NO_MEMORY:
            return NoResultError(f"{what} took more than {budget.memory / 2**30:.3g} GiB of memory and was ended.")
        if process is not None and process.returncode == -getattr(signal, "SIGXCPU", 0):
            budget.spent += cpu
            return NoResultError(f"{what} took more than {cpu:.3g} s of processor time and was ended.")
        return NoResultError(f"{what} ended before it had a result.")

    def _awaited(self, seconds: float, tell: Callable[[Any], None] | None) -> tuple[str, Any, float, int]:
        until = time.monotonic() + seconds
        while True:
            kind, value = self._messages.get(timeout=max(until - time.monotonic(), 0.0))
            if kind == PARTIAL:
                if tell is not None:
                    tell(value)
            elif kind == ENDED:
                return kind, None, 0.0, 0
            else:
                return kind, *value

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            self._messages = queue.SimpleQueue()
            atexit.register(self.end)
            self._process = subprocess.Popen(  # noqa: S603  fixed arguments
                python_module(__name__, *self._preload), stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )  # fmt: skip
            threading.Thread(target=_read, args=(self._process.stdout, self._messages), daemon=True).start()
        return self._process

    def _stop(self, *, gently: bool = False, after_itself: bool = False) -> None:
        """End the process: ``gently`` sends an interrupt first, ``after_itself`` waits because it is about to end."""
        process, self._process = self._process, None
        if process is None:
            return
        atexit.unregister(self.end)
        if gently or after_itself:
            with contextlib.suppress(OSError, ValueError, subprocess.TimeoutExpired):
                if gently:
                    process.send_signal(signal.SIGINT)
                process.wait(CLEANED_UP_WITHIN)
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                stream and stream.close()


def _read(stream: BinaryIO, messages: queue.SimpleQueue[Message]) -> None:
    """Pass on the child's messages until it ends."""
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError, ValueError):
        while True:
            messages.put(pickle.load(stream))  # noqa: S301  our own process wrote it
    messages.put((ENDED, None))


def main() -> None:
    """Run calls in the child, one after the other, until its input ends."""
    signal.signal(signal.SIGINT, _interrupted_once)
    for module in sys.argv[1:]:
        import_module(module)
    calls, messages = sys.stdin.buffer, sys.stdout.buffer
    guard_errors()
    sys.stdout = sys.stderr  # a library's output must not mix with the messages

    def send(kind: str, value: Any) -> None:
        messages.write(pickle.dumps((kind, value)))
        messages.flush()

    while True:
        try:
            function, arguments, cpu, memory, telling = pickle.load(calls)  # noqa: S301  our own parent wrote it
        except EOFError:
            return
        keywords = {"tell": lambda value: send(PARTIAL, value)} if telling else {}
        before = time.process_time()
        _limit(before + cpu, memory)
        kind, value = _called(function, arguments, keywords)
        cost = time.process_time() - before, _peak()
        try:
            send(kind, (value, *cost))
        except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
            send(FAULT, (f"{type(error).__name__}: {error}", *cost))
        if kind in (STOPPED, NO_MEMORY, FAULT):
            return


def _called(function: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[str, Any]:
    try:
        return DONE, function(*arguments, **keywords)
    except WorkbookError as error:
        return RAISED, error
    except KeyboardInterrupt:
        return STOPPED, None
    except MemoryError:
        return NO_MEMORY, None
    except Exception as error:
        log.debug("a call failed", exc_info=True)
        return FAULT, f"{type(error).__name__}: {error}"[:200]


def _limit(cpu: float, memory: int) -> None:
    """Bound this process by the system: it ends after ``cpu`` processor seconds in all, and gets at most ``memory`` bytes."""
    if resource is None:
        return
    # In whole seconds, and at least one more than it has used.
    for what, soft in (
        (resource.RLIMIT_CPU, max(int(cpu), int(time.process_time()) + 1)),
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _peak() -> int:
    """The largest size of this process so far, in bytes; 0 if the system doesn't report it."""
    try:
        # getrusage would also count the process from which this one was started.
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
    except (OSError, ValueError, StopIteration):
        return 0


def _interrupted_once(*_: object) -> None:
    # A second Ctrl-C would interrupt the clean-up after the first.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        # Imported by its own name, so that pickled classes are the parent's.
        import_module("graders.judging.child").main()
