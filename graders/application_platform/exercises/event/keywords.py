"""The keywords of JSON Schema: which of them hold schemas, and how. Whatever isn't named here is a remark or data.

A schema is walked by these tables and not as a tree of mappings: below ``properties`` a ``$ref`` is a field's name, and
what stands in ``examples`` or ``const`` is data, whatever it looks like.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any


class Holds(Enum):
    """What a keyword's value is."""

    SCHEMA = auto()
    SCHEMAS = auto()
    """A list of schemas; ``items`` of the older drafts may be one schema or a list of them."""
    NAMED = auto()
    """A mapping whose keys are names, or patterns, and whose values are schemas."""
    DATA = auto()


KEYWORDS: Mapping[str, Holds] = {
    **dict.fromkeys(
        ("additionalItems", "additionalProperties", "contains", "else", "if", "not", "propertyNames", "then",
         "unevaluatedItems", "unevaluatedProperties"), Holds.SCHEMA,
    ),
    **dict.fromkeys(("allOf", "anyOf", "items", "oneOf", "prefixItems"), Holds.SCHEMAS),
    **dict.fromkeys(("dependencies", "dependentSchemas", "patternProperties", "properties"), Holds.NAMED),
    **dict.fromkeys(
        ("const", "dependentRequired", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "maxContains", "maxItems",
         "maxLength", "maxProperties", "maximum", "minContains", "minItems", "minLength", "minProperties", "minimum", "multipleOf",
         "pattern", "required", "type", "uniqueItems"), Holds.DATA,
    ),
}  # fmt: skip
"""Each keyword by which an event can be refused."""

IN_PLACE = frozenset(
    ("allOf", "anyOf", "dependencies", "dependentSchemas", "else", "if", "not", "oneOf", "then",
     "unevaluatedItems", "unevaluatedProperties")
)  # fmt: skip
"""The keywords whose schemas see the same value as the schema that they stand in."""

UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
DYNAMIC = ("$dynamicRef", "$recursiveRef")
SHELVES = ("$defs", "definitions")
"""Where schemas wait to be referred to."""

FORMATS = frozenset(
    ("date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uri", "uri-reference", "uuid")
)
"""The formats that are checked; any other is a remark, as the standard allows. Some are costly, and none is needed here."""

UNCHECKED = frozenset(
    ("idn-email", "idn-hostname", "iri", "iri-reference", "json-pointer", "relative-json-pointer", "regex", "uri-template",
     "int32", "int64", "float", "double", "byte", "binary", "password")
)  # fmt: skip
"""Formats that JSON Schema or OpenAPI have and that aren't checked here."""

_CALLED: Mapping[str, str] = {
    **dict.fromkeys(("iso8601", "iso86012004", "timestamp", "rfc3339", "utc", "isodate", "isodatetime", "instant", "moment"), "date-time"),
    **dict.fromkeys(("guid", "uuid4", "uuidv4", "uuid7", "uuidv7"), "uuid"),
    **dict.fromkeys(("url", "link"), "uri"), "mail": "email", "ip": "ipv4",
}  # fmt: skip
"""What formats are called elsewhere."""


def format_meant(written: str) -> str:
    """The format that is checked and was probably meant; empty where none is like it."""
    bare = re.sub(r"[^a-z0-9]", "", written[:40].casefold())
    by_letters = {re.sub(r"[^a-z0-9]", "", one): one for one in FORMATS}
    near = difflib.get_close_matches(bare, by_letters, n=1, cutoff=0.75)
    return by_letters.get(bare) or _CALLED.get(bare) or (by_letters[near[0]] if near else "")


@dataclass(frozen=True, slots=True)
class Draft:
    """A version of JSON Schema, in so far as it matters for reading: ``ref_alone`` says that nothing beside a $ref counts."""

    name: str
    id_key: str = "$id"
    ref_alone: bool = False


NEWEST = Draft("2020-12")
_DRAFTS = (
    Draft("draft-04", "id", ref_alone=True),
    Draft("draft-06", ref_alone=True),
    Draft("draft-07", ref_alone=True),
    Draft("2019-09"),
)


def draft(schema: Any) -> Draft:
    """The draft that a schema names in ``$schema``; the newest where it names none."""
    said = str(schema.get("$schema", ""))[:200] if isinstance(schema, dict) else ""
    return next((one for one in _DRAFTS if one.name in said), NEWEST)


def anchors(root: Any, id_key: str) -> dict[str, Any]:
    """Each part of a schema that has a name to refer to, by that name."""
    found: dict[str, Any] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            for name in (node.get("$anchor"), node.get("$dynamicAnchor"), _named_by_id(node.get(id_key))):
                if isinstance(name, str):
                    found.setdefault(name, node)
            waiting += _below(node)
    return found


def _named_by_id(value: Any) -> str | None:
    """The name in an id such as ``#order``: until draft-07 an anchor was written like this."""
    return value[1:] if isinstance(value, str) and value.startswith("#") else None


def own_id(node: dict[str, Any], id_key: str) -> str:
    """The address that a schema gives itself; empty where it has none."""
    value = node.get(id_key)
    return value.removesuffix("#") if isinstance(value, str) and not value.startswith("#") else ""


def _below(node: dict[str, Any]) -> Iterator[Any]:
    for keyword, value in node.items():
        holds = Holds.NAMED if keyword in SHELVES else KEYWORDS.get(keyword, Holds.DATA)
        if isinstance(value, list) and holds is Holds.SCHEMAS:
            yield from value
        elif isinstance(value, dict) and holds is Holds.NAMED:
            yield from value.values()
        elif isinstance(value, dict) and holds is not Holds.DATA:
            yield value
