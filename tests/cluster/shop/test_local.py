"""The shop as processes on this machine, with the wiring of a drawing."""

from __future__ import annotations

import http.client
import json
import socket
import sys
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

import pytest

from cluster.engines import Engines, close, missing, warm
from cluster.engines.ports import LOOPBACK
from cluster.errors import WorldError
from cluster.shop import local, story
from cluster.shop.local import LocalShop, LocalStage, stage
from cluster.shop.story import Chapter, SentOrder, Story, seen
from cluster.shop.wiring import API, BROKER, CACHE, DATABASE, STOPPED, WHOLE, WORKER, Wiring
from graders.application_platform.exercises.diagram.wired import foreseen
from tests.cluster.shop.app.running import until
from tests.graders.application_platform.exercises.diagram.drawings import DRAWINGS, by_wiring, flow

psycopg = pytest.importorskip("psycopg", reason="the shop's own requirements aren't installed")

pytestmark = pytest.mark.skipif(bool(missing()), reason="the engines' wheels aren't installed")
WIRINGS = by_wiring()
CALLED = "also api to worker"
NO_QUEUE = "no queue"
RUN = (
    CALLED, "a worker that uses the database", "an outbox, and nobody who listens", NO_QUEUE, "no api", "no part of a shop",
)  # fmt: skip
"""Drawings that are run for real. The others are held to what pods did (tests/contract/test_shops.py), and all are run
for real by benchmarks/agreement.py."""


@pytest.fixture(scope="module", autouse=True)
def engines() -> Iterator[Engines]:
    yield warm()
    close()


@pytest.fixture(scope="module")
def whole(engines: Engines) -> Iterator[LocalStage]:
    """A shop with the lesson's wiring, for tests that stop no engine."""
    with stage(WHOLE, engines) as it:
        yield it


def facts(wired: Wiring) -> set[object]:
    """The facts of a drawing: its parts and arrows, and the results of an order with and without each part."""
    outcome = foreseen(flow(WIRINGS[wired][0]))
    parts, arrows = (
        set[object]().union(*each) for each in zip(*((w.parts, w.connections) for w in WIRINGS), strict=True)
    )
    return {
        *((part, part in wired.parts) for part in parts),
        *((arrow, arrow in wired.connections) for arrow in arrows),
        *outcome.steps.items(),
        *(("without", *failure) for failure in outcome.failures.items()),
    }


def test_what_is_run() -> None:
    """At least forty drawings are compared, and the drawings that are run cover each fact of all drawings."""
    assert len(DRAWINGS) >= 40
    assert sum(map(len, WIRINGS.values())) == len(DRAWINGS)
    run = [wired for wired, names in WIRINGS.items() if set(names) & set(RUN)]
    assert len(run) == len(RUN)
    assert set().union(*map(facts, run)) == set().union(*map(facts, WIRINGS))


@cache
def told(name: str) -> tuple[Story, tuple[Story, ...]]:
    """The story of a drawing, and what its watcher heard."""
    (wired,) = (wired for wired, names in WIRINGS.items() if name in names)
    heard: list[Story] = []
    return LocalShop().run(wired, heard.append), tuple(heard)


@pytest.mark.parametrize("name", RUN)
def test_what_the_flow_foresees(name: str) -> None:
    """A real run of a drawing shows the same as the flow: the steps of an order, and the effect of each failure."""
    ran, _ = told(name)
    for alike in WIRINGS[ran.wiring]:
        assert seen(ran) == foreseen(flow(alike)), alike


def test_nothing_is_left(engines: Engines) -> None:
    """A run leaves no process, table, key or stream behind, also if it ends early."""
    kept: list[LocalStage] = []

    def interrupted() -> None:
        with stage(WHOLE, engines) as it:
            kept.append(it)
            it.visit("POST", {"count": 3})
            it.take_away(DATABASE)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    (it,) = kept
    assert list(engines.supervisor.folder.glob(f"{it._tenant.prefix}*")) == []
    with pytest.raises(WorldError, match="KeyError"):
        engines.supervisor.code(f"{it._tenant.prefix}api")
    with psycopg.connect(engines.database.url) as connection:
        schemas = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'w%'").fetchall()
    assert schemas == []
    import redis  # noqa: PLC0415  loaded where it is needed

    assert redis.Redis.from_url(engines.cache.url).keys("w*") == []


def test_a_part_is_given_its_arrows_and_nothing_else(engines: Engines) -> None:
    """A program's environment has only the connections of its arrows."""
    it = LocalStage(Wiring(WHOLE.parts, frozenset({(API, CACHE), (WORKER, BROKER)})), engines, engines.tenant())
    assert set(it._given(API)) == {"REDIS_URL"}
    assert set(it._given(WORKER)) == {"NATS_URL", "SMTP_URL"}
    environment = it._environment(API)
    assert not [name for name in environment if name in ("DATABASE_URL", "NATS_URL", "WORKER_URL")]


