"""Pods that the cluster rejected (not created, without a node, without an image, evicted), and the field at fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cluster.manifests.documents import Path
from cluster.pods.placement import LABELS
from graders.application_platform.contract import IMAGE, RELEASE
from graders.application_platform.exercises.deployment.absent import missing, named_in, named_objects
from graders.application_platform.exercises.deployment.blame import (
    POD,
    WORDS,
    Blame,
    all_containers,
    command_replaced,
    items,
)
from graders.families.manifest.deployment import Manifest
from graders.families.manifest.documents import curly
from graders.reading.text import shown


def not_created(answer: Manifest, _subject: str, why: str) -> Blame:
    """Return why the server refuses to create the pods: a missing object, or a rule of the namespace."""
    fields = tuple(named_objects(answer, "ServiceAccount", "PriorityClass", "RuntimeClass"))
    if found := named_in(fields, why):
        return missing(answer, found)
    return Blame(
        f"the cluster refused to create its pods: {shown(why, WORDS)}",
        "Delete what the message names: a stateless API needs no privileges and no access to the host.",
        _named_by(answer, why), "Which field of your pods does the message name?",
    )  # fmt: skip


def _named_by(answer: Manifest, why: str) -> Path:
    """Return the first field of the pod that a message names: hostNetwork, privileged, hostPath..."""
    words = {word for part in why.split() for word in part.replace(".", "=").split("=")}
    words = {word.strip('(),:"') for word in words}
    return next(
        (path for path in answer.deployment.lines if path[: len(POD)] == POD and path[-1] in words - _EVERYWHERE), ()
    )


_EVERYWHERE = frozenset({"container", "containers", "volume", "volumes", "securityContext", "name", "add"})


def no_node(answer: Manifest, pod: str, why: str) -> Blame:
    """Return the field of the pod that no node satisfies, from the scheduler's reasons and the manifest."""
    found = f"{pod} found no node"
    if claim := named_in(tuple(named_objects(answer, "PersistentVolumeClaim")), why):
        return missing(answer, claim, f"{found}, because a volume needs")
    for reason, field in _REASONS.items():
        path = (*POD, *field)
        if reason in why and answer.deployment.get(*path) is not None:
            return _placement(answer, found, path)
    name, path = _asked(answer, why)
    if name in ("cpu", "memory", "ephemeral-storage"):
        return Blame(
            f"{found}, because no node has room for the {name} that it requests", "Request at most what a node has: look at requests and their units.",
            path, "How much does one pod reserve, and how many pods are needed?",
        )  # fmt: skip
    if name:
        return Blame(f"{found}, because no node has {shown(name)}", f"Delete {shown(name)} from resources: the orders API doesn't need it.",
                     path, "Does a node have everything that the container requests?")  # fmt: skip
    return Blame(f"{found}: {shown(why, WORDS)}", "Delete the field that excludes the cluster's nodes.",
                 nudge="What does the pod require that no node has?")  # fmt: skip


_REASONS: Mapping[str, tuple[str, ...]] = {
    "anti-affinity": ("affinity", "podAntiAffinity"),
    "pod affinity": ("affinity", "podAffinity"),
    "topology spread": ("topologySpreadConstraints",),
    "nodeAffinity": ("affinity", "nodeAffinity"),
    "no node has the label": ("nodeSelector",),
    "affinity/selector": ("nodeSelector",),
    "node affinity": ("affinity", "nodeAffinity"),
}
"""Parts of the scheduler's reasons (``ErrReason...`` in k8s.io/kubernetes/pkg/scheduler/framework/plugins), and of those of the
simulated one, with the field of the pod that each is about."""


def _placement(answer: Manifest, found: str, path: Path) -> Blame:
    field = str(path[-1])
    if field != "nodeSelector":
        return Blame(
            f"{found}, because the cluster has too few nodes for {field}" if field != "nodeAffinity"
            else f"{found}, because no node has the labels that nodeAffinity requires",
            _SOFTER.get(field, f"Use preferredDuringSchedulingIgnoredDuringExecution, or delete {field}."), path,
            "On which nodes may the pod run, and which nodes does the cluster have?",
        )  # fmt: skip
    every = {str(key): str(value) for key, value in answer.deployment.get(*path).items()}
    lacking = {key: value for key, value in every.items() if LABELS.get(key) != value} or every
    labels = ", ".join(f"{key}={value}" for key, value in lacking.items())
    nudge = "Which nodes have the labels of your nodeSelector?"
    if len(lacking) == 1:
        (key,) = lacking
        return Blame(
            f"{found}, because no node has the label {shown(labels)} of its nodeSelector",
            f"Delete {shown(key)} from nodeSelector: a stateless API runs on any node.", (*path, key), nudge,
        )  # fmt: skip
    return Blame(
        f"{found}, because no node has all the labels of its nodeSelector: {shown(labels, 120)}",
        "Delete nodeSelector: a stateless API runs on any node.", path, nudge,
    )  # fmt: skip


