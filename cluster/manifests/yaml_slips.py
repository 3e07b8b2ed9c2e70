"""Find the mistake that YAML's parser noticed only further down.

In YAML a line without a colon may continue in the next one, and a brace may be closed many lines below. So the parser
often stops at a correct line; the mistake is above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 200
"""How much of a line is examined, in characters."""

_SHOWN = 60
_NO_COLON = re.compile(
    r"(?P<dash>\s*(?:- )?)(?P<name>[A-Za-z][\w.-]{0,62})(?:\s*(?P<sign>=>|->|:=|=)\s*|\s+)(?P<value>[^\s:].{0,60})"
)
_PAIR = re.compile(r"\s*(?:- )?[\"']?[A-Za-z][^:#]{0,62}:\s+[^\s#&|>].*")
_WORD = re.compile(r"(?P<word>[\w.-]{1,60})[\"']?\s*$")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_TIGHT_BRACE = re.compile(r"(?P<name>[\w.-]{1,60}):$")
_CLOSING = {"{": "}", "[": "]"}
_REMARK = re.compile(r"\s#.*")
_TIGHT = re.compile(r"(?P<name>[A-Za-z][\w.-]{0,62}):(?!//)(?P<value>[^\s:][^\n]*)")


@dataclass(frozen=True, slots=True)
class YamlSlip:
    """A mistake: its problem, the next step, and its line and column, both from 1."""

    problem: str
    hint: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Where and why the parser stopped, and where the unfinished element began; lines and columns from 1, 0 if unknown."""

    problem: str
    line: int
    column: int
    began: int = 0
    began_at: int = 0


def tight(text: str) -> tuple[str, str] | None:
    """Return name and value of a pair without a space after its colon, such as ``replicas:3``; None for any other text.

    The value is cut. A URL, with two slashes there, isn't a pair.
    """
    found = _TIGHT.match(_REMARK.sub("", text[:LONGEST]).strip())
    return (found["name"], found["value"].strip()[:_SHOWN]) if found else None


def without_blank(pair: tuple[str, str]) -> str:
    """Return the suggestion for such a pair."""
    return f"put a space after the colon: {pair[0]}: {pair[1]}"


def slip(lines: Sequence[str], stop: Stop) -> YamlSlip | None:
    """Return the mistake behind a stop, or None if only the parser's own words are known."""
    if "could not find expected ':'" in stop.problem:
        return _without_colon(lines, stop.began)
    if "mapping values are not allowed" in stop.problem:
        return _too_far_right(lines, stop)
    if "did not find expected ',' or" in stop.problem and stop.began:
        return _in_brackets(lines, stop)
    return None


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number - 1][:LONGEST] if 0 < number <= len(lines) else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _above(lines: Sequence[str], number: int) -> int:
    """Return the nearest line above that is neither empty nor a comment, or 0."""
    return next((n for n in range(number - 1, 0, -1) if _line(lines, n).split("#")[0].strip()), 0)


def _without_colon(lines: Sequence[str], number: int) -> YamlSlip | None:
    found = _NO_COLON.fullmatch(_line(lines, number).rstrip())
    if found is None:
        return None
    hint = f"Write “{found['name']}: {found['value'].strip()[:_SHOWN]}”."
    column = (found.start("sign") if found["sign"] else found.end("name")) + 1
    if found["sign"]:
        return YamlSlip(f"“{found['sign']}” stands in place of a colon", hint, number, column)
    return YamlSlip("the colon between name and value is missing", hint, number, column)


def _too_far_right(lines: Sequence[str], stop: Stop) -> YamlSlip | None:
    """Return the mistake of a pair that is more indented than the line above, which already has a value."""
    line, above = _line(lines, stop.line), _above(lines, stop.line)
    before = _line(lines, above)
    if line.find(":") + 1 != stop.column or _indent(line) < _indent(before):
        return None
    bare = _NO_COLON.fullmatch(before.rstrip())
    if bare is not None and bare["sign"]:
        return _without_colon(lines, above)
    deeper = _indent(line) - _indent(before)
    if not deeper or not _PAIR.fullmatch(before):
        return None
    spaces = "1 space" if deeper == 1 else f"{deeper} spaces"
    return YamlSlip(
        f"a name is indented more than line {above}, which already has a value",
        f"Begin both in the same column: delete {spaces}.", stop.line, _indent(line) + 1,
    )  # fmt: skip


def _in_brackets(lines: Sequence[str], stop: Stop) -> YamlSlip | None:
    opened = _line(lines, stop.began)[stop.began_at - 1 : stop.began_at]
    line = _line(lines, stop.line)
    if opened not in _CLOSING:
        return None
    start = stop.began_at if stop.line == stop.began else 0
    inside = line[start : stop.column - 1]
    bare = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), inside)
    if (at := bare.rfind(";")) >= 0:
        return YamlSlip("“;” stands in place of a comma", "Write a comma.", stop.line, start + at + 1)
    here = line[stop.column - 1 : stop.column]
    if here in _CLOSING and (found := _TIGHT_BRACE.search(bare)):
        return YamlSlip("a colon has no space after it", f"Put a space after the colon: “{found['name']}: {here}”.",
                    stop.line, start + found.end("name") + 1)  # fmt: skip
    unclosed = YamlSlip(
        f"the {opened} isn't closed", f"Write {_CLOSING[opened]} at its end.", stop.began, stop.began_at,
    )  # fmt: skip
    if stop.line == stop.began:
        word = _WORD.search(inside)
        if here == ":" and word is not None and inside[: word.start()].strip():
            return YamlSlip(f"a comma is missing before “{word['word']}:”", "Put a comma there.",
                        stop.line, start + word.start() + 1)  # fmt: skip
        return unclosed if here in _CLOSING.values() else None
    if not line.strip() or _indent(line) <= _indent(_line(lines, stop.began)):
        return unclosed
    above = _above(lines, stop.line)
    end = _line(lines, above).rstrip()
    if here == ":" and not end.endswith((",", "{", "[")):
        return YamlSlip("a comma is missing at the end", "Put a comma after each entry.", above, len(end) + 1)
    return None
