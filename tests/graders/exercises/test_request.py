"""Exercise ``request``: what comes of each promise about a database, in whatever words it is written."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cluster import world
from graders.answers.provision import TERMS
from graders.exercises.owed import Owed
from graders.exercises.request import EXERCISE, RequestEvidence
from graders.report import Finding, Report, State
from graders.show import card
from tests.graders.exercises.solutions import solution

ANSWER: dict[str, dict[str, Any]] = yaml.safe_load(solution(EXERCISE))


def judge(answer: dict[str, Any] | str) -> Report:
    return EXERCISE.judge(answer if isinstance(answer, str) else yaml.safe_dump(answer), world())


def promising(**duties: dict[str, Any]) -> dict[str, Any]:
    """The solution with other promises in some of its duties."""
    return {duty: {**terms, **duties.get(duty, {})} for duty, terms in ANSWER.items()}


def owed(report: Report, duty: str, name: str) -> Owed:
    assert isinstance(report.evidence, RequestEvidence)
    return next(o for o in report.evidence.terms if o.term == (duty, name))


def finding(report: Report, criterion: str) -> Finding:
    return next(f for f in report.findings if f.criterion == criterion)


MISCONCEPTIONS: dict[str, tuple[str, str, Any, str]] = {
    "it is quickly made by hand": ("provisioning", "by", "by-hand", "nobody remembers what was typed"),
    "it is quickly made by hand, without an operator": ("provisioning", "by", "no operator, by hand", "nobody remembers what was typed"),
    "who needs a standby": ("provisioning", "standbys", "none", "nobody takes over"),
    "newer is better": ("provisioning", "version", 17, "the first to find out"),
    "a number is enough": ("provisioning", "storage", 100, "the unit is missing"),
    "storage grows by itself": ("provisioning", "storage", "50 GB", "full before all data is in"),
    "a backup makes it available": ("provisioning", "standbys", 0, "nobody takes over"),
    "a full backup a week is usual": ("backups", "full-every", "weekly", "a restore takes up to 8 h"),
    "a full backup as often as can be": ("backups", "full-every", "10 min", "the next begins before the last has ended"),
    "a nightly backup loses nothing": ("backups", "log-every", "1 day", "24 h of orders are gone"),
    "a backup that was made works": ("backups", "restore-test-every", "1 year", "may be none"),
    "PostgreSQL takes any number of pods": ("pooling", "by", "none", "110 are refused"),
    "each pod has a pool already": ("pooling", "by", "HikariCP in the application", "knows nothing of the others"),
    "a pool lends for a session": ("pooling", "mode", "session", "holds one of the server's"),
    "a pool lends for a statement": ("pooling", "mode", "statement", "deals them out"),
    "pods are counted on quiet days": ("pooling", "client-connections", 240, "refuses 60 of them while an update runs"),
    "one connection behind for each in front": ("pooling", "server-connections", 300, "refuses 110"),
    "a small pool is a fast pool": ("pooling", "server-connections", 20, "40 transactions wait"),
    "secrets last": ("rotation", "every", "1 year", "opens the door for 365 days"),
    "all pods know at once": ("rotation", "overlap", 0, "up to 10 min a pod knocks"),
    "an old password harms nobody": ("rotation", "overlap", "10 days", "still opens for 10 days"),
    "patches come once a month": ("patching", "every", "monthly", "for up to 35 days"),
    "night is night": ("patching", "window", "Tue 02:00-04:00 CET", "another clock"),
    "Sunday is quiet": ("patching", "window", "Sun 02:00-04:00 UTC", "the shop is busy"),
    "a window may be a little longer": ("patching", "window", "Tue 02:00-05:00 UTC", "outside the quiet time"),
    "the important one first": ("patching", "first", "primary", "nobody is served for 4 min"),
    "all at once is soonest done": ("patching", "first", "all-at-once", "nobody is served for 4 min"),
    "ring when it has happened": ("alerts", "replication-lag", "5 min", "5 min of orders are on one server only"),
    "ring at once": ("alerts", "replication-lag", "1 ms", "rings all night"),
    "seconds are quick": ("alerts", "slow-query", "1 s", "pages have already given up"),
    "every query counts": ("alerts", "slow-query", "10 ms", "rings all night"),
    "ring when all are taken": ("alerts", "connections", 100, "the next transaction waits"),
    "the server's number is the one": ("alerts", "connections", 180, "never more than 100, so it never rings"),
    "ring early": ("alerts", "connections", 30, "40 are at work on a usual day"),
}  # fmt: skip

FOLLOWS = {("standbys", 0): {"patching"}, ("standbys", "none"): {"patching"}, ("server-connections", 20): {"alerts"}}
"""Promises that take another one down with them: nobody to take over, and an alert that can't be reached."""


