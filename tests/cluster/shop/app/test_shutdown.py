"""Graceful shutdown: not ready at once, serving on for a while, finishing what is in flight, code 0."""

from __future__ import annotations

import asyncio
import signal
import threading

import pytest

from cluster.shop.app.phases import Lifecycle
from cluster.shop.app.settings import Settings
from cluster.shop.app.waiting import happens
from cluster.shop.releases import FINISH_WITHIN, RELEASES, SERVES_ON
from tests.cluster.shop.app.running import SOON, Answer, Running, running, until

LONG = 30.0
"""When the loop would wake by itself, in seconds."""


def in_flight(shop: Running, answers: list[Answer]) -> threading.Thread:
    """A request to /orders that is under way, in a thread that adds the answer."""
    request = threading.Thread(target=lambda: answers.append(shop.get("/orders")), daemon=True)
    request.start()
    until(lambda: shop.fault("GET", "/faults").json["faults"]["slow"]["waiting"] == 1)
    return request


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_on(number: signal.Signals) -> None:
    """Asked to stop it is not ready at once, takes new connections for so long as it should, and exits with 0."""
    with running(SHOP_SERVES_ON="1") as it:
        assert it.get("/readyz").status == 200
        it.process.send_signal(number)
        it.told("asked to stop")
        assert it.get("/readyz").status == 503
        for path in ("/orders", "/healthz", "/startupz", "/metrics"):
            assert (it.get(path).status, it.get(path).headers["connection"]) == (200, "close")
        assert it.process.poll() is None
        assert it.ends()[0] == 0
        with pytest.raises(ConnectionRefusedError):
            it.get("/orders")


def test_the_whole_time() -> None:
    """Unless told otherwise it serves on for 5 seconds from SIGTERM, and is gone soon after, long before it is killed."""
    assert Settings().serves_on == SERVES_ON
    with running() as it:
        it.get("/orders")
        sent = it.terminate()
        code, ended = it.ends()
        assert code == 0
        assert SERVES_ON <= ended - sent < FINISH_WITHIN / 2


def test_what_is_in_flight_is_finished() -> None:
    """A request that is under way when the listener closes gets its answer; then the process exits with 0."""
    with running(SHOP_SERVES_ON=str(SOON)) as it:
        it.fault("PUT", "/faults/slow?seconds=2")
        answers: list[Answer] = []
        request = in_flight(it, answers)
        sent = it.terminate()
        code, ended = it.ends()
        request.join()
        assert [answer.status for answer in answers] == [200]
        assert code == 0
        assert ended - sent > 1.5


def test_twice_is_once() -> None:
    """A second SIGTERM changes nothing."""
    with running(SHOP_SERVES_ON="1") as it:
        it.get("/orders")
        it.terminate()
        it.told("asked to stop")
        it.terminate()
        assert it.get("/orders").status == 200
        assert it.ends()[0] == 0


def test_too_late_is_nothing() -> None:
    """A SIGTERM after the last word, when only the collector is still said goodbye to, changes nothing."""
    with running(SHOP_SERVES_ON="0", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9") as it:
        it.get("/orders")
        it.terminate()
        it.told("stopped")
        it.terminate()
        assert it.ends()[0] == 0


def test_a_sleeping_loop_is_told() -> None:
    """A signal wakes the loop, also one that Python hears of while the loop sleeps and isn't interrupted."""

    async def sleep() -> float:
        loop, life = asyncio.get_running_loop(), Lifecycle(0)
        life.obey_signals()
        began = loop.time()

        # Sent to another thread, it interrupts no system call of this one: as when it comes just before the call.
        def elsewhere() -> None:
            pause.wait(0.2)
            signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

        pause = threading.Event()
        threading.Thread(target=elsewhere, daemon=True).start()
        try:
            await happens(life.terminating, LONG)
        finally:
            life.ignore_signals()
        assert life.terminating.is_set()
        return loop.time() - began

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        assert asyncio.run(sleep()) < LONG / 2
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_hang_holds_nobody_up() -> None:
    """Probes that hang don't hold up the end."""
    with running(SHOP_SERVES_ON=str(SOON)) as it:
        it.fault("PUT", "/faults/hang")
        answers: list[Answer] = []
        probe = threading.Thread(target=lambda: answers.append(it.get("/healthz")), daemon=True)
        probe.start()
        it.fault("GET", "/faults")
        sent = it.terminate()
        code, ended = it.ends()
        assert code == 0
        assert ended - sent < FINISH_WITHIN / 2
        probe.join()
        assert not [answer for answer in answers if answer.status == 200]


def test_a_slow_start_can_be_stopped() -> None:
    """SIGTERM during a slow start ends it with code 0 in no time."""
    with running(SHOP_RELEASE="1.1.0") as it:
        it.told("initializing")
        sent = it.terminate()
        code, ended = it.ends()
        assert code == 0
        assert ended - sent < RELEASES["1.1.0"].start / 2
        assert not [line for line in it.lines if line["message"] == "listening"]
