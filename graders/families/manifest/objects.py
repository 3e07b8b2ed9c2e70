"""Exercises of kind ``manifest`` about several objects, such as a Service and an Ingress: one object of each kind.

Nothing runs: the API server judges each document, and checks judge their fields. A lesson writes the checks; all exercises
share the reading, the server's verdict, and the handling of a refusal's consequences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cluster import Cluster
from cluster.admission.lists import flattened
from cluster.admission.response import Admission, Cause
from cluster.manifests.documents import Document, Path, read
from graders.core.exercise import Criterion, Exercise, Sample, Verdict, failed, follows, passed
from graders.families.manifest import admitted
from graders.families.manifest.documents import ObjectKind, absent, article, find, is_started, run_together
from graders.families.manifest.refusals import judged_once, refusal

JUDGED_BY = "the API server's verdict on your objects, and checks of their fields"


@dataclass(frozen=True, slots=True)
class Objects:
    """An answer: its documents, and the object of each kind that is asked for, by kind, as far as they exist."""

    documents: tuple[Document, ...]
    asked: Mapping[str, Document]

    def get(self, kind: str, *path: str | int) -> Any:
        """A value in the object of a kind; None if the object or the value doesn't exist."""
        return self.asked[kind].get(*path) if kind in self.asked else None

    def line(self, kind: str, *path: str | int) -> int:
        """The learner's line of a path in the object of a kind; 0 if the object doesn't exist."""
        return self.asked[kind].line(*path) if kind in self.asked else 0


@dataclass(frozen=True, slots=True)
class Admissions:
    """The API server's verdict on each document of an answer, in order.

    If it refuses objects that are asked for, ``meant`` is the corrected answer with its evidence, ``refused`` are the causes,
    and ``left`` the causes without a known correction. A cause's field begins with its object's kind.
    """

    each: tuple[Admission, ...]
    meant: tuple[Objects, Admissions] | None = None
    refused: tuple[Cause, ...] = ()
    left: tuple[Cause, ...] = ()

    @property
    def admission(self) -> Admission:
        """The first refusal, or else the verdict on the first document."""
        return next((one for one in self.each if not one.accepted), self.each[0])


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """A criterion, and the fields that it reads, by kind. If an object of a kind is missing, the criterion follows.

    A field that the server refuses costs the points of ``accepted`` and not those of the check.
    """

    criterion: Criterion[Objects, Admissions]
    reads: Mapping[str, Sequence[Path]]


def manifest(
    *,
    name: str,
    title: str,
    section: str,
    minutes: int,
    kinds: Sequence[ObjectKind],
    accepted: float,
    checks: Sequence[FieldCheck],
    sample: Sample | None = None,
) -> Exercise[Objects, Admissions]:
    """An exercise that asks for one object of each kind: ``accepted`` points for the server's verdict, and the checks."""
    return Exercise(
        name=name, title=title, kind="manifest", section=section, minutes=minutes,
        criteria=judged_once(
            (_accepted(kinds, accepted), *map(_check_criterion, checks)), lambda _answer: _fields(checks), accepted
        ),
        parse=lambda text: parse(text, kinds), observe=_observing(kinds), is_started=is_started, notes=_notes,
        echo=lambda answer: admitted.echo(answer.documents), judged_by=JUDGED_BY,
        json=lambda evidence, problem: admitted.json(evidence.admission if evidence else None, problem), sample=sample,
    )  # fmt: skip


def parse(text: str, kinds: Sequence[ObjectKind]) -> Objects:
    """Read an answer that should hold one object of each kind.

    Raises AnswerError if the text isn't YAML, has none of the kinds, or has several objects of a kind.
    """
    documents = flattened(read(text))
    asked: dict[str, Document] = {}
    names = [kind.name for kind in kinds]
    for kind in kinds:
        written = {d.get("kind") for d in documents if isinstance(d.get("kind"), str)}
        left = [
            d for d in documents if d not in asked.values() and _may_be(d, kind, names, missing=set(names) - written)
        ]
        if (found := find(left, kind)) is not None:
            asked[kind.name] = found
    if not asked:
        raise absent(documents, kinds[0])
    if len(asked) < len(kinds) and (glued := run_together(documents)) is not None:
        raise glued
    return Objects(documents, asked)


