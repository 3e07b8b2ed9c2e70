"""Exercise ``event``: common mistakes in events and schemas, right answers in any form, and hostile schemas."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster import world
from graders.application_platform.exercises.event.keywords import KEYWORDS
from graders.application_platform.exercises.event.rubric import EXERCISE
from graders.core.report import Finding, Report, State

GOOD = """\
event:
  type: order.created
  version: 1
  event_id: 7b1f6f0e-3a52-4f0e-8a55-0d7a0a6f2f10
  order_id: "123"
  timestamp: 2026-03-02T10:15:00Z
schema:
  type: object
  required: [type, version, event_id, order_id, timestamp]
  properties:
    type: {const: order.created}
    version: {type: integer}
    event_id: {type: string}
    order_id: {type: string}
    timestamp: {type: string, format: date-time}
"""


def judge(text: str) -> Report:
    return EXERCISE.judge(text, world())


def missed(report: Report) -> dict[str, Finding]:
    return {f.criterion: f for f in report.findings if f.earned < f.points}


def edited(*edits: tuple[str, str]) -> str:
    text = GOOD
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return text


CLOUD = """\
event:
  specversion: "1.0"
  id: 7b1f6f0e-3a52-4f0e-8a55-0d7a0a6f2f10
  source: /shop/orders
  type: com.example.order.created
  time: "2026-03-02T10:15:00.123Z"
  data: {orderId: 4711, customer: {id: 12}}
