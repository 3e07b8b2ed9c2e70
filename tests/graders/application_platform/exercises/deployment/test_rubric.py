"""The rubric of the Deployment exercise: what each mistake costs, and what it is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cluster import world
from cluster.kubernetes import CURRENT
from graders.application_platform.exercises.deployment.rubric import CORE, EXERCISE
from graders.core.report import Report, State
from tests.support.manifests import DEPLOYMENT

TRAIN = {c.name for c in EXERCISE.criteria} - {c.name for c in CORE}


def judge(text: str) -> Report:
    return EXERCISE.judge(text, world())


def failed(report: Report) -> set[str]:
    return {f.criterion for f in report.findings if f.state is not State.PASS}


def without(text: str, first: str, last: str) -> str:
    """The text without the lines from the one that holds ``first`` to the one that holds ``last``."""
    lines = text.splitlines(keepends=True)
    begin = next(i for i, line in enumerate(lines) if first in line)
    end = next(i for i, line in enumerate(lines) if last in line and i >= begin)
    return "".join([*lines[:begin], *lines[end + 1 :]])


def edit(old: str, new: str, count: int = -1) -> Callable[[str], str]:
    def edited(text: str) -> str:
        assert old in text
        return text.replace(old, new, count)

    return edited


def test_points() -> None:
    """The exercise is worth 30 points, and the core criteria at least 70 percent of them."""
    assert EXERCISE.points == 30
    assert sum(c.points for c in CORE) >= 21


def test_solution() -> None:
    """An answer that does exactly as the lesson says gets full marks."""
    report = judge(DEPLOYMENT)
    assert (report.score, failed(report)) == (30, set())


# Each row: what was changed, how, which core criteria fail, and a word that the first of them says.
MISTAKES: list[tuple[str, Callable[[str], str], set[str], str]] = [
    ("one replica", edit("replicas: 3", "replicas: 1"), {"replicas"}, "replicas: 1"),
    ("replicas left out", edit("  replicas: 3\n", ""), {"replicas"}, "1 pod"),
    ("no requests", lambda t: without(t, "requests:", "memory: 128Mi"), {"requests"}, "copies the limits"),
    ("no limits", lambda t: without(t, "limits:", "memory: 512Mi"), {"limits"}, "no limits"),
    ("no memory limit", edit("              memory: 512Mi\n", ""), {"limits"}, "no memory"),
    ("cpu request twice the contract's", edit("cpu: 100m", "cpu: 200m"), {"figures"}, "200m"),
    ("memory limit in megabytes", edit("512Mi", "512M"), {"figures"}, "512M"),
    ("a hundred cores", edit("cpu: 500m", 'cpu: "500"'), {"limits", "figures"}, "500 cores"),
    ("memory in MB", edit("128Mi", "128MB"), {"accepted", "requests", "figures"}, "128MB"),
    ("memory in thousandths", edit("128Mi", "128m"), {"requests", "figures"}, "bytes"),
    ("liveness on readiness' path", edit("/healthz", "/readyz"), {"liveness"}, "restarts every pod"),
    ("readiness on liveness' path", edit("/readyz", "/healthz"), {"readiness"}, "keeps getting orders"),
    ("liveness on a path of its own", edit("/healthz", "/health"), {"liveness"}, "/health"),
    ("no liveness probe", lambda t: without(t, "livenessProbe", "port: http"), {"liveness"}, "no livenessProbe"),
    ("no readiness probe", lambda t: without(t, "readinessProbe", "port: http"), {"readiness"}, "no readinessProbe"),
    ("a path beside httpGet", edit("httpGet:\n              path: /healthz\n              port: http", "httpGet: /healthz", 1), {"accepted", "liveness"}, "httpGet"),
    ("liveness by TCP", edit("httpGet:\n              path: /healthz\n", "tcpSocket:\n", 1), {"liveness"}, "tcpSocket"),
    ("readiness at another port", edit("/readyz\n              port: http", "/readyz\n              port: 9090"), {"readiness"}, "9090"),
    ("readiness by HTTPS", edit("/readyz\n", "/readyz\n              scheme: HTTPS\n"), {"readiness"}, "HTTPS"),
    ("an unknown field", edit("replicas: 3", "replica: 3"), {"accepted", "replicas"}, "replica"),
    ("a host path", lambda t: t + "      volumes:\n        - name: data\n          hostPath: {path: /data}\n", {"stateless"}, "hostPath"),
    ("a Pod beside it", lambda t: t + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: b}]}\n", {"accepted"}, "Pod"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected", "word"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_mistake(change: Callable[[str], str], expected: set[str], word: str) -> None:
    """A mistake fails only its own core criteria, and the finding says what was observed."""
    report = judge(change(DEPLOYMENT))
    assert failed(report) - TRAIN == expected
    observed = next(f.observed for f in report.findings if f.criterion in expected)
    assert word in observed


def test_the_form_of_a_probe_is_told() -> None:
    """For a path beside httpGet, or a missing port, the message says what belongs below httpGet."""
    path = judge(
        DEPLOYMENT.replace("httpGet:\n              path: /healthz\n              port: http", "httpGet: /healthz")
    )
    found = {f.criterion: f for f in path.findings}
    assert found["accepted"].hint == "Write path: and port: on two lines below httpGet, indented."
    assert found["liveness"].follows
    port = judge(DEPLOYMENT.replace("path: /healthz\n              port: http", "path: /healthz"))
    assert "livenessProbe.httpGet.port" in port.findings[0].observed


def test_what_it_is_must_be_said() -> None:
    """A manifest without a kind is refused, as by kubectl, and nothing runs."""
    report = judge(DEPLOYMENT.replace("kind: Deployment\n", ""))
    assert failed(report) == {"accepted"} | TRAIN
    assert "kind" in report.findings[0].observed


def test_every_finding_helps() -> None:
    """A finding that isn't a pass says what was expected, one next step, and where to read."""
    for _, change, _, _ in MISTAKES:
        for finding in judge(change(DEPLOYMENT)).findings:
            if finding.state is State.FAIL and not finding.follows:
                assert finding.observed, finding
                assert finding.expected, finding
                assert finding.hint, finding
                assert finding.docs_url, finding


