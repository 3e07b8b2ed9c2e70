"""Drawings as people draw them: the intended part is found, and unread text is named with its line."""

from __future__ import annotations

import base64
import re
from itertools import combinations, pairwise
from math import hypot
from xml.etree import ElementTree

import pytest

from cluster import world
from graders.application_platform.exercises.diagram.figure import judged_picture
from graders.application_platform.exercises.diagram.rubric import EXERCISE, DiagramEvidence
from graders.application_platform.exercises.diagram.words import CELL, LANGUAGES, TABLE
from graders.core.report import Finding, Report, State
from graders.reading.dot.drawing import parse
from graders.reading.notebook_cells import answer_in, notebook_of
from tests.corpus.faults import fault

PARTS = "client -> api; api -> postgres; api -> redis; api -> queue; queue -> worker"


def judge(text: str) -> Report:
    return EXERCISE.judge(text, world())


def missed(report: Report) -> dict[str, Finding]:
    """The findings that aren't passes, by criterion."""
    return {f.criterion: f for f in report.findings if f.state is not State.PASS}


def said(report: Report) -> str:
    """Everything that the card says."""
    findings = [t for f in report.findings for t in (f.observed, f.hint)]
    return "\n".join([report.problem, report.hint, *findings, *report.notes])


FULL = {
    "P38, P40: a record with ports is one node": ["P38", "P40"],
    "P42, S52: a cluster may be the part, and its border changes nothing": ["P42", "S52"],
    "P43, P44, P46: a program is about orders or emails": ["P43", "P44", "P46"],
    "P52, P54, S46: named, and read as it was meant": ["P52", "P54", "S46"],
}


@pytest.mark.parametrize("name", [name for names in FULL.values() for name in names])
def test_right_drawings_of_the_corpus(name: str) -> None:
    """Each of these drawings of the corpus gets full marks."""
    report = judge(fault(name))
    assert report.score == 20, missed(report)


RECORDS = {
    "Mrecord, with modules": 'o [shape=Mrecord, label="Orders API|{<a> redis client|<b> postgres driver|<c> nats publisher}"]; o:a -> r; o:b -> p; o:c -> q;',
    "the words of the parts": 'o [shape=record, label="{<h> Orders API|<c> cache|<d> database|<e> queue}"]; o:c -> r; o:d -> p; o:e -> q;',
    "an HTML-like table": 'o [shape=plain, label=<<TABLE><TR><TD PORT="a">Orders API</TD></TR><TR><TD PORT="b">cache client</TD></TR></TABLE>>]; o:b -> r; o -> p; o:a -> q;',
    "a database of tables": 'o [label="Orders API"]; o -> {r q}; o -> p:t; p [shape=record, label="PostgreSQL|<t> orders|<o> outbox|emails"];',
    "a broker of queues": 'o [label="Orders API"]; o -> {r p}; o -> q:x; q [shape=record, label="RabbitMQ|<x> orders exchange|<y> email queue"];',
}  # fmt: skip


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_is_one_node(name: str) -> None:
    """The fields of a record, or the cells of a table, belong to the part in its title."""
    others = "".join(f'{n} [label="{t}"];' for n, t in (("p", "PostgreSQL"), ("r", "Redis"), ("q", "NATS")) if f"{n} [" not in RECORDS[name])  # fmt: skip
    report = judge(f'digraph {{ {RECORDS[name]} {others} w [label="Email worker"]; q -> w }}')
    assert report.score == 20, missed(report)


