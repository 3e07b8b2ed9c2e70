"""The shop on real engines: what is stored, cached, announced and emailed, and what happens while a part is stopped."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cluster.shop.app.orders import OrderEvent, created, read_order
from tests.cluster.shop.app import engines
from tests.cluster.shop.app.engines import Engine, MailServer
from tests.cluster.shop.app.running import SOON, Running, running, until
from tests.support.patience import PATIENCE

for module in ("psycopg_pool", "redis", "nats"):
    pytest.importorskip(module, reason="the shop's own requirements aren't installed")

ORDER = {"customer": "ada@example.org", "items": [{"sku": "tea", "quantity": 2}]}


@dataclass
class Engines:
    """The engines, and each test's own tenant."""

    database: Engine
    cache: Engine
    broker: Engine
    mail: MailServer
    tenant: str = field(default_factory=lambda: f"t{uuid.uuid4().hex[:12]}")

    def environ(self, *without: str) -> dict[str, str]:
        """The settings of a shop in this corner."""
        every = {
            "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{self.database.port}/postgres",
            "REDIS_URL": f"redis://127.0.0.1:{self.cache.port}/0",
            "NATS_URL": f"nats://127.0.0.1:{self.broker.port}",
            "SMTP_URL": self.mail.url,
            "SHOP_SCHEMA": self.tenant,
            "SHOP_PREFIX": f"{self.tenant}-",
            "SHOP_SERVES_ON": str(SOON),
        }
        return {name: value for name, value in every.items() if name not in without}

    def emails(self, order_id: str) -> int:
        return sum(email["Subject"] == f"Your order {order_id}" for email in list(self.mail.emails))


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Engine, Engine, MailServer]]:
    # PostgreSQL runs as another user, who can't pass through pytest's own folders.
    with (
        tempfile.TemporaryDirectory() as folder,
        engines.postgres(Path(folder)) as database,
        engines.redis() as cache,
        engines.nats(tmp_path_factory.mktemp("nats")) as broker,
        engines.mail_server() as mail,
    ):
        yield database, cache, broker, mail


@pytest.fixture
def all_of(processes: tuple[Engine, Engine, Engine, MailServer]) -> Engines:
    """Every engine, running."""
    for engine in processes[:3]:
        if engine.process.poll() is not None:
            engine.start()
    processes[3].refusing = False
    return Engines(*processes)


def ready(shop: Running) -> None:
    until(lambda: shop.get("/readyz").status == 200)


def place(shop: Running) -> str:
    answer = shop.post(ORDER)
    assert answer.status == 201, answer
    return str(answer.json["id"])


def test_an_order_is_emailed_once(all_of: Engines) -> None:
    """A placed order is stored, cached and announced, and its customer gets one email; one trace contains all of it."""
    with running(**all_of.environ()) as api, running("worker", **all_of.environ()) as worker:
        ready(api)
        order_id = place(api)
        until(lambda: all_of.emails(order_id) == 1)
        email = all_of.mail.emails[-1]
        assert email["To"] == "ada@example.org"
        assert "2 x tea" in str(email.get_payload())
        placed = api.told("request", method="POST")
        assert worker.told("email sent", order_id=order_id)["trace_id"] == placed["trace_id"]
        assert api.get(f"/orders/{order_id}").json["id"] == order_id
        for it in (api, worker):
            it.terminate()
        assert [it.ends() for it in (api, worker)] == [0, 0]


def test_the_worker_is_probed(all_of: Engines) -> None:
    """The worker answers the same probes and metrics, and is ready only with its broker."""
    with running("worker", **all_of.environ()) as worker:
        ready(worker)
        assert [worker.get(path).status for path in ("/healthz", "/startupz", "/metrics", "/orders")] == [
            200,
            200,
            200,
            404,
        ]
        all_of.broker.stop()
        until(lambda: worker.get("/readyz").status == 503)
        worker.terminate()
        assert worker.ends() == 0


def test_without_the_database(all_of: Engines) -> None:
    """While the database is stopped, an order is refused with 503 and the pod isn't ready; afterward all works again."""
    with running(**all_of.environ()) as api:
        ready(api)
        first = place(api)
        all_of.database.kill()
        assert api.get("/readyz").status == 503
        assert api.post(ORDER).status == 503
        assert api.get("/healthz").status == 200
        all_of.database.start()
        ready(api)
        second = place(api)
        assert {order["id"] for order in api.get("/orders").json["orders"]} == {first, second}


def test_a_start_without_the_database(all_of: Engines) -> None:
    """A shop that starts before its database is alive but not ready, and becomes ready by itself."""
    all_of.database.kill()
    with running(**all_of.environ()) as api:
        assert [api.get(path).status for path in ("/healthz", "/startupz", "/readyz")] == [200, 200, 503]
        all_of.database.start()
        ready(api)
        place(api)


def test_without_the_broker(all_of: Engines) -> None:
    """While the broker is stopped, orders are accepted; their emails follow when it is back."""
    with running(**all_of.environ()) as api, running("worker", **all_of.environ()):
        ready(api)
        until(lambda: api.get("/readyz").status == 200)
        all_of.broker.stop()
        order_id = place(api)
        assert all_of.emails(order_id) == 0
        all_of.broker.start()
        until(lambda: all_of.emails(order_id) == 1)


def test_without_the_worker(all_of: Engines) -> None:
    """While the worker is stopped, orders are accepted, and the emails follow."""
    with running(**all_of.environ()) as api:
        ready(api)
        order_id = place(api)
        with running("worker", **all_of.environ()):
            until(lambda: all_of.emails(order_id) == 1)


