"""The engines' images: each accepts clients with the password, and can be stopped and started again with its data."""

from __future__ import annotations

import asyncio
import importlib
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from cluster.shop.images import build
from cluster.shop.releases import NATS, POSTGRES, REDIS
from tests.cluster.shop.app.running import until

docker = pytest.importorskip("docker", reason="testcontainers isn't installed")
testcontainers = pytest.importorskip("testcontainers.core.container", reason="testcontainers isn't installed")
psycopg = pytest.importorskip("psycopg", reason="the shop's own requirements aren't installed")
redis = pytest.importorskip("redis", reason="the shop's own requirements aren't installed")
nats = pytest.importorskip("nats", reason="the shop's own requirements aren't installed")

SECRET = "known-to-this-test"  # noqa: S105  of a container that lives for a moment
PORTS = {POSTGRES: 5432, REDIS: 6379, NATS: 4222}
CONTROL = 8081


@pytest.fixture(scope="module", autouse=True)
def images() -> Iterator[None]:
    """Every image, built if necessary."""
    try:
        docker.from_env().ping()
    except docker.errors.DockerException:
        pytest.skip("there is no Docker here")
    build()
    config = importlib.import_module("testcontainers.core.config").testcontainers_config
    before, config.ryuk_disabled = config.ryuk_disabled, True
    yield
    config.ryuk_disabled = before


class Contained:
    """An engine in a container, as a pod runs it: with a read-only root file system, and as an unknown user."""

    def __init__(self, image: str) -> None:
        made = testcontainers.DockerContainer(image).with_exposed_ports(PORTS[image], CONTROL)
        made = made.with_tmpfs_mount("/data", "uid=10001,mode=0700").with_tmpfs_mount("/tmp")  # noqa: S108  its own
        self.container = made.with_env("ENGINE_PASSWORD", SECRET).with_kwargs(read_only=True)
        self.image = image

    def __enter__(self) -> Contained:
        self.container.start()
        until(lambda: self.control("GET", "/healthz") == 200)
        return self

    def __exit__(self, *_: object) -> None:
        self.container.stop()

    @property
    def port(self) -> int:
        return int(self.container.get_exposed_port(PORTS[self.image]))

    def control(self, method: str, path: str) -> int:
        address = f"http://127.0.0.1:{self.container.get_exposed_port(CONTROL)}{path}"
        try:
            with urllib.request.urlopen(urllib.request.Request(address, method=method), timeout=30) as answer:
                json.loads(answer.read())
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return int(error.code)
        except OSError:
            return 0

    def state(self) -> dict[str, Any]:
        inner = self.container.get_wrapped_container()
        inner.reload()
        return dict(inner.attrs["State"])


def test_postgres() -> None:
    """PostgreSQL keeps its data while it is stopped, refuses clients meanwhile, and requires its password."""
    with Contained(POSTGRES) as it:
        url = f"postgresql://postgres:{SECRET}@127.0.0.1:{it.port}/postgres"
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (it int)")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url.replace(SECRET, "guessed"))
        assert it.control("PUT", "/running?on=false") == 200
        assert it.control("PUT", "/running?on=false") == 200
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url, connect_timeout=2)
        assert it.control("PUT", "/running?on=true") == 200
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_redis() -> None:
    """Redis accepts clients with its password, and is empty after a restart, like a cache."""
    with Contained(REDIS) as it:
        client = redis.Redis(port=it.port, password=SECRET)
        assert client.set("a", "1")
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=it.port).ping()
        assert it.control("PUT", "/running?on=false") == 200
        with pytest.raises(redis.ConnectionError):
            redis.Redis(port=it.port, password=SECRET).ping()
        assert it.control("PUT", "/running?on=true") == 200
        assert redis.Redis(port=it.port, password=SECRET).get("a") is None


@pytest.mark.parametrize("image", PORTS)
def test_an_orderly_end(image: str) -> None:
    """Each engine's container ends with exit code 0 after SIGTERM, running or stopped."""
    with Contained(image) as it:
        assert it.control("PUT", "/nothing") == 404
        it.container.get_wrapped_container().stop(timeout=30)
        assert it.state()["ExitCode"] == 0


def test_nats() -> None:
    """NATS keeps the messages of a stream while it is stopped."""

    async def published(url: str) -> int:
        client = await nats.connect(url)
        try:
            jetstream = client.jetstream()
            await jetstream.add_stream(name="kept", subjects=["kept.>"])
            return int((await jetstream.publish("kept.it", b"x")).seq)
        finally:
            await client.close()

    with Contained(NATS) as it:
        url = f"nats://shop:{SECRET}@127.0.0.1:{it.port}"
        assert asyncio.run(published(url)) == 1
        assert it.control("PUT", "/running?on=false") == 200
        assert it.control("PUT", "/running?on=true") == 200
        assert asyncio.run(published(url)) == 2
