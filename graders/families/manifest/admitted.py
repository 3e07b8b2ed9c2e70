"""The API server's verdict on each document of an answer, and the criterion that it accepts them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from cluster import Cluster
from cluster.admission.response import Admission, Cause
from cluster.manifests.documents import Document
from cluster.train.stops import is_applied
from graders.core.exercise import Echo, Verdict, failed, partly, passed
from graders.families.manifest import refusal_hints, refusal_steps
from graders.families.manifest.documents import ObjectKind, article
from graders.families.manifest.mending import mended
from graders.families.manifest.refusals import Mend, refusal
from graders.present.verdicts import shape
from graders.reading.text import shown

MOST_LATER = 3
"""How many mistakes after the first one a finding names."""

MOST_LEFT_OUT = 4
"""How many documents that aren't applied a note names."""

_MOST_REMARKS = 3

PROGRAMS = frozenset({
    "Pod", "Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "Job", "CronJob",
})  # fmt: skip
"""The kinds that start pods; one that the exercise doesn't ask for costs points."""


def admissions(documents: Sequence[Document], world: Cluster, *asked: ObjectKind) -> tuple[Admission, ...]:
    """The world's verdict on every document of an answer to an exercise that asks for these kinds."""
    written = {d.get("kind") for d in documents}
    meant = next((kind for kind in asked if kind.name not in written), asked[0])
    return tuple(_named(d, asked, meant) or a for d, a in zip(documents, world.admit(documents), strict=True))


def json(admission: Admission | None, problem: str) -> dict[str, Any]:
    """The key that a manifest's report adds to its JSON: the server's verdict, or a status 400 with ``problem`` for an unreadable answer."""
    return {"admission": shape(admission or Admission(status=HTTPStatus.BAD_REQUEST, message=problem))}


def echo(documents: Sequence[Document]) -> Echo:
    """The objects that were read."""
    return Echo(", ".join(f"{shown(d.get('kind'))} “{shown(d.get('metadata', 'name'))}”" for d in documents))


@dataclass(frozen=True, slots=True)
class Advice:
    """An exercise's texts for a refusal: from the first cause, the next step (empty for the default one) and the hints.

    ``mend`` returns the document that was probably meant.
    """

    mend: Mend = mended
    step: Callable[[Cause], str] = lambda _cause: ""
    ladder: Callable[[Cause], tuple[str, str, str] | tuple[()]] = lambda _cause: ()


def accepted(
    documents: Sequence[Document], verdicts: Sequence[Admission], runs: Sequence[str], advice: Advice | None = None
) -> Verdict:
    """The API server accepts every document, and no document starts a program that the exercise doesn't run."""
    if blamed := refused(documents, verdicts, runs, advice):
        return blamed
    foreign = [d for d in documents if d.get("kind") not in runs and d.get("kind") in PROGRAMS]
    if foreign:
        return partly(
            0.5, f"your answer has a {shown(foreign[0].get('kind'))}, which this exercise doesn't run",
            f"Delete it: this exercise runs only {', '.join(runs)}.", line=foreign[0].line("kind"), hints=_FOREIGN,
        )  # fmt: skip
    return passed("accepted")


_FOREIGN = (
    "Which documents does the exercise ask for?",
    "Which other document of your answer starts programs?",
    "Delete that document, from one --- to the next.",
)


def not_applied(documents: Sequence[Document], verdicts: Sequence[Admission], runs: Sequence[str]) -> tuple[str, ...]:
    """A sentence on the documents that the server accepts but the exercise doesn't apply; they cost no points."""
    left_out = [
        f"{shown(d.get('kind'))} “{shown(d.get('metadata', 'name'))}”{_of_a_type(d, runs)}"
        for d, admission in zip(documents, verdicts, strict=True)
        if admission.accepted and d.get("kind") not in PROGRAMS and not is_applied(d, runs)
    ]
    if len(left_out) == 1:
        return (f"The {left_out[0]} isn't applied here; it costs no points.",)
    more = f" and {len(left_out) - MOST_LEFT_OUT} more" if len(left_out) > MOST_LEFT_OUT else ""
    return (
        (f"These aren't applied here, and cost no points: {', '.join(left_out[:MOST_LEFT_OUT])}{more}.",)
        if left_out
        else ()
    )


