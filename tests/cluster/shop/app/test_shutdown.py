"""Graceful shutdown: not ready at once, serving for a while, finishing the requests in flight, code 0."""

from __future__ import annotations

import asyncio
import selectors
import signal
import threading
import time

import pytest

from cluster.shop.app.phases import Lifecycle
from cluster.shop.app.settings import Settings
from cluster.shop.releases import SERVES_ON
from tests.cluster.shop.app.running import SOON, running, sent, status
from tests.support.patience import PATIENCE

SERVES_LONG = "25"
"""SHOP_SERVES_ON where a test needs the time between SIGTERM and the closed port; the test kills the process then."""


class Watched(selectors.DefaultSelector):
    """A loop's selector that sets an event before the loop begins an endless sleep, and keeps what woke it."""

    def __init__(self, asleep: threading.Event) -> None:
        super().__init__()
        self.asleep = asleep
        self.woken_by: list[str] = []

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Select; see the base class."""
        if timeout is not None:
            return super().select(timeout)
        self.asleep.set()
        found = super().select(PATIENCE)
        self.woken_by.append("the signal" if found else "nothing")
        return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_on(number: signal.Signals) -> None:
    """After SIGTERM or SIGINT the process isn't ready at once, and still accepts and answers new connections."""
    with running(SHOP_SERVES_ON=SERVES_LONG) as it:
        assert it.get("/readyz").status == 200
        it.process.send_signal(number)
        it.told("asked to stop")
        assert it.get("/readyz").status == 503
        for path in ("/orders", "/healthz", "/startupz", "/metrics"):
            assert (it.get(path).status, it.get(path).headers["connection"]) == (200, "close")
        assert it.process.poll() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_exits(number: signal.Signals) -> None:
    """After SIGTERM or SIGINT the process closes its port and exits with 0."""
    with running(SHOP_SERVES_ON="0") as it:
        assert it.get("/readyz").status == 200
        it.process.send_signal(number)
        assert it.ends() == 0
        with pytest.raises(ConnectionRefusedError):
            it.get("/orders")


def test_the_whole_time() -> None:
    """By default the process serves for 5 seconds after SIGTERM; then it exits with 0."""
    assert Settings().serves_on == SERVES_ON
    with running() as it:
        it.get("/orders")
        before = time.monotonic()
        it.terminate()
        assert it.ends() == 0
        assert time.monotonic() - before >= SERVES_ON


def test_what_is_in_flight_is_finished() -> None:
    """A request in flight when the listener closes is answered; then the process exits with 0."""
    with running(SHOP_SERVES_ON=str(SOON)) as it:
        it.fault("PUT", "/faults/slow?seconds=2")
        before = time.monotonic()
        order = sent(it.port, "/orders")
        it.terminate()
        assert status(order) == 200
        assert it.ends() == 0
        assert time.monotonic() - before >= 2


def test_twice_is_once() -> None:
    """A second SIGTERM changes nothing."""
    with running(SHOP_SERVES_ON=SERVES_LONG) as it:
        it.get("/orders")
        it.terminate()
        it.told("asked to stop")
        it.terminate()
        assert it.get("/orders/after-the-second").status == 404
        it.told("request", path="/orders/after-the-second")
        assert [line["message"] for line in it.lines].count("asked to stop") == 1


def test_too_late_is_nothing() -> None:
    """A SIGTERM while only the collector's connection is still being closed changes nothing."""
    with running(SHOP_SERVES_ON="0", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9") as it:
        it.get("/orders")
        it.terminate()
        it.told("stopped")
        it.terminate()
        assert it.ends() == 0


def test_a_sleeping_loop_is_told() -> None:
    """A signal wakes the loop, also if it arrives in another thread and interrupts no system call of the loop."""
    asleep = threading.Event()
    selector = Watched(asleep)

    async def sleep() -> bool:
        life = Lifecycle(0)
        life.obey_signals()

        def elsewhere() -> None:
            asleep.wait()
            signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

        threading.Thread(target=elsewhere, daemon=True).start()
        try:
            return await life.terminating.wait()
        finally:
            life.ignore_signals()

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
            assert runner.run(sleep())
        assert selector.woken_by[0] == "the signal"
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_hang_does_not_delay_the_end() -> None:
    """A probe that hangs is answered with 503 when the port closes, and the process exits with 0."""
    with running(SHOP_SERVES_ON=str(SOON)) as it:
        it.fault("PUT", "/faults/hang")
        probe = sent(it.port, "/healthz")
        it.terminate()
        assert status(probe) == 503
        assert it.ends() == 0


def test_a_slow_start_can_be_stopped() -> None:
    """After SIGTERM during a slow start the process exits with 0, and never opens its port."""
    with running(SHOP_RELEASE="1.1.0") as it:
        it.told("initializing")
        it.terminate()
        it.told("stopped")
        assert it.ends() == 0
        assert not [line for line in it.lines if line["message"] == "listening"]
