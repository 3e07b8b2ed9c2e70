"""The meaning of a drawing: drawings of the shop that are fully right, and drawings with mistakes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster import world
from graders.application_platform.exercises.diagram.rubric import EXERCISE, DiagramEvidence
from graders.core.report import Report, State
from tests.graders.application_platform.exercises.diagram.shop import CORE, EDGES, LABELS, NAMES, PLAIN, RIGHT


def judge(text: str) -> Report:
    return EXERCISE.judge(text, world())


def failing(report: Report) -> set[str]:
    return {f.criterion for f in report.findings if f.state is not State.PASS}


# The criteria that fail; everything else passes.
WRONG = {
    "API straight to the worker": (f"digraph {{ {CORE} api -> worker }}", {"decoupled"}),
    "API to the worker in place of the queue": (
        "digraph { client -> api -> postgres; api -> redis; api -> worker; queue -> worker }",
        {"announced", "decoupled"},
    ),
    "undirected between API and worker": (
        "graph { api -- postgres; api -- redis; api -- queue; queue -- worker; api -- worker }",
        {"decoupled"},
    ),
    "client at the database": (f"digraph {{ {CORE} client -> postgres }}", {"guarded"}),
    "client at the cache": (f"digraph {{ {CORE} client -> redis }}", {"guarded"}),
    "client at the broker": (f"digraph {{ {CORE} browser -> queue }}", {"guarded"}),
    "client that reaches nothing": (f"digraph {{ client; {PLAIN} }}", {"guarded"}),
    "the cache writes the database": ("digraph { client -> api -> redis -> postgres; api -> queue -> worker }", {"stored"}),
    "one node for cache and queue": (
        'digraph { api -> postgres; api -> r; r -> worker; r [label="Redis (cache and queue)"] }',
        {"queue"},
    ),
    "no API → database": ("digraph { client -> api; postgres; api -> redis; api -> queue -> worker }", {"stored"}),
    "no API → cache": ("digraph { client -> api -> postgres; redis; api -> queue -> worker }", {"cached"}),
    "no API → queue": ("digraph { client -> api -> postgres; api -> redis; queue -> worker }", {"announced"}),
    "no queue → worker": ("digraph { client -> api -> postgres; api -> redis; api -> queue; worker }", {"emailed"}),
    "no database": ("digraph { client -> api -> redis; api -> queue -> worker }", {"database", "stored"}),
    "no cache": ("digraph { client -> api -> postgres; api -> queue -> worker }", {"cache", "cached"}),
    "no queue": ("digraph { client -> api -> postgres; api -> redis; worker }", {"queue", "announced", "emailed"}),
    "no worker": ("digraph { client -> api -> postgres; api -> redis; api -> queue }", {"worker", "emailed", "decoupled"}),
    "MySQL for PostgreSQL": ("digraph { client -> api -> mysql; api -> redis; api -> queue -> worker }", {"database"}),
    "MySQL, by its own spelling": (
        'digraph { user -> api -> db; db [label="MySQL"]; api -> redis; api -> queue -> worker }',
        {"database"},
    ),
    "MariaDB, by its own spelling": (
        'digraph { user -> api -> "MariaDB"; api -> redis; api -> queue -> worker }',
        {"database"},
    ),
    "Memcached for Redis": ("digraph { client -> api -> postgres; api -> memcached; api -> queue -> worker }", {"cache"}),
    "client at the worker": (f"digraph {{ {CORE} client -> worker }}", {"guarded"}),
    "balancer at the worker": (f"digraph {{ client -> lb -> {{api worker}}; {PLAIN} }}", {"guarded"}),
    "client at the database by way of its pooler": (f"digraph {{ {CORE} client -> pgbouncer -> postgres }}", {"guarded"}),
    "front end at the database in place of the API": (
        "digraph { client -> frontend -> api; frontend -> postgres; api -> redis; api -> queue -> worker }",
        {"stored", "guarded"},
    ),
    "API to the worker by way of a gateway": (f"digraph {{ {CORE} api -> gateway -> worker }}", {"decoupled"}),
    "orders go to MySQL, PostgreSQL stands by": (
        "digraph { client -> api -> mysql; postgres; api -> redis; api -> queue -> worker }",
        {"stored"},
    ),
    "MySQL, stated to be the database": (
        "digraph { mysql [role=database]; client -> api -> mysql; api -> redis; api -> queue -> worker }",
        {"database"},
    ),
    "announced on one broker, listened to on another": (
        "digraph { client -> api -> postgres; api -> redis; api -> kafka; rabbitmq -> worker }",
        {"emailed"},
    ),
    "an arrow that nobody sees": (
        "digraph { client -> api; api -> postgres [style=invis]; api -> redis; api -> queue -> worker }",
        {"stored"},
    ),
    "a relay that hears of no order": (
        "digraph { client -> api -> postgres; api -> redis; outbox -> cdc -> queue -> worker }",
        {"announced"},
    ),
    "an outbox in a database that the API doesn't use": (
        "digraph { client -> api -> redis; postgres -> outbox -> queue -> worker }",
        {"stored", "announced"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    """Each of these drawings of the shop gets full marks."""
    report = judge(RIGHT[name])
    assert failing(report) == set(), [f.observed for f in report.findings if f.earned < f.points] or report.problem
    assert report.score == 20


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    """Each of these mistakes fails its own criteria, and a single one fails no other."""
    source, expected = WRONG[name]
    report = judge(source)
    others = failing(report) - expected
    assert not expected - failing(report)
    assert not others if len(expected) == 1 else others <= {"emailed", "decoupled"}
    assert all(f.follows for f in report.findings if f.criterion in others)
    assert isinstance(report.evidence, DiagramEvidence)
    assert report.score == pytest.approx(report.evidence.flow.points, abs=0.02)


ONE_LEFT_OUT = {left: "; ".join(f"{a} -> {b}" for a, b in EDGES if (a, b) != left) for left in EDGES}


@pytest.mark.parametrize("left", EDGES)
def test_one_arrow_is_charged_once(left: tuple[str, str]) -> None:
    """A single missing arrow costs points in one row, and less than a fifth of all points."""
    report = judge(f"digraph {{ client -> api; {'; '.join(NAMES)}; {ONE_LEFT_OUT[left]} }}")
    assert len(failing(report)) == 1
    assert report.score >= 16


@pytest.mark.parametrize("left", EDGES)
def test_rows_tell_what_is_drawn(left: tuple[str, str]) -> None:
    """No row denies a connection that is drawn, whichever other connection is missing."""
    report = judge(f"digraph {{ client -> api; {'; '.join(NAMES)}; {ONE_LEFT_OUT[left]} }}")
    for finding in report.findings:
        for ends in re.findall("nothing connects “(.+?)” with “(.+?)”", finding.observed):
            assert ends == left
        assert "no order gets" not in finding.observed


def test_two_mistakes_cost_the_order_as_a_whole() -> None:
    """Each further mistake takes half of the points for the whole order, and the row counts the mistakes."""
    report = judge("digraph { client -> api -> queue -> worker; postgres; redis }")
    emailed = next(f for f in report.findings if f.criterion == "emailed")
    assert (emailed.earned, emailed.follows) == (emailed.points / 2, True)
    assert "with 2 mistakes elsewhere this earns half" in emailed.observed


@pytest.mark.parametrize("arrow", ["api -> worker", "worker -> api"])
def test_in_place_of_the_queue(arrow: str) -> None:
    """An arrow between API and worker in place of the queue is a separate mistake, in either direction."""
    report = judge(f"digraph {{ client -> api -> postgres; api -> redis; api -> queue; {arrow} }}")
    assert failing(report) == {"emailed", "decoupled"}
    assert report.score <= 20 / 3
    decoupled = next(f for f in report.findings if f.criterion == "decoupled")
    assert "“api”" in decoupled.observed
    assert "“worker”" in decoupled.observed
    assert not decoupled.follows


def test_two_brokers_are_told_by_name() -> None:
    """If the worker listens to another broker than the one with the announcements, the finding names both."""
    report = judge(WRONG["announced on one broker, listened to on another"][0])
    emailed = next(f for f in report.findings if f.criterion == "emailed")
    assert emailed.observed == "no email is sent: the order is announced on “kafka”, and “worker” listens to “rabbitmq”"


def test_names_are_the_learners() -> None:
    """A finding about a missing arrow has the learner's names for its ends."""
    report = judge(
        'digraph { "Kasse" [role=api]; "Kasse" -> "Bestände-DB"; "Kasse" -> Redis; "Bote" [role=queue]; "Bote" -> worker }'
    )
    finding = next(f for f in report.findings if f.criterion == "announced")
    assert "“Kasse”" in finding.observed
    assert "“Bote”" in finding.observed


