"""What an API server says of a manifest: accepted, or refused with causes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ACCEPTED = 201

STRICT: Mapping[str, str] = {"dryRun": "All", "fieldValidation": "Strict"}
"""The query of a create that is only tried: nothing is created, and unknown fields are refused."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of a refusal: ``field`` is the path as the server writes it (``spec.replicas``).

    ``reason`` is the server's own word (``FieldValueRequired``, ``FieldValueInvalid``,
    ``FieldValueNotSupported``, ``FieldValueDuplicate``, ``FieldValueNotFound``, ...), ``message`` its wording,
    such as ``Required value``. ``line`` is where the learner wrote it, from 1; 0 where no line can be named.
    ``suggestion`` is ours: what was probably meant.
    """

    field: str
    reason: str
    message: str
    line: int = 0
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Admission:
    """The verdict on one document: ``status`` is the HTTP status (201, 400, 404, 422) a create would get.

    ``message`` is the Status object's message, empty when accepted. ``causes`` are the server's own: a 400 has
    none. ``pointers`` are ours, for the statuses that carry no causes: which field on which line, and what was
    probably meant. ``warnings`` are the server's own. ``ignored`` is ours: the fields that the server drops in silence,
    since their feature gate is off by default.

    ``unjudged`` is ours, a sentence: why this isn't judged, such as a kind that the world doesn't know; ``status`` is what a server
    without the kind answers. ``decoded_only`` says of an accepted object that its kind has no rules in this world: only its
    fields and its metadata were judged.
    """

    status: int = ACCEPTED
    message: str = ""
    causes: tuple[Cause, ...] = ()
    warnings: tuple[str, ...] = ()
    pointers: tuple[Cause, ...] = ()
    ignored: tuple[Cause, ...] = ()
    unjudged: str = ""
    decoded_only: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the object would have been created."""
        return self.status == ACCEPTED
