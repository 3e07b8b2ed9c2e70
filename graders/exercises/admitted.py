"""What the API server says of an answer: its verdict on each document, and the criterion that it accepts them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from cluster import Cluster
from cluster.admission import Admission, Cause
from cluster.manifests import Document
from graders.answers.text import shown
from graders.exercises.exercise import Verdict, failed, partly, passed

_MOST_REMARKS = 3


def admissions(documents: Sequence[Document], world: Cluster, api: str, kind: str) -> tuple[Admission, ...]:
    """The world's verdict on every document; ``api`` and ``kind`` are what a document should begin with."""
    return tuple(_named(d, api, kind) or a for d, a in zip(documents, world.admit(documents), strict=True))


def accepted(documents: Sequence[Document], verdicts: Sequence[Admission], runs: Sequence[str]) -> Verdict:
    """The API server accepts every document, and every document is of a kind that the exercise runs."""
    refused = [(d, a) for d, a in zip(documents, verdicts, strict=True) if not a.accepted]
    if refused:
        document, admission = refused[0]
        return _refused(document.get("kind"), admission)
    foreign = [d for d in documents if d.get("kind") not in runs]
    if foreign:
        return partly(
            0.5, f"there is a {shown(foreign[0].get('kind'))} in your answer, which this exercise doesn't run",
            f"Leave it out; this exercise runs {', '.join(runs)}.", line=foreign[0].line("kind"),
        )  # fmt: skip
    return passed("accepted")


def server_remarks(verdicts: Sequence[Admission]) -> tuple[str, ...]:
    """A sentence for each of the first warnings, and of the first fields that the server ignores, of each verdict."""
    return tuple(remark for admission in verdicts for remark in _remarks(admission))


def _remarks(admission: Admission) -> Iterator[str]:
    for warning in admission.warnings[:_MOST_REMARKS]:
        yield f"The server warns: {shown(warning, 160)}"
    for cause in admission.ignored[:_MOST_REMARKS]:
        where = f" (line {cause.line})" if cause.line else ""
        yield f"The server ignores {shown(cause.field, 120)}{where}: {shown(cause.message, 160)}."


def _named(document: Document, api: str, kind: str) -> Admission | None:
    """What kubectl says of a document that doesn't say what it is; the server would guess from the address."""
    absent = [field for field in ("apiVersion", "kind") if not document.get(field)]
    if not absent:
        return None
    said = ", ".join(f"{field} not set" for field in absent)
    cause = Cause(absent[0], "FieldValueRequired", "not set, so nobody knows what this is", document.line(),
                  f"begin with “apiVersion: {api}” and “kind: {kind}”")  # fmt: skip
    return Admission(HTTPStatus.BAD_REQUEST, f"error validating data: [{said}]", pointers=(cause,))


_POD, _CONTAINER = "the pod's spec, beside containers", "the container, beside its name and image"
_BELONGS: Mapping[str, str] = {
    **dict.fromkeys(("restartPolicy", "terminationGracePeriodSeconds", "volumes", "serviceAccountName", "initContainers"), _POD),
    **dict.fromkeys(("image", "imagePullPolicy", "ports", "env", "resources", "livenessProbe", "readinessProbe", "startupProbe",
                     "lifecycle", "volumeMounts", "command", "args"), _CONTAINER),
    **dict.fromkeys(("replicas", "selector", "strategy"), "the Deployment's own spec, beside template"),
}  # fmt: skip
"""Where fields belong that people put on another level."""


def _capitalised(suggestion: str) -> str:
    # One that begins with a field's name keeps it as the field is written.
    return suggestion if " belongs under " in suggestion else f"{suggestion[:1].upper()}{suggestion[1:]}"


def _place(cause: Cause) -> str:
    """Where an unknown field belongs, or else where to look."""
    field = cause.field.rpartition(".")[2]
    if "unknown field" in cause.message and field in _BELONGS:
        return f"There is no {field} on this level: it belongs into {_BELONGS[field]}."
    return f"Look at {shown(cause.field, 120)}."


def _refused(kind: Any, admission: Admission) -> Verdict:
    cause = next(iter((*admission.pointers, *admission.causes)), None)
    if cause is None:
        return failed(admission.message, "Mend what the message names, then check again.")
    hint = _capitalised(cause.suggestion) if cause.suggestion else _place(cause)
    hint = hint if hint.endswith((".", "?")) else f"{hint}."
    more = len(admission.causes) - 1
    saw = f"{cause.field}: {cause.message}" if cause.field and cause.field not in cause.message else cause.message
    return failed(shown(saw, 200) + (f" (and {more} more)" if more > 0 else ""), hint, line=cause.line,
                  expected=f"a {shown(kind)} that the API server accepts")  # fmt: skip
