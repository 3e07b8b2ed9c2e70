"""Exercise ``event``: schemas that only forbid known bad values, versions that can't grow, unknown formats."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cluster import world
from graders.application_platform.exercises.event.broken import broken
from graders.application_platform.exercises.event.rubric import EXERCISE
from graders.core.report import Finding, Report, State
from tests.corpus.faults import fault

EVENT: dict[str, Any] = {
    "type": "order.created", "order_id": "8f1c", "event_id": "5b0d0f1e-5a51-4f62-9a51-0a6a3a3f7c11", "version": 1,
    "time": "2026-03-02T10:00:00Z",
}  # fmt: skip
FIELDS: dict[str, Any] = {
    "type": {"const": "order.created"}, "order_id": {"type": "string"}, "event_id": {"type": "string", "format": "uuid"},
    "version": {"type": "integer"}, "time": {"type": "string", "format": "date-time"},
}  # fmt: skip


def judged(event: dict[str, Any] | None = None, required: list[str] | None = None, **fields: Any) -> Report:
    event = EVENT if event is None else event
    schema = {
        "type": "object",
        "required": list(EVENT) if required is None else required,
        "properties": {**FIELDS, **fields},
    }
    return EXERCISE.judge(json.dumps({"event": event, "schema": schema}, ensure_ascii=False), world())


def missed(report: Report) -> dict[str, Finding]:
    return {f.criterion: f for f in report.findings if f.state is not State.PASS}


def test_the_plain_one() -> None:
    """The event of these tests has full marks with its schema."""
    assert judged().state is State.PASS


def test_version_one_for_ever() -> None:
    """S22: a schema that allows version 1 only refuses the next event, and the finding names the version."""
    found = missed(EXERCISE.judge(fault("S22"), world()))
    assert found.keys() == {"room"}
    assert "version: the next version (2) is refused by this schema" in found["room"].observed
    assert found["room"].line == 14
    assert all("type" in hint or "version" in hint.casefold() or "newer" in hint for hint in found["room"].hints)


PINNED: list[tuple[Any, dict[str, Any]]] = [
    (1, {"enum": [1]}), (1, {"type": "integer", "maximum": 1}), (1, {"type": "integer", "exclusiveMaximum": 2}),
    (1, {"enum": [1, 2]}), (1, {"type": "integer", "minimum": 1, "maximum": 3}), (3, {"const": 3}), (1, {"not": {"not": {"const": 1}}}),
    ("1", {"const": "1"}), ("1", {"type": "string", "pattern": "^1$"}), ("1.0", {"enum": ["1.0"]}), ("1.0", {"pattern": r"^1\.0$"}),
    ("v1", {"const": "v1"}), ("v1", {"pattern": "^v1$"}), ("1.0.0", {"enum": ["1.0.0", "1.0.1", "1.1.0"]}), (1.0, {"const": 1}),
    ("2026-03-01", {"const": "2026-03-01"}),
]  # fmt: skip


@pytest.mark.parametrize(("version", "schema"), PINNED)
def test_a_version_that_cannot_grow(version: Any, schema: dict[str, Any]) -> None:
    """With every way to pin the version, the finding is about the version."""
    found = missed(judged({**EVENT, "version": version}, version=schema))
    assert found.keys() == {"room"}
    assert found["room"].observed.startswith("version: ")
    assert found["room"].earned == 0.25


def test_a_version_that_only_the_schema_has() -> None:
    """If the event has no version and the schema pins it to 1, the finding names both."""
    found = missed(judged({key: value for key, value in EVENT.items() if key != "version"}, version={"const": 1}))
    assert {finding.state for finding in found.values()} == {State.FAIL}
    assert (found["room"].observed, found["room"].earned) == (
        "version: the next version (2) is refused by this schema",
        0.25,
    )


GROWING: list[tuple[Any, dict[str, Any]]] = [
    (1, {"type": "integer", "minimum": 1}), (1, {"type": "number"}), ("1", {"type": "string"}), ("1.0", {"pattern": r"^[0-9]+\.[0-9]+$"}),
    ("1.0", {"pattern": r"^1\.[0-9]+$"}), ("1.2.3", {"pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$"}), ("v1", {"pattern": "^v[0-9]+$"}),
    ("2026-03-01", {"type": "string", "format": "date"}), (9, {"type": "integer"}), ("1", {}),
]  # fmt: skip


@pytest.mark.parametrize(("version", "schema"), GROWING)
def test_a_version_that_can_grow(version: Any, schema: dict[str, Any]) -> None:
    """A schema that describes the type of a version leaves room."""
    assert judged({**EVENT, "version": version}, version=schema).state is State.PASS


def test_the_version_of_an_envelope() -> None:
    """CloudEvents' specversion belongs to the envelope, and may be a constant."""
    event = {key: value for key, value in EVENT.items() if key != "version"} | {"specversion": "1.0"}
    assert judged(event, required=[*event], specversion={"const": "1.0"}).state is State.PASS


FORBIDDING: dict[str, tuple[str, dict[str, Any]]] = {
    "the words for a time": ("time", {"type": "string", "not": {"enum": ["yesterday", "2026-03-02T10:00:00"]}}),
    "short times": ("time", {"type": "string", "minLength": 20}),
    "letters in a time": ("time", {"type": "string", "not": {"pattern": "yester|day"}}),
    "one other type": ("type", {"type": "string", "not": {"const": "order.deleted"}}),
    "some other types": ("type", {"type": "string", "not": {"enum": ["order.deleted", "order.paid", "order.shipped"]}}),
    "types of a form": ("type", {"type": "string", "pattern": "^order\\."}),
    "true as an id": ("order_id", {"not": {"const": True}}),
    "booleans as an id": ("event_id", {"not": {"type": "boolean"}}),
    "booleans and null as an id": ("event_id", {"not": {"enum": [True, False, None]}}),
}


