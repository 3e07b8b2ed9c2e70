"""The image keeps the contract as a cluster would run it: read-only, as any user, within its memory."""

from __future__ import annotations

import importlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cluster.shop.images import CONTEXT, build
from cluster.shop.releases import (
    BAD,
    MEMORY,
    MISSING_PROGRAMS,
    PATHS,
    RELEASES,
    REPORTER,
    REPOSITORY,
    SERVES_ON,
    SIDECAR,
)
from tests.cluster.shop.app.running import Answer, ask, sent, status, until
from tests.support.patience import PATIENCE

docker = pytest.importorskip("docker", reason="testcontainers isn't installed")
testcontainers = pytest.importorskip("testcontainers.core.container", reason="testcontainers isn't installed")

ANYONE = "54321:54321"
"""A user that no file of the image knows."""

CONTRACT = {"mem_limit": "512m", "memswap_limit": "512m", "nano_cpus": 500_000_000}
"""The lesson's limits, 500m CPU and 512Mi memory, as Docker's options."""


@pytest.fixture(scope="module", autouse=True)
def images() -> Iterator[None]:
    """Every image, built if necessary."""
    try:
        docker.from_env().ping()
    except docker.errors.DockerException:
        pytest.skip("there is no Docker here")
    build()
    config = importlib.import_module("testcontainers.core.config").testcontainers_config
    # The reaper is one more image, which a machine without a registry can't have; each test removes its container.
    before, config.ryuk_disabled = config.ryuk_disabled, True
    yield
    config.ryuk_disabled = before


class Contained:
    """A container and its ports on this machine."""

    def __init__(self, container: Any) -> None:
        self.container = container
        self.inner = container.get_wrapped_container()

    def port(self, inside: int) -> int:
        return int(self.container.get_exposed_port(inside))

    def ask(self, path: str, method: str = "GET", port: int = 8080, **headers: str) -> Answer:
        return ask(self.port(port), path, method, **headers)

    def status(self, path: str, port: int = 8080) -> int:
        """The status, or 0 if there is no answer."""
        try:
            return self.ask(path, port=port).status
        except OSError:
            return 0

    def fault(self, method: str, path: str) -> Answer:
        return self.ask(path, method, 8081)

    def logs(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.inner.logs().decode().splitlines()]

    def run(self, *command: str) -> tuple[int, str]:
        done = self.inner.exec_run(list(command))
        return done.exit_code, done.output.decode()

    def state(self) -> dict[str, Any]:
        self.inner.reload()
        return dict(self.inner.attrs["State"])


@contextmanager
def contained(
    image: str = f"{REPOSITORY}:1.0.0", ready: str = "/readyz", port: int = 8080, **limits: object
) -> Iterator[Contained]:
    """A container of that image, from its first answer until the block ends."""
    container = testcontainers.DockerContainer(image).with_exposed_ports(port, *([8081] * (port == 8080)))
    with container.with_kwargs(read_only=True, user=ANYONE, **CONTRACT | limits) as started:
        it = Contained(started)
        until(lambda: it.status(ready, port) == 200)
        yield it


@pytest.fixture(scope="module")
def shop() -> Iterator[Contained]:
    with contained() as it:
        yield it


@pytest.mark.parametrize("path", sorted(PATHS))
def test_what_is_there(shop: Contained, path: str) -> None:
    """Every path of the contract answers 200, and any other path 404."""
    assert (shop.status(path), shop.status(path + "/x/y")) == (200, 404)


def test_metrics(shop: Contained) -> None:
    """The duration of requests is a histogram by method, route and status."""
    shop.ask("/orders")
    text = shop.ask("/metrics").text
    assert "# TYPE http_request_duration_seconds histogram" in text
    assert 'http_request_duration_seconds_bucket{le="+Inf",method="GET",route="/orders",status="200"}' in text


def test_every_log_line_is_json_with_its_trace(shop: Contained) -> None:
    """Every line on stdout is a JSON object, and a request's line names the request's trace."""
    trace = "0af7651916cd43dd8448eb211c80319c"
    shop.ask("/orders", traceparent=f"00-{trace}-b7ad6b7169203331-01")
    # Docker writes a line down a moment after the answer.
    until(lambda: [line["path"] for line in shop.logs() if line.get("trace_id") == trace] == ["/orders"])


def test_it_is_small(shop: Contained) -> None:
    """The container has one process, number 1, and runs as any user."""
    status = shop.run("cat", "/proc/1/status")[1]
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert fields["Uid"].split()[0] == ANYONE.partition(":")[0]
    assert shop.run("cat", "/proc/1/cmdline")[1].split("\0")[:3] == ["python3", "-m", "shop.api"]


def test_what_memory_it_needs() -> None:
    """With a third more memory than the simulation assumes the image starts, and with a third less it is killed."""
    little, enough = f"{MEMORY * 2 // 3}b", f"{MEMORY * 4 // 3}b"
    with contained(mem_limit=enough, memswap_limit=enough) as it:
        assert it.status("/orders") == 200
    image = f"{REPOSITORY}:1.0.0"
    killed = docker.from_env().containers.run(image, detach=True, mem_limit=little, memswap_limit=little)
    try:
        assert killed.wait(timeout=PATIENCE)["StatusCode"] == 137
    finally:
        killed.remove(force=True)


