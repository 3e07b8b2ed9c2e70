"""How much work a JSON schema makes is known before it is used."""

from __future__ import annotations

from typing import Any

import pytest

from graders.answers.schema import CHAIN, PATTERNS, VALUES, unusable

EVENT = {"type": "order.created", "order_id": "1"}
PLAIN = {
    "type": "object",
    "properties": {"order_id": {"$ref": "#/$defs/id"}, "id": {"type": "string"}},
    "$defs": {"id": {"type": "string"}},
}


def doubling(levels: int) -> dict[str, Any]:
    """A schema each of whose parts refers twice to the next one."""
    names = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(levels)}
    return {"$defs": {**names, f"d{levels}": {"type": "object"}}, "$ref": "#/$defs/d0"}


def leading_on(length: int) -> dict[str, Any]:
    names = {f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(length)}
    return {"$defs": {**names, f"d{length}": {}}, "$ref": "#/$defs/d0"}


@pytest.mark.parametrize(
    "schema", [PLAIN, True, False, {}, None, 7, "x", [], doubling(3), leading_on(CHAIN - 1), {"$id": "urn:shop"}]
)
def test_usable(schema: Any) -> None:
    """What is small enough may be used; whether it is a schema at all isn't asked here."""
    assert unusable(schema, EVENT) == ""


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        (doubling(24), "it unfolds to 301989780 parts for an event of 3 values"), (leading_on(5000), "lead on from each other"),
        ({"$ref": "#"}, "# leads back to itself"), ({"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}, "leads back to itself"),
        ({"properties": {"a": {"allOf": [{"$ref": "#/properties/a"}, {"$ref": "#/properties/a"}]}}}, "leads back to itself"),
        ({"$ref": "http://127.0.0.1/x"}, "nothing is fetched here"), ({"$ref": "file:///etc/passwd"}, "nothing is fetched here"),
        ({"$ref": "#/$defs/none"}, "it refers to #/$defs/none, which isn't in it"), ({"$dynamicRef": "#a"}, "it uses $dynamicRef"),
        ({"allOf": [{"$id": "urn:other", "$ref": "#/x"}]}, "an $id of its own"), ({"items": {"$anchor": "a"}}, "it uses $anchor"),
        ({"anyOf": [{"pattern": "a"}] * (PATTERNS + 1)}, f"it has {PATTERNS + 1} patterns"), ({"enum": list(range(6000))}, "it unfolds to 6002 parts"),
        ({"$ref": "#/a~1b/0/x"}, "which isn't in it"),
    ],
)  # fmt: skip
def test_unusable(schema: Any, why: str) -> None:
    """Loops, what leads elsewhere, and what unfolds to more than an event needs are told before any of it is tried."""
    assert why in unusable(schema, EVENT)


def test_a_large_event() -> None:
    """An event of thousands of values isn't checked at all."""
    assert f"for an event of {VALUES + 2} values" in unusable(PLAIN, {"items": [1] * VALUES})


def test_a_pointer() -> None:
    """References may go through lists and escaped names, as RFC 6901 has it."""
    assert (
        unusable(
            {"allOf": [{"a/b": {}, "c~d": {"e f": {}}}, {"$ref": "#/allOf/0/a~1b"}, {"$ref": "#/allOf/0/c~0d/e%20f"}]},
            {},
        )
        == ""
    )
