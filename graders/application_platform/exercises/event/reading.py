"""A learner's event and its JSON schema, and the roles of the event's fields.

Both are in one YAML document, under ``event:`` and ``schema:``; JSON is also YAML. Fields are recognized by their names at any
place: at the top, below ``data`` or ``payload``, or as in a CloudEvent (cloudevents.io, version 1.0).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cluster.errors import AnswerError
from cluster.manifests.documents import Document, Path
from cluster.manifests.yaml_errors import strange_sign
from cluster.text.names import normalize
from graders.reading.documents import one_document

DEEPEST = 4
"""The number of levels in which an event's fields are searched."""


class FieldRole(StrEnum):
    """The role of a field of an event."""

    TYPE = "type"
    KEY = "idempotency key"
    ORDER = "order id"
    TIME = "time"
    VERSION = "version"


NAMES: Mapping[FieldRole, tuple[str, ...]] = {
    FieldRole.TYPE: ("type", "eventtype", "event", "eventname", "name", "kind"),
    FieldRole.ORDER: ("orderid", "ordernumber", "orderno", "orderuuid", "order"),
    FieldRole.KEY: (
        "eventid", "idempotencykey", "messageid", "eventuuid", "dedupkey", "deduplicationid", "idempotencyid", "id", "uuid", "key",
    ),
    FieldRole.TIME: (
        "timestamp", "time", "occurredat", "createdat", "at", "datetime", "date", "eventtime", "occurred", "created", "orderedat",
        "placedat", "publishedat", "emittedat", "ts",
    ),
    FieldRole.VERSION: ("version", "schemaversion", "eventversion", "specversion", "dataschema", "schema", "v"),
}  # fmt: skip
"""Common names of each field, folded, the most certain first."""


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """The event, its schema, and the path of each recognized field of the event."""

    document: Document
    event: dict[str, Any]
    schema: Any
    roles: Mapping[FieldRole, Path]

    def value(self, role: FieldRole) -> Any:
        """The value of a field; None if it wasn't recognized."""
        return within(self.event, self.roles[role]) if role in self.roles else None

    def line(self, *path: str | int) -> int:
        """The learner's line of a path below the document's root."""
        return self.document.line(*path)

    @property
    def kept(self) -> str:
        """What was read, in a few words."""
        found = ", ".join(f"{role} in {dotted(self.roles[role])}" for role in FieldRole if role in self.roles)
        return f"an event with {found or 'no known field'}"


_BOTH = "Write “event:” and “schema:”, each with its fields below."


def parse(text: str) -> EventAnswer:
    """Read an event and its schema. Raises AnswerError if the text isn't one document with both."""
    document = one_document(text, _BOTH)
    if not isinstance(document.data, dict):
        raise AnswerError("Your answer has no fields.", _BOTH)
    _small_letters(document)
    event = document.data.get("event")
    if not isinstance(event, dict):
        if strange := strange_sign(text):
            raise strange
        what = "is missing" if event is None else "is a list" if isinstance(event, list) else "has no fields"
        hint = "Write “event:”, and the event's fields below it, indented."
        raise AnswerError(
            f"“event:” {what}.",
            "Delete the dashes: write the event's fields below it, indented." if isinstance(event, list) else hint,
            line=document.line("event"),
        )
    return EventAnswer(document, event, document.data.get("schema"), recognized(event))


def _small_letters(document: Document) -> None:
    """Raises AnswerError for “Event:” or “SCHEMA:”: capitals matter in YAML's keys."""
    for key in document.data:
        small = key.casefold()
        if small in {"event", "schema"} and small not in document.data:
            raise AnswerError(
                f"Your answer has “{key}:”, but no “{small}:”.",
                "Write it in lowercase letters.",
                line=document.line(key),
            )


def recognized(event: dict[str, Any]) -> dict[FieldRole, Path]:
    """Return the path of each field of an event that is recognized by its name."""
    fields = list(_leaves(event, ()))
    found: dict[FieldRole, Path] = {}
    for role in (FieldRole.ORDER, FieldRole.KEY, FieldRole.TYPE, FieldRole.TIME, FieldRole.VERSION):
        ranked = sorted(
            ((rank, len(path), path) for path in fields if path not in found.values() and (rank := _rank(role, path)) is not None),
            key=lambda one: one[:2],
        )  # fmt: skip
        if ranked:
            found[role] = ranked[0][2]
    return found


def _rank(role: FieldRole, path: Path) -> int | None:
    """Return the rank of a path's name for a role: smaller is more certain; None if it doesn't fit."""
    last = folded(path[-1])
    pair = folded(path[-2]) + last if len(path) > 1 else last
    names = NAMES[role]
    if pair in names and pair != last:
        return names.index(pair)
    if (
        role is FieldRole.KEY
        and last in ("id", "uuid", "key")
        and len(path) > 1
        and folded(path[-2]) in ("order", "customer", "user", "item")
    ):
        return None
    return names.index(last) if last in names else None


def _leaves(value: Mapping[str, Any], path: Path) -> Iterator[Path]:
    for key, below in value.items():
        here = (*path, key)
        if isinstance(below, dict) and len(here) < DEEPEST:
            yield from _leaves(below, here)
        elif not isinstance(below, (dict, list)):
            yield here


def folded(name: str | int) -> str:
    """A field's name, normalized without signs: ``event_id``, ``eventId`` and ``@event-id`` are one."""
    return normalize(str(name), signs=False)


def within(value: Any, path: Path) -> Any:
    """Return the value at a path."""
    for step in path:
        value = value[step]
    return value


def changed(event: dict[str, Any], path: Path, to: Any) -> dict[str, Any]:
    """Return the event with another value at a path."""
    head, *rest = path
    below = event[str(head)]
    return {**event, str(head): changed(below, tuple(rest), to) if rest else to}


def without(event: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return the event without the value at a path."""
    head, *rest = path
    if rest:
        return {**event, str(head): without(event[str(head)], tuple(rest))}
    return {key: value for key, value in event.items() if key != head}


def dotted(path: Path) -> str:
    """Return a path with dots."""
    return ".".join(map(str, path))
