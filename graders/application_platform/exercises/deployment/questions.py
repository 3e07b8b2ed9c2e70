"""Remarks without cost on a Deployment and the objects beside it: things that work, but that an engineer would question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from cluster.admission.response import Admission
from cluster.manifests.documents import Document
from cluster.manifests.references import references
from cluster.manifests.shapes import listing
from cluster.pods.probing import requested_path
from cluster.shop.releases import REPOSITORY, SIDECAR
from cluster.text.amounts import format_duration
from graders.application_platform.contract import IMAGE, PORT, RELEASE
from graders.application_platform.exercises.deployment import environment
from graders.families.manifest.deployment import Manifest, containers, repository
from graders.reading.text import shown

MOST = 4
"""The most remarks on a card."""

LONG_START = 900.0
"""A start of a quarter of an hour is long for an API, in seconds."""

LONG_END = 600.0
"""A long end, in seconds: a drained node waits for it."""

_POD = ("spec", "template", "spec")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


def assumed(answer: Manifest) -> Iterator[str]:
    """Yield a sentence about the containers with other images, whose programs the grader doesn't know."""
    beside: list[tuple[str, str]] = []
    before: list[tuple[str, str]] = []
    for container in listing(answer.deployment.get(*_POD, "initContainers")):
        if isinstance(container, dict) and (named := _foreign(container)):
            (beside if container.get("restartPolicy") == "Always" else before).append(named)
    for _, container in answer.others():
        if named := _foreign(container):
            beside.append(named)
    for found, what, end in (
        (before, "The init container", "it is assumed to succeed"),
        (beside, "The container", "it is assumed to run and to be ready"),
    ):
        if len(found) == 1:
            yield f"{what} “{found[0][0]}” has another image, {found[0][1]}: {end}."
        elif found:
            named_ones = ", ".join(f"“{name}” ({image})" for name, image in found[:MOST])
            more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
            yield f"{what}s {named_ones}{more} have other images: each {end.removeprefix('it ')}."


def _foreign(container: Mapping[str, Any]) -> tuple[str, str] | None:
    image = str(container.get("image") or "")
    if repository(image) == REPOSITORY or image.removeprefix("docker.io/") == SIDECAR:
        return None
    return shown(container.get("name"), 63), shown(image, 80)


def asked(answer: Manifest, admissions: Sequence[Admission]) -> tuple[str, ...]:
    """Return the first remarks on accepted objects, the most costly first."""
    accepted = [d for d, verdict in zip(answer.documents, admissions, strict=True) if verdict.accepted]
    return tuple(islice(_all(answer, accepted), MOST))


def _all(answer: Manifest, accepted: Sequence[Document]) -> Iterator[str]:
    for document in accepted:
        yield from _BESIDE.get(str(document.get("kind")), _nothing)(answer, document)
    yield from _ports(answer)
    yield from _paths(answer)
    yield from _times(answer)
    yield from _release(answer)
    yield from _unused(answer, accepted)


def _nothing(_answer: Manifest, _document: Document) -> Iterator[str]:
    return iter(())


def _at(document: Document, *path: str | int) -> str:
    line = document.line(*path)
    return f" (line {line})" if line else ""


# -- the objects beside the Deployment


def _scaler(answer: Manifest, scaler: Document) -> Iterator[str]:
    name, target = shown(scaler.get("metadata", "name")), scaler.get("spec", "scaleTargetRef", "name")
    ours, replicas = answer.deployment.get("metadata", "name"), _replicas(answer)
    least, most = scaler.get("spec", "minReplicas"), scaler.get("spec", "maxReplicas")
    if target != ours or scaler.get("spec", "scaleTargetRef", "kind") != "Deployment":
        yield f"The HorizontalPodAutoscaler “{name}” scales “{shown(target)}”{_at(scaler, 'spec', 'scaleTargetRef')}, not your Deployment."
    elif isinstance(most, (int, float)) and most < replicas:
        yield f"maxReplicas: {most:.0f}{_at(scaler, 'spec', 'maxReplicas')} lowers your Deployment to {_pods(most)}; your manifest has {replicas}."
    elif isinstance(least, (int, float)) and least > replicas:
        yield f"minReplicas: {least:.0f}{_at(scaler, 'spec', 'minReplicas')} raises your Deployment to {_pods(least)} at once; your manifest has {replicas}."
    elif isinstance(least, (int, float)) and least == most:
        yield f"minReplicas and maxReplicas are both {least:.0f}{_at(scaler, 'spec', 'maxReplicas')}, so the HorizontalPodAutoscaler scales nothing."
    elif (1 if least is None else least) == 1 and replicas > 1:
        where = _at(scaler, "spec", "minReplicas") if least is not None else ""
        yield f"With minReplicas: 1{where} one pod remains in a quiet hour, and then every restart is an outage."


