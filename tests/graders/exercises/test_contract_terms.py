"""The rubric of the contract: each term held against the shop, in whatever words it is written."""

from __future__ import annotations

import pytest

from cluster import world
from graders.exercises.contract_terms import EXERCISE
from graders.exercises.held import Held, Holds
from graders.report import Finding, Report, State
from graders.show import card
from tests.graders.exercises.solutions import solution

SOLUTION = solution(EXERCISE)


def judge(text: str) -> Report:
    return EXERCISE.judge(text, world())


def held(report: Report, name: str) -> Held:
    found: Held = next(h for h in report.evidence.terms if h.name == name)  # type: ignore[attr-defined]
    return found


def finding(report: Report, criterion: str) -> Finding:
    return next(f for f in report.findings if f.criterion == criterion)


def replaced(old: str, new: str) -> str:
    assert SOLUTION.count(old) >= 1, old
    return SOLUTION.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cpu: 100m", "cpu: 0.1"), ("cpu: 100m", "cpu: 100 millicores"), ("cpu: 500m", "CPU: 0.5 cores"),
        ("memory: 128Mi", "memory: 128 MiB"), ("memory: 128Mi", "memory: 134217728"), ("memory: 512Mi", "mem: 0.5Gi"),
        ("compute:", "resources:"), ("shutdown:", "graceful-shutdown:"), ("shutdown:", "gracefulShutdown:"),
        ("liveness: GET /healthz", "livenessProbe: {httpGet: {path: /healthz, port: 8080}}"),
        ("readiness: GET /readyz", "readiness: http://localhost:8080/readyz"),
        ("startup: GET /startupz", "startup: GET /startupz (200 once initialised)"),
        ("    path: /metrics\n    format: Prometheus\n", "    get: /metrics\n    as: Prometheus text\n"),
        ("  metrics:\n    path: /metrics\n    format: Prometheus\n", "  metrics: /metrics in Prometheus format\n"),
        ("  logs:\n    format: JSON\n    to: stdout\n", "  logs: structured JSON on stdout\n"),
        ("    to: stdout", "    on: stdout"), ("traces: OpenTelemetry SDK", "tracing: otel"),
        ("signal: SIGTERM", "handle: TERM"), ("new-requests: refuse", "stop-accepting-new-requests: true"),
        ("new-requests: refuse", "accept-new-requests: no"), ("new-requests: refuse", "new requests: not accepted"),
        ("finish-within: 30s", "in-flight: 30"), ("finish-within: 30s", "finish in flight within: 30 seconds"),
        ("finish-within: 30s", "drain: 0.5 min"), ("exit-code: 0", 'exit: "0"'), ("exit-code: 0", "exit: code 0 (success)"),
        ("signal: SIGTERM", "signal: SIGTERM, then SIGKILL"),
    ],
)  # fmt: skip
def test_in_other_words(old: str, new: str) -> None:
    """A term may be named and spelled in any common way."""
    report = judge(replaced(old, new))
    assert report.state is State.PASS, [f.saw for f in report.findings]


def test_wrapped() -> None:
    """The whole may stand below a key “contract”."""
    wrapped = "contract:\n" + "".join(f"  {line}\n" for line in SOLUTION.strip().splitlines())
    assert judge(wrapped).state is State.PASS


