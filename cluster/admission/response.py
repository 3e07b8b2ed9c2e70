"""The API server's verdict on a manifest: accepted, or refused with causes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ACCEPTED = 201

STRICT: Mapping[str, str] = {"dryRun": "All", "fieldValidation": "Strict"}
"""The query of a strict dry run: nothing is created, and unknown fields are refused."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of a refusal: ``field`` is the path as the server writes it (``spec.replicas``).

    ``reason`` is the server's own word (``FieldValueRequired``, ``FieldValueInvalid``,
    ``FieldValueNotSupported``, ``FieldValueDuplicate``, ``FieldValueNotFound``, ...), ``message`` its wording,
    such as ``Required value``. ``line`` is the learner's line, from 1; 0 if unknown.
    ``suggestion`` is ours: the probably intended value.
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
    none. ``pointers`` are ours, for statuses without causes: field, line and
    suggestion. ``warnings`` are the server's own. ``ignored`` is ours: the fields that the server drops silently
    because their feature gate is off by default.

    ``unjudged`` is ours, a sentence: why this isn't judged, such as an unknown kind; ``status`` is then the answer of
    a server without the kind. ``decoded_only`` marks an accepted object of a kind without rules in this world: only its
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
        """Whether the object would be created."""
        return self.status == ACCEPTED