def _may_be(document: Document, kind: ObjectKind, names: Sequence[str], missing: set[str]) -> bool:
    """Whether a document may be the object of a kind; one without a kind only if no other kind is missing."""
    written = document.get("kind")
    if written is None and isinstance(document.data, dict):
        return missing == {kind.name}
    return written == kind.name or written not in names


def _observing(kinds: Sequence[ObjectKind]) -> Callable[[Objects, Cluster, object], Admissions]:
    def observe(answer: Objects, world: Cluster, _so_far: object = None) -> Admissions:
        evidence = Admissions(admitted.admissions(answer.documents, world, *kinds))
        words = {d.index: word for d, word in zip(answer.documents, evidence.each, strict=True)}
        why = {
            kind: refusal(document, words[document.index])
            for kind, document in answer.asked.items()
            if not words[document.index].accepted
        }
        if not why:
            return evidence
        asked = {**answer.asked, **{kind: one.meant for kind, one in why.items()}}
        better = {document.index: document for document in asked.values()}
        meant = Objects(tuple(better.get(d.index, d) for d in answer.documents), asked)
        refused = tuple(_of(kind, cause) for kind, one in why.items() for cause in one.causes)
        left = tuple(_of(kind, cause) for kind, one in why.items() for cause in one.left)
        return replace(evidence, meant=(meant, evidence), refused=refused, left=left)

    return observe


def _of(kind: str, cause: Cause) -> Cause:
    """The cause with the object's kind in front of its field."""
    return replace(cause, field=f"{kind}.{cause.field}")


def _notes(_answer: Objects, evidence: Admissions) -> tuple[str, ...]:
    return admitted.server_remarks(evidence.each)


def _accepted(kinds: Sequence[ObjectKind], points: float) -> Criterion[Objects, Admissions]:
    wanted = " and ".join(article(kind.name) for kind in kinds)

    def judge(answer: Objects, evidence: Admissions) -> Verdict:
        if blamed := admitted.refused(answer.documents, evidence.each, [kind.name for kind in kinds]):
            return blamed
        missing = next((kind for kind in kinds if kind.name not in answer.asked), None)
        if missing is not None:
            return failed(
                f"your answer has no {missing.name}",
                f"Add a document, below ---, that begins with {missing.begins}.",
            )
        return passed("accepted")

    return Criterion(
        name="accepted", points=points, title="The API server accepts it", judge=judge,
        expected=f"{wanted} that the API server accepts",
        why="The server doesn't create what it refuses: kubectl apply ends with this message.",
        docs_url="kubernetes.io/docs/concepts/overview/working-with-objects/",
        hints=(
            "Which objects does the exercise ask for, and which of them does your answer have?",
            f"The exercise asks for {wanted}, one document each.",
            "A line of three dashes, ---, separates two documents in one answer.",
        ),
    )  # fmt: skip


def _check_criterion(check: FieldCheck) -> Criterion[Objects, Admissions]:
    """The check's criterion, which follows if an object that it reads is missing."""

    def judge(answer: Objects, evidence: Admissions) -> Verdict:
        missing = next((kind for kind in check.reads if kind not in answer.asked), None)
        if missing is not None:
            return follows(f"your answer has no {missing} to check")
        return check.criterion.judge(answer, evidence)

    return replace(check.criterion, judge=judge)


def _fields(checks: Sequence[FieldCheck]) -> dict[str, tuple[Path, ...]]:
    """The paths that each check reads, by its name; like a cause's field, each begins with the object's kind."""
    return {
        check.criterion.name: tuple((kind, *path) for kind, paths in check.reads.items() for path in paths)
        for check in checks
    }
