"""Answers that one node without a registry can't run: their run is simulated, and the card says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cluster.kind.rewrite import reaches_cluster
from cluster.manifests.documents import Document
from cluster.manifests.references import references
from cluster.manifests.shapes import mappings
from cluster.pods.given import Given, environment, unbound_claim, uncreatable, unmountable
from cluster.pods.placement import beyond_one_node
from cluster.shop.releases import REPORTER, SIDECAR, is_shops
from cluster.train.stops import BESIDE_A_JOB


def not_here(document: Document, beside: Sequence[Document] = ()) -> str:
    """Return why the Deployment can't run on one node without a registry and without storage; empty if it can.

    An object missing from the answer isn't a reason: no cluster would run that.
    """
    spec = document.get("spec", "template", "spec", default={})
    if not isinstance(spec, dict):
        return ""
    if foreign := _foreign(spec):
        return f"The image {foreign} of another container isn't on the cluster's node"
    if kept := _not_applied(spec, beside):
        return f"The answer's pods use {kept}, which isn't applied on a cluster"
    return beyond_one_node(spec, document.get("spec", "template", "metadata", "labels", default={}))


def job_not_here(document: Document, beside: Sequence[Document] = ()) -> str:
    """Return why no Job of the CronJob can run on one node with only the answer's documents; empty if one can."""
    spec = document.get("spec", "jobTemplate", "spec", "template", "spec", default={})
    if not isinstance(spec, dict):
        return ""
    images = [str(c.get("image") or "") for kind in ("containers", "initContainers") for c in mappings(spec.get(kind))]
    if foreign := next((i for i in images if i.removeprefix("docker.io/") != REPORTER), None):
        return f"The image {foreign[:80] or 'that has no name'} isn't on the cluster's node"
    if missing := _not_in_answer(spec, beside):
        return f"The answer uses what a run doesn't have: {missing}"
    return ""


def _foreign(spec: dict[str, Any]) -> str:
    """Return the image of another container than the main one that the node doesn't have."""
    main = str(_main(spec).get("image") or "")
    images = [str(c.get("image") or "") for kind in ("containers", "initContainers") for c in mappings(spec.get(kind))]
    return next((i[:80] for i in images if i not in {main, SIDECAR} and not is_shops(i)), "")


def _main(spec: dict[str, Any]) -> dict[str, Any]:
    every = mappings(spec.get("containers"))
    return next((c for c in every if is_shops(c.get("image"))), every[0] if every else {})


def _not_applied(spec: dict[str, Any], beside: Sequence[Document]) -> str:
    """Return an object that a pod uses and that never reaches the cluster: a claim, or a Secret of a special type."""
    kept = {(d.get("kind"), str(d.get("metadata", "name"))) for d in beside if not reaches_cluster(d)}
    # References at the top of the spec (an account, a class) are resolved before any pod is created.
    used = (one for one in references(spec) if len(one.path) > 1 and (one.kind, one.name) in kept)
    named = next((f"the {one.kind} “{one.name[:60]}”" for one in used), "")
    return named or (
        "a claim of its own" if any("ephemeral" in volume for volume in mappings(spec.get("volumes"))) else ""
    )


def _not_in_answer(spec: dict[str, Any], beside: Sequence[Document]) -> str:
    """Return an object that a Job's pod refers to and that is neither in the answer nor on our cluster."""
    given = Given.of(beside, BESIDE_A_JOB)
    for why in (uncreatable(spec, given), unbound_claim(spec, given), unmountable(spec, given)):
        if why:
            return why
    every = (*mappings(spec.get("containers")), *mappings(spec.get("initContainers")))
    return next((lost for container in every if (lost := environment(container, given)[1])), "")