def test_turned_arrows_cost_nothing_and_are_mentioned() -> None:
    """An arrow from a store to the API counts, with a friendly note."""
    report = judge("digraph { postgres -> api; api -> redis; api -> queue -> worker }")
    assert report.score == 20
    assert any("“postgres” → “api”" in note for note in report.notes)


def test_capitals() -> None:
    """A remark names nodes that differ only in capitals."""
    report = judge("digraph { Api -> postgres; api -> redis; api -> queue -> worker }")
    assert any("“Api” and “api”" in note for note in report.notes)


def test_nothing_for_nothing() -> None:
    """A drawing with none of the parts earns nothing, and five boxes without arrows earn nothing for connections."""
    assert judge("digraph { tea -> biscuits }").score == 0
    assert judge("digraph { api; worker; postgres; redis; queue }").score == 1


def test_monolith() -> None:
    """One box for every part counts as none of them."""
    report = judge(
        'digraph { s [label="Orders API, email worker, PostgreSQL, Redis cache, message queue"]; user -> s }'
    )
    assert report.score == 0


@settings(max_examples=60, deadline=None)
@given(
    order=st.permutations(EDGES),
    turned=st.sets(st.sampled_from([("api", "postgres"), ("api", "redis"), ("api", "queue"), ("queue", "worker")])),
    dropped=st.sampled_from([None, *EDGES]),
    ids=st.lists(st.from_regex(r"[k-p][0-9]{1,3}", fullmatch=True), min_size=5, max_size=5, unique=True),
)
def test_style_does_not_score(
    order: list[tuple[str, str]], turned: set[tuple[str, str]], dropped: tuple[str, str] | None, ids: list[str]
) -> None:
    """Other names, another order and reversed arrows at stores and brokers never change the score."""

    def drawn(edges: list[tuple[str, str]], name: dict[str, str], turn: set[tuple[str, str]]) -> str:
        nodes = "; ".join(f'{name[n]} [label="{LABELS[n]}"]' for n in NAMES)
        arrows = (
            f"{name[b]} -> {name[a]}" if (a, b) in turn else f"{name[a]} -> {name[b]}"
            for a, b in edges
            if (a, b) != dropped
        )
        return f"digraph {{ {nodes}; {'; '.join(arrows)} }}"

    plain = drawn(EDGES, {n: n for n in NAMES}, set())
    other = drawn(list(order), dict(zip(NAMES, ids, strict=True)), turned)
    assert judge(plain).score == judge(other).score


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("graph LR\n  a --> b[API]\n", "Mermaid"),
        ("flowchart TD\n  a --> b\n", "Mermaid"),
        ("@startuml\na -> b\n@enduml", "PlantUML"),
        ("import graphviz\ng = graphviz.Digraph()\n", "Python"),
        ("digraph {\n  a -> b;\n  c -> [;\n}", "a name on both sides"),
        ("digraph {\n  a -> b;\n  c ] -> d;\n}", "line 3"),
        ("digraph {\n  a -> b\n", "last bracket"),
        ("digraph { a -- b }", "In a digraph an arrow is written “->”"),
        ("graph { a -> b }", "In a graph an arrow is written “--”"),
        ("hello", "digraph {"),
        ("digraph { " + " ".join(f"n{i};" for i in range(5000)) + " }", "too large"),
        ("digraph { " + " ".join(f"n{i} -> n{i + 1};" for i in range(9000)) + " }", "too large"),
        ("digraph { " + "subgraph { " * 2000 + "a" + " }" * 2000 + " }", "nested"),
        ('digraph { a [label="' + "x" * 300_000 + '"] }', "too large"),
        ("digraph { a \0 }", "zero byte"),
    ],
)  # fmt: skip
def test_unreadable(source: str, problem: str) -> None:
    """One sentence says that a text isn't a drawing, or is too large, with a next step."""
    report = judge(source)
    assert (report.state, report.score) == (State.FAIL, 0)
    assert problem in report.problem
    assert report.hint


