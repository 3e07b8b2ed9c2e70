"""The rubric of the review: five fields with their terms, by line or by path."""

from __future__ import annotations

from pathlib import Path

import pytest

from cluster import world
from cluster.manifests.quantity import quantity
from graders.application_platform.contract import LIMITS, LIVENESS, METRICS, READINESS, REQUESTS, STARTUP
from graders.application_platform.exercises.review.rubric import (
    CONTAINER,
    EXERCISE,
    MANIFEST,
    TERM,
    VIOLATIONS,
    manifest,
)
from graders.core.report import Finding, Report, State
from tests.support.solutions import solution

ROOT = Path(__file__).parents[4]
SOLUTION = solution(EXERCISE)


def judge(text: str) -> Report:
    return EXERCISE.judge(text, world())


def finding(report: Report, criterion: str) -> Finding:
    return next(f for f in report.findings if f.criterion == criterion)


def remark(field: str, term: str) -> str:
    return f"- field: {field}\n  term: {term}\n"


def test_the_notebook_shows_the_manifest() -> None:
    """The notebook shows the judged manifest with line numbers, and the terms that a remark may name."""
    numbered, terms = EXERCISE.prints()
    lines = MANIFEST.read_text().rstrip("\n").split("\n")
    assert [line[5:] for line in numbered.split("\n")] == lines
    assert [int(line[:2]) for line in numbered.split("\n")] == list(range(1, len(lines) + 1))
    assert (
        terms
        == "one of `requests` · `limits` · `liveness` · `readiness` · `startup` · `metrics` · `logs` · `traces` · `shutdown`"
    )


def test_exactly_five_violations() -> None:
    """The API server accepts the manifest; five of its fields break the contract, and the other checked fields keep it."""
    assert world().admit((manifest(),))[0].accepted
    assert len(VIOLATIONS) == 5
    container = manifest().get(*CONTAINER)
    assert quantity(container["resources"]["requests"]["cpu"]) == quantity(REQUESTS["cpu"])
    assert quantity(container["resources"]["requests"]["memory"]) == quantity(REQUESTS["memory"])
    assert quantity(container["resources"]["limits"]["cpu"]) == quantity(LIMITS["cpu"])
    assert quantity(container["resources"]["limits"]["memory"]) != quantity(LIMITS["memory"])
    assert container["startupProbe"]["httpGet"]["path"] == STARTUP
    assert container["livenessProbe"]["httpGet"]["path"] != LIVENESS
    assert container["readinessProbe"]["httpGet"]["path"] != READINESS
    assert manifest().get("spec", "template", "metadata", "annotations", "prometheus.io/path") == METRICS
    assert all(manifest().get(*path) is not None for path in VIOLATIONS)


@pytest.mark.parametrize(
    ("field", "term"),
    [
        ("spec.template.spec.terminationGracePeriodSeconds", "shutdown"), ("terminationGracePeriodSeconds", "shutdown"),
        ("18", "Shutdown"), ("TERMINATIONGRACEPERIODSECONDS", "shutdown"), ("env[1].value", "traces"), ("env[1].name", "traces"),
        ("containers[0].env[1].value", "traces"), ("28", "traces"), ("27", "traces"), ("limits.memory", "limits"), ("resources/limits/memory", "limits"),
        ("resources.limits", "limits"), ("livenessProbe", "liveness"), ("spec.template.spec.containers.livenessProbe.httpGet.path", "liveness"),
        ("41", "liveness"), ("line 18", "shutdown"), ("Line 42", "liveness"), ("livenessProbe.path", "liveness"), ("spec.limits.memory", "limits"),
        ("OTEL_SDK_DISABLED", "traces"), ("otel_sdk_disabled", "traces"), ("env.OTEL_SDK_DISABLED", "traces"), ("env[OTEL_SDK_DISABLED].value", "traces"), ("spec.template.spec.containers[0].readinessProbe.httpGet.path", "readiness"),
    ],
)  # fmt: skip
def test_ways_to_name_a_field(field: str, term: str) -> None:
    """A field may be named by its line, by a unique end of its path, by its probe, or by a variable's name."""
    report = judge(remark(field, term))
    assert (finding(report, "fields").earned, finding(report, "terms").earned) == (0.2, 0.2), report.notes


