"""The faults: each differs from the others in what the probes see."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from cluster.shop import releases
from cluster.shop.app import faults
from tests.cluster.shop.app.running import Running, ask, running, sent, until


@pytest.fixture(scope="module")
def process() -> Iterator[Running]:
    with running() as it:
        yield it


@pytest.fixture
def shop(process: Running) -> Iterator[Running]:
    """A shop without a fault, whatever the test before left."""
    process.fault("DELETE", "/faults")
    yield process
    process.fault("DELETE", "/faults")


def hangs(shop: Running, path: str) -> bool:
    """Whether a request gets no answer within half a second."""
    with socket.create_connection(("127.0.0.1", shop.port), timeout=0.5) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nhost: shop\r\n\r\n".encode())
        try:
            connection.recv(1)
        except TimeoutError:
            return True
    return False


def test_none_at_first(shop: Running) -> None:
    """At first every fault is off, and the state says so of each."""
    state = shop.fault("GET", "/faults").json
    assert state["release"] == "1.0.0"
    assert {name: about["on"] for name, about in state["faults"].items()} == dict.fromkeys(faults.FAULTS, False)


def test_outage(shop: Running) -> None:
    """In an outage the shop isn't ready, but is alive and accepts orders, until the outage is turned off."""
    assert shop.fault("PUT", "/faults/outage").json["faults"]["outage"] == {"on": True}
    assert [shop.get(path).status for path in ("/readyz", "/healthz", "/startupz", "/orders")] == [503, 200, 200, 200]
    assert shop.post({"customer": "a", "items": ["tea"]}).status == 201
    shop.fault("DELETE", "/faults/outage")
    assert shop.get("/readyz").status == 200


def test_a_fault_ends_by_itself(shop: Running) -> None:
    """A fault with a time limit ends by itself after it."""
    before = time.monotonic()
    shop.fault("PUT", "/faults/outage?seconds=0.5")
    until(lambda: shop.get("/readyz").status == 200)
    assert time.monotonic() - before >= 0.5


def test_a_fault_is_prolonged(shop: Running) -> None:
    """A fault that is turned on again continues, and ends at the newest time limit."""
    shop.fault("PUT", "/faults/outage?seconds=0.1")
    state = shop.fault("PUT", "/faults/outage?seconds=60").json["faults"]["outage"]
    assert 0.1 < state["ends_in_seconds"] <= 60
    assert shop.get("/readyz").status == 503
    assert shop.fault("PUT", "/faults/outage").json["faults"]["outage"] == {"on": True}


def test_hang(shop: Running) -> None:
    """During a hang the shop accepts connections and answers no request; the fault port still answers."""
    shop.fault("PUT", "/faults/hang")
    assert all(hangs(shop, path) for path in ("/healthz", "/readyz", "/startupz", "/metrics", "/orders", "/nowhere"))
    assert shop.fault("GET", "/faults").json["faults"]["hang"] == {"on": True}
    shop.fault("DELETE", "/faults/hang")
    assert shop.get("/healthz").status == 200


def test_slow(shop: Running) -> None:
    """An order to a slow shop takes as long as the fault says."""
    shop.fault("PUT", "/faults/slow?seconds=0.7")
    before = time.monotonic()
    assert shop.get("/orders").status == 200
    assert time.monotonic() - before >= 0.7
    assert shop.fault("PUT", "/faults/slow").json["faults"]["slow"] == {"on": True, "waiting": 0, "seconds": 5.0}


def test_what_answers_while_orders_wait() -> None:
    """While many orders wait in a slow shop, its probes and its fault port answer."""

    def waiting() -> int:
        return int(it.fault("GET", "/faults").json["faults"]["slow"]["waiting"])

    with running() as it:
        it.fault("PUT", "/faults/slow?seconds=60")
        orders = [sent(it.port, "/orders") for _ in range(20)]
        until(lambda: waiting() == len(orders))
        assert [it.get(path).status for path in ("/readyz", "/healthz")] == [200, 200]
        assert waiting() == len(orders)


def test_leak(shop: Running) -> None:
    """A leak really uses its memory, step by step, answers meanwhile, and releases all of it at its end."""

    def resident() -> float:
        lines = shop.get("/metrics").text.splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("process_resident_memory_bytes "))

    before = resident()
    shop.fault("PUT", "/faults/leak")
    until(lambda: shop.fault("GET", "/faults").json["faults"]["leak"]["taken_bytes"] == 2 * faults.LEAK_STEP)
    assert resident() - before > 1.9 * faults.LEAK_STEP
    shop.fault("DELETE", "/faults/leak")
    until(lambda: resident() - before < faults.LEAK_STEP / 2)


def test_the_leak_is_the_one_that_is_simulated() -> None:
    """The leak uses the same steps as the simulated cluster."""
    theirs = (releases.LEAK_STEP, releases.LEAK_MOST, releases.LEAK_SECONDS)
    assert theirs == (faults.LEAK_STEP, faults.LEAK_MOST, faults.LEAK_SECONDS)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_no_such_fault(shop: Running, method: str) -> None:
    """An unknown fault answers 404 with the known ones."""
    answer = shop.fault(method, "/faults/fire")
    assert answer.status == 404
    assert answer.json["error"] == "There is no fault “fire”. There are: outage, hang, leak, slow."


@pytest.mark.parametrize(
    "path",
    ["outage?seconds=0", "outage?seconds=-1", "hang?seconds=601", "slow?seconds=61", "slow?seconds=nan", "leak?for=3"],
)
def test_arguments_are_bounded(shop: Running, path: str) -> None:
    """An argument out of bounds, or an unknown one, answers 400 and changes nothing."""
    before = shop.fault("GET", "/faults").json
    assert shop.fault("PUT", f"/faults/{path}").status == 400
    assert shop.fault("GET", "/faults").json == before


def test_all_end_together(shop: Running) -> None:
    """Deleting the faults ends all of them."""
    for name in faults.FAULTS:
        shop.fault("PUT", f"/faults/{name}")
    state = shop.fault("DELETE", "/faults").json["faults"]
    assert not [name for name, about in state.items() if about["on"]]


def test_the_ports_are_apart(shop: Running) -> None:
    """The fault port has no orders, and the orders' port has no faults."""
    assert ask(shop.fault_port, "/orders").status == 404
    assert shop.get("/faults").status == 404
