"""What the lessons on databases measure, on real engines: the same each time, and nothing of it is left."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any, TypeAlias

import pytest

from cluster.engines import EnginesError, cache, close, missing, warm
from graders.application_platform.demos import databases
from graders.application_platform.demos.databases import (
    crash,
    hit_rates,
    partial_transaction,
    readings,
    rows_and_buckets,
    tenant,
    two_buyers,
    visitors,
    without_cache,
)
from graders.application_platform.demos.databases.bestsellers import (
    A_SECOND,
    VISITS,
    CachedOrders,
    ClockedCache,
    OrderDatabase,
    shop,
    towns,
)
from graders.application_platform.demos.databases.interleaving import TRIES
from graders.application_platform.demos.databases.lost_update import sell
from graders.application_platform.demos.databases.readings import filled, measure

psycopg = pytest.importorskip("psycopg", reason="the shop's own requirements aren't installed")
redis = pytest.importorskip("redis", reason="the shop's own requirements aren't installed")
pytestmark = pytest.mark.skipif(bool(missing()), reason="the engines' wheels aren't installed")

READ = "SELECT sold FROM seats WHERE film = 1"
WRITE = "UPDATE seats SET sold = {read} + 1 WHERE film = 1"
AT_ONCE = "UPDATE seats SET sold = sold + 1 WHERE film = 1"
LOCKED = f"{READ} FOR UPDATE"


@pytest.fixture(scope="module", autouse=True)
def _engines() -> Iterator[None]:
    yield
    close()


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    """Assert that no test leaves a schema, a key, a connection or a thread behind."""
    yield
    engines = warm("database", "cache")
    with psycopg.connect(engines.database.url) as connection:
        left = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^w[0-9a-f]{12}$'").fetchall()
        others = "SELECT query FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        holding = connection.execute(f"{others} AND state <> 'idle'").fetchall()
    with redis.Redis.from_url(engines.cache.url) as client:
        keys = client.keys()
    assert (left, holding, keys) == ([], [], [])
    assert not [t for t in threading.enumerate() if t.name.startswith("ThreadPoolExecutor")]


Told: TypeAlias = tuple[str, str, int | str | None]


def aside(town: int, kept_in: ClockedCache, database: OrderDatabase, keep: float) -> object:
    """Cache-aside, as in the notebook."""
    kept = kept_in.get(town)
    if kept is None:
        kept = database.bestsellers(town)
        kept_in.set(town, kept, keep)
    return kept


def told(*turns: Told) -> list[Told]:
    return [(f"buyer {who}", did, seen) for who, did, seen in turns]


def happened(read: str, write: str, transaction: bool | str = False) -> list[Told]:
    return [(t.who, t.did, t.seen) for t in sell(read, write, transaction).turns]


# A sale that crashes.

STEPS = (
    "UPDATE seats SET sold = true WHERE seat = 12",
    "INSERT INTO bookings VALUES (12, 9.00)",
    "UPDATE vouchers SET used = true WHERE name = 'V-7'",
)


@pytest.mark.parametrize(
    ("after", "seen"), [(0, "nothing"), (1, "seat"), (2, "seat, booking"), (3, "seat, booking, voucher")]
)
def test_half_a_sale(after: int, seen: str) -> None:
    """Without a transaction, all changes before the crash stay; with a transaction, none does."""
    assert partial_transaction.sell(STEPS, after=after)[-1].seen == seen
    assert [turn.seen for turn in partial_transaction.sell(STEPS, after=after, transaction=True)] == ["nothing"] * (
        after + 1
    )


def test_a_crash_after_the_commit() -> None:
    """All committed changes stay, whatever happens afterward."""
    turns = partial_transaction.sell(STEPS, after=4, transaction=True)
    assert [(turn.did, turn.seen) for turn in turns[-2:]] == [
        ("commits", "seat, booking, voucher"),
        ("⚡ crashes", "seat, booking, voucher"),
    ]


def test_what_a_crash_shows() -> None:
    """Each step is shown with the view of other users after it, and the last line shows the final state."""
    assert crash(STEPS, after=2).plain.endswith("part of the sale is stored: seat, booking.")
    assert "✔ Nothing of the sale is stored" in crash(STEPS, after=2, transaction=True).plain
    assert "✔ The whole sale is stored." in crash(STEPS, after=4, transaction=True).plain
    assert "(what others see: –)" in crash(["LOCK TABLE seats"], after=1, transaction=True).plain
    assert crash(["nix"], after=1).plain.startswith("PostgreSQL refuses the step: syntax error")


# Two buyers of one seat.


def test_a_lost_update() -> None:
    """If both buyers read before either writes, both buy, and the table counts one."""
    sale = sell(READ, WRITE)
    assert (sale.bought, sale.counted, sale.lost) == (2, 41, 1)
    write = WRITE.replace("{read}", "40")
    assert happened(READ, WRITE) == told(
        ("A", "reads 40", 40), ("B", "reads 40", 40), ("A", write, 41), ("B", write, 41)
    )


def test_a_transaction_alone_does_not_help() -> None:
    """At PostgreSQL's default level, a transaction hides its changes and makes the other wait, and the update is lost."""
    write = WRITE.replace("{read}", "40")
    assert happened(READ, WRITE, True) == told(
        ("A", "reads 40", 40), ("B", "reads 40", 40), ("A", write, 40), ("B", "wants to write, and waits for buyer A", 40),
        ("A", "commits", 41), ("B", write, 41), ("B", "commits", 41),
    )  # fmt: skip
    assert sell(READ, WRITE, True).lost == 1


