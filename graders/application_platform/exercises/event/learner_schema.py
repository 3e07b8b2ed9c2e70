"""Prepare a learner's JSON schema: resolve references, remove annotations, and bound its cost.

A few lines of references can expand to billions of parts, so we expand them here, part by part, within a bound. The result
has no references, ids or anchors, and the counted parts are those that will be tested.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from cluster.manifests.documents import Path
from graders.application_platform.exercises.event.keywords import (
    DYNAMIC,
    FORMATS,
    IN_PLACE,
    KEYWORDS,
    UNCHECKED,
    UNEVALUATED,
    Draft,
    Holds,
    anchors,
    draft,
    format_meant,
    own_id,
)
from graders.application_platform.exercises.event.patterns import looks_around, weight
from graders.reading.text import shown

PARTS = 2_000
"""The most parts of a schema with its references resolved; a schema for an event has a few dozen."""

VALUES = 1_000
TEXT = 20_000
"""The most values of an event, and the most characters in all."""

WORK = 200_000
"""The most parts times the event's weight: the cost of one check, some milliseconds."""

PATTERNS = 30
MATCHING = 3_000_000
"""The most patterns of a schema, and their most weight times the event's characters: some hundredths of a second."""

MULTIPLE_WORK = 500
"""The most tests of multipleOf: with a very large or small number, one takes a ten-thousandth of a second."""

CHAIN = 30
DEPTH = 40
"""The most references in one chain, and the deepest nesting of a schema with its references resolved."""

MOST_UNEVALUATED = 2
"""Each one tests all keywords beside it again, and nested ones double the work."""

_TEXT_OF_A_PART = 100
_TEXT_OF_A_VALUE = 50
"""The number of characters that weigh as much as one part of a schema, and as one value of an event."""

_INDEX = re.compile(r"0|[1-9][0-9]{0,4}")


class UnusableError(Exception):
    """Why a schema can't be used, the next step, and the path in the schema, if it is one place."""

    def __init__(self, problem: str, hint: str, at: Path = ()) -> None:
        super().__init__(problem)
        self.at = at
        self.problem = problem
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Usable:
    """A schema without references, its draft, and sentences about the parts that were removed."""

    schema: Any
    draft: Draft
    remarks: tuple[str, ...] = ()
    misspelled: tuple[tuple[str, str], ...] = ()
    """Unknown formats, each with the most similar known one, or an empty text."""