CLUSTERS = {
    "tables in the database": 'subgraph cluster_p { label="PostgreSQL"; t [label="orders"]; u [label="outbox"] } a -> t; a -> r; a -> q; q -> w; a [label="Orders API"]; r [label="Redis"]; q [label="Queue"]; w [label="Email worker"];',
    "queues in the broker": 'subgraph cluster_q { label="RabbitMQ"; x [label="order.created"]; y [label="emails"]; x -> y } a -> p; a -> r; a -> x; y -> w; a [label="Orders API"]; r [label="Redis"]; p [label="Postgres"]; w [label="Email worker"];',
    "modules in the worker": 'subgraph cluster_w { label="Email worker"; x [label="poller"]; y [label="template engine"]; x -> y } a -> p; a -> r; a -> q; q -> x; a [label="Orders API"]; r [label="Redis"]; p [label="Postgres"]; q [label="Queue"];',
    "modules in the API": 'subgraph cluster_a { label="Orders API"; x [label="routes"]; y [label="cache client"]; z [label="db pool"]; x -> {y z} } client -> x; z -> p; y -> r; x -> q; q -> w; r [label="Redis"]; p [label="Postgres"]; q [label="Queue"]; w [label="Email worker"];',
    "clusters with nothing inside": 'subgraph cluster_a { label="Orders API" } subgraph cluster_p { label="PostgreSQL" } cluster_a -> cluster_p; cluster_a -> r; cluster_a -> q; q -> w; r [label="Redis"]; q [label="Queue"]; w [label="Email worker"];',
    "points in the parts": 'node [shape=point label=""]; subgraph cluster_a { label="Orders API"; a } subgraph cluster_p { label="PostgreSQL"; p } subgraph cluster_w { label="Email worker"; w } a -> p [ltail=cluster_a lhead=cluster_p]; a -> redis; a -> queue -> w [lhead=cluster_w];',
    "parts in parts": 'subgraph cluster_k { label="Kubernetes"; subgraph cluster_a { label="Orders API"; x [label="handler"]; y [label="store client"] } subgraph cluster_w { label="Email worker"; z [label="main loop"] } } client -> x; x -> q; y -> p; y -> r; x -> y; q -> z; r [label="Redis"]; p [label="Postgres"]; q [label="Queue"];',
}  # fmt: skip


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_cluster_may_be_the_part(name: str) -> None:
    """The nodes in a cluster with a part's label belong to that part, if no node in it is the part."""
    report = judge(f"digraph {{ compound=true; {CLUSTERS[name]} }}")
    assert report.score == 20, missed(report)


@pytest.mark.parametrize(
    ("cluster", "inside"),
    [("Backend", "Catalog API"), ("Services", "Session service"), ("Orders platform", "Auth service"), ("Backend", "Users backend")],
)  # fmt: skip
def test_the_cache_is_the_orders_apis(cluster: str, inside: str) -> None:
    """P51: a cache that only another service uses doesn't count as the orders API's, in any cluster."""
    assert judge(fault("P51")).score == 19
    text = (
        f'digraph {{ subgraph cluster_b {{ label="{cluster}"; o [label="Orders API"]; x [label="{inside}"] }} '
        'o -> postgres; x -> redis; o -> queue -> "email worker"; client -> o; o -> x }'
    )
    for report in (judge(fault("P51")), judge(text)):
        assert set(missed(report)) == {"cached"}
        assert "“Orders API”" in missed(report)["cached"].observed


def test_only_another_worker_listens() -> None:
    """An email worker without a connection to the queue sends nothing, even if another worker is connected."""
    report = judge(
        'digraph { api -> {postgres redis queue}; queue -> "Report worker"; queue -> "Thumbnail worker"; "Email worker" }'
    )
    assert {name for name, finding in missed(report).items() if not finding.follows} == {"emailed"}


