"""Exercises about several objects: one of each kind, with other objects beside them or with one missing."""

from __future__ import annotations

import pytest

from cluster import world
from graders.core.exercise import Criterion, Verdict, failed, passed
from graders.core.report import Finding, Report
from graders.families.manifest.documents import ObjectKind
from graders.families.manifest.objects import Admissions, FieldCheck, Objects, manifest

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: quay}
spec: {selector: {app: quay}, ports: [{port: 80}]}
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: quay}
spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: quay, port: {number: 80}}}}]}}]}
"""
BOTH = f"{SERVICE}---\n{INGRESS}"


def port(answer: Objects, _evidence: Admissions) -> Verdict:
    """The Service's first port is 80."""
    asked = answer.get("Service", "spec", "ports", 0, "port")
    return passed("80") if asked == 80 else failed(f"port: {asked}", "Let it be 80.")


EXERCISE = manifest(
    name="quay", title="A quay", section="01", minutes=1, accepted=2,
    kinds=(ObjectKind("Service", "v1"), ObjectKind("Ingress", "networking.k8s.io/v1")),
    checks=(
        FieldCheck(
            Criterion("port", 3, "Port 80", port, "port 80", "why", "read", ("one", "two", "three")),
            {"Service": (("spec", "ports"),)},
        ),
    ),
)  # fmt: skip


def judged(text: str) -> Report:
    """The report on an answer."""
    return EXERCISE.judge(text, world())


def findings(text: str) -> tuple[Finding, Finding]:
    """The findings on acceptance and on the port."""
    accepted, own = judged(text).findings
    return accepted, own


@pytest.mark.parametrize(
    "text", [BOTH, f"{INGRESS}---\n{SERVICE}", f"{BOTH}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n"]
)
def test_full_marks(text: str) -> None:
    """Both objects earn full marks in any order, and beside other objects."""
    assert judged(text).score == 5


def test_one_is_missing() -> None:
    """One of two objects earns its own points, and a check of the missing one follows."""
    accepted, own = findings(SERVICE)
    assert accepted.observed == "your answer has no Ingress"
    assert "networking.k8s.io/v1" in accepted.hint
    assert own.earned == 3
    accepted, own = findings(INGRESS)
    assert (accepted.earned, own.earned, own.follows) == (0, 0, True)
    assert own.observed == "your answer has no Service to check"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SERVICE + INGRESS, "“kind” is written twice, on lines 2 and 6"),
        (f"{SERVICE}---\n{BOTH}", "Your answer has 2 Services (lines 2, 7)"),
        (f"{BOTH}---\n{INGRESS}", "Your answer has 2 Ingresses"),
        ("a: 1", "No document of your answer has a kind."),
        ("- a", "Document 1 of your answer is a list"),
        ("kind: Pod", "This is a Pod; the exercise asks for a Service."),
        ("kind: [a]", "the exercise asks for a Service."),
    ],
)
def test_what_cannot_be_read(text: str, problem: str) -> None:
    """An answer without one object of each kind gives an error of one sentence."""
    assert problem in judged(text).problem


def test_nearly_named() -> None:
    """A document with a misspelled or missing kind is read as the missing object, and the server's message names the mistake."""
    accepted, own = findings(BOTH.replace("Service", "Servce", 1))
    assert (accepted.hint, own.earned) == ("Did you mean Service?", 3)
    accepted, own = findings(BOTH.replace("kind: Ingress\n", ""))
    assert (accepted.hint, own.earned) == ("Begin with “apiVersion: networking.k8s.io/v1” and “kind: Ingress”.", 3)


def test_a_refused_field_costs_once() -> None:
    """If the server refuses the field that a check reads, the check follows; the refusal of another field doesn't affect it."""
    accepted, own = findings(BOTH.replace("port: 80}]", "port: eighty}]", 1))
    assert (accepted.earned, own.follows) == (0, True)
    accepted, own = findings(BOTH.replace("pathType", "pathTyp").replace("port: 80}]", "port: 81}]", 1))
    assert (accepted.earned, own.observed, own.follows) == (0, "port: 81", False)


@pytest.mark.parametrize(
    ("old", "new", "earned"),
    [
        ("port: 80}]", 'port: "80"}]', 3), ("ports: [{port", "port: [{port", 3), ("ports: [{port", "Ports: [{port", 3),
        # Without a known correction it costs the check's points, and no more for the refusal.
        ("port: 80}]", "port: eighty}]", 2),
    ],
)  # fmt: skip
def test_a_slip_costs_what_the_servers_word_costs(old: str, new: str, earned: float) -> None:
    """A refused mistake costs the points of acceptance; the check is judged on the corrected answer, and says so."""
    accepted, own = findings(BOTH.replace(old, new, 1))
    assert (accepted.earned, own.earned, own.follows) == (0, earned, True)
    assert "only once" in own.observed or "costs 3 points in all" in own.observed


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("ports: [{port: 80}]", "ports: [{port: 80}], targetPort: 80", "an entry of the Service's ports"),
        ("rules: [{http", "path: /, rules: [{http", "an entry of paths"),
    ],
)
def test_where_a_field_belongs(old: str, new: str, place: str) -> None:
    """A finding on a misplaced field names its place in an object of that kind, not in a Deployment."""
    accepted, _ = findings(BOTH.replace(old, new))
    assert place in accepted.hint or "belongs under" in accepted.hint


def test_shown() -> None:
    """The answer cell names the objects that were read, and the JSON has the server's first refusal."""
    assert EXERCISE.echo(EXERCISE.parse(BOTH)).kept == "Service “quay”, Ingress “quay”"
    report = judged(BOTH.replace("pathType", "pathTyp"))
    assert EXERCISE.json(report.evidence, "")["admission"]["accepted"] is False  # type: ignore[arg-type]
    assert EXERCISE.json(None, "why")["admission"]["message"] == "why"