def test_its_programs_are_known(shop: Contained) -> None:
    """The simulation's list of the image's programs is correct."""
    listed = shop.run("sh", "-c", "ls /bin /usr/bin /sbin /usr/sbin")[1].split()
    there = {name for name in listed if not name.endswith(":")}
    assert there == set((CONTEXT / "programs.txt").read_text().split())


def test_which_programs_it_has(shop: Contained) -> None:
    """The image has a shell and ``sleep``, and none of the programs that people use in exec probes."""
    assert shop.run("sh", "-c", "command -v sh && command -v sleep")[0] == 0
    missing = "; ".join(f"command -v {program}" for program in sorted(MISSING_PROGRAMS))
    assert shop.run("sh", "-c", missing)[1] == ""


def test_it_opens_soon(shop: Contained) -> None:
    """On half a CPU, the port opens much earlier than that of the slow release."""
    line = next(line for line in shop.logs() if line["message"] == "listening")
    assert line["seconds_since_start"] < RELEASES["1.1.0"].start / 2


def test_shutdown_finishes_what_is_in_flight() -> None:
    """A container that is stopped with a request in flight answers it, serves on meanwhile, and exits with 0 in time."""
    with contained() as it:
        it.fault("PUT", "/faults/slow?seconds=7")
        answers: list[Answer] = []
        began = time.monotonic()
        request = threading.Thread(target=lambda: answers.append(it.ask("/orders")), daemon=True)
        request.start()
        until(lambda: it.fault("GET", "/faults").json["faults"]["slow"]["waiting"] == 1)
        it.fault("DELETE", "/faults/slow")
        stopping = threading.Thread(target=lambda: it.inner.stop(timeout=30), daemon=True)
        stopping.start()
        until(lambda: it.status("/readyz") == 503)
        assert it.status("/orders") == 200
        stopping.join()
        request.join()
        assert [answer.status for answer in answers] == [200]
        assert it.state()["ExitCode"] == 0
        assert time.monotonic() - began >= 7


def test_shutdown_takes_its_time() -> None:
    """A container that is stopped with no request in flight serves for 5 more seconds and exits with 0."""
    with contained() as it:
        began = time.monotonic()
        it.inner.stop(timeout=30)
        assert time.monotonic() - began >= SERVES_ON
        assert it.state()["ExitCode"] == 0


def test_outage_and_hang() -> None:
    """The fault port can be reached from outside: an outage changes only readiness, and in a hang only the fault port answers."""
    with contained() as it:
        it.fault("PUT", "/faults/outage")
        assert [it.status(path) for path in ("/readyz", "/healthz", "/orders")] == [503, 200, 200]
        it.fault("DELETE", "/faults/outage")
        it.fault("PUT", "/faults/hang")
        probes = [sent(it.port(8080), path) for path in ("/healthz", "/readyz")]
        it.inner.stop(timeout=30)
        assert [status(probe) for probe in probes] == [503, 503]
        assert it.state()["ExitCode"] == 0


def test_leak() -> None:
    """The system ends a leak at the container's limit, about ten seconds after it began."""
    with contained() as it:
        began = time.monotonic()
        it.fault("PUT", "/faults/leak")
        until(lambda: not it.state()["Running"])
        assert it.state()["OOMKilled"]
        assert time.monotonic() - began > 7


def test_the_slow_release() -> None:
    """1.1.0 opens its port 20 seconds after its start, and no port is open before."""
    release = RELEASES["1.1.0"]
    with contained(f"{REPOSITORY}:{release.tag}") as it:
        line = next(line for line in it.logs() if line["message"] == "listening")
        assert line["seconds_since_start"] >= release.start


def test_the_bad_release() -> None:
    """1.2.0 is alive, has started, serves orders and isn't ready."""
    with contained(f"{REPOSITORY}:{BAD}", ready="/healthz") as it:
        assert [it.status(path) for path in ("/startupz", "/orders", "/readyz")] == [200, 200, 503]


def test_the_sidecar() -> None:
    """The sidecar's image answers on its own port and exits with 0 after SIGTERM."""
    with contained(SIDECAR, ready="/healthz", port=9000) as it:
        it.inner.stop(timeout=30)
        assert it.state()["ExitCode"] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"), [([], 0, "report"), (["--day=2026-02-30"], 2, "invalid day")]
)
def test_the_reporter(arguments: list[str], code: int, message: str) -> None:
    """The reporter's image makes its report and ends; the container's arguments go to the program."""
    container = testcontainers.DockerContainer(REPORTER).with_command(arguments)
    with container.with_kwargs(read_only=True, user=ANYONE, **CONTRACT) as started:
        inner = started.get_wrapped_container()
        assert inner.wait(timeout=PATIENCE)["StatusCode"] == code
        assert message in inner.logs().decode().splitlines()[-1]
