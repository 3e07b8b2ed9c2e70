"""Exercise ``event``: strict and unusual schemas that are right, names for the event, and texts that are no id."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cluster import world
from graders.application_platform.exercises.event.rubric import EXERCISE
from graders.application_platform.exercises.event.trials import EventEvidence
from graders.core.report import Finding, Report, State

EVENT = {
    "type": "order.created",
    "event_id": "e-1",
    "order_id": "o-1",
    "timestamp": "2026-03-02T10:15:00Z",
    "version": 1,
}
FIELDS: dict[str, Any] = {
    "type": {"const": "order.created"},
    "event_id": {"type": "string"},
    "order_id": {"type": "string"},
    "timestamp": {"type": "string", "format": "date-time"},
    "version": {"type": "integer"},
}
SCHEMA = {"type": "object", "required": list(EVENT), "properties": FIELDS}
UUID7 = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
UUID4 = UUID7.replace("-7", "-4")


def judge(schema: Any = SCHEMA, **fields: Any) -> Report:
    return EXERCISE.judge(json.dumps({"event": {**EVENT, **fields}, "schema": schema}, ensure_ascii=False), world())


def missed(report: Report) -> dict[str, Finding]:
    return {f.criterion: f for f in report.findings if f.earned < f.points}


def pinned(**fields: Any) -> dict[str, Any]:
    return {**SCHEMA, "properties": {**FIELDS, **fields}}


def text(pattern: str) -> dict[str, str]:
    return {"type": "string", "pattern": pattern}


STRICT: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "milliseconds": ("timestamp", "2026-03-02T10:15:00.123Z", text(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$")),
    "an offset of nought": ("timestamp", "2026-03-02T10:15:00+00:00", text(r"^2026-.*\+00:00$")),
    "the year and six digits": ("order_id", "2026-000123", text(r"^20\d{2}-\d{6}$")),
    "no leading nought": ("order_id", "7123", text("^[1-9][0-9]*$")),
    "a least number": ("order_id", 100123, {"type": "integer", "minimum": 100000}),
    "a UUID of version 7": ("event_id", "018f3c1e-7b2a-7cde-8f01-23456789abcd", text(UUID7)),
    "a UUID behind a prefix": (
        "event_id",
        "evt_7b1f6f0e-3a52-4f0e-8a55-0d7a0a6f2f10",
        text(UUID4.replace("^", "^evt_")),
    ),
    "a UUID in capitals": ("event_id", "7B1F6F0E-3A52-4F0E-8A55-0D7A0A6F2F1F", text("^[0-9A-F-]{36}$")),
    "any text of some length": ("order_id", "Bestellung 7", text("^.{1,255}$")),
    "a number in the prefix": ("event_id", "evt2-0001", text("^evt2-[0-9]{4}$")),
}


@pytest.mark.parametrize("form", STRICT)
def test_strict_schemas(form: str) -> None:
    """A schema that requires the exact form of the learner's own values has full marks."""
    field, value, schema = STRICT[form]
    assert missed(judge(pinned(**{field: schema}), **{field: value})) == {}


@pytest.mark.parametrize("only", [{"const": "e-1"}, {"enum": ["e-1"]}, {"type": "string", "pattern": "^e-1$"}])
def test_this_one_event_only(only: dict[str, Any]) -> None:
    """A schema that allows only the example's id fits only that event, and the finding says so."""
    finding = missed(judge(pinned(event_id=only)))["accepts"]
    assert "another idempotency key is refused" in finding.observed
    assert "fits only this one event" in finding.hint


BY_ID = {**FIELDS, "event_id": {"$ref": "https://shop/e.json#/$defs/id"}}
BY_ANCHOR = {**FIELDS, "event_id": {"$ref": "#id"}}
SHELF = {"id": {"$anchor": "id", "type": "string"}}
VALID: dict[str, dict[str, Any]] = {
    "examples with an id": {**SCHEMA, "examples": [{**EVENT, "id": "e-1", "$id": "urn:e"}], "default": {"id": "e-1"}},
    "its own address": {**SCHEMA, "$id": "https://shop/e.json", "properties": BY_ID, "$defs": SHELF},
    "an anchor": {**SCHEMA, "properties": BY_ANCHOR, "$defs": SHELF},
    "draft-04": {
        **SCHEMA, "$schema": "http://json-schema.org/draft-04/schema#",
        "properties": {**FIELDS, "type": {"enum": ["order.created"]}, "version": {"type": "integer", "minimum": 0, "exclusiveMinimum": True}},
    },
    "draft-06": {**SCHEMA, "$schema": "http://json-schema.org/draft-06/schema#"},
    "a pattern that looks ahead": pinned(order_id={"type": "string", "pattern": "^(?!$).+"}),
}  # fmt: skip


@pytest.mark.parametrize("form", VALID)
def test_valid_schemas(form: str) -> None:
    """Valid but unusual JSON Schema has full marks."""
    assert missed(judge(VALID[form])) == {}


def test_a_field_that_is_called_as_a_keyword() -> None:
    """A field of the event may have a keyword's name."""
    names = {"$anchor": "a", "$ref": "x", "$id": "y"}
    assert missed(judge(pinned(**{name: {"type": "string"} for name in names}), **names)) == {}


