"""Missing objects that pods refer to: which one, and the next step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cluster.manifests.documents import Path
from cluster.manifests.references import Reference, references
from cluster.pods.obstacles import key_missing
from graders.application_platform.exercises.deployment.blame import POD, WORDS, Blame, field_named, item_path, items
from graders.families.manifest.deployment import Manifest
from graders.reading.text import shown

_WHERE = "Which objects do your pods refer to, and where are they?"


def named_objects(answer: Manifest, *kinds: str) -> Iterator[Reference]:
    """Yield the objects that the pods refer to, of these kinds or of all, with their paths in the Deployment."""
    for one in references(answer.deployment.get(*POD)):
        if not kinds or one.kind in kinds:
            yield Reference(one.kind, one.name, (*POD, *one.path), one.key)


def named_in(candidates: Sequence[Reference], why: str) -> Reference | None:
    """Return the object that a message names by kind, name and key; None if it names none."""
    words = why.lower()
    for one in candidates:
        has_key = not one.key or one.key.lower() in words or "not found" in words
        if one.kind.lower() in words and one.name.lower() in words and has_key:
            return one
    return None


def volume(answer: Manifest, names: Mapping[str, str], sentence: str) -> Blame:
    """Return the problem of a volume whose object is missing or lacks a key."""
    at = item_path(answer, (*POD, "volumes"), {names["volume"]})
    own = (one for one in named_objects(answer, names["kind"]) if one.path[: len(at)] == at)
    found = next((one for one in own if one.name == names["name"]), None)
    if found is None:
        return Blame(sentence, "Delete the volume, or add its object to your answer.", at, _WHERE)
    if "key" in names:
        return Blame(sentence, f"Add the key to the {found.kind}, or delete items.", found.path, _WHERE)
    return missing(answer, found, f"the volume “{shown(names['volume'])}” is made from")


def volume_in(answer: Manifest, why: str) -> Blame | None:
    """Return the problem of the volume that the kubelet's message names, with a missing key; None if it names no volume."""
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
            "Look at the source of that volume.",
            path,
            _WHERE,
        )
    return None


def missing(answer: Manifest, reference: Reference, uses: str = "") -> Blame:
    """Return the problem of a missing object or key; ``uses`` begins the sentence with the part that needs it."""
    observed, hint = _said(answer, reference, uses)
    return Blame(observed, hint, reference.path, _WHERE)


def _said(answer: Manifest, reference: Reference, uses: str) -> tuple[str, str]:
    kind, name, field = reference.kind, shown(reference.name), field_named(reference.path)
    called = f"the {kind} “{name}”"
    isnt_there = f"{uses} {called}, which isn't there" if uses else f"no {kind} is called “{name}”"
    if kind in ("PriorityClass", "RuntimeClass"):
        return isnt_there, f"Delete {field}: a {kind} belongs to the cluster, not to your answer."
    if kind == "PersistentVolumeClaim":
        return isnt_there, "Delete the claim: a stateless service needs none."
    beside = [d for d in answer.documents if d.get("kind") == kind]
    there = next((d for d in beside if d.get("metadata", "name") == reference.name), None)
    if there is not None and reference.key:
        return (f"{called} has no key “{shown(reference.key)}”",
                f"Add the key to the {kind}, or write an existing key.")  # fmt: skip
    hint = f"dd {called} to your answer, or delete {'the volume' if 'volumes' in reference.path else field}."
    if beside:
        other = shown(beside[0].get("metadata", "name"))
        return isnt_there, f"Your answer has the {kind} “{other}”: is that the one you mean? If not, a{hint}"
    return isnt_there, f"A{hint}"