def _budget(answer: Manifest, budget: Document) -> Iterator[str]:
    name, replicas = shown(budget.get("metadata", "name")), _replicas(answer)
    if not _selects(_labels_of(budget.get("spec", "selector")), answer) and budget.get("spec", "selector"):
        yield f"The PodDisruptionBudget “{name}” selects none of your pods{_at(budget, 'spec', 'selector')}."
        return
    for field in ("minAvailable", "maxUnavailable"):
        written = budget.get("spec", field)
        count = _count(written, replicas)
        if count is None:
            continue
        free = replicas - count if field == "minAvailable" else count
        if free <= 0:
            yield f"{field}: {shown(written)}{_at(budget, 'spec', field)} allows no eviction, so a node that runs such a pod can't be drained."
        elif free >= replicas:
            yield f"{field}: {shown(written)}{_at(budget, 'spec', field)} allows the eviction of all pods at once, so the PodDisruptionBudget protects none."


def _service(answer: Manifest, service: Document) -> Iterator[str]:
    name, selector = shown(service.get("metadata", "name")), service.get("spec", "selector")
    if service.get("spec", "type") == "ExternalName":
        return
    if not isinstance(selector, dict) or not selector:
        yield f"Your Service “{name}” has no selector, so it selects no pods{_at(service, 'spec')}."
        return
    if not _selects(selector, answer):
        own = answer.deployment.get("spec", "template", "metadata", "labels", default={})
        key, value = next((key, value) for key, value in selector.items() if own.get(key) != value)
        theirs = f"have {shown(f'{key}: {own[key]}')}" if key in own else f"have no label {shown(key)}"
        yield (
            f"Your Service “{name}” selects none of your pods{_at(service, 'spec', 'selector')}: it requires "
            f"{shown(f'{key}: {value}')}, but they {theirs}."
        )
        return
    listens, _ = environment.port(answer)
    numbers = {listens, *(number for number, _ in _container_ports(answer))}
    names = {name for _, name in _container_ports(answer) if name}
    for index, port in enumerate(listing(service.get("spec", "ports"))):
        if not isinstance(port, dict):
            continue
        target = port.get("targetPort") if port.get("targetPort") is not None else port.get("port")
        if target not in (names if isinstance(target, str) else numbers):
            what = (
                "a name that no port of a container has"
                if isinstance(target, str)
                else "where none of your containers listens"
            )
            yield f"Your Service “{name}” sends requests to port {shown(target)}{_at(service, 'spec', 'ports', index)}, {what}."
            return


_BESIDE = {"HorizontalPodAutoscaler": _scaler, "PodDisruptionBudget": _budget, "Service": _service}


# -- the Deployment itself


def _ports(answer: Manifest) -> Iterator[str]:
    if answer.container is None or environment.port(answer)[1] is not None:
        return
    written = [p for p in listing(answer.of("ports")) if isinstance(p, dict)]
    if any(p.get("containerPort") == PORT for p in written):
        return
    told = f"the exercise asks for containerPort {PORT}. The field is only information, so the run isn't affected."
    if written:
        yield f"containerPort: {shown(written[0].get('containerPort'))}{_at(answer.deployment, *answer.path, 'ports', 0)}: {told}"
    else:
        yield f"The container has no containerPort: {told}"


def _paths(answer: Manifest) -> Iterator[str]:
    for field in _PROBES:
        written = answer.of(field, "httpGet", "path")
        if isinstance(written, str) and written and not written.startswith("/"):
            yield (f"path: {shown(written)}{_at(answer.deployment, *answer.path, field, 'httpGet', 'path')} has no leading slash; "
                   f"the kubelet requests {shown(requested_path(written))}.")  # fmt: skip


