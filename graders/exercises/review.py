"""Exercise ``review``: find what in a colleague's manifest breaks the contract, and which term it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path as File

from cluster import Cluster
from cluster.manifests import Document, Path, read
from graders.answers.manifest import begun
from graders.answers.remarks import Remark, Remarks, located, nearest, parse, term_meant, term_named
from graders.answers.text import shown
from graders.exercises.exercise import Criterion, Exercise, Verdict, failed, partly, passed

MANIFEST = File(__file__).with_name("reviewed.yaml")
"""What is reviewed. The notebook shows it with its lines numbered, and a test holds the two together."""

CONTAINER: Path = ("spec", "template", "spec", "containers", 0)
PART_OF = {
    "requests": "compute", "limits": "compute", "liveness": "health", "readiness": "health", "startup": "health",
    "metrics": "observability", "logs": "observability", "traces": "observability", "shutdown": "shutdown",
}  # fmt: skip
VIOLATIONS: dict[Path, str] = {
    ("spec", "template", "spec", "terminationGracePeriodSeconds"): "shutdown",
    (*CONTAINER, "env", 1, "value"): "traces",
    (*CONTAINER, "resources", "limits", "memory"): "limits",
    (*CONTAINER, "livenessProbe", "httpGet", "path"): "liveness",
    (*CONTAINER, "readinessProbe", "httpGet", "path"): "readiness",
}
"""The fields that break the contract, each with the term that it breaks."""

ABOVE = 2
"""How many levels above its field a remark may point: ``livenessProbe`` for its path."""

READ = "notebook 5, the table under “The contract”"


class Found(StrEnum):
    """What a remark turned out to be."""

    VIOLATION = "a violation"
    FINE = "keeps the contract"
    NOT_THERE = "no such field"
    UNCLEAR = "could be several fields"
    AGAIN = "said before"


@dataclass(frozen=True, slots=True)
class Judged:
    """A remark, what it turned out to be, and of a violation its field and what was said of the term.

    ``share`` is 1 for the right term, a half for its part, 0 for another; ``note`` says more for the learner.
    """

    remark: Remark
    found: Found
    field: Path = ()
    share: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReviewEvidence:
    """Each remark, in the learner's order."""

    remarks: tuple[Judged, ...]

    def of(self, found: Found) -> tuple[Judged, ...]:
        """The remarks that turned out so."""
        return tuple(judged for judged in self.remarks if judged.found is found)


@cache
def manifest() -> Document:
    """The manifest that is reviewed."""
    (document,) = read(MANIFEST.read_text(encoding="utf-8"))
    return document


def observe(answer: Remarks, _world: Cluster, _so_far: object = None) -> ReviewEvidence:
    """Look every remark up in the manifest. No world is asked."""
    seen: list[Path] = []
    judged = []
    for remark in answer.every:
        one = _judged(remark)
        if one.field in seen:
            one = Judged(remark, Found.AGAIN)
        elif one.found is Found.VIOLATION:
            seen.append(one.field)
        judged.append(one)
    return ReviewEvidence(tuple(judged))


def _judged(remark: Remark) -> Judged:
    places = located(manifest(), remark.field)
    if not places:
        near = nearest(manifest(), remark.field)
        return Judged(remark, Found.NOT_THERE, note=f"did you mean “{near}”?" if near else "")
    hit = {field for place in places for field in _violations_at(place)}
    if len(places) == 1 and not hit:
        return Judged(remark, Found.FINE)
    field = next(iter(hit), ())
    if len(places) > 1 or len(hit) > 1 or len(field) - len(places[0]) > ABOVE:
        return Judged(remark, Found.UNCLEAR, note="write more of its path, up to the field itself")
    share, note = _term(remark, VIOLATIONS[field])
    return Judged(remark, Found.VIOLATION, field, share, note)


def _violations_at(place: Path) -> list[Path]:
    # A variable's name stands for its value.
    item = place[:-1] if place[-1] == "name" and len(place) > len(CONTAINER) + 1 else place
    return [field for field in VIOLATIONS if field[: len(item)] == item]


def _term(remark: Remark, right: str) -> tuple[float, str]:
    named = term_named(remark.term)
    if named == right:
        return 1.0, ""
    if named == PART_OF[right]:
        return 0.5, f"“{shown(remark.term)}” is the part; which of its terms is it?"
    if not named:
        meant = term_meant(remark.term)
        return 0.0, f"“{shown(remark.term)}” is no term of the contract" + (
            f"; did you mean “{meant}”?" if meant else ""
        )
    return 0.0, f"it doesn't break “{shown(remark.term)}”"


