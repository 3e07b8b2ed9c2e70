"""Unreadable and refused answers: one finding names the mistake, and its consequences are one line."""

from __future__ import annotations

import re

import pytest

from cluster import world
from graders.core.registry import exercise
from graders.core.report import Finding, Report, State
from graders.present import card, inline
from tests.corpus.faults import fault
from tests.faults.plain import named
from tests.support.solutions import solution

DEPLOYMENT = fault("S15").replace(
    "livenessProbe: GET /healthz", "livenessProbe: {httpGet: {path: /healthz, port: 8080}}"
)


def judged(text: str, name: str = "deployment") -> Report:
    return exercise(name).judge(text, world())


def found(report: Report, criterion: str) -> Finding:
    return next(f for f in report.findings if f.criterion == criterion)


UNREADABLE = {
    "P21": "In line 8 a no-break space (U+00A0) isn't a plain space.",
    "P22": "In line 1 there is text after ---.",
    "P24": "In line 8 there is {{, so this is a Helm template and not YAML.",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_the_slip_is_named(name: str) -> None:
    """P21, P22, P24: the reason why a manifest can't be read is named on its line."""
    report = judged(fault(name))
    assert (report.score, report.problem) == (0, UNREADABLE[name])
    assert report.hint


SLIPS = [
    ("  replicas: 3", "\u3000 replicas: 3", "In line 5 a special space (U+3000)"),
    ("  replicas: 3", "  \u202freplicas: 3", "no-break space"),
    ("  replicas: 3", "\treplicas: 3", "Line 5 has a tab"),
    ("  replicas: 3", "  replicas：3", "In line 5 the colon is “：”"),
    ("  replicas: 3", "  replicas:3", "In line 5 a colon has no space after it"),
    (
        "  replicas: 3",
        "  {{- if .Values.replicas }}\n  replicas: 3",
        "In line 5 there is {{, so this is a Helm template",
    ),
    (
        "  replicas: 3",
        "  replicas: {{ .Values.replicas | default 3 }}",
        "In line 5 there is {{, so this is a Helm template",
    ),
    ("        - name: orders", "        – name: orders", "In line 11 the dash is “–”"),
    ("        - name: orders", "        — name: orders", "In line 11 the dash is “—”"),
    ("        - name: orders", "        -name: orders", "In line 11 a dash has no space after it"),
    ("        - name: orders", "        -\u00a0name: orders", "In line 11 a no-break space"),
    ("apiVersion: apps/v1", "--- # mine\n--- my deployment\napiVersion: apps/v1", "In line 2 there is text after ---"),
    ("apiVersion: apps/v1", "```yaml\napiVersion: apps/v1", "In line 1 there is ```"),
]


@pytest.mark.parametrize(("was", "now", "problem"), SLIPS)
def test_a_sign_that_is_no_sign_of_yaml(was: str, now: str, problem: str) -> None:
    """Characters that look like YAML's own are named, and so is a template that wasn't rendered."""
    assert was in DEPLOYMENT
    report = judged(DEPLOYMENT.replace(was, now, 1))
    said = f"{report.problem} {found(report, 'accepted').observed} {found(report, 'accepted').hint} {report.hint}"
    assert problem in said


FORMS = [
    ("kinds", "login：\n  kind: api\n", "In line 1 the colon is “：”"),
    ("kinds", "login:\n  kind： api\n", "In line 2 the colon is “：”"),
    ("kinds", "login:\n\u00a0\u00a0kind: api\n", "In line 2 a no-break space (U+00A0)"),
    ("kinds", "login:\n  – kind: api\n", "In line 2 the dash is “–”"),
    ("kinds", "login\n  kind: api\n", "In line 1 a colon is missing after “login”"),
    ("kinds", "login:\n  kind: api\n  kind: worker\n", "“kind” of “login” is written twice, on lines 2 and 3"),
    ("kinds", "--- mine\nlogin: {}\n", "In line 1 there is text after ---"),
    ("event", "event：\n  type: a\n", "In line 1 the colon is “：”"),
    ("event", "event:\n\u00a0 type: a\nschema: {}\n", "In line 2 a no-break space"),
    ("event", "{“event”: {“type”: “order.created”}}", "In line 1 there is a curly quote"),
    ("event", "event:\n- type: order.created\n", "“event:” is a list"),
    ("event", "event: {type: a}\nschema: {}\nschema: {}\n", "“schema” is written twice, on lines 2 and 3"),
]


@pytest.mark.parametrize(("name", "text", "problem"), FORMS)
def test_forms_and_events(name: str, text: str, problem: str) -> None:
    """The same slips are named in exercises with choices and in events."""
    assert problem in judged(text, name).problem


@pytest.mark.parametrize("word", ["“api”", "‘api’", "„api“", "'API'", "a–p–i", "Api "])
def test_spelling_is_forgiven_in_words(word: str) -> None:
    """Quotes and dashes of any kind around or in a word of the list don't matter."""
    report = judged(f"login: {{kind: {word}, deadline: 500 ms, scale-on: requests}}", "kinds")
    assert found(report, "login").state is State.PASS


def test_a_byte_order_mark_is_no_slip() -> None:
    """A byte order mark before a text has no effect."""
    assert not judged("\ufefflogin: {kind: api}", "kinds").problem
    assert not judged("\ufeffsteps: [receive]", "worker-plan").problem


def test_signs_in_values_are_no_slips() -> None:
    """The same characters within a text or a comment cost nothing."""
    text = DEPLOYMENT.replace(
        "metadata: {name: orders}", "metadata: {name: orders, annotations: {note: 'a – b, “c”： {{ d }}'}} # – “e”", 1
    )
    assert judged(text).state is State.PASS


@pytest.mark.parametrize(
    "text", ["a: b: c\n", "a: 1\n b: 2\n", "- a\nb: 1\n", "? [a]\n: b\n", "a: *b\n", "a: &b [*b]\n", "a\nb: c\n"]
)
def test_no_word_of_yaml_without_its_meaning(text: str) -> None:
    """No message uses YAML's own words mapping, key or anchor."""
    report = judged(f"apiVersion: apps/v1\n{text}")
    problem = re.sub(r"can't be read: .*", "", report.problem)  # the server's own words
    assert not re.search(r"\b(mapping|keys?|anchor|alias|scalar|sequence|node)\b", f"{problem} {report.hint}")


def test_a_probe_that_is_a_text() -> None:
    """S15: the refused field is named once, with the form of a probe, and no finding says that it is missing."""
    report = judged(fault("S15"))
    assert named(report) == ["accepted"]
    first = found(report, "accepted")
    assert (first.line, first.hint) == (15, "Write below it, indented: httpGet: {path: /healthz, port: 8080}")
    assert "has no livenessProbe" not in inline.plain(report)
    assert len([line for line in inline.plain(report).splitlines() if "have the same cause" in line]) == 1
    assert card.html(report).count("have the same cause") == 1


REFUSED = [
    ("livenessProbe: {httpGet", "livenesProbe: {httpGet", "did you mean livenessProbe?"),
    ("readinessProbe:", "readyness:", "unknown field"),
    ("resources: {requests", "resource: {requests", "did you mean resources?"),
    ("replicas: 3", "replica: 3", "did you mean replicas?"),
    ("replicas: 3", "replicas: three", "it must be a whole number"),
    ("containers:\n", "containers: nothing\n      volumes:\n", "it must be a list"),
    ("readinessProbe: {httpGet: {path: /readyz, port: 8080}}", "readinessProbe: /readyz", "path: /readyz"),
    ("resources: {", "resources: none # {", "write requests: and limits:"),
    ("ports: [", "ports: 8080 # [", "- containerPort: 8080"),
    ("labels: {app: orders}", "labels: app=orders", "app: orders"),
]


@pytest.mark.parametrize(("was", "now", "said"), REFUSED)
def test_one_finding_for_one_mistake(was: str, now: str, said: str) -> None:
    """If the server refuses a field, no other finding says that the field is missing."""
    assert was in DEPLOYMENT
    report = judged(DEPLOYMENT.replace(was, now, 1))
    assert named(report) == ["accepted"]
    first = found(report, "accepted")
    assert said.lower() in f"{first.observed} {first.hint}".lower()


def test_mistakes_after_the_first_are_listed() -> None:
    """The server stops at the first value of a wrong type; the card also names the next ones, each with its line."""
    text = (
        DEPLOYMENT.replace("replicas: 3", "replicas: three")
        .replace("readinessProbe:", "readinesProbe:")
        .replace("name: http", "name: HTTP_port")
    )
    first = found(judged(text), "accepted")
    assert "replicas is the text" in first.observed
    assert re.findall(r"line (\d+)", first.also) == ["16", "13"]


def test_yes_is_quoted_as_written() -> None:
    """A value that YAML 1.1 reads as a boolean is quoted as the learner wrote it."""
    for word in ("yes", "on", "Off", "n"):
        first = found(judged(DEPLOYMENT.replace("replicas: 3", f"replicas: {word}")), "accepted")
        assert f"“{word}”, which YAML reads as" in first.observed


def test_one_misspelled_name_is_one_mistake() -> None:
    """A required field that is misspelled isn't also reported as missing."""
    text = solution(exercise("daily-report")).replace("  schedule:", "  shedule:")
    report = judged(text, "daily-report")
    assert (named(report), found(report, "accepted").also) == (["accepted"], "")
    assert found(
        judged(text.replace("    spec:", "    restartPolicy: OnFailure\n    spec:"), "daily-report"), "accepted"
    ).also.startswith("unknown field")


def test_containers_without_dashes_are_one_mistake() -> None:
    """If the list of containers isn't a list, all criteria that read a container have that cause, in one line."""
    text = DEPLOYMENT.replace("        - name: orders", "        name: orders").replace("\n          ", "\n        ")
    report = judged(text)
    assert named(report) == ["accepted"]
    assert inline.plain(report).count("have the same cause") == 1


def test_what_mending_makes_is_no_mistake() -> None:
    """A refused field that is removed for the judgment of the rest isn't reported as missing."""
    for was, now in (
        ("labels: {app: orders}}", "labels: app=orders}"),
        ("selector: {matchLabels: {app: orders}}", "selector: orders"),
        ("image: shop/orders:1.0.0", "image: [shop/orders]"),
    ):
        assert was in DEPLOYMENT
        assert found(judged(DEPLOYMENT.replace(was, now)), "accepted").also == ""


@pytest.mark.parametrize("amount", ["512mb", "512 Mi", "512MB", "half", "“512Mi”", "512M i", "0,5Gi", "5_12Mi"])
def test_an_amount_that_cannot_be_read(amount: str) -> None:
    """S18: an unreadable amount passes no criterion that reads it."""
    report = judged(DEPLOYMENT.replace("512Mi", f'"{amount}"'))
    for name in ("accepted", "limits", "figures"):
        assert found(report, name).state is State.FAIL
    assert named(report) == ["accepted"]
    assert judged(fault("S18")).score == report.score


def test_curly_quotes_around_a_value() -> None:
    """P25: curly quotes are part of a value in YAML, and the finding names them with their line."""
    report = judged(fault("P25"))
    first = found(report, "rollout")
    assert report.score == 21
    assert named(report) == ["rollout"]
    assert "InvalidImageName" in first.observed
    assert "curly quotes" in first.hint
    assert first.line == 19


@pytest.mark.parametrize("value", ["“/healthz”", "‘/healthz’", "„/healthz“"])
def test_curly_quotes_around_a_path(value: str) -> None:
    """The finding names curly quotes around a probe's path."""
    finding = found(judged(DEPLOYMENT.replace("path: /healthz", f"path: {value}")), "liveness")
    assert "curly quotes" in finding.observed


IMAGES = [
    "nginx",
    "myapp/reporter",
    "myapp/reporter:latest",
    "myapp/reporter:v1.2.1",
    "reporter:v1.2.0",
    "myapp/reporter:1.2.0",
    "MyApp/reporter:v1.2.0",
]


@pytest.mark.parametrize("image", IMAGES)
def test_the_report_of_another_program(image: str) -> None:
    """Another image or tag costs half a point and is named."""
    report = judged(solution(exercise("daily-report")).replace("myapp/reporter:v1.2.0", image), "daily-report")
    assert (report.score, named(report)) == (4.5, ["names"])
    assert image in found(report, "names").observed


def test_the_report_of_nginx() -> None:
    """P26: nginx makes no report."""
    report = judged(fault("P26"), "daily-report")
    assert report.score <= 4.5
    assert "nginx" in found(report, "names").observed
    assert "myapp/reporter:v1.2.0" in found(report, "names").hint


@pytest.mark.parametrize("name", ["", ".", "]", "[", "a.", "[0]"])
def test_a_field_whose_name_is_a_sign(name: str) -> None:
    """A field whose name is a sign of paths, or is empty, is refused and judged like any other field."""
    text = solution(exercise("deployment")).replace("  replicas: 3", "  replicas: 2") + f'\n"{name}": 1\n'
    report = judged(text)
    assert report.judged
    assert report.score < report.max
