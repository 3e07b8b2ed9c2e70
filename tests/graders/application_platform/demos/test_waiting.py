"""The email inside the request and by the queue, in two real shops: what the lesson shows is what happens."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache
from unittest.mock import patch

import pytest

from cluster.engines import EnginesError, missing, warm
from cluster.shop import local
from graders.application_platform.demos.waiting import beside, latency_comparison, outage_comparison, shops, without
from graders.application_platform.demos.waiting.latency_comparison import Sold, sell, shown
from graders.application_platform.demos.waiting.outage_comparison import MAIL, Outage, outage
from graders.application_platform.demos.waiting.shops import BY_QUEUE, INSIDE, WAYS, TimedOrder, Way, shop
from graders.core.shown import Shown

ENGINES = pytest.mark.skipif(bool(missing()), reason=f"not to be had here: {', '.join(missing())}")


def test_one_arrow() -> None:
    """The two shops differ in one arrow: from the API to the worker, or to the queue that the worker listens to."""
    extra = INSIDE.wiring.connections ^ BY_QUEUE.wiring.connections
    assert extra == {("api", "worker"), ("api", "broker"), ("worker", "broker")}


@cache
def mail_outages() -> tuple[tuple[Outage, ...], tuple[Sold, ...]]:
    """By way, what an outage of the mail server did, and eight orders afterward in the same shop."""
    came: list[Outage] = []
    sold: list[Sold] = []
    for way in WAYS:
        with (
            shop(way) as one,
            patch.object(outage_comparison, "shop", lambda _way, one=one: nullcontext(one)),
            patch.object(latency_comparison, "shop", lambda _way, one=one: nullcontext(one)),
        ):
            came.append(outage(way, MAIL))
            sold.append(sell(way, 8, 0.2))
    return tuple(came), tuple(sold)


@cache
def worker_outages() -> tuple[tuple[Outage, ...], Shown]:
    """By way, what an outage of the worker did, and what the lesson shows of it."""
    came: list[Outage] = []

    def noted(way: Way, what: str) -> Outage:
        came.append(outage(way, what))
        return came[-1]

    with patch.object(outage_comparison, "outage", noted):
        lesson = without("worker")
    return tuple(came), lesson


@ENGINES
def test_who_waits() -> None:
    """Inside the request, each customer waits for the emails; with the queue no customer does, and every email is sent."""
    inside, queued = mail_outages()[1]
    assert min(inside.waits) >= 0.2
    assert inside.p50 > 0.2 > min(queued.waits)
    assert [len([o for o in s.orders if o.emailed is not None]) for s in (inside, queued)] == [8, 8]
    assert inside.waiting().most <= 4 < queued.waiting().most <= 8


@ENGINES
@pytest.mark.parametrize("what", ["worker", MAIL])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_outage(way: Way, what: str) -> None:
    """With the queue, all orders are accepted and their emails come later; inside the request, all are refused, and stored all the same."""
    came = (mail_outages() if what == MAIL else worker_outages())[0][WAYS.index(way)]
    assert came.way == way
    assert (came.accepted, came.kept, came.before, came.emails) == ((0, 5, 0, 0) if way.waits else (5, 5, 0, 5))


@ENGINES
def test_leaves_nothing() -> None:
    """After a lesson no program of its shops runs, and the database has no schema of theirs."""
    import psycopg  # noqa: PLC0415  only where there are engines

    assert "5 yes, 0 no" in worker_outages()[1].plain
    engines = warm("database")
    assert [path.name for path in engines.supervisor.folder.glob("w*")] == []
    with psycopg.connect(engines.database.url) as connection:
        schemas = connection.execute("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^w[0-9a-f]{12}$'").fetchone()
    assert schemas == (0,)


def test_figures() -> None:
    """The figures show for each way how long customers waited, how many were answered a second, and who waited when."""
    inside = Sold(INSIDE, tuple(TimedOrder(100 + n, 201, 0.5, str(n), 100.5 + n) for n in range(4)))
    queued = Sold(BY_QUEUE, tuple(TimedOrder(100.0, 201, 0.01, str(n), 101.0 + n) for n in range(4)))
    text = shown([inside, queued], 0.1).plain
    assert "inside the request 500 ms, p99 500 ms; by the queue 10 ms, p99 10 ms" in text
    assert "1 orders a second inside the request, 400 orders a second by the queue" in text
    assert "waiting messages, by the queue: 4 at most, the last change after 4.0 s" in text


@pytest.mark.parametrize(("orders", "mail"), [(3, 0.1), (100_000, 0.0), (24, 5), (200, 1), (24, -1)])
def test_too_much(orders: int, mail: float) -> None:
    """An input that would take minutes, or show nothing, is refused in one sentence."""
    assert "too few orders" in beside(orders, mail).plain


def test_no_such_part() -> None:
    """For a part that can't be stopped, the message lists the parts that can."""
    assert "Choose one of: worker, mail server." in without("cache").plain


def test_missing_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """If an engine isn't available, each cell says so in one sentence, and the notebook continues."""

    def none(*_names: str) -> object:
        raise EnginesError("There is no PostgreSQL for this platform.", "Linux and macOS have one.")

    monkeypatch.setattr(shops, "warm", none)
    for told in (beside(), without("worker")):
        assert told.plain.startswith("This can't be measured here: There is no PostgreSQL for this platform.")
        assert told.plain.endswith("You can read on.")


@ENGINES
def test_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupted lesson leaves no shop behind."""
    stages: list[local.LocalStage] = []

    def interrupted(self: shops.RunningShop, *_: object) -> None:
        stages.append(self.stage)
        raise KeyboardInterrupt

    monkeypatch.setattr(shops.RunningShop, "place", interrupted)
    with pytest.raises(KeyboardInterrupt):
        beside()
    (stage,) = stages
    with pytest.raises(OSError, match="refused"):
        stage._exchange("api", "GET", "/healthz", 2.0)
