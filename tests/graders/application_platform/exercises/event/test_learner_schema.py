"""A schema's references are resolved within a bound, and only a schema that is small enough for its event is used."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graders.application_platform.exercises.event.learner_schema import (
    CHAIN,
    DEPTH,
    PARTS,
    PATTERNS,
    TEXT,
    VALUES,
    UnusableError,
    usable,
)

EVENT = {"type": "order.created", "order_id": "1"}
PLAIN = {
    "type": "object",
    "properties": {"order_id": {"$ref": "#/$defs/id"}, "id": {"type": "string"}},
    "$defs": {"id": {"type": "string"}},
}
OLD = "http://json-schema.org/draft-07/schema#"


def doubling(levels: int) -> dict[str, Any]:
    """A schema each of whose parts refers twice to the next one."""
    names = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(levels)}
    return {"$defs": {**names, f"d{levels}": {"type": "object"}}, "$ref": "#/$defs/d0"}


def leading_on(length: int) -> dict[str, Any]:
    names = {f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(length)}
    return {"$defs": {**names, f"d{length}": {}}, "$ref": "#/$defs/d0"}


def within(keyword: str, levels: int) -> dict[str, Any]:
    """A schema in a schema in a schema, by an applicator."""
    schema: dict[str, Any] = {}
    for _ in range(levels):
        schema = {keyword: schema}
    return schema


def nots_by_reference() -> dict[str, Any]:
    """Fifty levels of ``not``, then a reference to fifty more, and so on."""
    names = {}
    for n in range(10):
        schema: dict[str, Any] = {"$ref": f"#/$defs/a{n + 1}"}
        for _ in range(50):
            schema = {"not": schema}
        names[f"a{n}"] = schema
    return {"$ref": "#/$defs/a0", "$defs": {**names, "a10": {}}}


def below_a_name(keyword: str) -> dict[str, Any]:
    """A schema whose references expand to a hundred million parts, all below a property that is called $ref."""
    here = f"#/{keyword}/$ref/$defs"
    names: dict[str, Any] = {f"a{n}": {"allOf": [{"$ref": f"{here}/a{n + 1}"}] * 10} for n in range(8)}
    return {keyword: {"$ref": {"$ref": f"{here}/a0", "$defs": {**names, "a8": {}}}}}


def why_not(schema: Any, event: Any) -> str:
    with pytest.raises(UnusableError) as refused:
        usable(schema, event)
    assert refused.value.hint.endswith((".", "?"))
    return refused.value.problem


@pytest.mark.parametrize(
    "schema", [PLAIN, True, False, {}, None, 7, "x", [], doubling(3), leading_on(CHAIN - 1), {"$id": "urn:shop"}]
)
def test_usable(schema: Any) -> None:
    """Any small schema may be used; another function decides whether it is valid."""
    assert "$ref" not in json.dumps(usable(schema, EVENT).schema)


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        (doubling(15), f"more than {PARTS} parts"), (leading_on(5000), "it has a chain of more than"),
        ({"$ref": "#"}, "# refers to itself"), ({"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}, "refers to itself"),
        ({"properties": {"a": {"allOf": [{"$ref": "#/properties/a"}, {"$ref": "#/properties/a"}]}}}, "refers to itself"),
        ({"$ref": "http://127.0.0.1/x"}, "the workbook fetches nothing"), ({"$ref": "file:///etc/passwd"}, "the workbook fetches nothing"),
        ({"$ref": "#/$defs/none"}, "it refers to #/$defs/none, which isn't in it"), ({"$dynamicRef": "#a"}, "it uses $dynamicRef"),
        ({"allOf": [{"$id": "urn:other", "$ref": "#/x"}]}, "its own $id"), ({"$ref": "#nobody"}, "#nobody, which isn't in it"),
        ({"anyOf": [{"pattern": "a"}] * (PATTERNS + 1)}, f"it has more than {PATTERNS} patterns"),
        ({"enum": list(range(6000))}, f"more than {PARTS} parts"), ({"const": "x" * 300_000}, f"more than {PARTS} parts"),
        ({"$ref": "#/a~1b/0/x"}, "which isn't in it"), ({"allOf": [True], "$ref": "#/allOf/²"}, "#/allOf/², which isn't in it"),
        ({"allOf": [True], "$ref": "#/allOf/" + "9" * 5000}, "which isn't in it"), (nots_by_reference(), f"more than {DEPTH} levels deep"),
        (within("not", DEPTH + 1), f"more than {DEPTH} levels deep"),
        (below_a_name("properties"), f"more than {PARTS} parts"), (below_a_name("dependentSchemas"), f"more than {PARTS} parts"),
        ({"$defs": {"a": {"pattern": "^a"}}, "allOf": [{"$ref": "#/$defs/a"}] * (PATTERNS + 1)}, f"it has more than {PATTERNS} patterns"),
        ({"patternProperties": {f"^{n}": {} for n in range(PATTERNS + 1)}}, f"it has more than {PATTERNS} patterns"),
    ],
)  # fmt: skip
def test_unusable(schema: Any, why: str) -> None:
    """Loops, foreign references, and references that expand too much are reported before any test."""
    assert why in why_not(schema, EVENT)


@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [{"unevaluatedProperties": {}}]}, {"$ref": "#/$defs/a", "$defs": {"a": {"not": {"unevaluatedItems": False}}}},
        {"unevaluatedProperties": {"unevaluatedProperties": {}}}, {"properties": {n: {"unevaluatedProperties": False} for n in "abc"}},
    ],
)  # fmt: skip
def test_what_doubles_the_work(schema: Any) -> None:
    """Nested unevaluated keywords double the work with each level, so they can't be nested in another keyword."""
    assert "within another keyword, or many times" in why_not(schema, EVENT)


