"""What one node without a registry can't run: such an answer keeps its simulated run, and the card says so."""

from __future__ import annotations

from typing import Any

from cluster.manifests import Document
from cluster.shop.releases import REPOSITORY, SIDECAR

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def not_here(document: Document) -> str:
    """Why the Deployment can't be run on one node; empty where it can."""
    spec = document.get("spec", "template", "spec", default={})
    if not isinstance(spec, dict):
        return ""
    if foreign := _foreign(spec):
        return f"The image {foreign} of another container isn't on the cluster's node"
    if any(
        one.get("whenUnsatisfiable", "DoNotSchedule") == "DoNotSchedule"
        for one in _list(spec, "topologySpreadConstraints")
    ):
        return "One node can't spread pods as topologySpreadConstraints asks"
    affinity = spec.get("affinity") or {}
    if any(_REQUIRED in (affinity.get(kind) or {}) for kind in ("nodeAffinity", "podAntiAffinity", "podAffinity")):
        return "One node can't keep pods as far apart, or together, as affinity asks"
    return ""


def _foreign(spec: dict[str, Any]) -> str:
    """The image of a container that isn't the shop's main one and can't be had on the node."""
    images = [str(c.get("image") or "") for c in _list(spec, "containers")]
    main = next((i for i in images if REPOSITORY in i), images[0] if images else "")
    images += [str(c.get("image") or "") for c in _list(spec, "initContainers")]
    return next((i[:80] for i in images if i not in {main, SIDECAR} and not i.startswith(f"{REPOSITORY}:")), "")


def _list(spec: dict[str, Any], field: str) -> list[dict[str, Any]]:
    return [one for one in spec.get(field) or () if isinstance(one, dict)]