@pytest.mark.parametrize(
    ("old", "new", "term", "holds", "said"),
    [
        ("cpu: 100m", "cpu: 250m", "requests cpu", Holds.OTHER, "agreed figure is another"),
        ("cpu: 500m", "cpu: 500", "limits cpu", Holds.BROKEN, "unit is missing"),
        ("memory: 128Mi", "memory: 128", "requests memory", Holds.BROKEN, "its unit is missing"),
        ("memory: 512Mi", "memory: 16Mi", "limits memory", Holds.BROKEN, "takes 23 MiB"),
        ("memory: 512Mi", "memory: 512M", "limits memory", Holds.OTHER, "M counts in millions"),
        ("memory: 512Mi", "memory: plenty", "limits memory", Holds.UNCHECKED, "needs a figure"),
        ("liveness: GET /healthz", "liveness: GET /readyz", "liveness", Holds.BROKEN, "every healthy pod restarted"),
        ("liveness: GET /healthz", "liveness: GET /ping", "liveness", Holds.BROKEN, "answers 404 there"),
        ("readiness: GET /readyz", "readiness: GET /healthz", "readiness", Holds.BROKEN, "can't serve it"),
        ("readiness: GET /readyz", "readiness: soon", "readiness", Holds.BROKEN, "404"),
        ("startup: GET /startupz", "startup: GET /healthz", "startup", Holds.OTHER, "another path was agreed"),
        ("startup: GET /startupz", "startup: yes", "startup", Holds.UNCHECKED, "no path is named"),
        ("path: /metrics", "path: /stats", "metrics path", Holds.BROKEN, "404"),
        ("format: Prometheus", "format: JSON", "metrics format", Holds.BROKEN, "Prometheus' text format"),
        ("format: JSON", "format: plain text", "logs format", Holds.BROKEN, "one JSON object a line"),
        ("to: stdout", "to: /var/log/app.log", "logs to", Holds.UNCHECKED, "nothing from anywhere else"),
        ("OpenTelemetry SDK", "Zipkin", "traces", Holds.BROKEN, "OpenTelemetry SDK and nothing else"),
        ("OpenTelemetry SDK", "true", "traces", Holds.UNCHECKED, "which"),
        ("signal: SIGTERM", "signal: SIGKILL", "signal", Holds.UNCHECKED, "no process can handle"),
        ("signal: SIGTERM", "signal: SIGHUP", "signal", Holds.BROKEN, "waits for SIGTERM"),
        ("new-requests: refuse", "new-requests: accept", "new-requests", Holds.BROKEN, "closes its port"),
        ("30s", "5s", "finish-within", Holds.BROKEN, "serves on for 5 s and may take 29 s"),
        ("30s", "20s", "finish-within", Holds.BROKEN, "may take 29 s"),
        ("30s", "60s", "finish-within", Holds.UNCHECKED, "kills before your time is over"),
        ("30s", "soon", "finish-within", Holds.UNCHECKED, "needs a time"),
        ("exit-code: 0", "exit-code: 143", "exit-code", Holds.BROKEN, "exits with 0"),
    ],
)  # fmt: skip
def test_wrong_term(old: str, new: str, term: str, holds: Holds, said: str) -> None:
    """A wrong term is shown as the shop breaking it, or as one that nobody can check, by its line; it costs its share."""
    report = judge(replaced(old, new))
    one = held(report, term)
    found = finding(report, one.term[0])
    assert one.holds is holds
    assert said in one.does
    assert said in found.saw
    assert found.line == one.line > 0
    assert 0 < found.earned < found.points
    assert report.score == report.max - found.points + found.earned


def test_missing_terms() -> None:
    """What isn't written, or is left as dots, is missing, and the part says which terms."""
    report = judge(replaced("    cpu: 100m\n", "").replace("memory: 512Mi", "memory: ..."))
    found = finding(report, "compute")
    assert (found.earned, found.saw) == (0.5, "not there: requests cpu, limits memory")


def test_misspelled_term() -> None:
    """A key that is no term is told with the one that was probably meant, by its line."""
    report = judge(replaced("  readiness", "  readyness"))
    line = SOLUTION.splitlines().index("  readiness: GET /readyz") + 1
    assert f"Line {line} says “readyness”; did you mean “readiness”?" in finding(report, "health").hint
    assert any("did you mean “readiness”" in note for note in report.notes)


def test_a_promise_that_is_no_term() -> None:
    """A promise beyond the contract costs nothing, and is called what it is."""
    report = judge(SOLUTION + "\navailability: 99.99 %\n")
    assert report.state is State.PASS
    assert "“availability” is no term of this contract; the platform can't check it." in report.notes[0]


def test_table_on_the_card() -> None:
    """The card has a table with every term, what it promises and what the shop does."""
    html = card.html(judge(replaced("30s", "<b>5s</b>")))
    assert html.count("<tr>") == 17
    assert "&lt;b&gt;5s" in html
    assert "is done after at most 29 s" in card.html(judge(SOLUTION))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("health", "no contract: it has no parts"),
        ("- health: 1\n", "no contract: it has no parts"),
        ("kind: Deployment\napiVersion: apps/v1\n", "This is a Deployment; the exercise asks for the contract itself."),
        ("compute: {a: b}\n---\nhealth: {}\n", "There are 2 documents"),
        ("health:\n  liveness: a\n  liveness: b\n", "“liveness” stands twice in one part, the second time on line 3."),
        ("health:\n  live: a\n  liveness: b\n", "The term liveness stands twice, on lines 2 and 3."),
        ("health: [", ""),
        ("a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)), "written out"),
        ("health: " + "y" * 300_000, "256 kB"),
    ],
)  # fmt: skip
def test_unreadable(text: str, problem: str) -> None:
    """What can't be read as a contract earns nothing and says why in one sentence with a way on."""
    report = judge(text)
    assert (report.state, report.score) == (State.FAIL, 0)
    assert problem in report.problem
    assert report.problem
    assert report.hint