schema:
  $schema: http://json-schema.org/draft-07/schema#
  type: object
  required: [specversion, id, source, type, time, data]
  properties:
    id: {type: string, minLength: 1}
    type: {enum: [com.example.order.created]}
    time: {type: string, pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$"}
    data:
      type: object
      required: [orderId]
      properties: {orderId: {type: integer}}
"""

RIGHT = {
    "the plain one": GOOD,
    "as JSON": json.dumps(yaml.safe_load(GOOD.replace("2026-03-02T10:15:00Z", '"2026-03-02T10:15:00Z"'))),
    "a CloudEvent": CLOUD,
    "camel case": edited(("event_id", "eventId"), ("order_id", "orderId"), ("timestamp", "occurredAt")),
    "an idempotency key by name": edited(("event_id", "idempotency_key")),
    "a whole number for the order": edited(('order_id: "123"', "order_id: 123"), ("order_id: {type: string}", "order_id: {type: integer}")),
    "an order with a prefix and a pattern": edited(
        ('order_id: "123"', "order_id: ORD-123"), ("order_id: {type: string}", "order_id: {type: string, pattern: '^ORD-[0-9]+$'}")
    ),
    "an enum in place of a constant": edited(("{const: order.created}", "{enum: [order.created]}")),
    "an offset of nought": edited(("10:15:00Z", "10:15:00+00:00")),
    "additional properties allowed in so many words": edited(("type: object", "type: object\n  additionalProperties: true")),
    "a reference inside": edited(
        ("event_id: {type: string}", "event_id: {$ref: '#/$defs/id'}"), ("  properties:", "  $defs: {id: {type: string}}\n  properties:")
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", RIGHT)
def test_right_in_any_form(form: str) -> None:
    """A good event with a good schema has full marks, in any form."""
    report = judge(RIGHT[form])
    assert (report.state, missed(report)) == (State.PASS, {})


MISCONCEPTIONS: dict[str, tuple[str, dict[str, float], str]] = {
    "the order's id will do": (
        edited(("  event_id: 7b1f6f0e-3a52-4f0e-8a55-0d7a0a6f2f10\n", ""), ("event_id, ", ""), ("    event_id: {type: string}\n", "")),
        {"key": 0}, "order_id is the order's id, and one order has many events",
    ),
    "the same id twice": (edited(("7b1f6f0e-3a52-4f0e-8a55-0d7a0a6f2f10", '"123"')), {"key": 0.19}, "is the same as order_id"),
    "the time of the wall clock": (edited(("10:15:00Z", "10:15:00")), {"carries": 0.67}, "without a zone"),
    "another zone": (edited(("10:15:00Z", "10:15:00+02:00")), {"carries": 0.67}, "in another zone than UTC"),
    "seconds since 1970": (
        edited(("2026-03-02T10:15:00Z", "1772446500"), ("{type: string, format: date-time}", "{type: integer}")),
        {"carries": 0.67}, "which may be seconds since 1970",
    ),
    "nothing unknown may come": (edited(("type: object", "type: object\n  additionalProperties: false")), {"room": 0.25}, "with one more field"),
    "properties are required by themselves": (
        edited(("  required: [type, version, event_id, order_id, timestamp]\n", "")), {"refuses": 0.5}, "it accepts: an empty event",
    ),
    "a type is any text": (edited(("{const: order.created}", "{type: string}")), {"refuses": 0.9}, "type: order.deleted"),
    "a time is any text": (edited(("{type: string, format: date-time}", "{type: string}")), {"refuses": 0.8}, "timestamp: yesterday"),
    "an id is anything": (edited(("event_id: {type: string}", "event_id: {}"), ("order_id: {type: string}", "order_id: {}")), {"refuses": 0.8}, "order_id: true"),
    "the example is the schema": (edited(("order_id: {type: string}", 'order_id: {const: "123"}')), {"accepts": 0.56}, "another order id is refused"),
    "no schema is a schema": (edited((GOOD[GOOD.index("schema:") :], "schema: {}\n")), {"refuses": 0}, "it accepts: an empty event"),
    "versions can come later": (
        edited(("  version: 1\n", ""), ("version, ", ""), ("    version: {type: integer}\n", "")), {"room": 0.25}, "doesn't name its version",
    ),
    "another name for it": (edited(("  type: order.created", "  type: OrderPlaced"), ("const: order.created", "const: OrderPlaced")), {"carries": 0.67}, "type: OrderPlaced"),
}  # fmt: skip


@pytest.mark.parametrize("thought", MISCONCEPTIONS)
def test_misconception(thought: str) -> None:
    """Each misconception costs only its own criterion, with its consequence."""
    text, earned, told = MISCONCEPTIONS[thought]
    found = missed(judge(text))
    assert {name: round(f.earned, 2) for name, f in found.items()} == earned
    assert told in next(iter(found.values())).observed


EVIL = {
    "a pattern that backtracks": "{type: string, pattern: '^(a+)+$'}",
    "a pattern of a million": "{type: string, pattern: 'a{1000000}'}",
    "an address elsewhere": "{$ref: 'http://127.0.0.1:9/schema'}",
    "a file": "{$ref: 'file:///etc/passwd'}",
    "itself": "{$ref: '#'}",
    "nothing known": "{type: banana}",
    "a number": "7",
}


@pytest.mark.parametrize("name", EVIL)
def test_hostile_schemas(name: str) -> None:
    """Any schema is judged, nothing is fetched, and an unusable schema is reported."""
    text = edited(("{type: string, format: date-time}", EVIL[name]), ("2026-03-02T10:15:00Z", "a" * 4000 + "b"))
    report = judge(text)
    assert report.judged
    assert "accepts" in missed(report)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("event: 7", "has no fields"),
        ("schema: {type: object}", "“event:” is missing"),
        ("- event", "no fields"),
        ("event: {a: 1}\n---\nschema: {}", "2 documents"),
        ("event: {a: 1, a: 2}", "written twice"),
        ("event: {a: 1", "the { isn't closed"),
    ],
)
def test_what_is_no_answer(text: str, problem: str) -> None:
    """The message on an unreadable answer is one clear sentence."""
    assert problem in judge(text).problem


def test_no_schema() -> None:
    """An event without a schema earns the event's points."""
    report = judge(GOOD[: GOOD.index("schema:")])
    assert missed(report).keys() == {"accepts", "refuses", "room"}
    assert "“schema:” is missing" in missed(report)["accepts"].observed


def test_what_everybody_could_read() -> None:
    """A secret in an event gets a remark, and costs nothing."""
    report = judge(edited(("  version: 1", "  version: 1\n  customer: {card_number: 4111, password: x}")))
    assert report.state is State.PASS
    assert [note for note in report.notes if "card_number" in note]


@settings(max_examples=60)
@given(
    event=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(["id", "order", "order_id", "type", "time", "a"]), below, max_size=4),
        max_leaves=12,
    ),
    schema=st.recursive(
        st.booleans() | st.sampled_from(["object", "string"]) | st.integers(),
        lambda below: st.dictionaries(st.sampled_from([*KEYWORDS, "$ref", "$id", "$defs", "$anchor"]), below, max_size=3),
        max_leaves=8,
    ),
)  # fmt: skip
def test_any_event(event: Any, schema: Any) -> None:
    """Any content of event and schema is judged."""
    report = judge(yaml.safe_dump({"event": event, "schema": schema}))
    assert report.state is not State.NOT_JUDGED
    assert 0 <= report.score <= 4