@pytest.mark.parametrize(
    ("remarks", "fields", "terms", "said"),
    [
        (remark("livenessProbe.paths", "liveness"), 0, 0.2, "not understood: field “livenessProbe.paths”"),
        (remark("spec.path", "liveness"), 0, 0.2, "on the lines"),
        (remark("lines 18", "shutdown"), 0, 0.2, "not understood: field “lines 18”"),
        (remark("OTEL_SDK", "traces"), 0, 0.2, "not understood: field “OTEL_SDK”"),
        (remark("LOG_FORMAT", "logs"), 0, 0, "LOG_FORMAT (the contract says JSON)"),
        (remark("terminationGracePeriodSeconds 10", "shutdown"), 0, 0.2, "the manifest has “terminationGracePeriodSeconds”"),
        ("- field: 18\n- term: shutdown\n", 0.2, 0, "this remark has no field"),
        ("- field: 18\n", 0.2, 0, "this remark has no term"),
        ("- feld: 18\n  term: shutdown\n", 0, 0.2, "this remark has no field"),
        (remark("livenessProbe", "readiness"), 0.2, 0, "livenessProbe doesn't break “readiness”: it decides whether the container is restarted"),
        (remark("livenessProbe", "health"), 0.2, 0, "not understood: term “health”"),
        (remark("livenessProbe", "no"), 0.2, 0, "not understood: term “no”"),
        (remark("livenessProbe", "livenes"), 0.2, 0, "not understood: term “livenes”"),
        (remark("requests.cpu", "requests"), 0, 0, "1 field that keeps the contract: requests.cpu (0.1 is 100m)"),
        (remark("18", "shutdown") + remark("replicas", "requests"), 0.1, 0.2, "replicas (the contract doesn't mention it)"),
        (remark("path", "liveness"), 0, 0.2, "on the lines 16, 38, 42 and 46"),
        (remark("containers", "limits"), 0, 0.2, "this block contains several"),
        (remark("18", "shutdown") + remark("terminationGracePeriodSeconds", "limits"), 0.2, 0.2, "repeats an earlier remark"),
        (remark("livenesProbe", "liveness"), 0, 0.2, "the manifest has “livenessProbe”"),
        (remark("999", "traces"), 0, 0.2, "not understood: field “999”"),
        (remark("liveness" + " " * 80 + "not", "traces"), 0, 0.2, "not understood"),
    ],
)  # fmt: skip
def test_mistake(remarks: str, fields: float, terms: float, said: str) -> None:
    """Each mistake costs its points and has a message; unreadable and wrong remarks have different messages."""
    report = judge(remarks)
    assert (finding(report, "fields").earned, finding(report, "terms").earned) == (fields, terms)
    assert said in " ".join([*(f"{f.observed} {f.hint}" for f in report.findings), *report.notes])


def test_false_remarks_take_back_what_right_ones_earn() -> None:
    """Five added remarks on fields that keep the contract take back half of what the five right ones earn."""
    fine = ["replicas", "image", "requests.cpu", "requests.memory", "limits.cpu"]
    report = judge(SOLUTION + "\n" + "".join(remark(field, "limits") for field in fine))
    assert (finding(report, "fields").earned, finding(report, "terms").earned) == (0.5, 1)


def test_a_field_that_is_not_understood_is_charged_once() -> None:
    """A remark whose field isn't understood keeps the points for its term; a list of all terms on such fields earns almost nothing."""
    report = judge(SOLUTION.replace("terminationGracePeriodSeconds", "its grace period"))
    assert (finding(report, "fields").earned, finding(report, "terms").earned) == (0.8, 1)
    terms = TERM.form.removeprefix("one of ").split(" · ")
    every = judge("".join(remark("something", term) for term in terms))
    assert every.score <= 0.2


def test_terms_of_fields_that_are_not_found_follow() -> None:
    """A violation that isn't found costs points in the finding for fields; its missing term has the same cause."""
    report = judge(SOLUTION.replace("- field: terminationGracePeriodSeconds\n  term: shutdown\n", ""))
    assert not finding(report, "fields").follows
    assert (finding(report, "terms").follows, finding(report, "terms").earned) == (True, 0.8)


def test_no_hint_names_a_violation() -> None:
    """The next step names a part of the contract, and no field."""
    hint = finding(judge(remark("18", "shutdown")), "fields").hint
    assert hint == "Look again at the part “compute” of the contract."


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("livenessProbe", "isn't a list of remarks", "“- field: replicas”"),
        ("livenessProbe: liveness", "isn't a list of remarks", "“- field: replicas”"),
        ("- livenessProbe\n", "“livenessProbe” (line 1) isn't a remark", "“- field: replicas”"),
        ("- feld: a\n  turm: limits\n", "has no field and no term", "“- field: replicas”"),
        ("- terminationGracePeriodSeconds: shutdown\n", "has no field and no term", "“- field: replicas”"),
        ("field: 18\nterm: shutdown\n- field: 28\n  term: traces\n", "line 3", "“- field: replicas”"),
        ("- field: 18\nterm: shutdown\n", "line 2", "“- field: replicas”"),
        ("- field: 18\n  term: shutdown\n field: 28\n", "line 3", "“- field: replicas”"),
        ("- {field: env[1].value, term: traces}\n", "bracket", "quotes around"),
        ("- field: a\n  field: b\n  term: c\n", "“field” is written twice, on lines 1 and 2", "with a dash of its own"),
        ("- {field: a, term: b}\n" * 11, "11 remarks", "sure of"),
        ("- {field: a, term: b}\n---\n- {field: a, term: b}\n", "2 documents", "---"),
        ("- " + "y" * 300_000, "256 kB", "“- field: replicas”"),
    ],
)
def test_unreadable(text: str, problem: str, hint: str) -> None:
    """A text that can't be read as remarks earns nothing, and the message has one problem and a next step."""
    report = judge(text)
    assert (report.state, report.score) == (State.FAIL, 0)
    assert problem in report.problem
    assert hint in report.hint
    assert report.problem