_SOFTER = {
    "topologySpreadConstraints": "Write whenUnsatisfiable: ScheduleAnyway, or delete topologySpreadConstraints.",
}


def _asked(answer: Manifest, why: str) -> tuple[str, Path]:
    """Return the resource that a message names, and the path of its request."""
    words = {word.strip(".,:;") for word in why.split()}
    for path, _ in all_containers(answer):
        for kind in ("requests", "limits"):
            asked = answer.deployment.get(*path, "resources", kind)
            for name in asked if isinstance(asked, dict) else ():
                if name in words:
                    return name, (*path, "resources", kind, name)
    return next((name for name in ("cpu", "memory") if name in words), ""), ()


def no_image(answer: Manifest, pod: str, why: str) -> Blame:
    """Return why an image can't be pulled, or why its container can't start."""
    at = next(
        (path for path, one in all_containers(answer) if one.get("image") and str(one["image"]) in why), answer.path
    )
    if "Image" not in why:  # the message is about the container, not its image
        if answer.of("command"):
            return command_replaced(answer)
        if root_refused(answer, answer.path):
            return as_root(answer, answer.path, answer.name)
        return Blame(f"{pod} couldn't start: {shown(why, WORDS)}", "Look at what the message says about the container.")
    reason, _, image = why.partition(": ")
    hint = (
        f"Look at the image: the exercise's is {IMAGE}:{RELEASE}."
        if at == answer.path
        else "Look at that image's name and tag."
    )
    if curly(answer.deployment.get(*at, "image")):
        hint = "Delete the curly quotes around the image: write straight quotes, or none."
    cant = "isn't a valid image name" if reason == "InvalidImageName" else "can't be pulled"
    return Blame(f"{pod} couldn't start, because {shown(image, 120)} {cant} ({shown(reason)})", hint, (*at, "image"),
                 "Which image is it, and where does a node get it?")  # fmt: skip


def root_refused(answer: Manifest, path: Path) -> bool:
    """Whether a container must not run as root, but has the user of root."""
    context = {**_context(answer, POD), **_context(answer, path)}
    return context.get("runAsNonRoot") is True and context.get("runAsUser") == 0


def as_root(answer: Manifest, path: Path, container: str) -> Blame:
    """Return the problem of a container that must not run as root, but would."""
    at = path if "runAsUser" in _context(answer, path) else POD
    return Blame(
        f"the container “{shown(container)}” can't start: it must not run as root, but runAsUser is root",
        "Delete runAsUser, or write a number above 0.", (*at, "securityContext", "runAsUser"),
        "As which user does the container run?",
    )  # fmt: skip


def _context(answer: Manifest, path: Path) -> dict[str, Any]:
    found = answer.deployment.get(*path, "securityContext")
    return found if isinstance(found, dict) else {}


def evicted(answer: Manifest, _pod: str, why: str) -> Blame:
    """Return the problem of a pod that used more ephemeral storage than its limit."""
    volumes = items(answer, (*POD, "volumes"))
    small = next(
        (i for i, v in enumerate(volumes) if isinstance(v, dict) and isinstance(v.get("emptyDir"), dict)
         and v["emptyDir"].get("sizeLimit") is not None and str(v.get("name")) in why), None,
    )  # fmt: skip
    if small is not None:
        path: Path = (*POD, "volumes", small, "emptyDir", "sizeLimit")
        hint = "Raise sizeLimit, or delete it."
    else:
        path = next((p for p in answer.deployment.lines if p[-2:] == ("limits", "ephemeral-storage")), ())
        hint = "Raise the limit of ephemeral-storage, or delete it: a container's logs count as well."
    return Blame(
        f"the kubelet evicts the pods: {shown(why, WORDS)}", hint, path, "How much of the node's disk may a pod use?"
    )