def usable(schema: Any, event: Any) -> Usable:
    """Prepare a schema for an event. Raises UnusableError if it can't be used, or would cost too much."""
    values, text = _size(event)
    if values > VALUES:
        raise UnusableError(
            f"the event has {values} values; a dozen are enough", "Delete fields that consumers don't need."
        )
    if text > TEXT:
        raise UnusableError(
            f"the event has {text} characters of text; a few hundred are enough",
            "Shorten its longest text: consumers can fetch long data by id.",
        )
    meant = draft(schema)
    reading = _Reading(schema, meant)
    plain = reading.schema(schema, _At())
    if reading.parts * (values + text // _TEXT_OF_A_VALUE) > WORK:
        raise UnusableError(
            f"with its references it has {reading.parts} parts, too many for an event of {values} values and {text} characters",
            "A few dozen parts are enough: shorten the schema, or the event.",
        )
    if reading.matching * text > MATCHING:
        raise UnusableError(
            f"its patterns repeat too much for an event of {text} characters",
            "Use maxLength in place of a large {…}, or a format, or shorten the event's texts.",
        )
    if reading.multiples * values > MULTIPLE_WORK:
        raise UnusableError(
            f"it has multipleOf {reading.multiples} times, too often for an event of {values} values",
            "Delete it, or require whole cents: type: integer.",
        )
    misspelled = tuple((one, format_meant(one)) for one in dict.fromkeys(reading.unknown))
    return Usable(plain, meant, tuple(dict.fromkeys(reading.remarks)), misspelled)


@dataclass(frozen=True, slots=True)
class _At:
    """A position in the walk: the followed pointers, the depth, and whether it is below a keyword of ``IN_PLACE``."""

    inside: tuple[str, ...] = ("",)
    depth: int = 0
    in_place: bool = False


@dataclass(slots=True)
class _Reading:
    """One walk through a schema that counts its parts; it ends at the first part that can't be used."""

    root: Any
    draft: Draft
    parts: int = 0
    patterns: int = 0
    matching: int = 0
    multiples: int = 0
    unevaluated: int = 0
    remarks: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    names: dict[str, Any] | None = None

    def schema(self, node: Any, at: _At) -> Any:
        """Return a schema with its references resolved, and only with keywords that can refuse an event."""
        if at.depth > DEPTH:
            raise UnusableError(
                f"it nests more than {DEPTH} levels deep", "Use fewer levels; an event needs two or three."
            )
        if not isinstance(node, dict):
            return self.data(node)
        self.spend(1)
        self.refuse(node, at)
        below = replace(at, depth=at.depth + 1)
        target = node.get("$ref")
        followed = self.follow(target, below) if isinstance(target, str) else None
        if followed is not None and self.draft.ref_alone:
            return followed
        plain = {
            keyword: self.keyword(keyword, value, below)
            for keyword, value in node.items()
            if self.wanted(keyword, value)
        }
        if followed is None:
            return plain
        if isinstance(plain.setdefault("allOf", []), list):
            plain["allOf"] = [followed, *plain["allOf"]]
        return plain

    def wanted(self, keyword: str, value: Any) -> bool:
        """Whether a keyword can refuse an event, and is tested here."""
        if keyword == "format" and isinstance(value, str):
            if value not in FORMATS | UNCHECKED:
                self.unknown.append(value)
            return value in FORMATS
        if keyword == "pattern" and isinstance(value, str):
            return self.pattern(value)
        return keyword in KEYWORDS or (keyword == "$ref" and not isinstance(value, str))

    def keyword(self, keyword: str, value: Any, at: _At) -> Any:
        """Return the value of a keyword, with each schema in it read."""
        holds = KEYWORDS.get(keyword, Holds.DATA)
        if holds is Holds.DATA:
            return self.data(value)
        at = replace(at, in_place=at.in_place or keyword in IN_PLACE)
        if holds is Holds.SCHEMAS and isinstance(value, list):
            self.spend(1)
            return [self.schema(one, at) for one in value]
        if holds is Holds.NAMED and isinstance(value, dict):
            self.spend(1)
            patterns = keyword == "patternProperties"
            return {
                self.data(name): self.schema(below, at)
                for name, below in value.items()
                if not patterns or self.pattern(name)
            }
        return self.schema(value, at)

    def data(self, value: Any) -> Any:
        """Return a value unchanged; long texts and long lists count as many parts."""
        values, text = _size(value)
        self.spend(values + text // _TEXT_OF_A_PART)
        return value

    def pattern(self, text: str) -> bool:
        """Whether a pattern can be tested. Patterns are matched in linear time, which excludes lookaround."""
        if looks_around(text):
            self.remarks.append(
                f"The pattern {shown(text, 60)} looks ahead or back, which isn't supported here, so we tested the schema without it. "
                "If the text must not be empty, write minLength: 1."
            )
            return False
        self.patterns += 1
        self.matching += weight(text)
        if self.patterns > PATTERNS:
            raise UnusableError(f"it has more than {PATTERNS} patterns", "A few are enough; use formats if possible.")
        return True

    def spend(self, parts: int) -> None:
        """Count parts, up to the bound."""
        self.parts += parts
        if self.parts > PARTS:
            raise UnusableError(
                f"it has more than {PARTS} parts, with references resolved",
                "A few dozen are enough: type, required, properties.",
            )

    def refuse(self, node: dict[str, Any], at: _At) -> None:
        """Count and refuse keywords that an event doesn't need, and that are costly or refer elsewhere."""
        self.multiples += "multipleOf" in node
        if strange := next((key for key in DYNAMIC if key in node), None):
            raise UnusableError(f"it uses {strange}, which isn't supported here", "Use $ref in its place.")
        if node is not self.root and own_id(node, self.draft.id_key):
            raise UnusableError(
                f"a part of it has its own {self.draft.id_key}",
                "Delete it: one at the top of the schema is enough.",
            )
        for key in UNEVALUATED:
            if key not in node:
                continue
            self.unevaluated += 1
            if at.in_place or self.unevaluated > MOST_UNEVALUATED:
                raise UnusableError(
                    f"it uses {key} within another keyword, or many times, which costs too much here",
                    f"Write {key} once, at the top of the schema, or delete it.",
                )

    def follow(self, target: str, at: _At) -> Any:
        """Return the target of a reference, read as a schema."""
        pointer = self.pointer(target)
        if pointer in at.inside:
            raise UnusableError(
                f"{shown(target, 60)} refers to itself, and an event can't nest without end", "Delete that $ref."
            )
        if len(at.inside) > CHAIN:
            raise UnusableError(f"it has a chain of more than {CHAIN} references", "Refer to the last one directly.")
        return self.schema(self.found(pointer, target), replace(at, inside=(*at.inside, pointer)))

    def pointer(self, target: str) -> str:
        """Return the part after the # of a reference into this schema; the schema's own address may come before it."""
        address, _, pointer = target.partition("#")
        own = own_id(self.root, self.draft.id_key) if isinstance(self.root, dict) else ""
        if address and address not in (own, own.rsplit("/", 1)[-1]):
            raise UnusableError(
                f"it refers to {shown(target, 80)}, which isn't in it, and the workbook fetches nothing",
                "Copy that part below $defs, and refer to it as #/$defs/NAME.",
            )
        return "" if pointer == "/" else pointer

    def found(self, pointer: str, target: str) -> Any:
        """Return the part of the schema at a pointer (RFC 6901), or with this anchor."""
        missing = UnusableError(
            f"it refers to {shown(target, 80)}, which isn't in it", "Refer to a part that exists, as #/$defs/NAME."
        )
        if not pointer.startswith("/"):
            if self.names is None:
                self.names = anchors(self.root, self.draft.id_key)
            if unquote(pointer) not in self.names:
                raise missing
            return self.names[unquote(pointer)]
        node = self.root
        for written in pointer[1:].split("/"):
            step = unquote(written).replace("~1", "/").replace("~0", "~")
            if isinstance(node, list) and _INDEX.fullmatch(step) and int(step) < len(node):
                node = node[int(step)]
            elif isinstance(node, dict) and step in node:
                node = node[step]
            else:
                raise missing
        return node


def _size(value: Any) -> tuple[int, int]:
    """Return the number of values in a value, itself included, and of characters, names included."""
    values, text, waiting = 0, 0, [value]
    while waiting:
        one = waiting.pop()
        values += 1
        if isinstance(one, dict):
            waiting += one.values()
            text += sum(map(len, one))
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str):
            text += len(one)
    return values, text