@pytest.mark.parametrize("thought", MISCONCEPTIONS)
def test_misconception(thought: str) -> None:
    """Each misconception costs its share of its own duty, by its line, and is told what would come of it."""
    duty, name, written, told = MISCONCEPTIONS[thought]
    report = judge(promising(**{duty: {name: written}}))
    one, missed = owed(report, duty, name), finding(report, duty)
    follows = FOLLOWS.get((name, written), set()) if isinstance(written, (int, str)) else set()
    assert {f.criterion for f in report.findings if f.earned < f.points} == {duty} | follows
    assert told in one.leads
    assert told in missed.saw
    assert missed.line == one.line > 0
    assert missed.earned == pytest.approx(missed.points * (1 - 1 / len(ANSWER[duty])), abs=0.01)


SPELLINGS: list[tuple[str, str, Any]] = [
    ("provisioning", "by", "CloudNativePG"), ("provisioning", "by", "a Helm chart"), ("provisioning", "by", "Terraform, RDS"),
    ("provisioning", "version", "PostgreSQL 15"), ("provisioning", "version", "15.6"), ("provisioning", "version", "postgres:15-alpine"),
    ("provisioning", "storage", "100 GB"), ("provisioning", "storage", "100G"), ("provisioning", "storage", "0.2 TB"),
    ("provisioning", "standbys", 2), ("provisioning", "standbys", "1 in another zone"), ("provisioning", "standbys", ["db-2"]),
    ("provisioning", "standbys", "one"), ("provisioning", "by", "not by hand, with Terraform"), ("pooling", "mode", "not session but transaction"),
    ("pooling", "client-connections", "15 x 20"), ("pooling", "client-connections", "15*20 = 300"), ("pooling", "server-connections", "100 of 190"),
    ("patching", "first", "primary last"), ("patching", "every", "every Tuesday"), ("alerts", "connections", "80 percent"),
    ("patching", "window", "Tue 02:00 UTC for 2h"), ("backups", "full-every", "daily at 01:00"),
    ("backups", "full-every", "daily"), ("backups", "full-every", "P1D"), ("backups", "full-every", "3 days"),
    ("backups", "full-every", "24h"), ("backups", "full-every", "every night"), ("backups", "log-every", "5 min"),
    ("backups", "log-every", "continuously"), ("backups", "log-every", "60s"), ("backups", "log-every", 0),
    ("backups", "restore-test-every", "quarterly"), ("backups", "restore-test-every", "90 days"),
    ("backups", "restore-test-every", "with each full backup"), ("pooling", "by", "PgBouncer 1.23"), ("pooling", "by", "ProxySQL"),
    ("pooling", "by", "PgCat"), ("pooling", "mode", "Transaction pooling"), ("pooling", "client-connections", 300),
    ("pooling", "client-connections", "1000"), ("pooling", "server-connections", 190), ("pooling", "server-connections", 90),
    ("rotation", "every", "30 days"), ("rotation", "every", "monthly"), ("rotation", "every", "1h"), ("rotation", "overlap", "10 minutes"),
    ("rotation", "overlap", "15m"), ("patching", "every", "weekly"), ("patching", "every", "14d"), ("patching", "every", "10 days"),
    ("patching", "window", "Tuesday 2am-4am"), ("patching", "window", "Tue 03:00-03:30 UTC"), ("patching", "window", "0 2 * * 2"),
    ("patching", "first", "the standby, then the primary"), ("patching", "first", "replica"), ("patching", "first", "all standbys first"),
    ("alerts", "replication-lag", "30s"), ("alerts", "replication-lag", "4 minutes"), ("alerts", "slow-query", "0.25 s"),
    ("provisioning", "by", "Infrastructure as Code"), ("provisioning", "by", "CloudNativePG operator, installed with Helm 3"),
    ("provisioning", "by", ["terraform"]), ("provisioning", "version", "PostgreSQL 15 (latest minor)"), ("provisioning", "version", "15.x"),
    ("provisioning", "version", "pg15"), ("provisioning", "version", "ghcr.io/cloudnative-pg/postgresql:15.6"),
    ("provisioning", "storage", "100GB gp3"), ("provisioning", "storage", "100,000 MB"), ("provisioning", "storage", "100 GB (gp3)"),
    ("provisioning", "standbys", "one standby"), ("provisioning", "standbys", "a standby"), ("provisioning", "standbys", "one replica"),
    ("provisioning", "standbys", "two hot standbys"), ("provisioning", "standbys", "at least 1"), ("provisioning", "standbys", [{"name": "db-2"}]),
    ("backups", "full-every", "daily at 2am"), ("backups", "full-every", "each night at 2am UTC"), ("backups", "full-every", "1x daily"),
    ("backups", "full-every", "1 day (pg_basebackup)"), ("backups", "full-every", "0 2 * * *"), ("backups", "full-every", "a full backup every night"),
    ("backups", "log-every", "real-time"), ("backups", "log-every", "*/5 * * * *"), ("backups", "log-every", "at most 5 min"),
    ("backups", "restore-test-every", "P1M"), ("backups", "restore-test-every", "P3M"), ("backups", "restore-test-every", "twelve weeks"),
    ("backups", "restore-test-every", "at least monthly"), ("backups", "restore-test-every", "each backup is tested"),
    ("backups", "restore-test-every", "we restore every backup"), ("pooling", "mode", "“transaction” – pooling"), ("patching", "first", ["standby"]),
    ("patching", "first", "standby → switchover → the old primary"),
    ("pooling", "by", "PgBouncer, not ProxySQL"), ("pooling", "by", "RDS Proxy"), ("pooling", "by", "PgBouncer in transaction mode"), ("pooling", "client-connections", "300+"),
    ("alerts", "connections", "80+"), ("provisioning", "standbys", "1+"), ("provisioning", "version", "15, as requested"), ("pooling", "by", "PgBouncer between the pods and PostgreSQL"),
    ("backups", "log-every", "continuously, to S3"), ("provisioning", "standbys", "2 in different zones"), ("pooling", "mode", "pool_mode = transaction"),
    ("pooling", "client-connections", "10,000"), ("pooling", "client-connections", "20 per pod x 15 pods"), ("pooling", "client-connections", "300 (15 pods × 20)"),
    ("pooling", "client-connections", "at least 300"), ("pooling", "client-connections", "up to 400 connections"), ("pooling", "client-connections", ">= 300"),
    ("pooling", "server-connections", "max 100"), ("rotation", "every", "at most 30 days"), ("rotation", "overlap", "for 1 hour"),
    ("patching", "every", "every Tue at 02:00"), ("patching", "every", "weekly on Tuesdays, 02:00-04:00 UTC"),
    ("patching", "window", ["Tue 02:00-04:00 UTC"]), ("patching", "window", "Tue 02:00-04:00 UTC+0"), ("patching", "window", "Tue 03:00-05:00 CET"),
    ("patching", "first", "standby, primary"), ("patching", "first", "standby before primary"), ("patching", "first", "the primary second"),
    ("patching", "first", "not all at once, but the standby first"), ("alerts", "replication-lag", "lag > 30 s for 5 min"),
    ("alerts", "slow-query", "over 200 ms"), ("alerts", "slow-query", "p95 above 250 ms"), ("alerts", "slow-query", "200 msec"), ("alerts", "slow-query", "PT0.2S"),
    ("alerts", "connections", "0.8"), ("alerts", "connections", "80% for 5 min"), ("alerts", "connections", "more than 80"), ("alerts", "connections", "80% of the pool"),
    ("alerts", "slow-query", "450ms"), ("alerts", "connections", "80%"), ("alerts", "connections", "75 of 100"), ("alerts", "connections", 0.9),
]  # fmt: skip