LABELS = [
    {"api": "API REST de comandes", "worker": "Consommateur d'e-mails", "postgres": "Base de données (Postgres)", "queue": "File d'attente"},
    {"api": "Bestellservice", "worker": "Maildienst", "postgres": "Bestelldatenbank", "redis": "Zwischenspeicher", "queue": "Nachrichtenwarteschlange"},
    {"api": "Servizio ordini", "worker": "Servizio di notifica", "postgres": "Base di dati", "redis": "Cache Redis", "queue": "Coda di messaggi"},
    {"api": "Serviço de pedidos", "worker": "Trabalhador de e-mail", "postgres": "Banco de dados", "redis": "Cache", "queue": "Fila de mensagens"},
    {"api": "Servicio de pedidos", "worker": "Notificador de correo", "postgres": "Base de datos", "queue": "Cola"},
    {"api": "order-svc", "worker": "email-svc", "postgres": "orders_db", "redis": "orderscache", "queue": "order.events topic"},
    {"api": "OrderServer", "worker": "NotificationService", "postgres": "PgSQL", "queue": "EventBus"},
]  # fmt: skip


@pytest.mark.parametrize("labels", LABELS, ids=lambda labels: str(labels["api"]))
def test_languages(labels: dict[str, str]) -> None:
    """The table's words in six languages, alone and in compounds, name the parts."""
    names = {
        "api": "Orders API",
        "worker": "Email worker",
        "postgres": "PostgreSQL",
        "redis": "Redis",
        "queue": "Queue",
    }
    nodes = " ".join(f'{n} [label="{t}"];' for n, t in zip("awprq", ({**names, **labels}).values(), strict=True))
    report = judge(f"digraph {{ {nodes} a -> {{p r q}}; q -> w }}")
    assert report.score == 20, missed(report)


def test_one_table() -> None:
    """No part has more than six words in a language, and no word stands twice in a cell."""
    for row in TABLE.values():
        assert set(row) <= {*LANGUAGES, "names", "others"}
        for language in LANGUAGES:
            words = [w.strip() for w in row.get(language, "").split(",") if w.strip()]
            assert len(words) <= CELL
            assert len(set(words)) == len(words)


MISSPELLED = {
    "Reddis": "Redis", "Redsi": "Redis", "Postgress": "Postgres", "PosgreSQL": "PostgreSQL", "Postgers": "Postgres",
    "Rabit MQ": "Rabbit", "RabitMQ": "Rabbit", "Kafak": "Kafka", "Kakfa": "Kafka", "Quue": "queue", "Databse": "database",
}  # fmt: skip


@pytest.mark.parametrize("written", MISSPELLED)
def test_misspelled(written: str) -> None:
    """A name that is nearly a known word is read as that word, with a note, and costs nothing."""
    meant = MISSPELLED[written]
    part = next(
        i for i, words in enumerate((("Redis",), ("Postgres", "PostgreSQL", "database"), ("Rabbit", "Kafka", "queue"))) if meant in words
    )  # fmt: skip
    stores = ["Redis", "Postgres", "Queue"]
    stores[part] = written
    report = judge(
        f'digraph {{ client -> api; api -> "{stores[0]}"; api -> "{stores[1]}"; api -> "{stores[2]}" -> worker }}'
    )
    assert report.score == 20, missed(report)
    assert any("was read as" in note and meant in note for note in report.notes), report.notes


def test_a_misspelled_cache() -> None:
    """S46: no message mentions a Redis that isn't drawn."""
    report = judge(fault("S46"))
    assert "“Reddis” was read as Redis." in report.notes
    assert "“Reddis” stopped" in said(report)


@pytest.mark.parametrize("word", ["Radish", "Tonic", "Nets", "Courier", "Kaffee"])
def test_other_words_are_no_misspellings(word: str) -> None:
    """A different word isn't read as a misspelling."""
    assert "read as" not in said(judge(f'digraph {{ {PARTS}; api -> "{word}" }}'))


def test_a_cron_job_is_no_worker() -> None:
    """A scheduled job doesn't listen to a queue, and the finding says so."""
    for label in ("CronJob: emails", "Email cron", "Scheduled job (emails)", "Tâche planifiée: e-mails"):
        report = judge(
            f'digraph {{ client -> api; api -> postgres; api -> redis; api -> queue -> w; w [label="{label}"] }}'
        )
        assert set(missed(report)) == {"worker", "emailed", "decoupled"}
        assert "runs by a clock" in missed(report)["worker"].hint


