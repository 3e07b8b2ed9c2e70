"""Exercise ``event``: one slip in a schema costs once, and the finding names it on its line; another event isn't this one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cluster import world
from graders.application_platform.exercises.event.rubric import EXERCISE
from graders.core.report import Finding, Report, State
from graders.present import inline

GOOD = """\
event:
  event_id: abc-1
  type: order.created
  version: 1
  order_id: "123"
  timestamp: "2026-03-02T10:15:00Z"
schema:
  type: object
  required: [event_id, type, version, order_id, timestamp]
  properties:
    event_id: {type: string}
    type: {const: order.created}
    version: {type: integer}
    order_id: {type: string}
    timestamp: {type: string, format: date-time}
"""
REQUIRED = "  required: [event_id, type, version, order_id, timestamp]\n"
Edit = tuple[str, str]


def judged(*edits: Edit) -> Report:
    text = GOOD
    for was, now in edits:
        assert was in text, was
        text = text.replace(was, now)
    return EXERCISE.judge(text, world())


def missed(report: Report) -> dict[str, Finding]:
    return {f.criterion: f for f in report.findings if f.state is not State.PASS}


EACH_REQUIRED = ("}\n", ", required: true}\n")
ONCE: list[tuple[list[Edit], int, str]] = [
    ([("[event_id, type,", "[event_id, typ,")], 9, "“typ”"), ([("timestamp]", "time_stamp]")], 9, "“time_stamp”"),
    ([("[event_id, type,", "[event_id, type, customer,")], 9, "“customer”"), ([("version: {type: integer}", "version: {type: string}")], 13, "version"),
    ([("format: date-time", "format: date")], 15, "timestamp"), ([("{const: order.created}", "{const: order.create}")], 12, "type"),
    ([("{const: order.created}", "{enum: [order.paid]}")], 12, "type"), ([("order_id: {type: string}", "order_id: {type: string, minLength: 9}")], 14, "order_id"),
    ([("event_id: {type: string}", "event_id: {type: string, pattern: '^[0-9]+$'}")], 11, "event_id"),
    ([("event_id: {type: string}", "event_id: {type: str}")], 11, "“str”"), ([("version: {type: integer}", "version: {type: int}")], 13, "“int”"),
    ([("type: object", "type: dict")], 8, "“dict”"), ([("event_id: {type: string}", "event_id: string")], 11, "event_id"),
    ([("order_id: {type: string}", "order_id: text")], 14, "order_id"), ([("version: {type: integer}", "version: {type: integer, minimum: one}")], 13, "minimum"),
    ([(REQUIRED, ""), EACH_REQUIRED], 10, "required"), ([("[event_id, type, version, order_id, timestamp]", "event_id, type, version, order_id, timestamp")], 9, "required"),
    ([(REQUIRED, ""), ("  properties:\n", "  properties:\n    required: [event_id, type, version, order_id, timestamp]\n")], 10, "required"),
    ([('order_id: "123"', "order_id: 123")], 14, "order_id"),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "line", "said"), ONCE, ids=range(len(ONCE)))
def test_one_slip_in_a_schema_costs_once(edits: list[Edit], line: int, said: str) -> None:
    """A slip that makes a schema unusable, or refuses the learner's event, costs only the points for good events."""
    report = judged(*edits)
    found = missed(report)
    assert (set(found), report.score) == ({"accepts"}, 3.25)
    finding = found["accepts"]
    assert (finding.line, said in finding.observed) == (line, True)
    assert len({finding.hint, *finding.hints}) == 4


