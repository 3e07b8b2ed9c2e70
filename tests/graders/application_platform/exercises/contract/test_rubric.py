"""The rubric of the contract: each term, compared with the observed behavior of the service."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cluster import world
from graders.application_platform.exercises.contract.rubric import EXERCISE, FORM, LADDERS
from graders.core.report import Finding, Report, State
from graders.families.form.criteria import Becomes, FieldResult, FormEvidence
from graders.families.form.reading import Term
from graders.present import card
from tests.support.answers import answered
from tests.support.solutions import solution

SECTION = Path(__file__).parents[5] / "solutions/application-platform/05-contract.py"
COMPUTE, HEALTH, SEE, END = "compute", "health", "observability", "shutdown"


def judge(text: str) -> Report:
    return EXERCISE.judge(text, world())


def written(term: Term, text: str) -> Report:
    return judge(answered(FORM, "contract", term, text).answer)


def written_all(changes: dict[Term, str]) -> Report:
    """The report on the solution with other values in some of its fields."""
    answer = yaml.load(solution(EXERCISE), yaml.BaseLoader)  # noqa: S506  texts only
    for term, text in changes.items():
        at = answer
        for step in term[:-1]:
            at = at[step]
        at[term[-1]] = text
    return judge(yaml.safe_dump(answer))


def outcome(report: Report, term: Term) -> FieldResult:
    assert isinstance(report.evidence, FormEvidence)
    return next(one for one in report.evidence.outcomes if one.term == term)


def finding(report: Report, criterion: str) -> Finding:
    return next(f for f in report.findings if f.criterion == criterion)


WRONG: dict[str, tuple[Term, str, str]] = {
    "a request for a quiet hour": ((COMPUTE, "requests", "cpu"), "100m", "other pods take what isn't reserved"),
    "a request of half a node": ((COMPUTE, "requests", "cpu"), "2 cores", "stays Pending"),
    "the table's memory": ((COMPUTE, "requests", "memory"), "128Mi", "it is evicted first"),
    "a request of half a node's memory": ((COMPUTE, "requests", "memory"), "2Gi", "stays Pending"),
    "a request above its limit": ((COMPUTE, "requests", "memory"), "800Mi", "the API server refuses the pod"),
    "a limit for a usual day": ((COMPUTE, "limits", "cpu"), "500m", "throttled when most people wait"),
    "the table's limit": ((COMPUTE, "limits", "memory"), "512Mi", "the kernel kills it"),
    "a limit of nothing to spare": ((COMPUTE, "limits", "memory"), "600Mi", "the kernel kills it"),
    "a limit of the whole node": ((COMPUTE, "limits", "memory"), "4Gi", "memory from other pods"),
    "a liveness that knows the database": ((HEALTH, "liveness"), "/state", "every healthy pod is restarted"),
    "a liveness that asks the database": ((HEALTH, "liveness"), "/seats", "every healthy pod is restarted"),
    "a liveness with a thread of its own": ((HEALTH, "liveness"), "/loaded", "a process that hangs is never restarted"),
    "a liveness of another service": ((HEALTH, "liveness"), "/healthz", "/healthz answers 404"),
    "a readiness that knows only the process": ((HEALTH, "readiness"), "/ping", "traffic goes to pods that can't serve it"),
    "a readiness that was true once": ((HEALTH, "readiness"), "/loaded", "traffic goes to pods that can't serve it"),
    "a readiness that costs": ((HEALTH, "readiness"), "/seats", "load on its database"),
    "a readiness of another service": ((HEALTH, "readiness"), "/readyz", "no pod ever gets traffic"),
    "a start that is done too soon": ((HEALTH, "startup"), "/ping", "is never noticed"),
    "a start that waits for the database": ((HEALTH, "startup"), "/state", "no pod completes its start"),
    "a start of another service": ((HEALTH, "startup"), "/startupz", "no pod ever completes its start"),
    "time for a usual start": ((HEALTH, "startup-within"), "60 s", "restarted again and again"),
    "all the time in the world": ((HEALTH, "startup-within"), "10 min", "is noticed after 10 min"),
    "metrics of another service": ((SEE, "metrics", "path"), "/metrics", "the platform collects none"),
    "metrics at the service's port": ((SEE, "metrics", "port"), "8080", "/stats answers 404 at 8080"),
    "metrics anywhere": ((SEE, "metrics", "port"), "7", "nothing listens at port 7"),
    "events as text": ((SEE, "logs", "format"), "text", "can't search its fields"),
    "events as pairs": ((SEE, "logs", "format"), "key-value", "drops them"),
    "logs as others have them": ((SEE, "logs", "from"), "stdout", "one line, from the start"),
    "logs in a file": ((SEE, "logs", "from"), "file", "lost with the container"),
    "traces as others send them": ((SEE, "traces"), "OTLP", "the collector drops them"),
    "no traces": ((SEE, "traces"), "none", "the trace of a request ends"),
    "thousandths without a unit": ((COMPUTE, "limits", "cpu"), "500", "its node has 4 cores, so this limits nothing"),
    "hanging up": ((END, "signal"), "SIGHUP", "reads its configuration again"),
    "interrupting": ((END, "signal"), "SIGINT", "loses the requests in flight"),
    "killing": ((END, "signal"), "SIGKILL", "no process can handle SIGKILL"),
    "closing at once": ((END, "accepts-for"), "0 s", "proxies send new requests for up to 5 s"),
    "accepting until the end": ((END, "accepts-for"), "45 s", "refuses later requests"),
    "the default grace period": ((END, "grace-period"), "30 s", "it may need 47 s, so it is killed"),
    "the slowest request alone": ((END, "grace-period"), "35 s", "it may need 47 s"),
    "endless patience": ((END, "grace-period"), "10 min", "waits 10 min for one pod"),
    "the usual code": ((END, "exit-code"), "0", "an orderly shutdown ends with 143"),
}  # fmt: skip


@pytest.mark.parametrize("thought", WRONG)
def test_wrong_term(thought: str) -> None:
    """A wrong term has its consequence and its line in the finding, and costs only its share of its own part."""
    term, text, said = WRONG[thought]
    report = written(term, text)
    one, found = outcome(report, term), finding(report, term[0])
    assert one.becomes is Becomes.WRONG
    assert said in one.leads
    assert said in found.observed
    assert found.hint == one.hint != ""
    assert found.line == one.line > 0
    assert found.hints == (one.hint, *LADDERS[term])
    share = found.points / len([place for place in FORM.fields if place[0] == term[0]])
    assert report.score == pytest.approx(report.max - share, abs=0.01)


FOLLOW: list[tuple[dict[Term, str], Term]] = [
    ({(END, "signal"): "SIGINT", (END, "exit-code"): "130"}, (END, "exit-code")),
    ({(END, "signal"): "SIGKILL", (END, "exit-code"): "137"}, (END, "exit-code")),
    ({(END, "signal"): "SIGINT", (END, "grace-period"): "5 s"}, (END, "grace-period")),
    ({(END, "signal"): "SIGKILL", (END, "accepts-for"): "0 s"}, (END, "accepts-for")),
    ({(SEE, "logs", "from"): "stdout", (SEE, "logs", "format"): "text"}, (SEE, "logs", "format")),
    ({(SEE, "logs", "from"): "file", (SEE, "logs", "format"): "text"}, (SEE, "logs", "format")),
    ({(COMPUTE, "limits", "memory"): "512Mi", (COMPUTE, "requests", "memory"): "700Mi"}, (COMPUTE, "requests", "memory")),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "follows"), FOLLOW)
def test_one_wrong_term_is_charged_once(changes: dict[Term, str], follows: Term) -> None:
    """A term that follows from a wrong one costs nothing: SIGINT and its code 130 are one mistake."""
    report = written_all(changes)
    assert outcome(report, follows).becomes is Becomes.FOLLOWS
    share = report.max / 4 / len([place for place in FORM.fields if place[0] == follows[0]])
    assert report.score == pytest.approx(report.max - share, abs=0.01)
    alone = written_all({term: text for term, text in changes.items() if term == follows})
    assert outcome(alone, follows).becomes is not Becomes.FOLLOWS


def test_the_code_of_another_signal() -> None:
    """A code that fits no wrong signal costs points beside it."""
    report = written_all({(END, "signal"): "SIGHUP", (END, "exit-code"): "130"})
    assert finding(report, END).earned == 0.5


def test_a_limit_with_nothing_to_spare() -> None:
    """A limit of exactly the observed maximum is wrong, and the message says so; a higher limit is right."""
    one = outcome(written((COMPUTE, "limits", "memory"), "600Mi"), (COMPUTE, "limits", "memory"))
    assert "600 MiB, exactly this limit" in one.leads
    assert "How much room does your limit leave" in one.hint
    assert (
        "each pod's share of the node is 1 GiB"
        in outcome(written((COMPUTE, "limits", "memory"), "2Gi"), (COMPUTE, "limits", "memory")).leads
    )


def test_each_field_has_hints_of_its_own() -> None:
    """Each field has a hint that points to the facts, and one that is nearly the answer."""
    assert set(LADDERS) == set(FORM.fields)


RIGHT: list[tuple[Term, str]] = [
    ((COMPUTE, "requests", "cpu"), "200m"), ((COMPUTE, "requests", "cpu"), "1 core"), ((COMPUTE, "requests", "cpu"), "0.3"), ((COMPUTE, "requests", "cpu"), ".25"),
    ((COMPUTE, "limits", "cpu"), "1"), ((COMPUTE, "limits", "cpu"), "0.7"), ((COMPUTE, "requests", "memory"), "220Mi"),
    ((COMPUTE, "requests", "memory"), "600 Mi"), ((COMPUTE, "limits", "cpu"), "0.7 cores"), ((COMPUTE, "limits", "cpu"), "4 cores"),
    ((COMPUTE, "limits", "memory"), "1Gi"), ((COMPUTE, "limits", "memory"), "700 MB"), ((HEALTH, "startup-within"), "70s"),
    ((HEALTH, "startup-within"), "5 min"), ((END, "accepts-for"), "5 s"), ((END, "grace-period"), "47s"), ((END, "grace-period"), "2 min"),
]  # fmt: skip


@pytest.mark.parametrize(("term", "text"), RIGHT)
def test_any_figure_that_fits(term: Term, text: str) -> None:
    """Any figure that fits the observations is right."""
    report = written(term, text)
    assert report.state is State.PASS, [f.observed for f in report.findings]


def test_copying_the_table_earns_little() -> None:
    """A copy of the usual contract's table earns less than a third: this service is different."""
    usual = """
compute: {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: 500m, memory: 512Mi}}
health: {liveness: /healthz, readiness: /readyz, startup: /startupz, startup-within: 30 s}
observability: {metrics: {path: /metrics, port: 8080}, logs: {format: json, from: stdout}, traces: otlp}
shutdown: {signal: SIGTERM, accepts-for: 0 s, grace-period: 30 s, exit-code: 0}
"""
    report = judge(usual)
    assert 0 < report.score < report.max / 3


def test_missing_terms() -> None:
    """A term that isn't written is missing, and the finding of its part names it."""
    report = judge(solution(EXERCISE).replace("    cpu: 250m\n", "").replace("memory: 768Mi", "memory: ..."))
    found = finding(report, "compute")
    assert (found.earned, found.observed) == (0.5, "missing: requests cpu, limits memory")


def test_table_on_the_card() -> None:
    """The card has a table with every term, its value and the service's behavior."""
    html = card.html(written((END, "grace-period"), "<b>5s</b>"))
    assert html.count("<tr>") == len(FORM.fields) + 1
    assert "&lt;b&gt;5s" in html
    assert "it is done after 47 s at most" in card.html(judge(solution(EXERCISE)))


def test_both_streams_are_collected() -> None:
    """No message says that the platform collects nothing from stderr, because Kubernetes collects both streams."""
    assert "It collects both streams of a container, stdout and stderr, and no files" in SECTION.read_text(
        encoding="utf-8"
    )
    assert outcome(judge(solution(EXERCISE)), (SEE, "logs", "from")).leads == "the platform collects it, like stdout"
