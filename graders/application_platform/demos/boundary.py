"""The cost of a boundary: the same work as a function call, behind one HTTP call, and behind a chain of calls.

The services are threads of this process that listen on free ports of 127.0.0.1 and end with the measurement. No network
between machines is involved, so a boundary in production costs more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection

from cluster.percentile import percentile
from cluster.text.amounts import format_duration
from graders.application_platform.demos.http_service import HERE, service
from graders.core.shown import Shown
from graders.present.svg.bars import Bar, figure

CHAIN = 5
CALLS, AT_LEAST = 300, 5
SECONDS = 1.0
"""The longest time of one measurement, in seconds, on a slow machine."""

PATIENCE = 30.0
"""The longest wait for an answer, in seconds."""

BATCH = 100
"""The number of function calls that are timed together, because one is shorter than the clock's resolution."""

MONTH = 30 * 86_400
Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Timings:
    """The durations of calls of one kind, in seconds."""

    name: str
    seconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        """The median: half of the calls took no longer."""
        return percentile(self.seconds, 50)

    @property
    def p99(self) -> float:
        """99 of 100 calls took no longer; of fewer than a hundred calls, the slowest."""
        return percentile(self.seconds, 99)


def cost(work: Work) -> Shown:
    """Measure the work as a function call, over one HTTP call and over a chain of five, and draw the result."""
    timings = measure(work)
    amounts = [Bar(t.name, t.p50, t.p99, f"{format_duration(t.p50)}, p99 {format_duration(t.p99)}") for t in timings]
    counts = " and ".join(str(len(t.seconds)) for t in timings[1:])
    caption = f"Measured on this machine just now, over {counts} HTTP calls; each run differs a little."
    return figure(amounts, what="Duration of a call", caption=caption, powers=True)


def measure(work: Work, chain: int = CHAIN, calls: int = CALLS) -> tuple[Timings, ...]:
    """The timings of a function call, of one HTTP call, and of a chain. Errors of ``work`` propagate."""
    measured = [Timings("a function call", _batches(work, calls))]
    for name, length in (("one HTTP call", 1), (f"a chain of {chain}", chain)):
        with services(work, length) as port, _calling(port) as call:
            measured.append(Timings(name, _timed(call, calls)))
    return tuple(measured)


def unavailable(each: float, lengths: Sequence[int]) -> Shown:
    """Show the downtime a month of chains whose services are each up for the share ``each`` of the time."""
    amounts = []
    for length in lengths:
        seconds = (1 - each**length) * MONTH
        name = "1 service" if length == 1 else f"{length} services"
        amounts.append(Bar(name, seconds, seconds, f"{format_duration(seconds)}, up {each**length:.2%}"))
    caption = f"Each service is up {each:.1%} of the time, and a request needs all of them."
    return figure(amounts, what="Down in a month of 30 days", caption=caption)


@contextmanager
def services(work: Work, length: int) -> Iterator[int]:
    """Run a chain of services in which each calls the next and the last does the work; yields the first one's port."""
    with ExitStack() as running:
        port = 0
        for last in (True, *(False for _ in range(length - 1))):
            answer = work if last else running.enter_context(_calling(port))
            port = running.enter_context(_service(answer))
        yield port


def _batches(work: Work, batches: int) -> tuple[float, ...]:
    def batch() -> None:
        for _ in range(BATCH):
            work()

    return tuple(seconds / BATCH for seconds in _timed(batch, batches))


def _timed(call: Work, times: int) -> tuple[float, ...]:
    call()  # the first call opens connections and fills caches
    began = time.perf_counter()
    taken: list[float] = []
    while len(taken) < times and (len(taken) < AT_LEAST or time.perf_counter() - began < SECONDS):
        before = time.perf_counter()
        call()
        taken.append(time.perf_counter() - before)
    return tuple(taken)


def _service(answer: Work) -> AbstractContextManager[int]:
    """Run an HTTP service that returns the result of ``answer``; yields its port."""
    return service(lambda _path, _authorization: (HTTPStatus.OK, str(answer()).encode(), ""))


@contextmanager
def _calling(port: int) -> Iterator[Work]:
    """Yield a call of the service at a port, over one open connection."""
    connection = HTTPConnection(HERE, port, timeout=PATIENCE)

    def call() -> str:
        connection.request("GET", "/")
        return connection.getresponse().read().decode()

    try:
        yield call
    finally:
        connection.close()
