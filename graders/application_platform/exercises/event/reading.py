"""An event and its JSON schema as a learner wrote them, and which of the event's fields is what.

Both stand in one YAML document, under ``event:`` and ``schema:``; JSON is YAML, too. Fields are recognised by their names,
wherever they stand: at the top, below ``data`` or ``payload``, or as a CloudEvent has them (cloudevents.io, version 1.0).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cluster.errors import AnswerError
from cluster.manifests.documents import Document, Path, read
from cluster.manifests.yaml_errors import strange_beginning, strange_sign
from graders.reading.text import shown

DEEPEST = 4
"""How many levels down an event's fields are looked for."""


class FieldRole(StrEnum):
    """What a field of an event may be."""

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
"""The names by which people call each field, folded; those that come first are surer."""


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """The event, its schema, and where each field of the event is that was recognised."""

    document: Document
    event: dict[str, Any]
    schema: Any
    roles: Mapping[FieldRole, Path]

    def value(self, role: FieldRole) -> Any:
        """The value of a field; None where it wasn't recognised."""
        return within(self.event, self.roles[role]) if role in self.roles else None

    def line(self, *path: str | int) -> int:
        """The learner's line of a path below the document's root."""
        return self.document.line(*path)

    @property
    def kept(self) -> str:
        """What was read, in a few words."""
        found = ", ".join(f"{role} in {dotted(self.roles[role])}" for role in FieldRole if role in self.roles)
        return f"an event with {found or 'no field that is known'}"


def parse(text: str) -> EventAnswer:
    """Read an event and its schema. Raises AnswerError where the text isn't one document with both."""
    if strange := strange_beginning(text):
        raise strange
    documents = read(text)
    if not documents:
        raise AnswerError("Your answer holds nothing yet.", "Write “event:” and “schema:”, each with its fields below.")
    document = documents[0]
    if len(documents) > 1:
        raise AnswerError(
            f"Your answer has {len(documents)} documents; event and schema stand in one.", "Take out the line with ---.",
            line=documents[1].line(),
        )  # fmt: skip
    if not isinstance(document.data, dict):
        raise AnswerError("Your answer has no fields.", "Write “event:” and “schema:”, each with its fields below.")
    for path, line in document.duplicates:
        raise AnswerError(
            f"“{shown(dotted(path), 60)}” is written twice; line {line} has it again.", "Keep one of them.", line=line
        )
    _small_letters(document)
    event = document.data.get("event")
    if not isinstance(event, dict):
        if strange := strange_sign(text):
            raise strange
        what = "isn't there" if event is None else "is a list" if isinstance(event, list) else "has no fields"
        hint = "Write “event:”, and the event's fields below it, indented."
        raise AnswerError(
            f"“event:” {what}.",
            "Take the dashes out: the event's fields stand below it, indented." if isinstance(event, list) else hint,
            line=document.line("event"),
        )
    return EventAnswer(document, event, document.data.get("schema"), recognised(event))


def _small_letters(document: Document) -> None:
    """Raises AnswerError for “Event:” or “SCHEMA:”: YAML's keys mind capitals."""
    for key in document.data:
        small = key.casefold()
        if small in {"event", "schema"} and small not in document.data:
            raise AnswerError(
                f"There is “{key}:”, and no “{small}:”.", "Write it in small letters.", line=document.line(key)
            )


def recognised(event: dict[str, Any]) -> dict[FieldRole, Path]:
    """Where each field of an event is that is known by its name."""
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
    """How sure a path's name is to be that field: the smaller the surer; None where it isn't."""
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
    """A name without capitals, blanks and signs: ``event_id`` and ``eventId`` are one."""
    return re.sub(r"[^a-z0-9]", "", str(name)[:80].casefold())


def within(value: Any, path: Path) -> Any:
    """What stands at a path."""
    for step in path:
        value = value[step]
    return value


def changed(event: dict[str, Any], path: Path, to: Any) -> dict[str, Any]:
    """The event with another value at a path."""
    head, *rest = path
    below = event[str(head)]
    return {**event, str(head): changed(below, tuple(rest), to) if rest else to}


def without(event: dict[str, Any], path: Path) -> dict[str, Any]:
    """The event without what stands at a path."""
    head, *rest = path
    if rest:
        return {**event, str(head): without(event[str(head)], tuple(rest))}
    return {key: value for key, value in event.items() if key != head}


def dotted(path: Path) -> str:
    """A path as people write it."""
    return ".".join(map(str, path))
