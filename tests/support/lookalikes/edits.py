"""What a person does to a copied answer: rename it, reorder and reformat it, or remove its comments and blanks."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from tests.support.lookalikes.open import PARTS
from tests.support.lookalikes.phrases import FIRST, SECOND
from tests.support.lookalikes.written import style_of, written

Edit = Callable[[str, random.Random], str]

_NAMED = frozenset({"name", "app", "event_id", "order_id", "timestamp"})
"""Keys whose values the student has chosen."""
_GIVEN = frozenset({"daily-report", "reporter", "nightly-report", "report"})
"""Names that an exercise asks for, or that already cost points."""
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[^\n]*|//[^\n]*|/\*.*?\*/", re.MULTILINE | re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_LABEL = re.compile(r'(?<=label=")[^"]*(?=")|(?<=label = ")[^"]*(?=")')
_NODE = re.compile(r"^[ \t]*([A-Za-z_]\w*)(?=[ \t]*(?:\[|->))|->[ \t]*([A-Za-z_]\w*)", re.MULTILINE)
_KEYWORDS = frozenset({"digraph", "graph", "subgraph", "node", "edge", "rankdir", "label", "strict"})


def is_drawing(text: str) -> bool:
    """Whether an answer is a drawing, and not YAML."""
    return re.search(r"\b(?:di)?graph\b[^{\n]*\{", text) is not None


def renamed(text: str, chance: random.Random) -> str:
    """The answer with other names for all that the student has named, each replaced everywhere."""
    names = sorted(_names_in_drawing(text) if is_drawing(text) else _names_in_yaml(text), key=len, reverse=True)
    others: dict[str, str] = {}
    like = _part_like if is_drawing(text) else _like
    for name in names:
        while (other := like(name, chance)) in {*others.values(), name}:
            pass
        others[name] = other
    if not others:
        return text
    pattern = re.compile(rf"(?<![\w./:-])(?:{'|'.join(map(re.escape, names))})(?![\w./-])")
    return pattern.sub(lambda found: others[found[0]], text)


def _names_in_drawing(text: str) -> set[str]:
    nodes = {one or other for one, other in _NODE.findall(text)} - _KEYWORDS
    return {name for name in (*nodes, *_LABEL.findall(text)) if name.strip()}


def _names_in_yaml(text: str) -> set[str]:
    found: set[str] = set()

    def look(data: Any) -> None:
        if isinstance(data, Mapping):
            found.update(str(below) for key, below in data.items() if key in _NAMED and isinstance(below, str))
        if isinstance(data, (Mapping, list)):
            for below in data.values() if isinstance(data, Mapping) else data:
                look(below)

    for data in _loaded(text):
        look(data)
    return {name for name in found - _GIVEN if len(name) > 2}


def _like(name: str, chance: random.Random) -> str:
    """Another name of the same form; a number stays a number."""
    if any(sign.isdigit() for sign in name):
        last = re.compile(r"[0-9](?=[^0-9]*$)" if ":" not in name else r"(?<=:)[0-9]")
        return last.sub(
            lambda _: str(chance.randint(0, 5)), f"{chance.randint(1, 9)}{name}" if name.isdigit() else name
        )
    return f"{chance.choice(FIRST)}-{chance.choice(SECOND)}"


def _part_like(name: str, chance: random.Random) -> str:
    """Another name for the same part of the shop; a label that isn't a part's gets a word more."""
    same = next((names for part in PARTS.values() for names in part if name in names), None)
    if same is None:
        return (
            f"{name} {chance.choice(('now', 'here', 'II', 'main'))}"
            if " " in name or name[:1].isupper()
            else f"my_{name}"
        )
    other = chance.choice([one for one in same if one != name])
    return other if chance.random() < 0.7 else other + (" 1" if " " in other or other[:1].isupper() else "_1")


def reordered(text: str, chance: random.Random) -> str:
    """The answer with its keys or statements in another order and in another style, as from a formatter: no comments stay."""
    if is_drawing(text):
        return _reordered_drawing(text, chance)
    style = style_of(chance)
    return "---\n".join(written(_shuffled(data, chance), style) for data in _loaded(text)) or text


def _shuffled(data: Any, chance: random.Random) -> Any:
    if isinstance(data, dict):
        keys = list(data)
        chance.shuffle(keys)
        return {key: _shuffled(data[key], chance) for key in keys}
    if isinstance(data, list):
        items = [_shuffled(below, chance) for below in data]
        if items and isinstance(items[0], dict):
            chance.shuffle(items)
        return items
    return data


def _reordered_drawing(text: str, chance: random.Random) -> str:
    head, _, rest = without_comments(text).partition("{")
    body = rest.rpartition("}")[0]
    if "{" in body or "subgraph" in body:
        return (
            f"{head.strip()} {{\n"
            + "\n".join(f"    {line.strip()}" for line in body.split("\n") if line.strip())
            + "\n}\n"
        )
    statements = [line.strip().rstrip(";") for line in re.split(r"[;\n]", body) if line.strip()]
    chance.shuffle(statements)
    return f"{head.strip()} {{\n" + "".join(f"    {statement};\n" for statement in statements) + "}\n"


def stripped(text: str, _chance: random.Random) -> str:
    """The answer without comments, empty lines, blanks at the end of a line, and more than one blank inside a line."""
    lines = [line.rstrip() for line in without_comments(text).split("\n")]
    return "\n".join(re.sub(r"(?<=\S)[ \t]{2,}", " ", line) for line in lines if line.strip()) + "\n"


def without_comments(text: str) -> str:
    """A text without its comments; what looks like one in quotation marks stays."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\0{len(kept) - 1}\0"

    bare = _COMMENT.sub("", _STRING.sub(keep, text))
    return re.sub(r"\0(\d+)\0", lambda found: kept[int(found[1])], bare)


def _loaded(text: str) -> list[Any]:
    try:
        return [data for data in yaml.safe_load_all(text) if data is not None]
    except yaml.YAMLError:
        return []


def everything(text: str, chance: random.Random) -> str:
    """All three edits, one after the other."""
    return stripped(reordered(renamed(text, chance), chance), chance)


EDITS: Mapping[str, Edit] = {
    "renamed": renamed,
    "reordered and reformatted": reordered,
    "comments and blanks removed": stripped,
}
