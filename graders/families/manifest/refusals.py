"""All mistakes for which the API server refuses an answer, including those that it would report only later.

Decoding ends at the first value of a wrong type, and validation begins only after decoding succeeds. So each reported field
is corrected or removed, and the document is admitted again, as if a learner corrected one mistake after the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from cluster.admission.response import Admission, Cause
from cluster.admission.verdict import admit
from cluster.manifests.documents import Document, Path
from cluster.text.amounts import format_points
from cluster.text.names import nearest
from graders.core.exercise import Criterion, Verdict
from graders.families.manifest.mending import mended, path_of, without

ROUNDS = 5
"""How often a document is admitted again, at most."""

MENDED = 30
"""How many causes are corrected, at most; the fields of further causes are removed."""

ONCE = "the refusal costs points only once"
"""The text of a criterion that fails because of a refusal, if the refusal already cost the points."""

IN_ALL = "the refusal costs {} in all"
"""The same, if the mistake costs more than the refusal did."""

REFUSED_TOO = "the API server refuses this field, too"
"""The text of a criterion that reads a refused field without a known correction, if the refusal cost points for another field."""

_TYPE = "FieldValueTypeInvalid"
_VALUES = "FieldValueNotSupported"

Mend = Callable[[Document, Cause], Document | None]
"""A function from a document and a cause to the corrected document, or None if no correction is known."""


class Refused(Protocol):
    """Evidence about an answer that the server refuses: the corrected answer, or None if it accepts the answer.

    ``refused`` are all causes, and ``left`` those without a known correction.
    """

    @property
    def meant(self) -> tuple[Any, Any] | None:
        """The corrected answer, with its evidence."""
        ...

    @property
    def refused(self) -> tuple[Cause, ...]:
        """Every known cause of the refusal."""
        ...

    @property
    def left(self) -> tuple[Cause, ...]:
        """The causes without a known correction."""
        ...


Meant = TypeVar("Meant", bound=Refused)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a document is refused: every known cause, those in the server's message first.

    ``meant`` is the document with each cause corrected; a field without a known correction is removed, and its cause is
    in ``left``.
    """

    causes: tuple[Cause, ...]
    meant: Document
    left: tuple[Cause, ...] = ()


def refusal(document: Document, admission: Admission, mend: Mend = mended) -> Refusal:
    """Correct the causes and admit again, until the server reports nothing new. ``mend`` corrects one cause."""
    fresh = [*admission.pointers, *(cause for cause in admission.causes if not admission.pointers)]
    found: list[Cause] = []
    left: list[Cause] = []
    for _ in range(ROUNDS):
        if admission.accepted or not fresh:
            break
        found += fresh
        for cause in fresh:
            better = mend(document, cause) if len(found) <= MENDED else None
            if better is None:
                left.append(cause)
                better = without(document, (path_of(cause.field),))
            document = better
        document = replace(document, duplicates=(), complaints=())
        admission = admit(document)
        fresh = [c for c in (*admission.pointers, *admission.causes) if not _made_here(c, found, left)]
    return Refusal(_once(found), document, _once(left))


def _once(found: Sequence[Cause]) -> tuple[Cause, ...]:
    """Each cause once. Of two lists of allowed values for one field it keeps the shorter one."""
    shortest: dict[tuple[str, str], Cause] = {}
    for cause in found:
        key = (cause.field, "" if cause.reason == _VALUES else cause.message)
        before = shortest.get(key)
        shortest[key] = cause if before is None or len(cause.message) < len(before.message) else before
    return tuple(shortest.values())


def _made_here(cause: Cause, before: Sequence[Cause], left: Sequence[Cause]) -> bool:
    """Whether a later cause may result from a correction or a removal (``left``), not from the learner's text."""
    path = path_of(cause.field)
    if cause.message.startswith("Required value") and any(_concerns(one, path) for one in left):
        return True
    taken = [path_of(one.field) for one in before]
    if any(path[: len(one)] == one or one[: len(path)] == path for one in taken):
        return True
    # Labels and selector must match each other.
    return any({"labels", "selector"} & set(one) for one in taken) and bool({"labels", "selector"} & set(path))


def judged_once(
    criteria: Sequence[Criterion[Answer, Meant]], reads: Callable[[Answer], Mapping[str, Sequence[Path]]], taken: float
) -> tuple[Criterion[Answer, Meant], ...]:
    """The same criteria, judged on the corrected answer. The refusal costs ``taken`` points, so a refused mistake costs none here.

    ``reads`` returns the paths that each criterion reads, by its name; a criterion without paths stays unchanged. A mistake
    without a known correction costs here only the points above ``taken``.
    """

    def once(criterion: Criterion[Answer, Meant]) -> Criterion[Answer, Meant]:
        def judge(answer: Answer, evidence: Meant) -> Verdict:
            written = criterion.judge(answer, evidence)
            if evidence.meant is None or written.share == 1 or criterion.name not in reads(answer):
                return written
            meant = criterion.judge(*evidence.meant)
            if meant.share == 1:
                return replace(meant, observed=ONCE, follows=True)
            paths = reads(evidence.meant[0])
            blamed = [cause for cause in evidence.left if _about_any(cause, paths[criterion.name])]
            if not blamed:
                return meant
            # The refusal cost its points for the first cause if that has no correction, or else for a corrected one.
            if evidence.left != evidence.refused or evidence.left[0] not in blamed:
                return replace(meant, observed=REFUSED_TOO, follows=True)
            lost = {
                each.name: each.points * (1 - each.judge(*evidence.meant).share)
                for each in criteria
                if each.name in paths
                and _about_any(evidence.left[0], paths[each.name])
                and each.judge(answer, evidence).share < 1  # a criterion that the written answer meets loses nothing
            }
            before = sum(tuple(lost.values())[: tuple(lost).index(criterion.name)])
            back = min(lost[criterion.name], max(0.0, taken - before))
            observed = ONCE if sum(lost.values()) <= taken else IN_ALL.format(format_points(sum(lost.values())))
            return replace(meant, share=meant.share + back / criterion.points, observed=observed, follows=True)

        return replace(criterion, judge=judge)

    return tuple(map(once, criteria))


def _about_any(cause: Cause, paths: Sequence[Path]) -> bool:
    return any(_about(cause, path) for path in paths)


def _about(cause: Cause, path: Path) -> bool:
    """Whether a cause is about a field, in any way."""
    at = path_of(cause.field)
    # The server blames a request above its limit, but the limit may be the mistake.
    is_limit = " limit of " in cause.message and path == (*at[:-1], "limits")
    return at[: len(path)] == path or is_limit or _concerns(cause, path)


def _concerns(cause: Cause, path: Path) -> bool:
    """Whether a cause is about a field, about its content, or about a value in its place."""
    at = path_of(cause.field)
    if cause.reason == _TYPE:
        return at[: len(path)] == path or path[: len(at)] == at
    if not at or "unknown field" not in cause.message:
        return False  # a validation error: decoding succeeded, so the field can be judged
    names = [str(step) for step in path[-2:] if step != "spec"]
    meant = {str(at[-1]), *re.findall(r"[A-Za-z]+", cause.suggestion)}
    return bool(meant & {*names}) or nearest(str(at[-1]), names) is not None