def test_words_that_nobody_knows_here() -> None:
    """P48: labels that aren't understood are one finding that shows ``role=``; other findings have the same cause."""
    for text in (
        fault("P48"),
        "digraph { клиент -> заказы; заказы -> база; заказы -> кэш; заказы -> очередь -> почта }",
    ):
        report = judge(text)
        own = [f for f in missed(report).values() if not f.follows]
        assert len(own) == 1
        assert "aren't understood" in own[0].observed
        assert re.search(r"\w+ \[role=api\]", own[0].hint)
        assert "in the drawing" not in said(report)


def test_roles_help() -> None:
    """A ``role=`` is read, with any label; an unknown role is named."""
    roles = "заказы [role=api]; база [role=database]; кэш [role=cache]; очередь [role=queue]; почта [role=worker];"
    assert judge(f"digraph {{ {roles} заказы -> {{база кэш очередь}}; очередь -> почта }}").score == 20
    report = judge(f"digraph {{ {PARTS}; x [role=cashe] }}")
    assert any("role=cashe" in note and "cache" in note for note in report.notes)


def test_pictures() -> None:
    """P50: a picture without a label isn't read, and the card says that labels or ``role=`` are needed."""
    report = judge(fault("P50"))
    assert any("We don't read pictures" in note and "label" in note and "role=" in note for note in report.notes)
    assert len([f for f in missed(report).values() if not f.follows]) == 1
    html = 'digraph { a [label="Orders API"]; p [label=<<IMG SRC="pg.png"/>>]; a -> p; }'
    assert "We don't read pictures" in said(judge(html))
    named = 'digraph { api -> postgres; api -> redis; api -> queue -> worker; postgres [label="", image="pg.png"] }'
    assert judge(named).score == 20


def test_twins() -> None:
    """P52: a labeled node without an arrow is named together with the undeclared node that has its arrows."""
    (note,) = judge(fault("P52")).notes
    assert "“PostgreSQL” has no arrow" in note
    assert "undeclared “postgres”" in note
    report = judge('digraph { api -> postgres; api -> redis; api -> queue; queue -> wrkr; w [label="Email worker"] }')
    assert "“Email worker” has no arrow, but arrows go to an undeclared “wrkr”" in missed(report)["emailed"].hint


NAMED = {
    "P53": (2, "only the first one is read"),
    "P57": (1, "curly quotes"),
    "S48": (1, "A name with a space needs double quotes"),
}


@pytest.mark.parametrize("name", NAMED)
def test_slips_that_graphviz_reads(name: str) -> None:
    """Text that Graphviz silently reads differently is named with its line if it costs points, and other findings have that cause."""
    line, what = NAMED[name]
    report = judge(fault(name))
    (own,) = (f for f in missed(report).values() if not f.follows)
    assert (own.line, what in own.observed) == (line, True)
    assert report.notes == (), "said once"


def test_one_slip_is_one_finding() -> None:
    """Names without quotes that break every connection are one finding; other findings have the same cause."""
    report = judge("digraph {\napi server -> postgres db\napi server -> redis cache\nmessage queue -> email worker\n}")
    (own,) = (f for f in missed(report).values() if not f.follows)
    assert "needs double quotes: api server" in own.hint
    assert sum(note.startswith("Line ") for note in report.notes) == 3


def test_text_after_the_graph() -> None:
    """P54: text after the graph's last brace costs nothing and is named."""
    (note,) = judge(fault("P54")).notes
    assert "after the graph's last brace isn't read" in note
    assert judge(f"digraph {{ {PARTS} }}\n// the end\n\n").notes == ()