def _times(answer: Manifest) -> Iterator[str]:
    startup = answer.of("startupProbe")
    if isinstance(startup, dict):
        takes = _number(startup.get("periodSeconds"), 10) * _number(startup.get("failureThreshold"), 3)
        takes += _number(startup.get("initialDelaySeconds"), 0)
        if takes > LONG_START:
            yield (f"The startup probe allows {format_duration(takes)}{_at(answer.deployment, *answer.path, 'startupProbe')}: "
                   "a pod that can't start isn't restarted before that.")  # fmt: skip
    grace = answer.deployment.get(*_POD, "terminationGracePeriodSeconds")
    if isinstance(grace, (int, float)) and grace > LONG_END:
        yield (f"A pod may take {format_duration(grace)} to end{_at(answer.deployment, *_POD, 'terminationGracePeriodSeconds')}: "
               "if it hangs, the drain of its node takes that long.")  # fmt: skip


def _release(answer: Manifest) -> Iterator[str]:
    image = answer.of("image")
    if repository(image) == IMAGE and "@" not in str(image) and str(image).strip().rpartition(":")[2] != RELEASE:
        yield f"The image is {shown(image)}{_at(answer.deployment, *answer.path, 'image')}; the exercise asks for {IMAGE}:{RELEASE}."
    if answer.deployment.get("spec", "revisionHistoryLimit") == 0:
        yield (f"revisionHistoryLimit: 0{_at(answer.deployment, 'spec', 'revisionHistoryLimit')} keeps no earlier revision, "
               "so a bad release can't be rolled back.")  # fmt: skip


def _unused(answer: Manifest, accepted: Sequence[Document]) -> Iterator[str]:
    used = {(one.kind, one.name) for one in references(answer.deployment.get(*_POD))}
    for document in accepted:
        kind, name = document.get("kind"), document.get("metadata", "name")
        if (
            kind in ("ConfigMap", "Secret", "ServiceAccount")
            and (kind, name) not in used
            and not _optional(answer, name)
        ):
            yield f"None of your pods uses the {kind} “{shown(name)}”{_at(document, 'metadata', 'name')}."
            return


def _optional(answer: Manifest, name: Any) -> bool:
    """Whether the pod's spec has the name anywhere, such as in an optional reference."""
    return any(
        answer.deployment.get(*path) == name
        for path in answer.deployment.lines
        if path[:3] == _POD and path[-1] in _NAMES
    )


_NAMES = frozenset({"name", "secretName"})


# -- helpers


def _replicas(answer: Manifest) -> int:
    written = answer.deployment.get("spec", "replicas")
    return int(written) if isinstance(written, (int, float)) else 1


def _pods(count: float) -> str:
    return "1 pod" if count == 1 else f"{count:.0f} pods"


def _count(written: Any, replicas: int) -> int | None:
    """Return a number of pods, also from a percentage, rounded up like the controller does."""
    if isinstance(written, bool) or written is None:
        return None
    if isinstance(written, (int, float)):
        return int(written)
    percent = str(written).removesuffix("%")
    return -(-replicas * int(percent) // 100) if percent.isdecimal() and len(percent) < MOST else None


def _labels_of(selector: Any) -> Any:
    """Return the labels of a selector; None if it has expressions, which are assumed to match."""
    if not isinstance(selector, dict) or selector.get("matchExpressions"):
        return None
    return selector.get("matchLabels")


def _selects(labels: Any, answer: Manifest) -> bool:
    own = answer.deployment.get("spec", "template", "metadata", "labels", default={})
    if not isinstance(labels, dict):
        return True
    return isinstance(own, dict) and all(own.get(key) == value for key, value in labels.items())


def _container_ports(answer: Manifest) -> Iterator[tuple[Any, Any]]:
    for index, container in containers(answer.deployment):
        for port in listing(container.get("ports")):
            # The application's containerPort is only information; the other programs aren't known.
            if isinstance(port, dict):
                own = index == answer.container
                yield (
                    (
                        None
                        if own and port.get("containerPort") != PORT and not port.get("name")
                        else port.get("containerPort")
                    ),
                    port.get("name"),
                )


def _number(value: Any, default: float) -> float:
    return float(value) if isinstance(value, (int, float)) and value else default