@pytest.mark.parametrize(
    ("edits", "criterion", "observed", "hint"),
    [
        ([("event_id: {type: string}", "event_id: {type: str}")], "accepts", "JSON has no type “str” (properties.event_id.type)", "Did you mean “string”?"),
        ([("version: {type: integer}", "version: {type: color}")], "accepts", "JSON has no type “color”", "JSON's types are"),
        ([("    type: {const: order.created}", "    type: string")], "accepts", "doesn't describe a field (properties.type)", "below each name"),
        ([("event_id: {type: string}", "event_id: {minLength: long}")], "accepts", "it can't be used: ", "Write a JSON schema"),
        ([("version: {type: integer}", "version: {type: [int, string]}")], "accepts", "JSON has no type", "JSON's types are"),
        ([("[type, version, event_id, order_id, timestamp]", "type, order_id")], "accepts", "“required” must be a list of names", "in brackets"),
        ([("    event_id: {type: string}", "    event_id: string")], "accepts", "doesn't describe a field (properties.event_id)", "below each name"),
        ([("    order_id: {type: string}\n", "    order_id: {type: string}\n    required: [type]\n")], "accepts", "“required” is among the fields", "beside “properties”"),
        ([("  type: object\n", "  type: array\n")], "accepts", "your own event is refused: the event is not of type \"array\"", "which of the two is wrong"),
        ([("  properties:", "  propertys:")], "refuses", "it accepts", "Did you mean “properties”?"),
        ([("schema:\n", "  schema:\n"), ("  type: object", "    type: object"), ("  required", "    required"), ("  properties", "    properties"),
          ("    type: {const", "      type: {const"), ("    version: {", "      version: {"), ("    event_id: {", "      event_id: {"),
          ("    order_id: {", "      order_id: {"), ("    timestamp: {", "      timestamp: {")],
         "accepts", "“schema:” is below “event:”", "in the first column"),
    ],
)  # fmt: skip
def test_a_slip_in_the_schema_is_told(edits: list[tuple[str, str]], criterion: str, observed: str, hint: str) -> None:
    """A slip in the schema is named by the keyword with the wrong value, and the hint says what belongs there."""
    found = missed(judge(edited(*edits)))[criterion]
    assert observed in found.observed
    assert hint in found.hint


def test_no_schema_is_said_once() -> None:
    """Without a schema that can be used, no line claims that it refused an event."""
    found = missed(judge(GOOD.partition("schema:")[0]))
    assert found["accepts"].observed == "“schema:” is missing"
    assert (
        found["refuses"].observed
        == found["room"].observed
        == "no other event was tested, because the schema can't be used"
    )


@pytest.mark.parametrize("name", ["event", "schema"])
def test_capitals_are_told(name: str) -> None:
    """A key in capitals is named as it was written."""
    report = judge(edited((f"{name}:\n", f"{name.title()}:\n")))
    assert report.problem == f"Your answer has “{name.title()}:”, but no “{name}:”."
    assert report.hint == "Write it in lowercase letters."