@pytest.mark.parametrize(
    ("edits", "others"),
    [
        ([("version: {type: integer}", "version: {type: string}"), ("{type: string, format: date-time}", "{type: string}")], {"refuses": 0.8}),
        ([("[event_id, type,", "[event_id, typ,"), ("type: object", "type: object\n  additionalProperties: false")], {"room": 0.25}),
        ([("version: {type: integer}", "version: {type: string}"), (REQUIRED, "")], {"refuses": 0.5}),
        ([("    version: {type: integer}\n", ""), ("type: object", "type: object\n  additionalProperties: false")], {"room": 0.25}),
        ([("{const: order.created}", "{const: a}"), ("{type: string, format: date-time}", "{type: integer}")], {}),
        ([("{const: order.created}", "{const: a}"), ("{type: string, format: date-time}", "{type: integer}"), ("order_id: {type: string}", "order_id: {type: integer}")],
         {"refuses": 0, "room": 0}),
    ],
)  # fmt: skip
def test_what_else_is_wrong_costs_its_own(edits: list[Edit], others: dict[str, float]) -> None:
    """A second mistake costs its own points, and no slip hides another."""
    found = missed(judged(*edits))
    assert found.pop("accepts").earned == 0
    assert {name: round(finding.earned, 2) for name, finding in found.items()} == others


@pytest.mark.parametrize("schema", ["schema: false", "schema: {not: {}}", "schema: {type: str}", "schema: 7", ""])
def test_a_schema_that_says_nothing_earns_nothing(schema: str) -> None:
    """If a schema is empty without its slip, the other criteria have that cause and earn nothing."""
    report = EXERCISE.judge(GOOD.partition("schema:")[0] + schema, world())
    assert report.score <= 1.75 + 0.5
    assert missed(report)["refuses"].earned == 0


def test_a_schema_below_the_event_is_read() -> None:
    """A schema that is indented below the event costs points once, and is tested all the same."""
    head, _, tail = GOOD.partition("schema:\n")
    report = EXERCISE.judge(f"{head}  schema:\n" + "".join(f"  {line}\n" for line in tail.splitlines()), world())
    assert (set(missed(report)), report.score) == ({"accepts"}, 3.25)
    assert missed(report)["accepts"].line == 7


BESIDE = GOOD.replace("  properties:\n", "").replace("    ", "  ").replace("  type: {const: order.created}\n", "")


def test_fields_beside_type_are_named() -> None:
    """Fields of a schema that are beside its type, and not below properties, are named, with their line."""
    finding = missed(EXERCISE.judge(BESIDE, world()))["refuses"]
    assert finding.line == 10
    assert "“event_id” isn't a keyword of JSON Schema" in finding.hint
    assert "properties:" in finding.hint
    assert all("type" not in rung.split() for rung in finding.hints[:1])
    assert len({finding.hint, *finding.hints}) == 4


@pytest.mark.parametrize("value", ["[event_id]", "[type, time]"])
def test_required_in_each_field_is_named(value: str) -> None:
    """A list of required names below a field has no effect, and the card says where it belongs."""
    finding = missed(judged((REQUIRED, ""), ("}\n", f", required: {value}}}\n")))["refuses"]
    assert finding.line == 10
    assert "beside “properties”" in finding.hint
    assert finding.hint not in finding.hints


def test_required_true_leads_into_no_other_hole() -> None:
    """The next step for required: true says where the list belongs, and names only the learner's fields."""
    finding = missed(judged((REQUIRED, ""), EACH_REQUIRED))["accepts"]
    assert finding.hint == "Write “required” once, beside “properties”, with a list of the required fields."
    assert "time]" not in finding.hint


LINES: list[tuple[Edit, str, int]] = [
    (("{const: order.created}", "{type: string}"), "refuses", 12), (("{type: string, format: date-time}", "{type: string}"), "refuses", 15),
    (("order_id: {type: string}", "order_id: {}"), "refuses", 14), (("[event_id, type, version, order_id, timestamp]", "[event_id, type]"), "refuses", 9),
    (("order_id: {type: string}", 'order_id: {const: "123"}'), "accepts", 14), (("type: object", "type: object\n  additionalProperties: false"), "room", 9),
    (("version: {type: integer}", "version: {const: 1}"), "room", 13),
]  # fmt: skip


@pytest.mark.parametrize(("slip", "criterion", "line"), LINES)
def test_the_line_of_the_field(slip: Edit, criterion: str, line: int) -> None:
    """A finding about a field has the line of that field in the schema."""
    assert missed(judged(slip))[criterion].line == line


