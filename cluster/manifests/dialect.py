r"""Make libyaml, our parser, read a text like go-yaml v2, the parser of kubectl and the API server.

go-yaml is a port of an older libyaml. Where the two differ, single characters of the text are replaced before libyaml
reads it, so that lines and columns stay; the values then get the original characters back:

- ``[2001:db8::]`` and ``[a:,b]``: before a comma or bracket a colon is part of the word; libyaml refuses that.
- ``[why?]``: inside brackets a question mark ends a word, and the rest is refused; libyaml reads on.
- ``"\/"`` is refused and ``"\'"`` is read; libyaml does the opposite.

To find brackets and quotes, the text is split into tokens.

Source: ``yaml_parser_scan_plain_scalar``, ``yaml_parser_fetch_next_token`` and ``yaml_parser_scan_flow_scalar`` in
go-yaml v2's scannerc.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain

_SIGNS = ",?[]{}"
_SUSPECT = re.compile(rf":[{re.escape(_SIGNS)}]|\?|\\[/']")
_W = " \\t\\n\\r\\x85\\u2028\\u2029"
"""The characters that end a word; other spaces don't."""

_QUOTED = r"""(?P<double>"[^"\\]*+(?:\\.[^"\\]*+)*+"?)|(?P<single>'[^']*+(?:''[^']*+)*+'?)"""
_COMMENT = r"(?P<comment>\#[^\n]*+)"
_PROPERTY = rf"(?P<property>[&*!][^{_W},\[\]{{}}]*+)"
_FLOW_WORD = rf"(?:[^{_W},?\[\]{{}}:]|:(?![{_W}]|\Z))++"
_BLOCK_WORD = rf"(?:[^{_W}:]|:(?![{_W}]|\Z))++"
_FLOW = re.compile(
    rf"(?P<blank>[{_W},]++)|{_COMMENT}|(?P<open>[\[{{])|(?P<close>[\]}}])|{_QUOTED}|{_PROPERTY}|(?P<sign>[:?|>%@`])"
    rf"|(?P<word>{_FLOW_WORD}(?:[{_W}]++(?!\#){_FLOW_WORD})*+)|(?P<other>.)",
    re.DOTALL,
)
_BLOCK = re.compile(
    rf"(?P<blank>(?:[{_W}]|:(?=[{_W}]|\Z))++)|{_COMMENT}|(?P<open>[\[{{])|(?P<entry>[-?](?=[{_W}]|\Z))|{_QUOTED}|{_PROPERTY}"
    rf"|(?P<text>[|>][^\n]*+(?:\n|\Z))|(?P<word>{_BLOCK_WORD}(?:[ \t]++(?!\#){_BLOCK_WORD})*+)|(?P<other>.)",
    re.DOTALL,
)
_NAMES = re.compile(rf"[ \t]*+:(?=[{_W}]|\Z)")
_NEXT_LINE = re.compile(r"(?:[ \t\r]*+\n)+([ ]*+)(?=[^ \t\r\n#])")
_LINE = re.compile(r"( *+)([^\n]*+)(?:\n|\Z)")
_INDENTED_BY = re.compile(r"[|>][-+]?([1-9])")
_QUESTION = re.compile(rf"[{_W}]*+\?")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_UNKNOWN = "\\q"
"""An escape that both parsers refuse."""


def in_words_of_libyaml(text: str) -> tuple[str, Mapping[int, str]]:
    """Return the text for libyaml, and a mapping for ``str.translate`` that restores the original characters in values.

    The mapping is empty if nothing was replaced. Takes time linear in the text.
    """
    if not _SUSPECT.search(text):
        return text, {}
    edits = list(_edits(text))
    if not edits:
        return text, {}
    private = (chr(code) for code in chain(range(0xE000, 0xF900), range(0xF0000, 0xFFFFE)))
    unused = (sign for sign in private if sign not in text)
    colon, nothing = next(unused), next(unused)
    pieces: list[str] = []
    at = 0
    for position, sign in edits:
        pieces += text[at:position], {":": colon, "": nothing}.get(sign, sign)
        at = position + 1
    return "".join((*pieces, text[at:])), {ord(colon): ":", ord(nothing): ""}


def _edits(text: str) -> Iterator[tuple[int, str]]:
    """Yield the positions of the characters to replace, in order, each with its replacement."""
    at = depth = line = 0
    indent = -1  # the column of the most indented name or dash: more indented text belongs to it
    while found := (_FLOW if depth else _BLOCK).match(text, at):
        start, at = found.span()
        kind = found.lastgroup
        if kind in ("open", "close"):
            depth += 1 if kind == "open" else -1
        elif kind == "double":
            yield from _escapes(text, start, at)
        elif kind == "word" and depth:
            yield from _ends(text, at)
        elif kind == "entry":
            indent = start - line
        elif kind == "text":
            at = _end_of_block(text, at, found[0], indent)
        if not depth and kind in ("word", "double", "single"):
            if _NAMES.match(text, at):
                indent = start - line
            elif kind == "word":
                at = _end_of_word(text, at, indent)
        line = max(line, text.rfind("\n", start, at) + 1)


def _escapes(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    for found in _ESCAPE.finditer(text, start, end):
        if found[1] == "/":
            yield found.start() + 1, _UNKNOWN[1]
        elif found[1] == "'":
            yield found.start(), ""


def _ends(text: str, end: int) -> Iterator[tuple[int, str]]:
    """Yield the replacements at the end of a word inside brackets."""
    if text[end - 1] == ":" and (text[end : end + 1] or " ") in _SIGNS:
        yield end - 1, ":"
    if found := _QUESTION.match(text, end):
        yield found.end() - 1, "["  # libyaml refuses it there in go-yaml's words


def _end_of_word(text: str, at: int, indent: int) -> int:
    """Return the end of a word outside brackets, which continues in the lines below as long as they are more indented."""
    while (below := _NEXT_LINE.match(text, at)) and len(below[1]) > indent:
        line = _LINE.match(text, below.start(1))
        assert line is not None  # noqa: S101  for the type checker: it matches anything
        comment = re.search(r"[ \t]#", line[2])
        at = below.end() + (comment.start() if comment else len(line[2]))
        if comment:
            break
    return at


def _end_of_block(text: str, at: int, header: str, indent: int) -> int:
    """Return the end of a text below | or >: the first line that is less indented than its first one."""
    explicit = _INDENTED_BY.match(header)
    least = max(indent, 0) + int(explicit[1]) if explicit else 0
    while at < len(text) and (line := _LINE.match(text, at)):
        if line[2].strip():
            if not least:
                least = max(len(line[1]), indent + 1)
            if len(line[1]) < least:
                break
        at = line.end()
    return at