def test_a_lock_helps() -> None:
    """With the row locked, the second buyer waits before reading, and nothing is lost."""
    assert happened(LOCKED, WRITE, True) == told(
        ("A", "reads 40", 40), ("B", "wants to read, and waits for buyer A", 40), ("A", WRITE.replace("{read}", "40"), 40),
        ("A", "commits", 41), ("B", "reads 41", 41), ("B", WRITE.replace("{read}", "41"), 41), ("B", "commits", 42),
    )  # fmt: skip
    assert sell(LOCKED, WRITE, True).lost == 0


def test_a_lock_without_a_transaction_is_none() -> None:
    """A lock ends with its transaction, and a single statement is a transaction."""
    assert sell(LOCKED, WRITE).lost == 1


@pytest.mark.parametrize("transaction", [False, True, "serializable"])
def test_one_statement_helps(transaction: bool | str) -> None:
    """If the database itself reads and writes, nothing is lost, at any level."""
    assert sell(READ, AT_ONCE, transaction).lost == 0


@pytest.mark.parametrize("level", ["serializable", "repeatable read", " Serializable "])
def test_refused_and_tried_again(level: str) -> None:
    """A level that can't be kept refuses the second buyer, who begins again and reads the current value."""
    turns = happened(READ, WRITE, level)
    refused = next(i for i, (_, did, _) in enumerate(turns) if "is refused (could not serialize access" in did)
    assert turns[refused][0] == "buyer B"
    assert turns[refused + 1] == ("buyer B", "reads 41", 41)
    assert turns[-1] == ("buyer B", "commits", 42)


def test_each_waits_for_the_other() -> None:
    """PostgreSQL ends a deadlock of two buyers: one begins again, and both buy."""
    sale = sell(f"{READ} FOR SHARE", WRITE, True)
    assert sum("is refused (deadlock detected), and begins again" in turn.did for turn in sale.turns) == 1
    assert (sale.bought, sale.lost) == (2, 0)


def test_giving_up() -> None:
    """A buyer who is refused three times gives up and has bought nothing."""
    always = "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$"
    sale = sell(READ, always, True)
    assert (sale.bought, sale.counted, sale.lost) == (0, 40, 0)
    assert sum("gives up" in turn.did for turn in sale.turns) == 2
    assert sum("is refused (no)" in turn.did for turn in sale.turns) == 2 * TRIES


def test_the_same_each_time() -> None:
    """Ten runs give the same result ten times."""
    runs = {tuple(happened(LOCKED, WRITE, True)) for _ in range(5)} | {
        tuple(happened(READ, WRITE, True)) for _ in range(5)
    }
    assert len(runs) == 2


def test_a_table_that_is_locked_whole() -> None:
    """If no other user can look, the table shows no value."""
    sale = sell(READ, f"LOCK TABLE seats; {WRITE}", True)
    assert None in [turn.seen for turn in sale.turns]
    assert sale.lost == 0


@pytest.mark.parametrize(
    ("read", "write", "transaction", "sentence"),
    [
        ("SELECT nix", WRITE, False, 'PostgreSQL refuses that statement: column "nix" does not exist'),
        (READ, "UPDATE nix", True, "PostgreSQL refuses that statement: syntax error at end of input"),
        ("SELECT 'a'", WRITE, True, "The read must return one whole number."),
        ("SELECT 1 WHERE false", WRITE, False, "The read must return one whole number."),
        ("", WRITE, False, "PostgreSQL refuses that statement: the last operation didn't produce"),
        (READ, WRITE, "snapshot", "There is no isolation level “snapshot”."),
    ],
)
def test_what_can_not_be_run(read: str, write: str, transaction: bool | str, sentence: str) -> None:
    """A statement that PostgreSQL refuses gives one sentence with the next step, and no error."""
    shown = two_buyers(read, write, transaction=transaction)
    assert shown.plain.startswith(sentence)
    assert len(shown.plain.splitlines()) == 2