@pytest.mark.parametrize(("duty", "name", "written"), SPELLINGS)
def test_in_other_words(duty: str, name: str, written: object) -> None:
    """A promise may be spelled in any common way, and be more careful than it has to be."""
    report = judge(promising(**{duty: {name: written}}))
    assert report.state is State.PASS, [f.saw for f in report.findings]


OPPOSITES: dict[tuple[str, str], tuple[Any, ...]] = {
    ("provisioning", "by"): ("anything but terraform", "neither helm nor terraform", "telephone operator", "helm or terraform", "not helm and terraform",
                             "non-terraform", "terraform?", "❌ terraform", ["not", "terraform"], "terraform, never", "by hand, terraform"),
    ("provisioning", "version"): ("not 15", "<15", ">15", "older than 15", "15 or 16", "15-16", "15+", "!15", "~15", True, "15" + " " * 200 + "is too old"),
    ("provisioning", "storage"): ("less than 100 GB", "not 100 GB", "100 GB or nothing"),
    ("provisioning", "standbys"): ("not 1", "less than 1", "up to 1", "1 or 0", ["none"], [0], ["not 1"], "-1", "one less"),
    ("backups", "full-every"): ("at most daily", "at most once a day", "daily or less", "not daily", "less than daily", "daily except Tuesdays", "> 1 day", "1 day <", "at least 1 day"),
    ("backups", "log-every"): ("not continuously", "never immediately", "not always", "more than 1 min", "no WAL, daily"),
    ("backups", "restore-test-every"): ("no backup is tested", "never backup", "we trust the backup", "1 ms", "not monthly", "backup"),
    ("pooling", "by"): ("don't need pgbouncer", "no pgbouncer", "anything but pgbouncer", "pgbouncer or none", "PgBouncer in each pod", "not pgbouncer", "without a pooler"),
    ("pooling", "mode"): ("non-transaction", "isn't transaction", "transaction or session", "transaction/session", "not transaction", "≠ transaction",
                          "! transaction", "not transaction but session"),
    ("pooling", "client-connections"): ("less than 300", "not 300", "< 300", "300 or less", "15*20 = 400", "no 300", "fewer than 15 x 20", "300 >="),
    ("pooling", "server-connections"): ("less than 60", "not 60", "at least 60", "100 per pod", "60 or 300", "-60", "60+"),
    ("rotation", "every"): ("never, not even monthly", "not monthly", "1 ms", "more than 1 day"),
    ("rotation", "overlap"): ("not 1 h", "at least 1 h", "less than 1 h", "no 1 h"),
    ("patching", "every"): ("never on Tuesday", "1 ms", "not weekly", "every first Tuesday", "weekly except Tuesday"),
    ("patching", "window"): ("not Tue 02:00-04:00 UTC", "except Tue 02:00-04:00 UTC", "every first Tue 02:00-04:00 UTC", "Tue 02:00 UTC for 5h",
                             "Tue 02:00-04:00 AEST", "Tue 02:00-04:00 NZST", "Tue 02:00-04:00 Berlin", "Tue 02:00-04:00 our time"),
    ("patching", "first"): ("standby last", "standby second", "the standby never", "not the standby", "standby or primary", "primary, then standby",
                            "standby and primary", "anything but the standby", "the standby is last", "switchover"),
    ("alerts", "replication-lag"): ("less than 1 min", "< 1 min", "not 1 min", "never 1 min"),
    ("alerts", "slow-query"): ("below 200 ms", "200 ms > all queries", "200 ms >", "not 200 ms", "p99 < 200 ms"),
    ("alerts", "connections"): ("less than 80", "not 80", "< 80", "never at 80%", "below 80%", "80 or 90", "80 >"),
}  # fmt: skip


