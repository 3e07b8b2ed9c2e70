"""Exercises of kind ``manifest`` about several objects, such as a Service and an Ingress: one of each kind that is asked for.

Nothing is run: the API server says what it makes of each document, and checks say what follows from their fields. A
lesson writes the checks; reading, the server's word and what only follows from a refusal are the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cluster import Cluster
from cluster.admission.lists import flattened
from cluster.admission.response import Admission
from cluster.manifests.documents import Document, Path, read
from graders.core.exercise import Criterion, Exercise, Sample, Verdict, failed, follows, passed
from graders.families.manifest import admitted
from graders.families.manifest.documents import Kind, absent, article, find, is_started, run_together
from graders.families.manifest.refusals import ONCE, concerns, refusal

JUDGED_BY = "what the API server says of your objects, and what follows from them"


@dataclass(frozen=True, slots=True)
class Objects:
    """An answer: its documents, and by its kind the one of each kind that is asked for, as far as they are there."""

    documents: tuple[Document, ...]
    asked: Mapping[str, Document]

    def get(self, kind: str, *path: str | int) -> Any:
        """A value in the object of a kind; None where either isn't there."""
        return self.asked[kind].get(*path) if kind in self.asked else None

    def line(self, kind: str, *path: str | int) -> int:
        """The learner's line of a path in the object of a kind; 0 where there is no such object."""
        return self.asked[kind].line(*path) if kind in self.asked else 0


@dataclass(frozen=True, slots=True)
class Admissions:
    """The API server's word on each document of an answer, in its order."""

    each: tuple[Admission, ...]

    @property
    def admission(self) -> Admission:
        """The first refusal, or else its word on the first document."""
        return next((one for one in self.each if not one.accepted), self.each[0])


@dataclass(frozen=True, slots=True)
class Check:
    """A criterion, and the fields that it reads, by kind: where the server refuses one of them, or there is no object of the kind, it only follows."""

    criterion: Criterion[Objects, Admissions]
    reads: Mapping[str, Sequence[Path]]


def manifest(
    *,
    name: str,
    title: str,
    section: str,
    minutes: int,
    kinds: Sequence[Kind],
    accepted: float,
    checks: Sequence[Check],
    sample: Sample | None = None,
) -> Exercise[Objects, Admissions]:
    """An exercise that asks for one object of each of some kinds: ``accepted`` points for the server's word, and the checks."""
    return Exercise(
        name=name, title=title, kind="manifest", section=section, minutes=minutes,
        criteria=(_accepted(kinds, accepted), *map(_following, checks)),
        parse=lambda text: parse(text, kinds), observe=_observing(kinds), is_started=is_started, notes=_notes,
        echo=lambda answer: admitted.echo(answer.documents), judged_by=JUDGED_BY,
        json=lambda evidence, problem: admitted.json(evidence.admission if evidence else None, problem), sample=sample,
    )  # fmt: skip


def parse(text: str, kinds: Sequence[Kind]) -> Objects:
    """Read an answer that should hold one object of each kind.

    Raises AnswerError where the text is no YAML, or holds none of the kinds, or more than one object of a kind.
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


def _may_be(document: Document, kind: Kind, names: Sequence[str], missing: set[str]) -> bool:
    """Whether a document may be meant as the object of a kind: without a kind of its own only where no other is missing."""
    written = document.get("kind")
    if written is None and isinstance(document.data, dict):
        return missing == {kind.name}
    return written == kind.name or written not in names


def _observing(kinds: Sequence[Kind]) -> Callable[[Objects, Cluster, object], Admissions]:
    def observe(answer: Objects, world: Cluster, _so_far: object = None) -> Admissions:
        return Admissions(admitted.admissions(answer.documents, world, *kinds))

    return observe


def _notes(_answer: Objects, evidence: Admissions) -> tuple[str, ...]:
    return admitted.server_remarks(evidence.each)


def _accepted(kinds: Sequence[Kind], points: float) -> Criterion[Objects, Admissions]:
    wanted = " and ".join(article(kind.name) for kind in kinds)

    def judge(answer: Objects, evidence: Admissions) -> Verdict:
        if blamed := admitted.refused(answer.documents, evidence.each, [kind.name for kind in kinds]):
            return blamed
        missing = next((kind for kind in kinds if kind.name not in answer.asked), None)
        if missing is not None:
            return failed(
                f"there is no {missing.name} in your answer",
                f"Add a document, below ---, that begins with {missing.begins}.",
            )
        return passed("accepted")

    return Criterion(
        name="accepted", points=points, title="The API server accepts it", judge=judge,
        expected=f"{wanted} that the API server accepts",
        why="What the server refuses isn't there: kubectl apply ends with this message.",
        docs_url="kubernetes.io/docs/concepts/overview/working-with-objects/",
        hints=(
            "Read the server's message from its end: the last words say what it wanted.",
            f"The exercise asks for {wanted}, one document each.",
            "The card names the field and your line; mend that one field and check again.",
        ),
    )  # fmt: skip


def _following(check: Check) -> Criterion[Objects, Admissions]:
    """The check's criterion, which only follows where another finding names the mistake."""

    def judge(answer: Objects, evidence: Admissions) -> Verdict:
        missing = next((kind for kind in check.reads if kind not in answer.asked), None)
        if missing is not None:
            return follows(f"there is no {missing} to look at")
        verdict = check.criterion.judge(answer, evidence)
        if verdict.share == 1 or not _refused(answer, evidence, check.reads):
            return verdict
        return replace(verdict, observed=ONCE, follows=True)

    return replace(check.criterion, judge=judge)


def _refused(answer: Objects, evidence: Admissions, reads: Mapping[str, Sequence[Path]]) -> bool:
    """Whether the server refuses one of these fields."""
    words = {d.index: word for d, word in zip(answer.documents, evidence.each, strict=True)}
    for kind, paths in reads.items():
        document = answer.asked[kind]
        for cause in refusal(document, words[document.index]).causes:
            if any(concerns(cause, path) for path in paths):
                return True
    return False