@pytest.mark.parametrize("source", ["", "  \n", "// nothing yet", "# your answer here", "/* later */\n\n"])
def test_not_begun(source: str) -> None:
    """Comments and blank lines are no drawing yet, and aren't called wrong."""
    assert judge(source).state is State.NOT_STARTED


def test_large_label() -> None:
    """A label of a hundred thousand letters is shortened."""
    report = judge(f'digraph {{ {PLAIN} x [label="{"y" * 100_000}"]; api -> x }}')
    assert report.score == 20
    assert not re.search("y{300}", " ".join(f.observed for f in report.findings))


def test_a_listener_whom_nobody_tells() -> None:
    """A worker that listens where nothing is announced keeps its points, because the announcement has its own row."""
    report = judge("digraph { client -> api; api -> postgres; api -> redis; worker -> queue }")
    assert failing(report) == {"announced"}
    finding = next(f for f in report.findings if f.criterion == "emailed")
    assert "the worker listens to the queue" in finding.observed
    assert "no order is announced there" in finding.observed


def test_most_is_for_the_order_as_a_whole() -> None:
    """Arrows from one part to all others earn at most a third; an order that is stored, announced and confirmed earns more than half."""
    parts = ("api", "worker", "postgres", "redis", "queue")
    for hub in parts:
        others = " ".join(part for part in parts if part != hub)
        assert judge(f"digraph {{ {hub} -> {{{others}}} }}").score <= 20 / 3
        assert judge(f"digraph {{ {{{others}}} -> {hub} }}").score <= 20 / 3
    assert judge("digraph { api -> postgres; api -> queue -> worker; api -> worker }").score > 10
