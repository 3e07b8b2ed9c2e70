"""What a boundary costs: measured on this machine, without ever failing for its being slow."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from collections.abc import Iterator

import pytest

from graders.application_platform.demos import boundary
from graders.application_platform.demos.boundary import (
    cost,
    measure,
    services,
    unavailable,
)
from graders.application_platform.demos.http_service import HERE


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    """Assert that no test leaves a listening thread behind."""
    before = {t.name for t in threading.enumerate() if "serve_forever" in t.name}
    yield
    assert {t.name for t in threading.enumerate() if "serve_forever" in t.name} == before


def get(port: int) -> str:
    connection = http.client.HTTPConnection(HERE, port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_chain_does_the_work(length: int) -> None:
    """In a chain of any length, the last service does the work once and the first one answers with it."""
    calls: list[int] = []

    def work() -> int:
        calls.append(1)
        return 42

    with services(work, length) as port:
        assert get(port) == "42"
    assert len(calls) == 1


def test_services_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Services listen only on this machine, and are gone afterward, also if the lesson is interrupted."""
    hosts: list[str] = []
    bind = socket.socket.bind

    def noted(self: socket.socket, at: tuple[str, int]) -> None:
        hosts.append(at[0])
        bind(self, at)

    monkeypatch.setattr(socket.socket, "bind", noted)
    ports: list[int] = []

    def interrupted() -> None:
        with services(lambda: 1, 3) as port:
            ports.append(port)
            get(port)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert hosts == [HERE] * 3
    with pytest.raises(ConnectionRefusedError):
        get(ports[0])


def test_measured() -> None:
    """A function call, one HTTP call and a chain are measured, each with its p50 and p99."""
    timings = measure(lambda: 1, chain=2, calls=20)
    assert [t.name for t in timings] == ["a function call", "one HTTP call", "a chain of 2"]
    assert [len(t.seconds) for t in timings] == [20, 20, 20]
    assert all(0 < t.p50 <= t.p99 for t in timings)


def test_slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that is too slow for all calls, a few are enough, and the figure says how many."""
    monkeypatch.setattr(boundary, "SECONDS", 0.0)
    assert [len(t.seconds) for t in measure(lambda: 1)] == [boundary.AT_LEAST] * 3
    assert "over 5 and 5 HTTP calls" in cost(lambda: 1).plain


def test_figure() -> None:
    """The figure's alt text has all three amounts, with their spread."""
    shown = cost(lambda: 1)
    row = r"\d[\d.e+]* (?:ns|µs|ms|s), p99 \d[\d.e+]* (?:ns|µs|ms|s)"
    assert re.search(
        rf'alt="Duration of a call: a function call {row}; one HTTP call {row}; a chain of 5 {row}\."', shown.html
    )


def test_learners_mistake_comes_through() -> None:
    """An error of the learner's own function is raised before any service starts."""
    with pytest.raises(ZeroDivisionError):
        cost(lambda: 1 // 0)


def test_unavailable() -> None:
    """A chain that needs all of its services is down for nearly the sum of their downtimes."""
    said = unavailable(0.999, (1, 11)).plain
    assert "1 service 43.2 min, up 99.90%; 11 services 7.88 h, up 98.91%" in said
    assert "Each service is up 99.9% of the time" in said