def test_unevaluated_at_the_top() -> None:
    """At the top of the schema, an unevaluated keyword may be used."""
    schema = {"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"type": True}}}, "unevaluatedProperties": False}
    assert usable(schema, EVENT).schema == {"allOf": [{"properties": {"type": True}}], "unevaluatedProperties": False}


def test_a_large_event() -> None:
    """An event with thousands of values or characters isn't checked at all."""
    assert f"the event has {VALUES + 2} values" in why_not(PLAIN, {"items": [1] * VALUES})
    assert f"the event has {TEXT + 1} characters" in why_not(PLAIN, {"a": "x" * TEXT})
    assert f"the event has {TEXT + 1} characters" in why_not(PLAIN, {"x" * TEXT: {"a": 1}})


def test_work_is_parts_times_the_event() -> None:
    """A schema that is small beside a small event is too large for a large event, for any kind of size."""
    schema = {"anyOf": [{"type": "string"}] * 600}
    usable(schema, EVENT)
    for large in ({"z": "a" * 15_000}, {"z": [1] * 900}):
        assert "parts, too many for an event of" in why_not(schema, large)


def test_matching_is_patterns_times_text() -> None:
    """Many short patterns fit a long event, and a few long ones fit a short event, but many long ones fit none."""
    short, long = {"pattern": "^[0-9a-f]{8}$"}, {"pattern": "^[ab]*a[ab]{500}$"}
    usable({"allOf": [short] * PATTERNS}, {"z": "a" * 2_000})
    usable({"allOf": [long] * 9}, EVENT)
    repeated: list[dict[str, Any]] = [{"patternProperties": {"(a{40}){40}": {}}}]
    for many in ([long] * 9, [{"$ref": "#/$defs/long"}] * 9, repeated):
        assert "repeat too much for an event of 2001 characters" in why_not(
            {"$defs": {"long": long}, "allOf": many}, {"z": "a" * 2_000}
        )


def test_multiples_are_few() -> None:
    """multipleOf is slow for very large and very small numbers, so it may be used for only a few values."""
    schema = {"properties": {"z": {"items": {"allOf": [{"multipleOf": 1e-300}] * 50}}}}
    usable(schema, {"z": [1e300]})
    assert "multipleOf 50 times, too often for an event of 102 values" in why_not(schema, {"z": [1e300] * 100})


def test_names_are_names_and_data_are_data() -> None:
    """Below properties, a keyword is a field's name; in const, enum, examples and default, everything is data."""
    told = {"$id": "urn:x", "$ref": "#/nowhere", "id": "e-1", "$anchor": "a"}
    schema = {
        "properties": {"$ref": {"type": "string"}, "$anchor": {}, "$id": {}, "id": {}, "$dynamicRef": {}, "allOf": {}},
        "examples": [told], "default": told, "const": told, "enum": [told], "x-ours": told,
    }  # fmt: skip
    for draft in ({}, {"$schema": OLD}, {"$schema": "http://json-schema.org/draft-04/schema#"}):
        plain = usable({**draft, **schema}, EVENT).schema
        assert plain == {key: schema[key] for key in ("properties", "const", "enum")}


def test_a_pointer() -> None:
    """References may go through lists and escaped names, as in RFC 6901."""
    schema = {
        "allOf": [
            {"a/b": {"type": "null"}, "c~d": {"e f": {}}},
            {"$ref": "#/allOf/0/a~1b"},
            {"$ref": "#/allOf/0/c~0d/e%20f"},
        ]
    }
    assert usable(schema, {}).schema == {"allOf": [{}, {"allOf": [{"type": "null"}]}, {"allOf": [{}]}]}


@pytest.mark.parametrize(
    "schema",
    [
        {"$id": "https://shop/e.json", "$ref": "https://shop/e.json#/$defs/a"}, {"$id": "https://shop/e.json", "$ref": "e.json#/$defs/a"},
        {"$id": "https://shop/e.json#", "$ref": "https://shop/e.json#a"}, {"$ref": "#a"}, {"$id": "urn:shop", "$ref": "urn:shop#b"},
    ],
)  # fmt: skip
def test_its_own_names(schema: dict[str, Any]) -> None:
    """A schema may refer to its parts by its own address, and by anchors."""
    shelf = {"a": {"$anchor": "a", "type": "string"}, "b": {"properties": {"x": {"$anchor": "b", "type": "string"}}}}
    assert usable({**schema, "$defs": shelf}, EVENT).schema == {"allOf": [{"type": "string"}]}


def test_before_2019() -> None:
    """In older drafts an anchor is an id with a #, and keywords beside a $ref are ignored."""
    schema = {"$schema": OLD, "definitions": {"a": {"$id": "#a", "type": "string"}}, "$ref": "#a", "type": "object"}
    assert usable(schema, EVENT).schema == {"type": "string"}


def test_looking_around() -> None:
    """A pattern that can't be matched in linear time is left out, and a remark says so."""
    pattern = "^(?!$).+"
    fit = usable({"pattern": pattern, "patternProperties": {pattern: {}}, "type": "string"}, EVENT)
    assert fit.schema == {"type": "string", "patternProperties": {}}
    assert len(fit.remarks) == 1
    assert "write minLength: 1" in fit.remarks[0]
