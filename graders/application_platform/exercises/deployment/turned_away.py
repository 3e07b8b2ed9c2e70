"""Pods that the cluster turned away (not created, without a node, without an image, evicted), and for which field."""

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
    """The server refuses to create the pods: an object isn't there, or the namespace forbids something."""
    fields = tuple(named_objects(answer, "ServiceAccount", "PriorityClass", "RuntimeClass"))
    if found := named_in(fields, why):
        return missing(answer, found)
    return Blame(
        f"the cluster refused to make its pods: {shown(why, WORDS)}",
        "Take out what it names: a stateless API needs no privileges, no host and nothing outside its namespace.",
        _named_by(answer, why), "What does the message name that your pods ask for?",
    )  # fmt: skip


def _named_by(answer: Manifest, why: str) -> Path:
    """The first field of the pod that the words name: hostNetwork, privileged, hostPath..."""
    words = {word for part in why.split() for word in part.replace(".", "=").split("=")}
    words = {word.strip('(),:"') for word in words}
    return next(
        (path for path in answer.deployment.lines if path[: len(POD)] == POD and path[-1] in words - _EVERYWHERE), ()
    )


_EVERYWHERE = frozenset({"container", "containers", "volume", "volumes", "securityContext", "name", "add"})


def no_node(answer: Manifest, pod: str, why: str) -> Blame:
    """Which field of the pod no node satisfies: the scheduler's reasons, held against what the manifest has."""
    found = f"{pod} found no node"
    if claim := named_in(tuple(named_objects(answer, "PersistentVolumeClaim")), why):
        return missing(answer, claim, f"{found}: a volume is made from")
    for reason, field in _REASONS.items():
        path = (*POD, *field)
        if reason in why and answer.deployment.get(*path) is not None:
            return _placement(answer, found, path)
    name, path = _asked(answer, why)
    if name in ("cpu", "memory", "ephemeral-storage"):
        return Blame(
            f"{found}: no node has room for the {name} that it requests", "Ask for no more than a node has: look at requests and their units.",
            path, "How much does one pod reserve, and how many pods are there?",
        )  # fmt: skip
    if name:
        return Blame(f"{found}: no node has {shown(name)}", f"Take {shown(name)} out of resources: the orders API needs none.",
                     path, "Does a node have everything that the container's resources ask for?")  # fmt: skip
    return Blame(f"{found}: {shown(why, WORDS)}", "Take out what keeps the pod from the cluster's nodes.",
                 nudge="What does the scheduler look for that no node has?")  # fmt: skip


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
            f"{found}: there are not enough nodes for what {field} demands" if field != "nodeAffinity"
            else f"{found}: no node has the labels that nodeAffinity demands",
            _SOFTER.get(field, f"Ask for it as preferredDuringSchedulingIgnoredDuringExecution, or take {field} out."), path,
            "On which nodes may the pod run, and which nodes are there?",
        )  # fmt: skip
    every = {str(key): str(value) for key, value in answer.deployment.get(*path).items()}
    lacking = {key: value for key, value in every.items() if LABELS.get(key) != value} or every
    labels = ", ".join(f"{key}={value}" for key, value in lacking.items())
    nudge = "Which nodes have the labels of your nodeSelector?"
    if len(lacking) == 1:
        (key,) = lacking
        return Blame(
            f"{found}: no node has the label {shown(labels)} of its nodeSelector",
            f"Take {shown(key)} out of nodeSelector: a stateless API runs on any node.", (*path, key), nudge,
        )  # fmt: skip
    return Blame(
        f"{found}: no node has all the labels of its nodeSelector: {shown(labels, 120)}",
        "Take nodeSelector out: a stateless API runs on any node.", path, nudge,
    )  # fmt: skip


_SOFTER = {
    "topologySpreadConstraints": "Write whenUnsatisfiable: ScheduleAnyway, or take topologySpreadConstraints out.",
}


def _asked(answer: Manifest, why: str) -> tuple[str, Path]:
    """The resource that the words name, and where it is asked for."""
    words = {word.strip(".,:;") for word in why.split()}
    for path, _ in all_containers(answer):
        for kind in ("requests", "limits"):
            asked = answer.deployment.get(*path, "resources", kind)
            for name in asked if isinstance(asked, dict) else ():
                if name in words:
                    return name, (*path, "resources", kind, name)
    return next((name for name in ("cpu", "memory") if name in words), ""), ()


def no_image(answer: Manifest, pod: str, why: str) -> Blame:
    """An image that can't be had, or a container that can't be made of it."""
    at = next(
        (path for path, one in all_containers(answer) if one.get("image") and str(one["image"]) in why), answer.path
    )
    if "Image" not in why:  # the container, and not its image
        if answer.of("command"):
            return command_replaced(answer)
        if root_refused(answer, answer.path):
            return as_root(answer, answer.path, answer.name)
        return Blame(f"{pod} could not start: {shown(why, WORDS)}", "Look at what it says about the container.")
    reason, _, image = why.partition(": ")
    hint = (
        f"Look at the image: the exercise's is {IMAGE}:{RELEASE}."
        if at == answer.path
        else "Look at that image's name and tag."
    )
    if curly(answer.deployment.get(*at, "image")):
        hint = "Take the curly quotes off the image: write straight ones, or none."
    cant = "is no name of an image" if reason == "InvalidImageName" else "can't be had"
    return Blame(f"{pod} could not start, as {shown(image, 120)} {cant} ({shown(reason)})", hint, (*at, "image"),
                 "Which image is it, and where would a node get it?")  # fmt: skip


def root_refused(answer: Manifest, path: Path) -> bool:
    """Whether a container must not run as root, and is told to."""
    context = {**_context(answer, POD), **_context(answer, path)}
    return context.get("runAsNonRoot") is True and context.get("runAsUser") == 0


def as_root(answer: Manifest, path: Path, container: str) -> Blame:
    """The kubelet doesn't start a container as root that must not run as root."""
    at = path if "runAsUser" in _context(answer, path) else POD
    return Blame(
        f"the container “{shown(container)}” can't start: it must not run as root, and runAsUser says root",
        "Leave runAsUser out, or write a number above 0.", (*at, "securityContext", "runAsUser"),
        "As which user does the container run?",
    )  # fmt: skip


def _context(answer: Manifest, path: Path) -> dict[str, Any]:
    found = answer.deployment.get(*path, "securityContext")
    return found if isinstance(found, dict) else {}


def evicted(answer: Manifest, _pod: str, why: str) -> Blame:
    """The kubelet ended a pod that used more ephemeral storage than its limit."""
    volumes = items(answer, (*POD, "volumes"))
    small = next(
        (i for i, v in enumerate(volumes) if isinstance(v, dict) and isinstance(v.get("emptyDir"), dict)
         and v["emptyDir"].get("sizeLimit") is not None and str(v.get("name")) in why), None,
    )  # fmt: skip
    if small is not None:
        path: Path = (*POD, "volumes", small, "emptyDir", "sizeLimit")
        hint = "Raise sizeLimit, or leave it out."
    else:
        path = next((p for p in answer.deployment.lines if p[-2:] == ("limits", "ephemeral-storage")), ())
        hint = "Raise the limit of ephemeral-storage, or leave it out: a container's logs count, too."
    return Blame(
        f"the kubelet evicts the pods: {shown(why, WORDS)}", hint, path, "How much of the node's disk may a pod use?"
    )