@pytest.mark.parametrize("name", FORBIDDING)
def test_forbidding_what_is_known(name: str) -> None:
    """A schema that only forbids known bad values accepts others, and the finding names one of them."""
    field, schema = FORBIDDING[name]
    fields: dict[str, Any] = {field: schema}
    found = missed(judged(**fields))
    assert found.keys() == {"refuses"}
    assert f"{field}: " in found["refuses"].observed
    assert "all others are still allowed" in found["refuses"].hints[1]


def test_forbidding_the_empty_event() -> None:
    """A schema without required that forbids the empty event accepts an event with other fields."""
    schema = {"type": "object", "minProperties": 1, "properties": FIELDS}
    text = json.dumps({"event": EVENT, "schema": schema})
    assert "an event of other fields only" in missed(EXERCISE.judge(text, world()))["refuses"].observed


def test_bad_events_differ_from_answer_to_answer() -> None:
    """The values of bad events depend only on the answer's text."""

    def said(order: str) -> list[str]:
        answer = EXERCISE.parse(json.dumps({"event": {**EVENT, "order_id": order}, "schema": {}}))
        return [what for one in broken(answer) for what, _ in one.events]

    assert said("1") == said("1")
    assert len({*said("1")} - {*said("2")}) > 5


FORMATS = [("datetime", "date-time"), ("date_time", "date-time"), ("dateTime", "date-time"), ("DateTime", "date-time"), ("iso8601", "date-time"),
           ("ISO-8601", "date-time"), ("timestamp", "date-time"), ("rfc3339", "date-time"), ("date-tme", "date-time")]  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), FORMATS)
def test_an_unknown_format(written: str, meant: str) -> None:
    """S23: an unknown format is named with the nearest known one, in the next step and the last hint, with its line."""
    found = missed(judged(time={"type": "string", "format": written}))
    assert found.keys() == {"refuses"}
    slip = f"“{written}” isn't a format that we check. Did you mean {meant}?"
    assert found["refuses"].hint == slip
    assert found["refuses"].hints[2] == slip


def test_an_unknown_format_beside_another_mistake() -> None:
    """An unknown format is named also if the first accepted bad event has another reason."""
    finding = missed(judged(required=["type"], time={"type": "string", "format": "datetime"}))["refuses"]
    assert "Did you mean date-time?" in finding.also
    assert "datetime" not in finding.hint


def test_the_line_of_an_unknown_format() -> None:
    """The finding has the line of the format."""
    text = fault("S22").replace("{const: 1}", "{type: integer}").replace("format: date-time", "format: datetime")
    assert missed(EXERCISE.judge(text, world()))["refuses"].line == 15


@pytest.mark.parametrize(("written", "meant"), [("UUID", "uuid"), ("guid", "uuid"), ("uid", "uuid")])
def test_an_unknown_format_elsewhere(written: str, meant: str) -> None:
    """An unknown format that accepts no bad event costs nothing and gets a remark."""
    report = judged(event_id={"type": "string", "format": written})
    assert report.state is State.PASS
    assert any(f"Did you mean {meant}?" in note for note in report.notes)


def test_formats_of_others_are_no_slips() -> None:
    """Formats of JSON Schema or OpenAPI aren't slips, though they aren't checked here."""
    assert judged(version={"type": "integer", "format": "int32"}).notes == ()


ONCE: dict[str, tuple[dict[str, Any], str]] = {
    "a time without a zone": ({"time": "2026-03-02T10:00:00"}, "carries"),
    "a time in words": ({"time": "today"}, "carries"),
    "another type": ({"type": "OrderPlaced"}, "carries"),
    "a placeholder": ({"event_id": "todo"}, "key"),
}


@pytest.mark.parametrize("name", ONCE)
def test_one_slip_costs_once(name: str) -> None:
    """A mistake in the event costs its own criterion, and not the schema that rightly refuses it."""
    change, criterion = ONCE[name]
    fields: dict[str, Any] = {"event_id": {"type": "string"}} if "event_id" in change else {}
    assert missed(judged({**EVENT, **change}, **fields)).keys() == {criterion}


@pytest.mark.parametrize(
    ("field", "criterion"), [("time", "carries"), ("order_id", "carries"), ("event_id", "key"), ("type", "carries")]
)
def test_a_field_that_was_forgotten_costs_once(field: str, criterion: str) -> None:
    """A field that the schema requires and the event lacks costs points in the event's criterion."""
    event = {key: value for key, value in EVENT.items() if key != field}
    assert missed(judged(event)).keys() == {criterion}


def test_what_follows_is_said_once() -> None:
    """If no other event can be tested, the other criteria have the same cause as the one that names it."""
    found = missed(EXERCISE.judge(json.dumps({"event": EVENT, "schema": {"type": "str"}}), world()))
    assert [name for name, finding in found.items() if not finding.follows] == ["accepts"]


@pytest.mark.parametrize("field", ["type", "time"])
def test_curly_quotes(field: str) -> None:
    """The finding names curly quotes around a value."""
    found = missed(judged({**EVENT, field: f"“{EVENT[field]}”"}))
    assert "curly quotes" in found["carries"].observed