SLIPS = {
    "digraph {\n  a --> b;\n}": (2, "“->”, not “-->”"),
    "digraph {\n  a => b;\n}": (2, "“->”, not “=>”"),
    "digraph {\n\n  a ->> b;\n}": (3, "“->”, not “->>”"),
    "digraph {\n  a - > b;\n}": (2, "“->”, not “- >”"),
    "digraph {\n  b <- a;\n}": (2, "“->”, not “<-”"),
    "digraph {\n  a —> b;\n}": (2, "“->”, not “—>”"),
    "graph {\n  a --> b;\n}": (2, "“--”, not “-->”"),
    "digraph {\n  email-worker -> queue;\n}": (2, "A name with a hyphen needs double quotes: email-worker"),
    "digraph {\n  a.b -> c;\n}": (2, "A name with “.” needs double quotes: a.b"),
    "digraph my shop {\n  a -> b;\n}": (1, "A name with a space needs double quotes: my shop"),
    "digraph {\n  a [label=Orders API];\n}": (2, "A name with a space needs double quotes: Orders API"),
    "digraph {\n  a [label=“Orders API”];\n}": (2, "curly quotes"),
    "digraph {\n  'Orders API' -> b;\n}": (2, "single quotes"),
    "digraph {\n  a >> b;\n}": (2, "“->”, not “>>”"),
    "digraph {\n  a --- b;\n}": (2, "“->”, not “---”"),
    'digraph {\n  a [label="x" -> b;\n}': (2, "“[” has no “]”"),
    "digraph {\n  a [label=<<b>x];\n}": (2, "“<” and never ends"),
    "digraph {\n  a -> ;\n}": (2, "a name on both sides"),
    "digraph {\n  a [label=];\n}": (2, "no value after “=”"),
    'digraph {\n  a -> "b;\n  b -> c;\n}': (2, "double quote"),
}


@pytest.mark.parametrize("text", SLIPS)
def test_slips_that_graphviz_refuses(text: str) -> None:
    """Text that Graphviz refuses is named with its line, and the line is shown."""
    line, what = SLIPS[text]
    report = judge(text)
    assert report.score == 0
    assert what in report.problem
    assert report.excerpt.startswith(f"{line} | ")
    assert report.hint


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Here is my drawing:\ndigraph { a -> b }", "text in front of “digraph”"),
        ("```dot\ndigraph { a -> b }\n```", "text in front of “digraph”"),
        ("diagraph { a -> b }", "Did you mean digraph by “diagraph”?"),
        ("digraph ( a -> b )", "The brace is missing"),
        ("digraph a -> b", "The brace is missing"),
        ("digraph {\n a -> b /* and so on\n }", "never ends"),
    ],
)
def test_no_graph_begins(text: str, problem: str) -> None:
    """A mistake in front of the first brace is named."""
    assert problem in judge(text).problem


def test_slips_of_the_corpus_that_graphviz_refuses() -> None:
    """P55, S49: an arrow of Mermaid and a name with a hyphen are named."""
    assert "“->”, not “-->”" in judge(fault("P55")).problem
    assert "A name with a hyphen needs double quotes: email-worker" in judge(fault("S49")).problem


@pytest.mark.parametrize(
    "text",
    ["a → b", "“a b” -> c", "api-1 -> b", "client -> message queue -> b; api -> message queue"],
)
def test_slips_in_a_readable_drawing(text: str) -> None:
    """The card names slips that Graphviz reads without a warning."""
    report = judge(f"digraph {{\n{text} }}")
    assert any(f.line == 2 for f in report.findings)