def test_refused_is_not_run() -> None:
    """An answer that the API server refuses earns nothing on the train, and keeps the points for its right fields."""
    report = judge(DEPLOYMENT.replace("128Mi", "128MB"))
    assert failed(report) >= TRAIN
    assert report.score == 30 - 3 - 9


@pytest.mark.parametrize("text", ["", "\n\n", "# your answer here", "# your answer here\n---\n", "  # a\n...\n"])
def test_not_begun(text: str) -> None:
    """An answer of comments and blank lines isn't started: it has zero points, and isn't called wrong."""
    report = judge(text)
    assert report.state is State.NOT_STARTED
    assert report.score == 0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("just some words", "plain text"),
        ("- a\n- b\n", "a list"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n", "this is a pod"),
        (DEPLOYMENT + "---\n" + DEPLOYMENT, "2 Deployments"),
        (
            DEPLOYMENT + "apiVersion: v1\nkind: Service\nmetadata: {name: orders}\n",
            "a second manifest begins there",
        ),
        ("kind: Deployment\n\tspec: 3\n", "tab"),
        ("kind: [Deployment\n", ""),
        ("!!python/object/apply:os.system [id]", ""),
    ],
)
def test_unreadable(text: str, problem: str) -> None:
    """An unreadable answer earns nothing, and one sentence says why, with a next step."""
    report = judge(text)
    assert (report.state, report.score) == (State.FAIL, 0)
    assert problem.lower() in report.problem.lower()
    assert report.problem
    assert report.hint


def test_ignored_fields_are_told() -> None:
    """A field that the server silently drops costs no points, and the card says that it has no effect."""
    stopped = DEPLOYMENT.replace(
        "          livenessProbe:", "          lifecycle: {stopSignal: A}\n          livenessProbe:"
    )
    report = judge(stopped)
    assert report.score == judge(DEPLOYMENT).score
    (note,) = [note for note in report.notes if "ignores" in note]
    assert note == (
        "The server ignores spec.template.spec.containers[0].lifecycle.stopSignal (line 28): "
        f"Kubernetes {CURRENT} has this field, but its feature gate is off by default."
    )
