"""The keywords of JSON Schema: which of them contain schemas, and how. Any other keyword is an annotation or data.

These tables guide the walk through a schema: below ``properties``, ``$ref`` is the name of a field, and the values of
``examples`` and ``const`` are always data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from cluster.text.names import nearest, normalize


class Holds(Enum):
    """The type of a keyword's value."""

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
"""Each keyword that can refuse an event."""

IN_PLACE = frozenset(
    ("allOf", "anyOf", "dependencies", "dependentSchemas", "else", "if", "not", "oneOf", "then",
     "unevaluatedItems", "unevaluatedProperties")
)  # fmt: skip
"""The keywords whose schemas apply to the same value as the schema around them."""

UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
DYNAMIC = ("$dynamicRef", "$recursiveRef")
SHELVES = ("$defs", "definitions")
"""The keywords for schemas that others refer to."""

FORMATS = frozenset(
    ("date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uri", "uri-reference", "uuid")
)
"""The formats that are checked; any other is an annotation, as the standard allows. Some others are costly, and none is needed."""

UNCHECKED = frozenset(
    ("idn-email", "idn-hostname", "iri", "iri-reference", "json-pointer", "relative-json-pointer", "regex", "uri-template",
     "int32", "int64", "float", "double", "byte", "binary", "password")
)  # fmt: skip
"""Formats of JSON Schema or OpenAPI that aren't checked here."""

_CALLED: Mapping[str, str] = {
    **dict.fromkeys(("iso8601", "iso86012004", "timestamp", "rfc3339", "utc", "isodate", "isodatetime", "instant", "moment"), "date-time"),
    **dict.fromkeys(("guid", "uuid4", "uuidv4", "uuid7", "uuidv7"), "uuid"),
    **dict.fromkeys(("url", "link"), "uri"), "mail": "email", "ip": "ipv4",
}  # fmt: skip
"""Other names of formats."""


def format_meant(written: str) -> str:
    """Return the checked format that is most similar to a name, or an empty text."""
    return _CALLED.get(normalize(written, signs=False)) or nearest(written, sorted(FORMATS)) or ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A version of JSON Schema, as far as reading needs it: with ``ref_alone``, keywords beside a $ref are ignored."""

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
    """Return the draft that a schema names in ``$schema``, or the newest one."""
    said = str(schema.get("$schema", ""))[:200] if isinstance(schema, dict) else ""
    return next((one for one in _DRAFTS if one.name in said), NEWEST)


def anchors(root: Any, id_key: str) -> dict[str, Any]:
    """Return the parts of a schema that have an anchor, by its name."""
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
    """Return the name in an id such as ``#order``, the notation of anchors until draft-07."""
    return value[1:] if isinstance(value, str) and value.startswith("#") else None


def own_id(node: dict[str, Any], id_key: str) -> str:
    """Return the address in a schema's id, or an empty text."""
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
