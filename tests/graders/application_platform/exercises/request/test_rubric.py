"""Exercise ``request``: the consequence of each promise about a database."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cluster import world
from graders.application_platform.exercises.request import rules_operations, rules_provisioning
from graders.application_platform.exercises.request.rubric import EXERCISE, FORM
from graders.core.report import Finding, Report, State
from graders.families.form.criteria import Becomes, FieldResult, FormEvidence
from graders.families.form.reading import Term
from graders.present import card
from tests.support.solutions import solution

ANSWER: dict[str, dict[str, Any]] = yaml.safe_load(
    solution(EXERCISE).replace(": 02:00", ": '02:00'").replace(": 04:00", ": '04:00'")
)


def judge(answer: dict[str, Any] | str) -> Report:
    return EXERCISE.judge(answer if isinstance(answer, str) else yaml.safe_dump(answer), world())


def promising(duty: str, name: str, written: Any) -> dict[str, Any]:
    """The solution with another value in one of its fields."""
    part, _, inner = name.partition(" ")
    value = {**ANSWER[duty][part], inner: written} if inner else written
    return {**ANSWER, duty: {**ANSWER[duty], part: value}}


HINTS = {**rules_provisioning.LADDERS, **rules_operations.LADDERS}


def evidence(report: Report) -> FormEvidence:
    assert isinstance(report.evidence, FormEvidence)
    return report.evidence


def outcome(report: Report, duty: str, name: str) -> FieldResult:
    assert isinstance(report.evidence, FormEvidence)
    return next(o for o in report.evidence.outcomes if o.term[0] == duty and o.name == name)


def finding(report: Report, criterion: str) -> Finding:
    return next(f for f in report.findings if f.criterion == criterion)


MISCONCEPTIONS: dict[str, tuple[str, str, Any, str]] = {
    "it is quickly made by hand": ("provisioning", "by", "by-hand", "the commands aren't recorded"),
    "newer is better": ("provisioning", "version", 17, "has tested with 15, not with 17"),
    "storage grows by itself": ("provisioning", "storage", "50 GB", "too little for all data"),
    "a backup makes it available": ("provisioning", "standbys", 0, "down until a backup is restored"),
    "a full backup a week is usual": ("backups", "full-every", "7 days", "a restore takes up to 8 h"),
    "a full backup as often as can be": ("backups", "full-every", "10 min", "the next one begins before the last one ends"),
    "a nightly backup loses nothing": ("backups", "log-every", "1 day", "24 h of orders are lost"),
    "a backup that was made works": ("backups", "restore-test-every", "365 days", "365 days ago"),
    "PostgreSQL takes any number of pods": ("pooling", "by", "none", "it refuses 110"),
    "each pod has a pool already": ("pooling", "by", "in-each-pod", "doesn't know the other pods"),
    "a pool lends for a session": ("pooling", "mode", "session", "holds a server connection"),
    "a pool lends for a statement": ("pooling", "mode", "statement", "over different connections"),
    "pods are counted on quiet days": ("pooling", "client-connections", 240, "refuses 60 of them"),
    "one connection behind for each in front": ("pooling", "server-connections", 300, "refuses 110"),
    "a small pool is a fast pool": ("pooling", "server-connections", 20, "40 transactions wait"),
    "secrets last": ("rotation", "every", "365 days", "works for up to 365 days"),
    "all pods know at once": ("rotation", "overlap", "0 s", "for up to 10 min a pod uses a password"),
    "an old password does no harm": ("rotation", "overlap", "10 days", "still valid for 10 days"),
    "patches come once a month": ("patching", "every", "30 days", "for up to 35 days"),
    "it ends when it ends": ("patching", "window to", "02:03", "a restart takes 4 min"),
    "an hour earlier": ("patching", "window from", "01:00", "customers are in the shop"),
    "Sunday is quiet": ("patching", "window day", "Sun", "the shop is busy"),
    "a window may be a little longer": ("patching", "window to", "05:00", "customers are in the shop"),
    "the important one first": ("patching", "first", "primary", "down for 4 min"),
    "all at once is soonest done": ("patching", "first", "all-at-once", "down for 4 min"),
    "ring when it has happened": ("alerts", "replication-lag", "5 min", "5 min of orders are on one server only"),
    "ring at once": ("alerts", "replication-lag", "1 ms", "comes all night"),
    "seconds are quick": ("alerts", "slow-query", "1 s", "pages have already given up"),
    "every query counts": ("alerts", "slow-query", "10 ms", "comes all night"),
    "ring when all are taken": ("alerts", "connections", 100, "the next transaction waits"),
    "the server's number is the one": ("alerts", "connections", 180, "never more than 100, so the alert never comes"),
    "ring early": ("alerts", "connections", 30, "40 are in use on a usual day"),
}  # fmt: skip


@pytest.mark.parametrize("thought", MISCONCEPTIONS)
def test_misconception(thought: str) -> None:
    """Each misconception costs only its share of its own duty, and the finding has its line and its consequence."""
    duty, name, written, told = MISCONCEPTIONS[thought]
    report = judge(promising(duty, name, written))
    one, missed = outcome(report, duty, name), finding(report, duty)
    assert {f.criterion for f in report.findings if f.earned < f.points} == {duty}
    assert one.becomes is Becomes.WRONG
    assert told in one.leads
    assert told in missed.observed
    assert missed.line == one.line > 0
    assert missed.hints == (one.hint, *HINTS[one.term])
    fields = len([term for term in FORM.fields if term[0] == duty])
    assert missed.earned == pytest.approx(missed.points * (1 - 1 / fields), abs=0.01)


CAREFUL: list[tuple[str, str, Any]] = [
    ("provisioning", "by", "helm"), ("provisioning", "by", "Terraform"), ("provisioning", "storage", "100 GB"), ("provisioning", "storage", "0.2 TB"),
    ("provisioning", "storage", "100000MB"), ("provisioning", "standbys", 2), ("backups", "full-every", "24h"), ("backups", "full-every", "3 days"),
    ("backups", "log-every", "5 min"), ("backups", "log-every", "0 s"), ("backups", "restore-test-every", "90 days"), ("pooling", "by", "ProxySQL"),
    ("pooling", "client-connections", 300), ("pooling", "client-connections", "1000"), ("pooling", "server-connections", 190),
    ("pooling", "server-connections", 90), ("rotation", "every", "30 days"), ("rotation", "every", "1h"), ("rotation", "overlap", "10 min"),
    ("rotation", "overlap", "1 day"), ("patching", "every", "14 days"), ("patching", "window day", "Tuesday"), ("patching", "window from", "3:00"),
    ("patching", "window to", "03:30"), ("alerts", "replication-lag", "30s"), ("alerts", "slow-query", "0.25 s"), ("alerts", "slow-query", "450ms"),
]  # fmt: skip


@pytest.mark.parametrize(("duty", "name", "written"), CAREFUL)
def test_more_careful(duty: str, name: str, written: object) -> None:
    """A promise may be more careful than required, in any unit of the list."""
    report = judge(promising(duty, name, written))
    assert report.state is State.PASS, [f.observed for f in report.findings]


@pytest.mark.parametrize(("duty", "name"), [("backups", "restore-test-every"), ("patching", "every")])
def test_more_often_than_possible(duty: str, name: str) -> None:
    """An interval shorter than the work itself isn't possible, and the finding says so."""
    assert "that isn't possible" in outcome(judge(promising(duty, name, "1 ms")), duty, name).leads