def test_a_worker_hears_at_once(engines: Engines, whole: LocalStage) -> None:
    """A worker with a broker listens as soon as it is ready, and never takes the broker for stopped."""
    before = len(whole.visit("GET")["emails"])
    whole.visit("POST", {"count": 1})
    until(lambda: len(whole.visit("GET")["emails"]) == before + 1)
    assert "away" not in engines.supervisor.said(whole._name(WORKER))


def test_the_mail_sink(whole: LocalStage) -> None:
    """The mail server can refuse emails; they follow when it accepts them again."""
    where = urlsplit(whole._url(local.SINK))

    def mood(refusing: str) -> None:
        connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=5)
        connection.request("PUT", f"/mood?refusing={refusing}")
        assert json.loads(connection.getresponse().read())["refusing"] == (refusing == "true")
        connection.close()

    before = len(whole.visit("GET")["emails"])
    mood("true")
    whole.visit("POST", {"count": 2, "at_once": 2})
    assert len(whole.visit("GET")["emails"]) == before
    mood("false")
    until(lambda: len(whole.visit("GET")["emails"]) == before + 2)


def test_a_call_costs_the_customers_time() -> None:
    """If the API calls the worker, customers wait for the mail server; with the queue they don't."""
    story, _ = told(CALLED)
    well = story.chapter()
    assert well is not None
    assert min(o.seconds for o in well.orders) > 0.1
    assert sorted(o.seconds for o in story.beside)[10] < 0.1


def test_a_story_grows() -> None:
    """The watcher gets each chapter when it begins, and orders before the story ends."""
    story, heard = told(NO_QUEUE)
    stopped = ["", *(part for part in STOPPED if part in story.wiring.parts)]
    assert [c.stopped for c in story.chapters] == stopped
    begun = {len(s.chapters): s.chapters[-1] for s in reversed(heard)}
    assert [begun[number + 1] == Chapter(part, begun[number + 1].began) for number, part in enumerate(stopped)] == [
        True
    ] * len(stopped)
    assert all(s.live for s in heard)
    assert any(c.orders for s in heard for c in s.chapters)
    assert not story.live
    refused = story.chapter(DATABASE)
    assert refused is not None
    assert {o.status for o in refused.orders} == {503}
    assert refused.half_done == 0


def test_a_story_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A story that takes too long is stopped with a WorldError: the drawing isn't judged."""
    monkeypatch.setattr(story, "LONGEST", 0.0)
    with pytest.raises(WorldError, match="after 0 s"):
        LocalShop().run(Wiring(frozenset({API}), frozenset()))


def test_a_program_that_can_not_start(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that ends by itself leads to a WorldError with its last log line."""
    monkeypatch.setitem(local.MODULES, "sink", "nothing")
    with pytest.raises(WorldError, match="sink ended") as raised, stage(Wiring(frozenset(), frozenset()), engines):
        pass
    assert raised.value.hint.endswith("No module named cluster.shop.app.nothing")


def test_last_words(engines: Engines) -> None:
    """Of a program that logs in JSON, only the message is quoted, without the rest of the line."""
    supervisor = engines.supervisor
    for program, words in (
        ("print('first'); print('{\"message\": \"can\\'t run\", \"error\": \"no room\"}')", "log line: no room"),
        ("print('x' * 10_000)", f"log line: {'x' * 200}"), ("print('[1]')", "log line: [1]"), ("", "log is empty"),
    ):  # fmt: skip
        supervisor.start("one", [sys.executable, "-c", program])
        until(lambda: supervisor.code("one") is not None)
        assert words in supervisor.last_words("one")
        supervisor.forget("one")


def test_a_port_that_was_taken(engines: Engines) -> None:
    """If another program has taken a port of the shop since it was free, the shop starts on other ports."""
    it = LocalStage(Wiring(frozenset({API}), frozenset()), engines, engines.tenant())
    taken = it._ports[API]
    with socket.create_server((LOOPBACK, taken)) as listener:
        listener.settimeout(0)  # connections to it get no answer
        try:
            it.start()
            assert it._ports[API] != taken
            assert [row["status"] for row in it.visit("POST", {"count": 1})] == [201]
        finally:
            it.close()


def test_what_a_story_comes_to() -> None:
    """Orders with different outcomes in one chapter count as not done."""
    good = SentOrder(0, 201, 0.01, "a", stored=True, cached=True, announced=True, emailed=0.1, heard_by="queue")
    lost = SentOrder(0, 201, 0.01, "b", cached=True)
    story = Story("processes", WHOLE, (Chapter("", 0, (good, good)), Chapter(CACHE, 1, (good, lost))))
    assert all(seen(story).steps.values())
    assert seen(story).failures == {CACHE: (False, False)}


def test_a_wiring_of_parts_that_there_are_not() -> None:
    """A wiring names only parts and connections of this shop, and connects only existing parts."""
    with pytest.raises(ValueError, match="no part of this shop"):
        Wiring(frozenset({"kafka"}), frozenset())
    with pytest.raises(ValueError, match="isn't there"):
        Wiring(frozenset({API}), frozenset({(API, DATABASE)}))