def test_a_statement_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement that takes too long is ended by PostgreSQL."""
    monkeypatch.setattr(tenant, "STATEMENT_SECONDS", 1)
    assert "canceling statement due to statement timeout" in two_buyers("SELECT 1 FROM pg_sleep(100)", WRITE).plain


def test_what_two_buyers_show() -> None:
    """The table has every turn and ends with the result; statements are shown as text, never as markup."""
    shown = two_buyers(READ, f"{WRITE} /* <b>free</b> */")
    assert "1 of 2 sales is lost" in shown.html
    assert shown.plain.startswith("Two buyers take turns:\n1. buyer A: reads 40 (the table says: 40)\n")
    assert shown.plain.endswith("the table says 41 instead of 42: 1 of 2 sales is lost.")
    assert "<b>free" not in shown.html
    assert shown.html.count('scope="col"') == 4


# A cache before a database.


def by_hand(keep: float, visits: int = VISITS) -> int:
    """The number of hits, computed without an engine."""
    until: dict[int, float] = {}
    hits = 0
    for number, town in enumerate(towns(visits)):
        if until.get(town, 0) > number / A_SECOND:
            hits += 1
        else:
            until[town] = number / A_SECOND + keep
    return hits


def test_hit_rate_grows_with_the_time_to_live() -> None:
    """The longer an answer is kept, the more visits are hits, exactly as computed, and the older the answers get."""
    with shop() as it:
        seen = {keep: it.visit(aside, keep, 200) for keep in (0.5, 2, 20)}
    assert [len(one.hits) for one in seen.values()] == [by_hand(keep, 200) for keep in seen]
    assert all(one.hit_rate < other.hit_rate and one.oldest < other.oldest for one, other in pairwise(seen.values()))
    assert all(one.oldest < keep for keep, one in seen.items())


def test_a_stale_answer() -> None:
    """A kept answer doesn't change until its time is over; then it is computed again."""
    with shop() as it:
        before = it.database.bestsellers(1)
        store = ClockedCache(it.keys, it.sandbox.tenant.prefix)
        aside(1, store, it.database, 10)
        with it.sandbox.connection() as connection:
            connection.execute("UPDATE orders SET article = article + 1000 WHERE town = 1")
        store.now = 9.9
        assert aside(1, store, it.database, 10) == before
        store.now = 10
        assert aside(1, store, it.database, 10) == [article + 1000 for article in before]
        assert (store.hits, store.oldest) == (1, 9.9)


def test_figures_of_visits() -> None:
    """The figure has the database, a hit, a miss and the total, each with its spread, and the number of hits."""
    shown = visitors(aside, keep=60)
    for name in ("without a cache", "a hit", "a miss", "all visits together"):
        assert f"{name} " in shown.plain
    assert f"{VISITS} visits, {by_hand(60) / VISITS:.0%} of them hits" in shown.plain
    assert shown.plain.count("p99") == 4
    assert f"kept for 1 s {by_hand(1) / VISITS:.0%}" in hit_rates(aside, keeps=(1,)).plain


def test_without_the_cache() -> None:
    """While the cache is stopped, the database answers every visitor; afterward the cache is back, and empty."""
    shown = without_cache(aside, keep=60)
    there = f"{by_hand(60, VISITS // 3) / (VISITS // 3):.0%} hits"
    assert f"cache there, {there}" in shown.plain
    assert "cache stopped, 0% hits" in shown.plain
    assert f"cache back, {there}" in shown.plain
    assert f"{VISITS} of {VISITS} visitors got their answer." in shown.plain