@pytest.mark.parametrize(("term", "written"), [(term, written) for term, all_ in OPPOSITES.items() for written in all_])
def test_the_opposite(term: tuple[str, str], written: object) -> None:
    """A promise with a word that isn't understood doesn't hold, whatever else is in it, and is quoted."""
    duty, name = term
    report = judge(promising(**{duty: {name: written}}))
    one = owed(report, duty, name)
    assert not one.holds
    assert one.hint
    assert finding(report, duty).saw.startswith(f"{name} “{one.promised}”: ")


@pytest.mark.parametrize("denied", ["not", "never", "anything but", "other than", "hardly", "❌", "!"])
def test_denied(denied: str) -> None:
    """No spelling of a promise holds with a word before it that turns it around."""
    for duty, name, written in SPELLINGS:
        if not isinstance(written, (list, dict)):
            report = judge(promising(**{duty: {name: f"{denied} {written}"}}))
            assert not owed(report, duty, name).holds, written


@pytest.mark.parametrize(("duty", "name"), [("backups", "restore-test-every"), ("patching", "every")])
def test_more_often_than_anybody_can(duty: str, name: str) -> None:
    """What takes longer than the time between two of it is told so."""
    assert "nobody can do that" in owed(judge(promising(**{duty: {name: "1 ms"}})), duty, name).leads


