"""Where a refused document went wrong, on which line, and what was probably meant.

These are ours: the server's 400 carries no causes.
"""

from __future__ import annotations

import difflib
from functools import cache

from cluster.admission import Cause
from cluster.manifests import Document, Path
from cluster.simulated.admission.decode import Decoding, dotted
from cluster.simulated.admission.schema import Kind, fields

_CLOSE = 0.75
_MOST = 20


def pointers(document: Document, kind: Kind, state: Decoding) -> tuple[Cause, ...]:
    """One cause for each field that decoding stumbled over, in the order of their lines."""
    if state.error:
        return (
            Cause(dotted(state.error_path), "FieldValueTypeInvalid", state.error, document.line(*state.error_path)),
        )
    found = [
        Cause(dotted(path), "FieldValueDuplicate", f"“{path[-1]}” stands twice", line, "keep one of the two")
        for path, line in document.duplicates
    ]
    found += [_unknown(document, kind, path) for path in state.unknown[:_MOST]]
    return tuple(sorted(found, key=lambda cause: cause.line))


def _unknown(document: Document, kind: Kind, path: Path) -> Cause:
    field = dotted(path)
    words = f'unknown field "{field}"'
    return Cause(field, "FieldValueForbidden", words, document.line(*path), _suggestion(kind, path))


def _suggestion(kind: Kind, path: Path) -> str:
    """What was probably meant: a field of nearly this name, or this field in another place."""
    written, owner = str(path[-1]), _type_at(kind.type, path[:-1])
    here = fields(owner)
    lower = {name.lower(): name for name in here}
    if written.lower() in lower:
        return f"did you mean {lower[written.lower()]}?"
    elsewhere = _places(kind.type).get(written, ())
    close = difflib.get_close_matches(written[:80], here, n=1, cutoff=_CLOSE)
    if close and not elsewhere:
        return f"did you mean {close[0]}?"
    if elsewhere:
        return f"{written} belongs under {_nearest(elsewhere, path)}"
    return f"did you mean {close[0]}?" if close else ""


def _type_at(owner: str, path: Path) -> str:
    spec = owner
    for step in path:
        if isinstance(step, int):
            spec = spec.removeprefix("[]")
        elif spec.startswith("map[string]"):
            spec = spec.removeprefix("map[string]")
        else:
            spec = fields(spec).get(step, "")
    return spec


@cache
def _places(root: str) -> dict[str, tuple[str, ...]]:
    """For each field's name, where objects of this type have it: ``spec.template.spec.containers[0]``.

    Breadth first, so that the shortest place comes first; each type is looked into once.
    """
    found: dict[str, list[str]] = {}
    seen = {root}
    queue = [(root, "")]
    while queue:
        owner, place = queue.pop(0)
        for name, spec in fields(owner).items():
            found.setdefault(name, []).append(place)
            inner = spec.removeprefix("[]")
            if inner not in seen and fields(inner) and name != "status":
                seen.add(inner)
                step = f"{name}[0]" if spec.startswith("[]") else name
                queue.append((inner, f"{place}.{step}" if place else step))
    return {name: tuple(places) for name, places in found.items()}


def _nearest(places: tuple[str, ...], path: Path) -> str:
    """Of several places the one that shares the longest beginning with where the field stands."""
    written = dotted(path[:-1])

    def shared(place: str) -> int:
        return next(
            (i for i, (a, b) in enumerate(zip(place, written, strict=False)) if a != b), len(min(place, written))
        )

    best = max(places, key=lambda place: (shared(place), -len(place)))
    return best or "the top level"
