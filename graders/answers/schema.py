"""How much work a JSON schema makes: counted before it is used, since a few lines of references can unfold to billions."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from graders.answers.text import shown

PARTS = 5_000
"""How many parts a schema may have, each reference followed; one for an event has a few dozen."""

VALUES = 2_000
"""How many values an event may have."""

WORK = 200_000
"""Parts times values: what one check may cost, some hundredths of a second."""

PATTERNS = 30
CHAIN = 30
"""How many patterns a schema may have, and how many references may lead on from each other."""

_ELSEWHERE = ("$dynamicRef", "$recursiveRef", "$anchor", "$dynamicAnchor", "$recursiveAnchor")


class _NoUseError(Exception):
    """Why a schema can't be used."""


def unusable(schema: Any, event: Any) -> str:
    """Why a schema can't be used on an event, in a few words; empty where it can."""
    try:
        parts = _parts(schema, schema, {}, ())
    except _NoUseError as error:
        return str(error)
    if (patterns := _patterns(schema)) > PATTERNS:
        return f"it has {patterns} patterns; a few are enough"
    values = _values(event)
    if parts > PARTS or values > VALUES or parts * values > WORK:
        return f"it unfolds to {parts} parts for an event of {values} values; a few dozen of each are enough"
    return ""


def _parts(node: Any, root: Any, known: dict[str, int], inside: tuple[str, ...]) -> int:
    """The parts below a node, references followed. Raises _NoUseError for a loop, and for what leads elsewhere."""
    if isinstance(node, list):
        return 1 + sum(_parts(one, root, known, inside) for one in node)
    if not isinstance(node, dict):
        return 1
    if strange := next((key for key in _ELSEWHERE if key in node), None):
        raise _NoUseError(f"it uses {strange}, which isn't needed here")
    if node is not root and isinstance(node.get("$id", node.get("id")), str):
        raise _NoUseError("a part of it has an $id of its own, which isn't needed here")
    total = 1 + sum(_parts(value, root, known, inside) for key, value in node.items() if key != "$ref")
    target = node.get("$ref")
    return total + (_followed(target, root, known, inside) if isinstance(target, str) else 0)


def _followed(target: str, root: Any, known: dict[str, int], inside: tuple[str, ...]) -> int:
    if target in inside or target in ("#", "#/"):
        raise _NoUseError(f"{shown(target, 60)} leads back to itself, and an event has an end")
    if len(inside) >= CHAIN:
        raise _NoUseError(f"its references lead on from each other more than {CHAIN} times")
    if target not in known:
        known[target] = _parts(_found(target, root), root, known, (*inside, target))
    return known[target]


def _found(target: str, root: Any) -> Any:
    if not target.startswith("#/"):
        raise _NoUseError(f"it refers to {shown(target, 80)}, which isn't in it, and nothing is fetched here")
    node = root
    for written in target[2:].split("/"):
        step = unquote(written).replace("~1", "/").replace("~0", "~")
        if isinstance(node, list) and step.isdigit() and int(step) < len(node):
            node = node[int(step)]
        elif isinstance(node, dict) and step in node:
            node = node[step]
        else:
            raise _NoUseError(f"it refers to {shown(target, 80)}, which isn't in it")
    return node


def _patterns(node: Any) -> int:
    if isinstance(node, list):
        return sum(map(_patterns, node))
    if not isinstance(node, dict):
        return 0
    several = node.get("patternProperties")
    own = isinstance(node.get("pattern"), str) + (len(several) if isinstance(several, dict) else 0)
    return own + sum(map(_patterns, node.values()))


def _values(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(_values, value.values()))
    return 1 + sum(map(_values, value)) if isinstance(value, list) else 1