def fields(_answer: Remarks, evidence: ReviewEvidence) -> Verdict:
    """The fields that break the contract are named, and no others."""
    found, wrong = evidence.of(Found.VIOLATION), evidence.of(Found.FINE)
    total = len(VIOLATIONS)
    if len(found) == total and not wrong:
        return passed(f"all {total} violations, and nothing else")
    share = max(0.0, len(found) - len(wrong) / 2) / total
    saw = f"{len(found)} of {total} violations"
    if wrong:
        named = ", ".join(shown(j.remark.field) for j in wrong[:3])
        saw += f", and {len(wrong)} that {'keeps' if len(wrong) == 1 else 'keep'} the contract: {named}"
        hint, line = (
            "Compare that field with its figure in the contract once more; it may be the same, spelled otherwise.",
            wrong[0].remark.line,
        )
    elif odd := (*evidence.of(Found.NOT_THERE), *evidence.of(Found.UNCLEAR)):
        first = odd[0]
        hint, line = (
            f"“{shown(first.remark.field)}”: {first.found}; {first.note or 'copy the name from the manifest'}",
            first.remark.line,
        )
        hint = hint if hint.endswith("?") else f"{hint}."
    else:
        left = sorted({PART_OF[term] for path, term in VIOLATIONS.items() if path not in {j.field for j in found}})
        hint, line = f"Look again at the part {left[0]}.", 0
    return partly(share, saw, hint, line=line) if share else failed(saw, hint, line=line)


def terms(_answer: Remarks, evidence: ReviewEvidence) -> Verdict:
    """For each violation the term is named that it breaks."""
    found, wrong = evidence.of(Found.VIOLATION), evidence.of(Found.FINE)
    total = len(VIOLATIONS)
    right = sum(j.share for j in found)
    if right == total and not wrong:
        return passed(f"{total} terms")
    share = max(0.0, right - len(wrong) / 2) / total
    off = next((j for j in found if j.share < 1), None)
    saw = f"{sum(1 for j in found if j.share == 1)} of {total} terms"
    if off is not None:
        saw += f"; {shown(off.remark.field)}: {off.note}"
        hint, line = "Ask what the platform would do with that field, and which promise it is about.", off.remark.line
    else:
        hint, line = "Find the fields first: each one brings its term along.", 0
    return partly(share, saw, hint, line=line) if share else failed(saw, hint, line=line)


def notes(_answer: Remarks, evidence: ReviewEvidence) -> tuple[str, ...]:
    """Remarks that were made twice, or that nobody can place."""
    again = [
        f"Line {j.remark.line}: “{shown(j.remark.field)}” was said before; the first counts."
        for j in evidence.of(Found.AGAIN)
    ]
    odd = [
        f"Line {j.remark.line}: “{shown(j.remark.field)}”: {j.found}{f'; {j.note}' if j.note else ''}"
        for j in (*evidence.of(Found.NOT_THERE), *evidence.of(Found.UNCLEAR))
    ]
    return tuple((odd + again)[:6])


CRITERIA: tuple[Criterion[Remarks, ReviewEvidence], ...] = (
    Criterion(
        name="fields", points=1, title="The fields that break the contract", judge=fields,
        expected="five fields of the manifest, and none that keeps the contract",
        why="A review that misses a violation lets it into production; one that cries wolf isn't read the next time.",
        read=READ,
        hints=(
            "Go through the contract line by line, and look for each term in the manifest.",
            "Two fields may be at fault together, and a figure may be right though it is spelled otherwise.",
            "Look at the probes, at one figure of the resources, at one variable, and at the time for an orderly end.",
        ),
    ),
    Criterion(
        name="terms", points=1, title="The terms that they break", judge=terms,
        expected="for each of the five the term of the contract",
        why="“This is wrong” starts a quarrel; “this breaks the term that we both signed” ends one.",
        read=READ,
        hints=(
            "What does the platform do with this field? That is the promise it belongs to.",
            "A term is more exact than its part: health, for example, has three.",
            "The terms are requests, limits, three probes, three signals of observability, and the shutdown.",
        ),
    ),
)  # fmt: skip

EXERCISE: Exercise[Remarks, ReviewEvidence] = Exercise(
    name="review",
    title="A review against the contract",
    kind="decision",
    section="05-contract",
    minutes=8,
    criteria=CRITERIA,
    parse=parse,
    observe=observe,
    begun=begun,
    notes=notes,
)