def test_a_standby_that_is_not_there() -> None:
    """Promises must be consistent: without a standby, the standby can't be patched first."""
    report = judge(promising("provisioning", "standbys", 0))
    assert "without a standby, the database is down for 4 min" in outcome(report, "patching", "first").leads


FOLLOW = [
    ({("provisioning", "standbys"): 0}, ("patching", "first"), "standbys"),
    ({("pooling", "server-connections"): 50, ("alerts", "connections"): 55}, ("alerts", "connections"), "server-connections"),
    ({("patching", "window from"): "14:00", ("patching", "window to"): "16:00"}, ("patching", "window to"), "window from"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "follows", "cause"), FOLLOW)
def test_one_wrong_choice_is_charged_once(
    changes: dict[tuple[str, str], object], follows: tuple[str, str], cause: str
) -> None:
    """A promise that is only inconsistent with a wrong one costs nothing; the table names its cause."""
    answer = copy.deepcopy(ANSWER)
    for (duty, name), written in changes.items():
        *above, last = name.split()
        at = answer[duty]
        for step in above:
            at = at[step]
        at[last] = written
    report = judge(answer)
    assert sum(one.becomes is Becomes.WRONG for one in evidence(report).outcomes) == 1
    one = outcome(report, *follows)
    assert one.becomes is Becomes.FOLLOWS
    assert one.leads.endswith(f"It follows from “{cause}”, and costs no points here")


def test_two_promises_that_do_not_fit_are_charged() -> None:
    """If each of two promises holds by itself but they contradict each other, one of them costs points."""
    answer = promising("rotation", "every", "1 h")
    answer["rotation"]["overlap"] = "2 h"
    assert outcome(judge(answer), "rotation", "overlap").becomes is Becomes.WRONG


def test_each_field_has_hints_of_its_own() -> None:
    """Each field has its own second and third hint."""
    assert set(HINTS) == set(FORM.fields)
    assert len(set(HINTS.values())) == len(HINTS)


def test_an_alert_follows_the_pool() -> None:
    """The same alert is right for one pool, comes too late for a smaller one, and never comes for the smallest."""
    for server, said in ((190, "comes at 80 of 190"), (80, "all 80 are in use"), (70, "never more than 70")):
        report = judge(promising("pooling", "server-connections", server))
        assert said in outcome(report, "alerts", "connections").leads


def test_a_password_before_the_last_one() -> None:
    """A password isn't replaced while the one before it is still valid."""
    answer = promising("rotation", "every", "1 h")
    answer["rotation"]["overlap"] = "2 h"
    assert "two older ones are still valid" in outcome(judge(answer), "rotation", "overlap").leads


def test_table_on_the_card() -> None:
    """The card has a table of all promises with their consequences, and shows hostile text as text."""
    html = card.html(judge(promising("provisioning", "by", "<script>alert(1)</script> by hand")))
    assert html.count("<tr>") == len(FORM.fields) + 1
    assert "<script>" not in html
    assert "The consequences of your promises" in html


@given(st.sampled_from(sorted(FORM.fields)), st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=300),
                                          st.lists(st.integers(), max_size=3)))  # fmt: skip
def test_anything(term: Term, written: object) -> None:
    """Any text in one field leaves the points of the other fields unchanged."""
    duty, *rest = term
    report = judge(promising(duty, " ".join(rest), written))
    assert report.state in (State.PASS, State.FAIL)
    assert all(
        f.earned == f.points for f in report.findings if f.criterion not in (duty, "patching", "alerts", "rotation")
    )
