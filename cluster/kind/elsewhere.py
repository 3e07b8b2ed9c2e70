"""What one node without a registry can't run: such an answer keeps its simulated run, and the card says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cluster.kind.prepared import is_applied
from cluster.manifests import Document
from cluster.scenario import BESIDE_A_JOB
from cluster.shop.releases import REPORTER, REPOSITORY, SIDECAR

_ENVIRONMENT = {
    "configMapRef": "ConfigMap", "secretRef": "Secret", "configMapKeyRef": "ConfigMap", "secretKeyRef": "Secret",
}  # fmt: skip
_VOLUMES = {"configMap": "ConfigMap", "secret": "Secret", "persistentVolumeClaim": "claim"}
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def not_here(document: Document, beside: Sequence[Document] = ()) -> str:
    """Why the Deployment can't be run on one node, with nothing but the documents beside it; empty where it can."""
    spec = document.get("spec", "template", "spec", default={})
    if not isinstance(spec, dict):
        return ""
    if foreign := _foreign(spec):
        return f"The image {foreign} of another container isn't on the cluster's node"
    if args := _list_of(_main(spec), "args"):
        return f"The shop's program has no argument {str(args[0])[:60]}"
    if kept := _not_applied(spec, beside):
        return f"The answer's pods use {kept}, which isn't applied"
    if any(
        one.get("whenUnsatisfiable", "DoNotSchedule") == "DoNotSchedule"
        for one in _list(spec, "topologySpreadConstraints")
    ):
        return "One node can't spread pods as topologySpreadConstraints asks"
    affinity = spec.get("affinity") or {}
    if any(_REQUIRED in (affinity.get(kind) or {}) for kind in ("nodeAffinity", "podAntiAffinity", "podAffinity")):
        return "One node can't keep pods as far apart, or together, as affinity asks"
    return ""


def job_not_here(document: Document, beside: Sequence[Document] = ()) -> str:
    """Why no Job of the CronJob can be run on one node, with nothing but the documents beside it; empty where it can."""
    spec = document.get("spec", "jobTemplate", "spec", "template", "spec", default={})
    if not isinstance(spec, dict):
        return ""
    images = [str(c.get("image") or "") for kind in ("containers", "initContainers") for c in _list(spec, kind)]
    if foreign := next((i for i in images if i.removeprefix("docker.io/") != REPORTER), None):
        return f"The image {foreign[:80] or 'that has no name'} isn't on the cluster's node"
    if missing := _not_in_answer(spec, beside):
        return f"The answer uses {missing}, which a run hasn't got"
    return ""


def _foreign(spec: dict[str, Any]) -> str:
    """The image of a container that isn't the shop's main one and can't be had on the node."""
    main = str(_main(spec).get("image") or "")
    images = [str(c.get("image") or "") for kind in ("containers", "initContainers") for c in _list(spec, kind)]
    return next((i[:80] for i in images if i not in {main, SIDECAR} and not i.startswith(f"{REPOSITORY}:")), "")


def _main(spec: dict[str, Any]) -> dict[str, Any]:
    every = _list(spec, "containers")
    return next((c for c in every if REPOSITORY in str(c.get("image"))), every[0] if every else {})


def _not_applied(spec: dict[str, Any], beside: Sequence[Document]) -> str:
    """What the pod refers to that is in the answer and never reaches the cluster: a claim, or a Secret of a special type.

    What isn't in the answer isn't on the cluster either: there the pod waits for it, as it would anywhere.
    """
    kinds = {"PersistentVolumeClaim": "claim"}
    kept = {
        (kinds.get(kind, kind), d.get("metadata", "name"))
        for d in beside
        if (kind := d.get("kind")) and not is_applied(d)
    }
    named = next((f"the {kind} “{name[:60]}”" for kind, name in _references(spec) if (kind, name) in kept), "")
    return named or ("a claim of its own" if any("ephemeral" in volume for volume in _list(spec, "volumes")) else "")


def _not_in_answer(spec: dict[str, Any], beside: Sequence[Document]) -> str:
    """What the pod of a Job refers to and a platform would have: it is neither in the answer nor on our cluster."""
    for field, kind, there in (
        ("serviceAccountName", "the service account", {"default"}),
        ("priorityClassName", "the priority class", {"system-cluster-critical", "system-node-critical"}),
        ("runtimeClassName", "the runtime class", set()),
    ):
        if (name := spec.get(field)) and name not in there:
            return f"{kind} “{str(name)[:60]}”"
    given = {(d.get("kind"), str(d.get("metadata", "name"))) for d in beside if d.get("kind") in BESIDE_A_JOB}
    for kind, name in _references(spec):
        if (kind, name) not in given | {("ConfigMap", "kube-root-ca.crt")}:
            return f"the {kind} “{name[:60]}”"
    return ""


def _references(spec: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every ConfigMap, Secret and claim that a pod can't do without."""
    for container in (*_list(spec, "containers"), *_list(spec, "initContainers")):
        sources = [*_list(container, "envFrom"), *(_dict(e.get("valueFrom")) for e in _list(container, "env"))]
        for source in sources:
            for field, kind in _ENVIRONMENT.items():
                named = _dict(source.get(field))
                if named and named.get("optional") is not True:
                    yield kind, str(named.get("name"))
    for volume in _list(spec, "volumes"):
        projected = _list(_dict(volume.get("projected")), "sources")
        for source in (volume, *projected):
            for field, kind in _VOLUMES.items():
                named = _dict(source.get(field))
                if named and named.get("optional") is not True:
                    yield kind, str(named.get("name") or named.get("secretName") or named.get("claimName"))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list_of(container: dict[str, Any], field: str) -> list[Any]:
    found = container.get(field)
    return found if isinstance(found, list) else []


def _list(spec: dict[str, Any], field: str) -> list[dict[str, Any]]:
    return [one for one in spec.get(field) or () if isinstance(one, dict)]