def without_rights(documents: Sequence[Document]) -> Iterator[str]:
    """A sentence on the first ServiceAccount of an answer: it is applied without a token and without rights."""
    accounts = [shown(d.get("metadata", "name")) for d in documents if d.get("kind") == "ServiceAccount"]
    if accounts:
        yield f"The ServiceAccount “{accounts[0]}” has no token and no rights here."


def _of_a_type(document: Document, runs: Sequence[str]) -> str:
    return f" of type {shown(document.get('type'))}" if document.get("kind") == "Secret" and "Secret" in runs else ""


def server_remarks(verdicts: Sequence[Admission]) -> tuple[str, ...]:
    """A sentence for each verdict's first warnings and first ignored fields."""
    return tuple(remark for admission in verdicts for remark in _remarks(admission))


def _remarks(admission: Admission) -> Iterator[str]:
    for warning in admission.warnings[:_MOST_REMARKS]:
        yield f"The server warns: {shown(warning, 160)}"
    for cause in admission.ignored[:_MOST_REMARKS]:
        where = f" (line {cause.line})" if cause.line else ""
        yield f"The server ignores {shown(cause.field, 120)}{where}: {shown(cause.message, 160)}."


def _named(document: Document, asked: Sequence[ObjectKind], meant: ObjectKind) -> Admission | None:
    """The refusal by kubectl of a document without ``apiVersion`` or ``kind``; the server would take both from the URL.

    ``meant`` is the kind to suggest if the document names none of those in ``asked``.
    """
    absent = [field for field in ("apiVersion", "kind") if not document.get(field)]
    if not absent:
        return None
    said = ", ".join(f"{field} not set" for field in absent)
    kind = next((one for one in asked if one.name == document.get("kind")), meant)
    cause = Cause(absent[0], "FieldValueRequired", "not set, so the kind of object is unknown", document.line(),
                  f"begin with {kind.begins}")  # fmt: skip
    return Admission(HTTPStatus.BAD_REQUEST, f"error validating data: [{said}]", pointers=(cause,))


def _capitalised(suggestion: str, field: str) -> str:
    # A suggestion that begins with the field's name keeps the field's spelling.
    return (
        suggestion if suggestion.startswith(field.rpartition(".")[2]) else f"{suggestion[:1].upper()}{suggestion[1:]}"
    )


def refused(
    documents: Sequence[Document], verdicts: Sequence[Admission], asked: Sequence[str], advice: Advice | None = None
) -> Verdict | None:
    """The verdict on a refusal: the first mistake with the next step, and the other known mistakes; None if all is accepted.

    ``asked`` are the kinds that the exercise asks for.
    """
    advice = advice or Advice()
    blamed = [(d, a) for d, a in zip(documents, verdicts, strict=True) if not a.accepted]
    if not blamed:
        return None
    document, admission = blamed[0]
    found = [cause for one, verdict in blamed for cause in refusal(one, verdict, advice.mend).causes]
    if not found:
        return failed(admission.message, "Correct what the message names, then check again.")
    first, later = found[0], [cause for cause in found if cause.field != found[0].field]
    kind = next((one for one in asked if one == document.get("kind")), asked[0])
    own = _capitalised(first.suggestion, first.field) if first.suggestion else ""
    hint = advice.step(first) or own or refusal_steps.step(first, document)
    hint = hint if hint.endswith((".", "?", "}")) else f"{hint}."
    named = "; ".join(
        _message(cause, 110) + (f" (line {cause.line})" if cause.line else "") for cause in later[:MOST_LATER]
    )
    more = f", and {len(later) - MOST_LATER} more" if len(later) > MOST_LATER else ""
    return failed(_message(first, 200), hint, line=first.line, also=f"{named}{more}",
                  expected=f"{article(kind)} that the API server accepts", hints=advice.ladder(first) or refusal_hints.ladder(first))  # fmt: skip


def _message(cause: Cause, longest: int) -> str:
    """A cause's message, with the field's whole path if the message lacks it."""
    name = cause.field.rpartition(".")[2]
    if not cause.field or cause.field in cause.message:
        return shown(cause.message, longest)
    if cause.message.startswith((f"{name} is ", f"{name}: ")):
        return shown(f"{cause.field}{cause.message[len(name) :]}", longest)
    return shown(f"{cause.field}: {cause.message}", longest)