@pytest.mark.parametrize("away", ["stopped", "silent"])
def test_without_the_cache(all_of: Engines, away: str) -> None:
    """While the cache is stopped, or doesn't answer, orders can still be read."""
    with running(**all_of.environ()) as api:
        ready(api)
        order_id = place(api)
        all_of.cache.stop() if away == "stopped" else all_of.cache.process.send_signal(signal.SIGSTOP)
        try:
            assert api.get(f"/orders/{order_id}").status == 200
            api.told("the cache is away")
        finally:
            if away == "silent":
                all_of.cache.process.send_signal(signal.SIGCONT)


def test_the_cache_is_read(all_of: Engines) -> None:
    """An order that was read once is read from the cache, even while the database is stopped."""
    with running(**all_of.environ()) as api:
        ready(api)
        order_id = place(api)
        known = api.get(f"/orders/{order_id}").json
        all_of.database.kill()
        assert api.get(f"/orders/{order_id}").json == known
        assert api.get("/orders").status == 503


def test_an_email_is_tried_again(all_of: Engines) -> None:
    """An email that the mail server refuses is sent again until it is accepted."""
    with running(**all_of.environ()) as api, running("worker", **all_of.environ()) as worker:
        ready(api)
        all_of.mail.refusing = True
        order_id = place(api)
        worker.told("the email will be tried again")
        all_of.mail.refusing = False
        until(lambda: all_of.emails(order_id) == 1)


@pytest.mark.parametrize("without", [("DATABASE_URL",), ("DATABASE_URL", "REDIS_URL"), ("REDIS_URL",)], ids=str)
def test_fewer_parts(all_of: Engines, without: tuple[str, ...]) -> None:
    """Missing parts are replaced: orders are kept in memory and announced at once."""
    environ = all_of.environ(*without)
    with running(**environ) as api, running("worker", **environ) as worker:
        ready(worker)
        ready(api)
        until(lambda: api.post(ORDER).status == 201)
        order_id = place(api)
        until(lambda: all_of.emails(order_id) == 1)
        assert api.get(f"/orders/{order_id}").status == 200


def test_nothing_to_announce_to(all_of: Engines) -> None:
    """Without a database, an order that can't be announced isn't stored: the answer is 503."""
    with running(**all_of.environ("DATABASE_URL")) as api:
        until(lambda: api.post(ORDER).status == 201)
        all_of.broker.stop()
        until(lambda: api.post(ORDER).status == 503)
        kept = len(api.get("/orders").json["orders"])
        assert api.post(ORDER).status == 503
        assert len(api.get("/orders").json["orders"]) == kept


def test_replicas_start_together(all_of: Engines) -> None:
    """Three replicas that start on an empty database at once are all ready, share their orders, and send one email each."""
    environ = all_of.environ()
    with running(**environ) as one, running(**environ) as two, running(**environ) as three:
        for api in (one, two, three):
            ready(api)
        ids = [place(api) for api in (one, two, three, one, two, three)]
        assert {order["id"] for order in three.get("/orders").json["orders"]} == set(ids)
        with running("worker", **environ), running("worker", **environ):
            until(lambda: all(all_of.emails(order_id) == 1 for order_id in ids))


@pytest.mark.parametrize("without", [(), ("DATABASE_URL",)], ids=["database", "memory"])
def test_an_event_that_comes_twice(all_of: Engines, without: tuple[str, ...]) -> None:
    """An event that the broker delivers twice leads to one email, and an invalid message doesn't stop the worker."""
    from cluster.shop.app.broker import Broker  # noqa: PLC0415  only where its requirement is installed

    environ, order = all_of.environ(*without), read_order(b'{"customer": "Ada L.", "items": ["tea"]}')
    event = created(order, {})

    async def publish() -> None:
        broker = Broker(environ["NATS_URL"], environ["SHOP_PREFIX"])
        await broker.open()
        assert await broker.connected(PATIENCE)
        for number, payload in enumerate((b"{}", b"[1]", b"\xff", event.payload, event.payload)):
            await broker.publish(OrderEvent(f"{event.event_id}-{number}", payload, {}))
        await broker.close()

    with running("worker", **environ) as worker:
        asyncio.run(publish())
        worker.told("email was sent before", order_id=order.id)
        assert all_of.emails(order.id) == 1
        assert all_of.mail.emails[-1]["To"] == "ada-l@customers.example"
        assert worker.get("/readyz").status == 200
        metrics = worker.get("/metrics").text
        assert 'emails_total{outcome="refused"} 3.0' in metrics
        assert 'emails_total{outcome="known"} 1.0' in metrics


def report(environ: dict[str, str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """The reporter's exit code, and its last line."""
    done = subprocess.run(
        [sys.executable, "-m", "cluster.shop.app.reporter", *arguments],
        env={**os.environ, **environ}, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def test_the_report(all_of: Engines) -> None:
    """The reporter adds up the orders of one day only; without a database it reports that."""
    with running(**all_of.environ()) as api:
        ready(api)
        for _ in range(3):
            place(api)
    code, said = report(all_of.environ(), "--day", "today")
    assert (code, said["message"], said["orders"], said["items"]) == (0, "report", 3, 6)
    code, said = report(all_of.environ())
    assert (code, said["orders"], said["items"]) == (0, 0, 0)
    code, said = report(all_of.environ("DATABASE_URL"))
    assert (code, said["orders"], said["database"]) == (0, 0, "none")


def test_a_report_without_its_database(all_of: Engines) -> None:
    """While the database is stopped, the reporter ends with 1, so that it is tried again, and prints no wrong figures."""
    all_of.database.stop()
    code, said = report(all_of.environ())
    assert (code, said["message"], "orders" in said) == (1, "the database is away", False)