def test_the_line_of_a_field_further_in() -> None:
    """A finding about a nested field has the nested field's line."""
    text = GOOD.replace('  order_id: "123"', '  data: {order_id: "123"}').replace(
        "    order_id: {type: string}", "    data:\n      type: object\n      required: [order_id]\n      properties:\n        order_id: {}"
    ).replace("order_id, timestamp]", "data, timestamp]")  # fmt: skip
    found = missed(EXERCISE.judge(text, world()))
    assert (set(found), found["refuses"].line) == ({"refuses"}, 18)


def test_each_missing_fact_is_named() -> None:
    """The finding names every missing fact of the event, with its line."""
    finding = missed(judged(("order.created", "order.paid"), ("10:15:00Z", "10:15:00")))["carries"]
    assert "without a zone (line 6)" in finding.also


@pytest.mark.parametrize(
    ("edits", "about"),
    [([("10:15:00Z", "10:15:00")], "zone"), ([("type: order.created", "type: order.paid")], "name"), ([("order_id", "number")], "its own id")],
)  # fmt: skip
def test_hints_about_the_fact_that_is_missing(edits: list[Edit], about: str) -> None:
    """The hint ladder of a missing fact is about that fact."""
    assert about in " ".join(missed(judged(*edits))["carries"].hints)


def test_next_years_field_is_told_as_such() -> None:
    """The additional field of next year's event is introduced as such, and the finding on a version uses the notebook's words."""
    said = inline.plain(
        judged(
            ("type: object", "type: object\n  additionalProperties: false"), ("  version: 1\n", ""), ("version, ", "")
        )
    )
    assert "next year's event" in said
    assert "unexpected" not in said
    assert "$id" not in said


@pytest.mark.parametrize("edits", [edits for edits, _, _ in ONCE] + [[(REQUIRED, "")], [("{const: order.created}", "{type: string}")],
    [("{type: string, format: date-time}", "{}")], [("order_id: {type: string}", "order_id: {}")]], ids=str)  # fmt: skip
def test_the_first_hint_is_new(edits: list[Edit]) -> None:
    """The first hint says more than the card's next step."""
    for finding in missed(judged(*edits)).values():
        assert finding.hint not in finding.hints


FREED: list[Edit] = [("order.created", "seat.freed"), ("order_id", "seat_id")]


def test_the_lessons_example_is_another_event() -> None:
    """The notebook's own event, copied, isn't the event of the exercise; one finding says so, and the others have that cause."""
    report = judged(*FREED)
    assert report.score < 1
    assert [name for name, finding in missed(report).items() if not finding.follows] == ["carries"]


@pytest.mark.parametrize("name", ["ticket.printed", "user.registered", "PaymentReceived"])
def test_any_other_event_is_another_event(name: str) -> None:
    """An event of another kind, without an order, is another event as well."""
    assert judged(("order.created", name), ("order_id", "thing")).score < 1


@pytest.mark.parametrize(
    ("edits", "score"),
    [([("order.created", "order.create")], 3.67), ([("order.created", "OrderPlaced")], 3.67), ([("order_id", "seat_id")], 3.67), ([("order_id", "number")], 3.67),
     ([("order.created", "order.create"), ("order_id", "number")], 3.33)],
)  # fmt: skip
def test_one_fact_that_is_missing_costs_once(edits: list[Edit], score: float) -> None:
    """An event of an order under another name, or without the order's id, loses only that fact."""
    assert judged(*edits).score == pytest.approx(score, abs=0.01)


HOSTILE: list[Any] = [
    "a" * 5000,
    {"type": {"type": {"type": 7}}},
    ["x"] * 500,
    {str(n): {"required": True} for n in range(300)},
    None,
    True,
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("keyword", ["type", "required", "properties", "const", "pattern"])
def test_any_value_in_a_schema_is_judged(keyword: str, value: Any) -> None:
    """No value of any keyword keeps an answer from being judged."""
    event = {
        "type": "order.created",
        "order_id": "1",
        "event_id": "2",
        "timestamp": "2026-03-02T10:15:00Z",
        "version": 1,
    }
    for schema in ({keyword: value}, {"properties": {"type": {keyword: value}}}, {"allOf": [{keyword: value}]}):
        report = EXERCISE.judge(json.dumps({"event": event, "schema": schema}), world())
        assert report.judged