@pytest.mark.parametrize(
    "text",
    [
        "a b c; a -> b -> c", "{a b c} -> d", "a [label=x] b [label=y]; a -> b", "rank=same; a; b", "node [shape=box color=red]; a -> b",
        "{rank=same a b}; a -> b", 'a [label=<<b>x</b> -- y>]; b [label="a - b, c --> d"]; a -> b', "a -> b // c --> d", "a -> -1.5",
        "subgraph cluster_x { label=x; a } a -> b:p:n", 'a [label="“x”"]; "b-c" -> a', 'a -> b [label=c style=dashed]\n b -> c [label=d]',
    ],
)  # fmt: skip
def test_no_slip(text: str) -> None:
    """Correct DOT isn't called a slip."""
    report = judge(f"digraph {{\n{text}\n}}")
    assert not report.problem
    assert not any(f.line for f in report.findings)
    assert not [note for note in report.notes if note.startswith("Line")]


def test_past_the_api() -> None:
    """S50: arrows from the client to all parts, past the API, leave at most a third of the points."""
    for text in (
        fault("S50"),
        f"digraph {{ {PARTS}; client -> {{postgres redis queue worker}} }}",
        f"digraph {{ {PARTS}; lb -> {{api postgres redis queue worker}}; client -> lb }}",
        "graph { client -- {api postgres redis queue worker}; api -- {postgres redis queue worker}; queue -- worker }",
    ):
        report = judge(text)
        assert report.score <= 6.7, text
        assert "past the API" in missed(report)["guarded"].observed


def test_everything_connected() -> None:
    """A drawing that connects every pair of parts earns at most a third."""
    for text in (
        "digraph { {api postgres redis queue worker} -> {api postgres redis queue worker} }",
        "graph { api -- {postgres redis queue worker}; postgres -- {redis queue worker}; redis -- {queue worker}; queue -- worker }",
    ):
        report = judge(text)
        assert report.score <= 6.7
        assert "every part is connected with every other" in missed(report)["stored"].observed


@pytest.mark.parametrize("left", list(combinations(("api", "postgres", "redis", "queue", "worker"), 2)))
def test_nearly_everything_connected(left: tuple[str, str]) -> None:
    """A drawing that connects every pair but one earns at most a third as well."""
    pairs = (pair for pair in combinations(("api", "postgres", "redis", "queue", "worker"), 2) if pair != left)
    report = judge("graph { " + "; ".join(f"{a} -- {b}" for a, b in pairs) + " }")
    assert report.score <= 6.7
    assert "almost every part is connected" in missed(report)["stored"].observed


def test_one_arrow_past_the_api() -> None:
    """One arrow past the API costs one criterion; two arrows also cost the steps to which they belong."""
    assert judge(f"digraph {{ {PARTS}; client -> redis }}").score == 19
    assert set(missed(judge(f"digraph {{ {PARTS}; client -> {{redis postgres}} }}"))) == {"guarded", "cached", "stored"}


def test_byte_order_mark() -> None:
    """P63: zero-width characters aren't read."""
    answer = answer_in(notebook_of(fault("P63"), "a notebook"), "diagram", EXERCISE.is_started)
    assert answer is not None
    assert judge(answer).score == 20
    unseen = PARTS.replace("; ", ";\u200b\n\u00a0")
    assert judge(f"digraph {{\n\u00a0{unseen} }}").score == 20
    assert judge("\ufeff\n").state is State.NOT_STARTED


def test_blank_lines_are_no_arrows() -> None:
    """A right drawing with 100,000 blank lines, inside or after it, is right; a larger text gives an error that names the bound."""
    assert judge(f"digraph {{ {PARTS} }}" + "\n" * 100_000).score == 20
    assert judge(f"digraph {{ {PARTS}" + "\n" * 100_000 + "}").score == 20
    assert "300 KiB" in judge(f"digraph {{ {PARTS} }}" + " \n" * 153_600).problem
    assert "arrows" in judge("digraph { " + "a -> b;" * 30_000 + " }").problem


SVG = "{http://www.w3.org/2000/svg}"
WIDEST = 0.62
"""The mean width of a letter of a wide font (DejaVu Sans), in its size."""

