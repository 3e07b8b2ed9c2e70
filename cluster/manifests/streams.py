"""Split a file into documents, as kubectl does.

A text that begins with a brace is a stream of JSON values, as jq writes one, until something else comes. Every other text
is YAML, with lines that begin with three dashes between documents.

Source: ``YAMLOrJSONDecoder``, ``GuessJSONStream`` and ``YAMLReader`` in apimachinery's pkg/util/yaml/decoder.go.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

_GUESSED_BY = 4096
"""The characters within which a stream of JSON must begin; kubectl counts bytes."""

_SEPARATOR = re.compile(r"^---([^\n]*)\n?", re.MULTILINE)
_BLANKS = re.compile(r"[ \t\r\n]*")
_LINE_END = re.compile(r"[^\S\n]*\n?")
BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
"""The end of a line in YAML and in editors."""
_OTHER_BREAK = re.compile(r"[\r\x85\u2028\u2029]")
_UNAMBIGUOUS = 2
"""After this many JSON values a stream can only be JSON."""
_LEAST = 4
"""With fewer bytes left kubectl no longer tries YAML."""

_JSON_WORDS = {
    "Expecting value": "looking for beginning of value",
    "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
    "Expecting ':' delimiter": "after object key",
    "Expecting ',' delimiter": "after object key:value pair",
    "Invalid control character at": "in string literal",
    "Invalid \\escape": "in string escape code",
    "Invalid \\uXXXX escape": "in \\u hexadecimal character escape",
}
"""The messages of Go's encoding/json, by those of Python's json."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """The part of a text with one document, and the number of lines above it.

    ``value`` is the value of a part that is JSON. ``problem`` says in kubectl's words why it can't read
    this part, which is then the rest of the text; ``line`` is where, counted from the part's first line as 1.
    """

    text: str
    above: int
    is_json: bool = False
    value: Any = None
    problem: str = ""
    line: int = 1


def parts(text: str) -> Iterator[TextPart]:
    """Yield the parts of a text, in order, including empty ones. Takes time linear in the text."""
    lines, at, count = _Lines(text), 0, 0
    if text[:_GUESSED_BY].lstrip().startswith("{"):
        while (start := _end(_BLANKS, text, at)) < len(text):
            try:
                value, end = _DECODER.raw_decode(text, start)
            except (ValueError, RecursionError) as error:
                if count >= _UNAMBIGUOUS or len(text[start : start + _LEAST].encode(errors="replace")) < _LEAST:
                    yield _broken(text, start, lines.above(start), error)
                    return
                break
            yield TextPart(text[start:end], lines.above(start), is_json=True, value=value)
            count, at = count + 1, end
        if count:
            at = _end(_LINE_END, text, at)
    yield from _yaml(text[at:], lines.above(at))


def _yaml(text: str, above: int) -> Iterator[TextPart]:
    """Split YAML. A separator belongs to the part after it only if the text begins with it."""
    lines, start = _Lines(text), 0
    for found in _SEPARATOR.finditer(text):
        behind = found[1].strip()
        if behind and not behind.startswith("#"):
            first = lines.above(start)
            yield TextPart(
                text[start:], above + first, problem=f"invalid Yaml document separator: {behind}",
                line=lines.above(found.start()) - first + 1,
            )  # fmt: skip
            return
        if start < found.start():
            yield TextPart(text[start : found.start()], above + lines.above(start))
            start = found.end()
    if start < len(text):
        yield TextPart(text[start:], above + lines.above(start))


def _broken(text: str, start: int, above: int, error: Exception) -> TextPart:
    """Return the unreadable rest of a stream of JSON."""
    rest, problem, line = text[start:], "unexpected EOF", 1
    if isinstance(error, json.JSONDecodeError):
        line += len(BREAK.findall(text[start : error.pos]))
        if text.startswith("--", error.pos):
            problem = "invalid character '-' in numeric literal"
        elif error.pos < len(text) and (words := _JSON_WORDS.get(error.msg)):
            problem = f"invalid character '{text[error.pos]}' {words}"
    return TextPart(rest, above, problem=problem, line=line)


class _Lines:
    """Counts the lines above positions, which must come in ascending order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = self._count = 0

    def above(self, position: int) -> int:
        passed = self._text[self._at : position]
        self._count += len(BREAK.findall(passed)) if _OTHER_BREAK.search(passed) else passed.count("\n")
        self._at = position
        return self._count


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


_DECODER = json.JSONDecoder(parse_constant=_no_number)
"""Python's decoder, without the numbers that JSON lacks (NaN, Infinity)."""
