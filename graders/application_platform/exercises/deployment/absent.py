"""Objects that pods name and that aren't there: which one, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cluster.manifests.documents import Path
from cluster.manifests.references import Reference, references
from cluster.pods.obstacles import key_missing
from graders.application_platform.exercises.deployment.blame import POD, WORDS, Blame, field_named, item_path, items
from graders.families.manifest.deployment import Manifest
from graders.reading.text import shown

_WHERE = "Which objects do your pods name, and where are those?"


def named_objects(answer: Manifest, *kinds: str) -> Iterator[Reference]:
    """The objects that the pods name (of these kinds, or of all), with their paths in the Deployment."""
    for one in references(answer.deployment.get(*POD)):
        if not kinds or one.kind in kinds:
            yield Reference(one.kind, one.name, (*POD, *one.path), one.key)


def named_in(candidates: Sequence[Reference], why: str) -> Reference | None:
    """The object that the server's, the scheduler's or the kubelet's words are about: they have its kind, name and key."""
    words = why.lower()
    for one in candidates:
        has_key = not one.key or one.key.lower() in words or "not found" in words
        if one.kind.lower() in words and one.name.lower() in words and has_key:
            return one
    return None


def volume(answer: Manifest, names: Mapping[str, str], sentence: str) -> Blame:
    """A volume that can't be mounted, as the object that it is made from isn't there or lacks a key."""
    at = item_path(answer, (*POD, "volumes"), {names["volume"]})
    own = (one for one in named_objects(answer, names["kind"]) if one.path[: len(at)] == at)
    found = next((one for one in own if one.name == names["name"]), None)
    if found is None:
        return Blame(sentence, "Take the volume out, or put what it is made from into your answer.", at, _WHERE)
    if "key" in names:
        return Blame(sentence, f"Add the key to the {found.kind}, or leave items out.", found.path, _WHERE)
    return missing(answer, found, f"the volume “{shown(names['volume'])}” is made from")


def volume_in(answer: Manifest, why: str) -> Blame | None:
    """The volume that the kubelet's words name in quotes, and the key that its object lacks; None where they name none."""
    for index, one in enumerate(items(answer, (*POD, "volumes"))):
        name = one.get("name") if isinstance(one, dict) else None
        if not isinstance(name, str) or f'"{name}"' not in why:
            continue
        path: Path = (*POD, "volumes", index)
        for reference in named_objects(answer):
            listed = answer.deployment.get(*reference.path, "items") if reference.path[: len(path)] == path else None
            for item in listed if isinstance(listed, list) else ():
                key = item.get("key") if isinstance(item, dict) else None
                if isinstance(key, str) and key in why:
                    names = {"volume": name, "key": key, "kind": reference.kind, "name": reference.name}
                    return volume(answer, names, key_missing(name, key, reference.kind, reference.name))
        return Blame(
            f"the volume “{shown(name)}” can't be mounted: {shown(why, WORDS)}",
            "Look at what that volume is made from.",
            path,
            _WHERE,
        )
    return None


def missing(answer: Manifest, reference: Reference, uses: str = "") -> Blame:
    """An object that isn't there, or hasn't got the key; ``uses`` says who takes what from it."""
    observed, hint = _said(answer, reference, uses)
    return Blame(observed, hint, reference.path, _WHERE)


def _said(answer: Manifest, reference: Reference, uses: str) -> tuple[str, str]:
    kind, name, field = reference.kind, shown(reference.name), field_named(reference.path)
    called = f"the {kind} “{name}”"
    isnt_there = f"{uses} {called}, which isn't there" if uses else f"no {kind} is called “{name}”"
    if kind in ("PriorityClass", "RuntimeClass"):
        return isnt_there, f"Take {field} out: a {kind} belongs to the cluster, not to your answer."
    if kind == "PersistentVolumeClaim":
        return isnt_there, "Take the claim out: a stateless service needs none."
    beside = [d for d in answer.documents if d.get("kind") == kind]
    there = next((d for d in beside if d.get("metadata", "name") == reference.name), None)
    if there is not None and reference.key:
        return (f"{called} has no key “{shown(reference.key)}”",
                f"Add the key to the {kind}, or write a key that it has.")  # fmt: skip
    hint = f"ut {called} into your answer, or take {'the volume' if 'volumes' in reference.path else field} out."
    if beside:
        other = shown(beside[0].get("metadata", "name"))
        return isnt_there, f"Your answer has the {kind} “{other}”: is that the one you mean? If not: p{hint}"
    return isnt_there, f"P{hint}"