@pytest.mark.parametrize("term", TERMS)
def test_a_long_phrase(term: tuple[str, str]) -> None:
    """A phrase too long to be read in full isn't understood, though its beginning may be right."""
    duty, name = term
    written = f"{ANSWER[duty][name]}{' ' * 200}never"
    assert not owed(judge(promising(**{duty: {name: written}})), duty, name).holds


@pytest.mark.parametrize("term", TERMS)
def test_a_huge_number(term: tuple[str, str]) -> None:
    """A number of which Python refuses to write the digits is a promise that doesn't hold, and no fault of ours."""
    duty, name = term
    text = yaml.safe_dump(promising(**{duty: {name: "HUGE"}})).replace("HUGE", f"0x{'f' * 9000}")
    report = judge(text)
    assert report.state is State.FAIL
    assert not owed(report, duty, name).holds


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("backups:", "backup:"), ("alerts:", "monitoring:"), ("rotation:", "secrets:"), ("patching:", "maintenance:"),
        ("standbys: 1", "replicas: 1"), ("standbys: 1", "instances: 2"), ("full-every: 1 day", "full_backup_every: 1 day"),
        ("log-every", "wal"), ("mode:", "pool_mode:"), ("client-connections:", "max_client_conn:"),
        ("server-connections:", "default_pool_size:"), ("slow-query: 200 ms", "slow-query-ms: 200"), ("replication-lag:", "lag:"),
        ("every: 14 days", "every-days: 14"), ("overlap: 1 h", "overlap_minutes: 60"), ("storage: 100Gi", "storage-gb: 100"),
    ],
)  # fmt: skip
def test_other_names(old: str, new: str) -> None:
    """A term may have the name that it has in another tool."""
    text = solution(EXERCISE)
    assert old in text
    assert judge(text.replace(old, new)).state is State.PASS


@pytest.mark.parametrize(
    ("duty", "name"), [term for term in TERMS if "every" in term[-1] or term[-1] in ("overlap", "slow-query")]
)
@pytest.mark.parametrize("written", [30, "30", "soon", True, "7-14 days", {"days": 3}, ["1 day"]])
def test_no_time(duty: str, name: str, written: object) -> None:
    """A number without a unit, a range, and what is no time at all are told so."""
    one = owed(judge(promising(**{duty: {name: written}})), duty, name)
    assert not one.holds
    assert "nobody can tell" in one.leads


def test_a_standby_that_is_not_there() -> None:
    """Promises have to fit each other: without a standby there is none to patch first."""
    report = judge(promising(provisioning={"standbys": 0}))
    assert "there is no standby: nobody is served for 4 min" in owed(report, "patching", "first").leads


def test_an_alert_follows_the_pool() -> None:
    """The same alert is right for one pool, rings too late for a smaller one, and never for the smallest."""
    for server, said in ((190, "rings at 80 of 190"), (80, "all 80 are taken"), (70, "never more than 70")):
        report = judge(promising(pooling={"server-connections": server}))
        assert said in owed(report, "alerts", "connections").leads


def test_a_password_before_the_last_one() -> None:
    """A password isn't replaced before the one before it is dead."""
    report = judge(promising(rotation={"every": "1 h", "overlap": "2 h"}))
    assert "the one before the last still opens" in owed(report, "rotation", "overlap").leads


def test_missing() -> None:
    """What isn't written is named, and earns nothing; what was misspelled is told with what was probably meant."""
    text = solution(EXERCISE).replace("  first: standby\n", "").replace("overlap", "overlop")
    report = judge(text)
    assert finding(report, "patching").saw == "not there: first"
    assert "did you mean “overlap”?" in finding(report, "rotation").hint
    assert any("“overlop” is no term of this form" in note for note in report.notes)


def test_table_on_the_card() -> None:
    """The card has a table of all promises with what comes of each, and shows hostile text as text."""
    html = card.html(judge(promising(provisioning={"by": "<script>alert(1)</script> by hand"})))
    assert html.count("<tr>") == len(TERMS) + 1
    assert "<script>" not in html
    assert "What comes of your promises" in html


@given(st.sampled_from(TERMS), st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=300),
                                          st.lists(st.integers(), max_size=3)))  # fmt: skip
def test_anything(term: tuple[str, str], written: object) -> None:
    """Whatever stands for one term, the others keep their points."""
    duty, name = term
    report = judge(promising(**{duty: {name: written}}))
    assert report.state in (State.PASS, State.FAIL)
    assert all(
        f.earned == f.points for f in report.findings if f.criterion not in (duty, "patching", "alerts", "rotation")
    )
