"""The card of a drawing: the next step is a nudge, and each ladder and remark is about the drawing."""

from __future__ import annotations

import re

import pytest

from cluster import world
from graders.application_platform.exercises.diagram.words import PARTS
from graders.core.registry import exercise
from graders.core.report import Finding, Report, State

API, WORKER, DATABASE, CACHE, QUEUE = (
    f"{name} [label={label}];" for name, label in
    (("api", '"Orders API"'), ("worker", '"Email worker"'), ("db", "PostgreSQL"), ("cache", "Redis"), ("queue", '"Message queue"'))
)  # fmt: skip
NODES = "".join((API, WORKER, DATABASE, CACHE, QUEUE))
ARROWS = ("api -> db;", "api -> cache;", "api -> queue;", "queue -> worker;")


def judged(body: str, kind: str = "digraph") -> Report:
    return exercise("diagram").judge(f"{kind} {{ {body} }}", world())


def missed(report: Report) -> dict[str, Finding]:
    return {f.criterion: f for f in report.findings if f.state is not State.PASS}


DRAWINGS = [NODES + "".join(one for one in ARROWS if one != left) for left in ARROWS] + [
    NODES + "".join(ARROWS) + "api -> worker;",
    NODES,
    *(
        "".join(one for one in (API, WORKER, DATABASE, CACHE, QUEUE) if one != left)
        for left in (API, WORKER, DATABASE, CACHE, QUEUE)
    ),
    NODES + "client; client -> db;" + "".join(ARROWS),
    NODES + "client;" + "".join(ARROWS),
]


@pytest.mark.parametrize("body", DRAWINGS)
def test_the_next_step_is_not_the_solution(body: str) -> None:
    """The first card names neither the missing arrow, nor the missing node, nor the arrow to delete."""
    report = judged(body)
    assert missed(report)
    for finding in missed(report).values():
        assert not re.search(r"[Dd]raw an? arrow|[Aa]dd a node|[Tt]ake that arrow|[Pp]ut a message queue", finding.hint)
        assert finding.follows or finding.hint


def test_a_missing_part_is_told_by_its_row() -> None:
    """The last hint on a missing part has that part's text from the exercise's table."""
    rows = {"api": "takes orders from clients", "worker": "sends the confirmation emails", "database": "keeps the orders",
            "cache": "caches what is read often", "queue": "carries order.created events"}  # fmt: skip
    for role in PARTS:
        criterion = next(one for one in exercise("diagram").criteria if one.name == role.value)
        assert rows[role.value] in criterion.hints[2]


@pytest.mark.parametrize(
    "node",
    [
        'smtp [label="Mail server"];',
        "smtp [label=SendGrid];",
        'smtp [label="servidor de correo"];',
        "smtp [label=SMTP];",
    ],
)
def test_an_api_that_mails(node: str) -> None:
    """An API that sends emails itself gets a remark; a worker that does so, or an API that accepts payments, doesn't."""
    said = "its customers wait for the mail server"
    right = NODES + "".join(ARROWS)
    assert any(said in note for note in judged(right + node + "api -> smtp;").notes)
    assert judged(right + node + "worker -> smtp;").notes == ()
    assert judged(right + "pay [label=Stripe]; api -> pay;").notes == ()


def test_a_worker_that_stores() -> None:
    """If the worker stores the order later, the card says that the API answers too early, and not that the order is lost."""
    stored = missed(judged(NODES + "api -> queue; queue -> worker; worker -> db; api -> cache;"))["stored"]
    assert "answers before the order is stored" in stored.observed
    assert "lost" not in stored.observed
    assert "relies on the order" in stored.why
    lost = missed(judged(NODES + "api -> queue; queue -> worker; api -> cache;"))["stored"]
    assert "the order was lost" in lost.observed


def test_no_word_that_no_notebook_has() -> None:
    """The expected text for an announcement describes a relay or an outbox without these words."""
    announced = next(one for one in exercise("diagram").criteria if one.name == "announced")
    assert not re.search("outbox|relay", announced.expected)
    assert "reads new orders from the database" in announced.expected


def test_lines_without_a_direction() -> None:
    """An undirected graph counts, with a remark."""
    report = judged(NODES + "".join(ARROWS).replace("->", "--"), "graph")
    assert report.score == 20
    assert any("lines without a direction" in note for note in report.notes)
    assert not judged(NODES + "".join(ARROWS)).notes
