"""Exercise ``gate``: a Service and an Ingress that lead a request from outside to the pods that take it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graders.core.exercise import Criterion, Exercise, Sample, Verdict, failed, partly, passed
from graders.families.manifest.documents import ObjectKind
from graders.families.manifest.objects import Admissions, FieldCheck, Objects, manifest
from graders.reading.text import shown

HOST, PATH = "berths.example", "/berths"
LABELS: Mapping[str, str] = {"app": "berths"}
CONTAINER_PORT = 8080
SERVICE, INGRESS = "Service", "Ingress"


def way(answer: Objects, _evidence: Admissions) -> Verdict:
    """A request for the host and path comes to the pods' port: each of the four steps is a quarter of the points."""
    steps = list(_steps(answer))
    missed = [verdict for verdict in steps if verdict.share < 1]
    if not missed:
        return passed(f"{HOST}{PATH} leads to port {CONTAINER_PORT} of the pods")
    first = missed[0]
    return partly(
        1 - len(missed) / len(steps),
        first.observed,
        first.hint,
        line=first.line,
        also="; ".join(v.observed for v in missed[1:]),
    )


def _steps(answer: Objects) -> Iterator[Verdict]:
    yield _selects(answer)
    place, backend = _backend(answer)
    yield passed("") if backend is not None else failed(
        f"no rule of the Ingress is for {HOST}{PATH}", f"Write a rule for the host {HOST} with the path {PATH}.",
        line=answer.line(INGRESS, "spec"),
    )  # fmt: skip
    service = backend if isinstance(backend, dict) else {}
    line, own = answer.line(INGRESS, *place), answer.get(SERVICE, "metadata", "name")
    yield passed("") if own and service.get("name") == own else failed(
        f"the Ingress leads to the Service “{shown(service.get('name'))}”, and yours is “{shown(own)}”",
        "Name your Service in the backend.", line=line,
    )  # fmt: skip
    yield _port(answer, service.get("port"), line)


def _selects(answer: Objects) -> Verdict:
    if answer.get(SERVICE, "spec", "selector") == LABELS:
        return passed("")
    observed = (
        f"the Service selects {shown(answer.get(SERVICE, 'spec', 'selector'))}, and the pods have {shown(dict(LABELS))}"
    )
    return failed(observed, "Write the pods' labels into the selector.", line=answer.line(SERVICE, "spec", "selector"))


def _backend(answer: Objects) -> tuple[tuple[str | int, ...], Any]:
    """The path, and the Service's part, of the backend for the host and path; an empty path and None if there is no backend."""
    rules = answer.get(INGRESS, "spec", "rules")
    for at, rule in enumerate(rules if isinstance(rules, list) else []):
        paths = answer.get(INGRESS, "spec", "rules", at, "http", "paths")
        for index, one in enumerate(paths if isinstance(paths, list) else []):
            if (
                isinstance(rule, dict)
                and rule.get("host") == HOST
                and isinstance(one, dict)
                and one.get("path") == PATH
            ):
                place = ("spec", "rules", at, "http", "paths", index, "backend", "service")
                return place, answer.get(INGRESS, *place)
    return (), None


def _port(answer: Objects, asked: Any, line: int) -> Verdict:
    """The backend's port is one of the Service's, and that leads to the pods' port."""
    wanted = asked if isinstance(asked, dict) else {}
    ports = answer.get(SERVICE, "spec", "ports")
    every = [port for port in ports if isinstance(port, dict)] if isinstance(ports, list) else []
    meant = next(
        (
            p
            for p in every
            if wanted and (p.get("port") == wanted.get("number") or (p.get("name") or 0) == wanted.get("name"))
        ),
        None,
    )
    if meant is None:
        return failed(
            "the Ingress asks for a port that the Service doesn't have", "Name one of the Service's ports.", line=line
        )
    if meant.get("targetPort", meant.get("port")) != CONTAINER_PORT:
        return failed(
            f"the Service sends to port {shown(meant.get('targetPort', meant.get('port')))}, and the pods listen at {CONTAINER_PORT}",
            "Set targetPort.", line=answer.line(SERVICE, "spec", "ports"),
        )  # fmt: skip
    return passed("")


WAY: Criterion[Objects, Admissions] = Criterion(
    name="way", points=5, title="A request finds the pods", judge=way,
    expected=f"an Ingress for {HOST}{PATH} that leads through the Service to port {CONTAINER_PORT} of the pods",
    why="Each of the two objects can be right alone, and the request ends in a 503 all the same.",
    docs_url="kubernetes.io/docs/concepts/services-networking/ingress/",
    hints=(
        "Follow one request with your finger, from the host to the pods.",
        "Two names and two numbers have to be the same in both objects, or in the pods.",
        "The backend has the Service's name and port; the Service has the pods' label, and their port as targetPort.",
    ),
)  # fmt: skip

EXERCISE: Exercise[Objects, Admissions] = manifest(
    name="gate", title="A gate for berths", section="01-ways-in", minutes=10,
    kinds=(ObjectKind(SERVICE, "v1"), ObjectKind(INGRESS, "networking.k8s.io/v1")), accepted=2,
    checks=(FieldCheck(WAY, {SERVICE: (("metadata", "name"), ("spec",)), INGRESS: (("spec",),)}),),
    sample=Sample(__file__, 4.5),
)  # fmt: skip