DRAWN = {
    "the solution": f"digraph {{ {PARTS} }}",
    "long labels": 'digraph { a [label="Bestellverwaltungsdienst API mit langem Namen"]; p [label="Orders database (PostgreSQL 15, HA)"]; r [label="Redis cache for the catalog"]; q [label="Message queue: order.created events"]; w [label="Email worker with a very long name indeed"]; a -> {p r q}; q -> w; p -> q; w -> q }',
    "everything missing": "digraph { api; postgres; redis; queue; worker }",
}  # fmt: skip


def svg(text: str) -> ElementTree.Element:
    drawn = judged_picture(DiagramEvidence.of(parse(text)))
    return ElementTree.fromstring(base64.b64decode(re.findall(r"base64,([^\"]+)", str(drawn))[0]))  # noqa: S314  our own


def outline(node: ElementTree.Element) -> list[tuple[float, float]]:
    """The points of a node's own shape: its first polygon or path."""
    shape = next(e for e in node if e.tag in (f"{SVG}polygon", f"{SVG}path"))
    numbers = [float(n) for n in re.findall(r"-?[0-9.]+", shape.get("points") or shape.get("d") or "")]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def width_at(points: list[tuple[float, float]], y: float) -> tuple[float, float]:
    """The left and the right end of a closed outline at a height."""
    crossed = [
        ax + (bx - ax) * (y - ay) / (by - ay)
        for (ax, ay), (bx, by) in pairwise([*points, points[0]])
        if min(ay, by) <= y <= max(ay, by) and ay != by
    ]
    return min(crossed), max(crossed)


@pytest.mark.parametrize("name", DRAWN)
def test_labels_fit_their_shapes(name: str) -> None:
    """Each line of a node's label is within its shape, also in a font with wide letters."""
    for node in svg(DRAWN[name]).iter(f"{SVG}g"):
        if node.get("class") != "node":
            continue
        for line in node.iter(f"{SVG}text"):
            left, right = width_at(outline(node), float(line.get("y", 0)) - 4)
            half = len(line.text or "") * float(line.get("font-size", 0)) * WIDEST / 2
            middle = float(line.get("x", 0))
            assert left - 1 <= middle - half, line.text
            assert middle + half <= right + 1, line.text


@pytest.mark.parametrize("name", DRAWN)
def test_arrows_end_at_shapes(name: str) -> None:
    """The tip of each arrow touches the shape to which it points."""
    drawn = svg(DRAWN[name])
    nodes = {str(g.findtext(f"{SVG}title")): outline(g) for g in drawn.iter(f"{SVG}g") if g.get("class") == "node"}
    for edge in drawn.iter(f"{SVG}g"):
        if edge.get("class") == "edge":
            head = nodes[str(edge.findtext(f"{SVG}title")).split("->")[1]]
            tips = [
                tuple(map(float, p.split(",")))
                for e in edge.iter(f"{SVG}polygon")
                for p in str(e.get("points")).split()
            ]
            assert min(away(head, x, y) for x, y in tips) < 4, edge.findtext(f"{SVG}title")


def away(points: list[tuple[float, float]], x: float, y: float) -> float:
    """The distance of a point from a closed outline."""

    def to(a: tuple[float, float], b: tuple[float, float]) -> float:
        dx, dy = b[0] - a[0], b[1] - a[1]
        along = max(0.0, min(1.0, ((x - a[0]) * dx + (y - a[1]) * dy) / ((dx * dx + dy * dy) or 1)))
        return hypot(x - a[0] - along * dx, y - a[1] - along * dy)

    return min(to(a, b) for a, b in pairwise([*points, points[0]]))


def test_parts_without_an_arrow() -> None:
    """If nothing is connected, no next step asks for the arrow from the API to the worker, which would cost points."""
    found = missed(judge("digraph { api; worker; postgres; redis; queue }"))
    assert not any("from “api” to “worker”" in finding.hint for finding in found.values())
    assert found["stored"].hint == "Follow an order through your drawing. Where does it end?"