def test_the_cache_comes_back() -> None:
    """Redis runs again after the lesson, also if the learner's function failed while it was stopped."""

    def refused() -> None:
        with shop() as it, it.stopped():
            it.visit(lambda *_: 1 // 0, 1, 1, empty=False)

    with pytest.raises(ZeroDivisionError):
        refused()
    assert warm("cache").cache.running


def test_a_cache_that_nobody_asks() -> None:
    """A function that never reads the cache has no hits, and its figure has no row for them."""
    shown = visitors(lambda town, _cache, database, _keep: database.bestsellers(town))
    assert "0% of them hits" in shown.plain
    assert "a hit" not in shown.plain


def test_a_stand_in_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """If fakeredis replaces Redis, the lesson measures with it and says so in one sentence."""
    close()
    monkeypatch.setattr(cache, "_program", lambda: None)
    try:
        shown = without_cache(aside)
        assert shown.plain.count("fakeredis, written in Python, stands in.") == 1
        assert f"{VISITS} of {VISITS} visitors got their answer." in shown.plain
        assert "cache stopped, 0% hits" in shown.plain
    finally:
        close()


# Readings in rows and in buckets.


def test_buckets_answer_as_rows_do() -> None:
    """Both ways give the same means for the same hours, and buckets need a fraction of the disk."""
    rows, buckets = measure(thermometers=3, days=3, asked=2)
    assert readings.agree(rows, buckets)
    assert [at for at, _ in rows.means] == [rows.means[0][0] + timedelta(hours=h) for h in range(48)]
    assert {round(mean) for _, mean in rows.means} > {3, 4, 5}
    assert buckets.size * 8 < rows.size
    assert not readings.agree(rows, measure(thermometers=2, days=3, asked=2)[1])


def test_nothing_is_thrown_away() -> None:
    """Each single reading can be restored from the buckets."""
    with filled(thermometers=2, days=1) as connection:
        kept = dict(
            connection.execute("SELECT (at, thermometer)::text, round(celsius * 10)::int FROM samples").fetchall()
        )
        unpacked = connection.execute("""
            SELECT (hour + minute * interval '1 minute', thermometer)::text, first + sum(get_byte(differences, minute) - 128)
                   OVER (PARTITION BY hour, thermometer ORDER BY minute)
            FROM buckets, generate_series(0, 59) minute""").fetchall()
        assert dict(unpacked) == kept
        assert len(kept) == 2 * readings.A_DAY


def test_figures_of_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are two figures, size and time; on a machine that is too slow for all questions a few are asked, and a sentence says so."""
    monkeypatch.setattr(readings, "SECONDS", 0.0)
    shown = rows_and_buckets(thermometers=2, days=2, asked=1)
    assert shown.html.count("<figure") == 2
    assert "5,760 readings on disk" in shown.plain
    assert "3 and 3 times just now" in shown.plain
    assert "the same 24 means" in shown.plain


@pytest.mark.parametrize("figures", [{"days": 0}, {"asked": 15}, {"thermometers": -1}, {"thermometers": 10**9}])
def test_figures_without_sense(figures: dict[str, int]) -> None:
    """Impossible figures, or too much work, give one sentence, and nothing is loaded."""
    plain = rows_and_buckets(**figures).plain
    assert "at least one thermometer and one day" in plain or "20,160,000,000,000 readings" in plain


# What all of them share.

LESSONS: dict[str, Callable[[], Any]] = {
    "crash": lambda: crash(STEPS, after=2),
    "two buyers": lambda: two_buyers(READ, WRITE),
    "visitors": lambda: visitors(aside),
    "hit rates": lambda: hit_rates(aside),
    "without cache": lambda: without_cache(aside),
    "rows and buckets": rows_and_buckets,
}


def test_every_lesson_is_tried() -> None:
    """The tests below cover every lesson."""
    assert len(LESSONS) == len(databases.__all__)


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_engine_that_is_missing(lesson: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """If an engine isn't available, a lesson says so in one sentence, and the notebook continues."""

    def none(*_: str) -> None:
        raise EnginesError("PostgreSQL isn't installed here.", "`make setup` installs what this platform has.")

    monkeypatch.setattr(tenant, "warm", none)
    assert LESSONS[lesson]().plain == (
        "This can't be measured here: PostgreSQL isn't installed here.\n"
        "`make setup` installs what this platform has. You can read on."
    )


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_client_that_is_missing(lesson: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the package for an engine is missing, it is named, and no engine is started."""
    monkeypatch.setattr(tenant, "find_spec", lambda _: None)
    for package in tenant.CLIENTS:
        monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(tenant, "warm", lambda *_: pytest.fail("an engine was started"))
    assert "The package psycopg isn't installed here." in LESSONS[lesson]().plain


def test_a_database_that_goes_away() -> None:
    """If PostgreSQL ends in the middle of a lesson, one sentence says so, and the next lesson starts it again."""

    def ends(town: int, _cache: ClockedCache, database: OrderDatabase, _keep: float) -> object:
        warm("database").database.stop()
        return database.bestsellers(town)

    try:
        assert visitors(ends).plain.startswith("This can't be measured here: PostgreSQL stopped: ")
        assert "1 of 2 sales is lost" in two_buyers(READ, WRITE).plain
    finally:
        close()  # what was in it at that moment goes with it


def test_learners_mistake_comes_through() -> None:
    """An error of the learner's own function is raised, and its tables and keys are gone."""

    def mistaken(town: int, store: ClockedCache, _database: OrderDatabase, keep: float) -> object:
        store.set(town, [town], keep)
        raise LookupError(town)

    with pytest.raises(LookupError):
        visitors(mistaken)


def test_interrupted() -> None:
    """An interrupted lesson leaves nothing behind in the database or in the cache."""

    def pressed(it: CachedOrders) -> None:
        ClockedCache(it.keys, it.sandbox.tenant.prefix).set("town", [1], 60)
        assert [json.loads(it.keys.get(key))["value"] for key in it.keys.scan_iter()] == [[1]]  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), shop() as it:
        pressed(it)
