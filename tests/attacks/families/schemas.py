"""Events with JSON schemas that are too expensive to try."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.attacks.attack import Attack, answer_attack


def schemas() -> Iterator[Attack]:
    event = (
        "event: {event_id: 7b1f6f0e-3a52-4f0e-8a55-0d7a0a6f2f10, type: order.created, version: 1, order_id: '123', "
        "timestamp: '2026-03-02T10:15:00Z', x: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!}\n"
    )

    def schema(name: str, written: Any) -> Attack:
        return answer_attack("schemas", name, "event", event + f"schema: {json.dumps(written)}\n", most=4)

    def nested(key: str, depth: int, wrap: Callable[[Any], Any] = lambda inner: inner) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for _ in range(depth):
            made = {key: wrap(made)}
        return made

    doubling = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(30)} | {
        "d30": {"type": "object"}
    }
    yield schema("references that double 30 times", {"$ref": "#/$defs/d0", "$defs": doubling})
    yield schema("a reference to itself", {"$ref": "#"})
    yield schema(
        "two references in a circle",
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
    )
    yield schema(
        "a dynamic reference", {"$dynamicRef": "#x", "$dynamicAnchor": "x", "properties": {"x": {"$dynamicRef": "#x"}}}
    )
    for address in (
        "http://evil.example/x.json",
        "file:///etc/passwd",
        "//evil.example",
        "urn:x",
        "json-schema:///",
        "#/" + "a/" * 20_000,
    ):
        yield schema(f"a reference to {address[:30]}", {"$ref": address})
        yield schema(f"the dialect {address[:30]}", {"$schema": address, "type": "object"})
    for pattern in ("(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*)*(.*)*$", "^(([a-z])+.)+[A-Z]([a-z])+$", "a{1,1000}{1,1000}", "(x{1000}){1000}", "(?=a)a*",
                    "(?<x>a)\\k<x>", "\\p{L}{1000}", "(" * 5_000, "[" * 5_000, "[^\\s\\S]", "a" * 100_000):  # fmt: skip
        yield schema(f"the pattern {pattern[:30]}", {"properties": {"x": {"type": "string", "pattern": pattern}}})
        yield schema(f"the key's pattern {pattern[:30]}", {"patternProperties": {pattern: {"type": "string"}}})
    yield schema("not, 50 deep", nested("not", 50))
    yield schema("items, 50 deep", nested("items", 50))
    yield schema("every part twice, 25 deep", nested("anyOf", 12, lambda inner: [inner, inner]))
    yield schema("20,000 words", {"properties": {"type": {"enum": [f"w{n}" for n in range(15_000)]}}})
    yield schema("10,000 fields", {"properties": {f"p{n}": {"type": "string"} for n in range(6_000)}})
    yield schema("10,000 required fields", {"required": [f"p{n}" for n in range(15_000)]})
    yield schema("tiny multiples", {"properties": {"version": {"multipleOf": 1e-308}}})
    yield schema(
        "huge bounds", {"minProperties": 10**300, "maxProperties": -1, "properties": {"x": {"minLength": 1e300}}}
    )
    yield schema("if, then, else, 15 deep", nested("if", 15))
    yield schema(
        "keywords of the wrong type",
        {"type": 7, "properties": [], "required": "x", "allOf": {}, "enum": None, "const": {}},
    )
    yield schema("an identity elsewhere", {"$id": "http://evil.example/", "$ref": "other.json"})
