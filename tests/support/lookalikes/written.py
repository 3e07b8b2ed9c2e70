"""Data as YAML in the style of one student: indentation, braces, quotation marks, empty lines, comments."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

_SIGNS = "#{}[],&*!|>%@`'\""


@dataclass(frozen=True)
class Style:
    """How a student writes. ``flow`` is the depth from which mappings are in braces; ``comments`` has texts by key."""

    indent: int = 2
    flow: int = 99
    quote: str = ""
    dash_in: bool = True
    gaps: bool = False
    inner: str = ""
    behind: bool = False
    comments: Mapping[str, str] = field(default_factory=dict)


def style_of(chance: random.Random, flow: int = 99) -> Style:
    """A student's style: most follow the printed form, whose mappings are in braces from the depth ``flow`` on."""
    return Style(
        indent=chance.choices((2, 4), (85, 15))[0],
        flow=chance.choices((flow, 99, 1), (85, 10, 5))[0],
        quote=chance.choices(("", '"', "'"), (80, 14, 6))[0],
        dash_in=chance.random() < 0.7,
        gaps=chance.random() < 0.08,
        inner=chance.choices(("", " "), (85, 15))[0],
        behind=chance.random() < 0.4,
    )


def written(data: Any, style: Style) -> str:
    """The text of some data."""
    return "\n".join(_lines(data, style, 0)) + "\n"


def _lines(data: Any, style: Style, depth: int) -> Iterator[str]:
    if isinstance(data, dict):
        yield from _mapping(data, style, depth)
        return
    for item in data:
        if isinstance(item, dict) and depth < style.flow:
            first, *rest = _mapping(item, style, depth + 1)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
        else:
            yield f"- {_inline(item, style)}"


def _mapping(data: Mapping[str, Any], style: Style, depth: int) -> Iterator[str]:
    for number, (key, value) in enumerate(data.items()):
        if style.gaps and not depth and number:
            yield ""
        said = style.comments.get(key, "") if number or depth == 0 else ""
        if said and not style.behind:
            yield f"# {said}"
        behind = f"  # {said}" if said and style.behind else ""
        if _is_block(value, style, depth):
            yield f"{key}:{behind}"
            step = " " * style.indent if isinstance(value, dict) or style.dash_in else ""
            yield from (f"{step}{line}" if line else "" for line in _lines(value, style, depth + 1))
        else:
            yield f"{key}: {_inline(value, style)}{behind}"


def _is_block(value: Any, style: Style, depth: int) -> bool:
    if not value or not isinstance(value, (dict, list)) or depth + 1 >= style.flow:
        return False
    return isinstance(value, dict) or isinstance(value[0], dict) or not depth


def _inline(value: Any, style: Style) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{key}: {_inline(below, style)}" for key, below in value.items())
        return f"{{{style.inner}{inside}{style.inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(_inline(below, style) for below in value)}]"
    return _scalar(value, style.quote)


def _scalar(value: Any, quote: str) -> str:
    if not isinstance(value, str):
        return str(yaml.safe_dump(value)).partition("\n")[0]
    plain = value.strip() == value != "" and not any(sign in value for sign in _SIGNS) and ": " not in value
    if plain and not quote and yaml.safe_load(value) == value:
        return value
    return f"'{value}'" if quote == "'" else f'"{value}"'