def test_nothing_left_over() -> None:
    """A property that unevaluatedProperties forbids at the top costs the same as with additionalProperties: the room to grow."""
    found = missed(judge({**SCHEMA, "unevaluatedProperties": False}))
    assert {name: f.earned for name, f in found.items()} == {"room": 0.25}


def test_looking_ahead_is_said() -> None:
    """A remark names each part of the schema that the tests leave out, with a replacement."""
    (note,) = judge(VALID["a pattern that looks ahead"]).notes
    assert "^(?!$).+ looks ahead or back, which isn't supported here" in note
    assert "minLength: 1" in note


CREATED = (
    "order.created", "order.created.v1", "OrderCreatedEvent", "OrderCreated", "orderCreated", "order_created", "order-created", "orders/created",
    "com.example.order.created", "com.example.orders.v1.order.created", "ORDER_CREATED", "Order created", "order.v2.created", "shop:order.created/v1.2",
    "https://shop.example/events/order.created", "com.example.OrderCreatedV2", "ordercreated", "orders.created", "/shop/order.created",
)  # fmt: skip
OTHERWISE = (
    "preorder.created", "reorder.created", "NOT order.created", "no.such.order.created", "pre.order.created", "PreOrderCreated", "un-order-created",
    "never order.created", "was the order.created", "not/order.created", "order.not.created", "order.created.failed", "!order.created", "order", "created",
    "OrderPlaced", "order.createdish", "v1", "", " ", "." * 5000, "a." * 5000 + "order.created",
)  # fmt: skip


@pytest.mark.parametrize("name", CREATED)
def test_the_event_in_any_spelling(name: str) -> None:
    """The event's name may have any spelling and a version, and may follow other names."""
    assert missed(judge(pinned(type={"const": name}), type=name)) == {}


@pytest.mark.parametrize("name", OTHERWISE)
def test_another_event(name: str) -> None:
    """Another name, or a denial of the name, isn't read as the event's name."""
    assert missed(judge(pinned(type={"const": name}), type=name))["carries"].earned == 0.67


@pytest.mark.parametrize("value", [" ", "TODO", "null", "\u200b", "\u00a0", "...", "<uuid>", "tbd"])
def test_what_is_no_id(value: str) -> None:
    """A blank or a placeholder is no id, neither of the event nor of the order."""
    assert missed(judge(event_id=value))["key"].earned == 0
    assert missed(judge(order_id=value))["carries"].earned == 0.67


@pytest.mark.parametrize("value", ["1", "e", "Bestellung №7", "注文7", "todo-17", "nullpunkt", 0, 7])
def test_unusual_ids(value: Any) -> None:
    """Any readable text, and any whole number, may be an id."""
    schema = {"type": "integer" if isinstance(value, int) else "string"}
    assert missed(judge(pinned(event_id=schema), event_id=value)) == {}
    assert judge(pinned(order_id=schema), order_id=value).state is State.PASS


EVIL: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "unevaluated within each other": ({"unevaluatedProperties": {}, "anyOf": [{"unevaluatedProperties": {}}]}, {}),
    "a long text and formats": ({"properties": {"z": {"not": {"anyOf": [{"format": "idn-hostname"}] * 150}}}}, {"z": "ü.é" * 25_000}),
    "a long text and a pattern": (
        {"$defs": {"a": {"pattern": "^[ab]*a[ab]{500}$"}}, "properties": {"z": {"allOf": [{"$ref": "#/$defs/a"}] * 1200}}}, {"z": "ab" * 1000},
    ),
    "a long text and many errors": ({"anyOf": [{"type": "string"}] * 1500}, {"z": "a" * 15_000}),
    "a long text and many constants": ({"properties": {"z": {"anyOf": [{"const": i} for i in range(600)]}}}, {"z": "a" * 15_000}),
    "a digit that is none": ({"allOf": [True], "$ref": "#/allOf/²"}, {}),
    "a number that is too long": ({"allOf": [True], "$ref": "#/allOf/" + "9" * 5000}, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", EVIL)
def test_what_would_cost_too_much(name: str) -> None:
    """A schema that would cost seconds or fail is refused before its tests, and the event keeps its own points."""
    schema, fields = EVIL[name]
    report = judge(schema, **fields)
    assert isinstance(report.evidence, EventEvidence)
    assert report.evidence.trouble
    assert {name: f.earned for name, f in missed(report).items()} == {"accepts": 0, "refuses": 0, "room": 0}


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "^.{1,9999}$"])
def test_no_pattern(pattern: str) -> None:
    """An unusable pattern is named, with the next step."""
    finding = missed(judge(pinned(order_id={"pattern": pattern})))["accepts"]
    assert finding.observed == f"the pattern {pattern} isn't a regular expression, or repeats too often"
    assert "maxLength" in finding.hint


def test_a_format_that_is_a_remark() -> None:
    """A costly format that isn't needed gets a remark, as in the standard."""
    assert missed(judge(pinned(event_id={"type": "string", "format": "idn-hostname"}), event_id="not a host")) == {}
