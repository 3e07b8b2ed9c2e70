"""What the API server refuses in an answer: each mistake, also those that it would only report after the first.

Decoding ends with the first value of a wrong type, and validation begins only where decoding succeeds. So each reported
field is mended, or taken out, and the document is asked about again, as a learner would who mends one mistake after the other.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from cluster.admission.response import Admission, Cause
from cluster.admission.verdict import admit
from cluster.limits import LABEL_CHARACTERS
from cluster.manifests.documents import Document, Path
from graders.core.exercise import Criterion, Verdict
from graders.families.manifest.mending import mended, path_of, without

ROUNDS = 5
"""How often a document is asked about again, at most."""

MENDED = 30
"""How many causes are mended, at most; a document with more of them isn't mended further, only read."""

ONCE = "what the API server refuses doesn't run, and the same mistake is charged once"
"""What is said of all that a refusal keeps from being met, where the refusal has cost its points."""

IN_ALL = "the same mistake, which costs {:g} points in all"
"""The same, where it costs more here than the refusal has cost."""

REFUSED_TOO = "the API server refuses that field, too"
"""What is said where a criterion reads a field of which nobody can say what was meant, and another one is charged there."""

_TYPE = "FieldValueTypeInvalid"
_VALUES = "FieldValueNotSupported"

Mend = Callable[[Document, Cause], Document | None]
"""What was meant where a cause blames a document; None where nobody can say."""


class Refused(Protocol):
    """Evidence of what was meant by an answer that the server refuses: None where it doesn't.

    ``refused`` are all causes, and ``left`` those of which nobody can say what was meant.
    """

    @property
    def meant(self) -> tuple[Any, Any] | None:
        """The answer as it was meant, with its evidence."""
        ...

    @property
    def refused(self) -> tuple[Cause, ...]:
        """Every cause of the refusal that can be known."""
        ...

    @property
    def left(self) -> tuple[Cause, ...]:
        """Those that couldn't be mended."""
        ...


Meant = TypeVar("Meant", bound=Refused)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a document is refused: every cause that can be known, the server's own first.

    ``meant`` is the document with each of them mended, or taken out where nobody can say what was meant: those are ``left``.
    """

    causes: tuple[Cause, ...]
    meant: Document
    left: tuple[Cause, ...] = ()


def refusal(document: Document, admission: Admission, mend: Mend = mended) -> Refusal:
    """Mend what the server refuses, and ask again, until it refuses nothing new. ``mend`` says what was meant."""
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
    """Each cause once. Of two lists of values for one field the shorter one holds."""
    shortest: dict[tuple[str, str], Cause] = {}
    for cause in found:
        key = (cause.field, "" if cause.reason == _VALUES else cause.message)
        before = shortest.get(key)
        shortest[key] = cause if before is None or len(cause.message) < len(before.message) else before
    return tuple(shortest.values())


def _made_here(cause: Cause, before: Sequence[Cause], left: Sequence[Cause]) -> bool:
    """Whether a later cause may come of what was mended or taken out (``left``), and not of what the learner wrote."""
    path = path_of(cause.field)
    if cause.message.startswith("Required value") and any(_concerns(one, path) for one in left):
        return True
    taken = [path_of(one.field) for one in before]
    if any(path[: len(one)] == one or one[: len(path)] == path for one in taken):
        return True
    # Labels and selector have to fit each other.
    return any({"labels", "selector"} & set(one) for one in taken) and bool({"labels", "selector"} & set(path))


def judged_once(
    criteria: Sequence[Criterion[Answer, Meant]], reads: Callable[[Answer], Mapping[str, Sequence[Path]]], taken: float
) -> tuple[Criterion[Answer, Meant], ...]:
    """The same criteria, judged by what was meant: a slip that the server refuses costs ``taken`` points there, and not here again.

    ``reads`` are the paths that each criterion reads, by its name; a criterion without any stays as it is. Where nobody can
    say what was meant by one of them, it costs here what it costs more than there.
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
            # What costs the points there is the first cause, if it can't be mended, or any that was.
            if evidence.left != evidence.refused or evidence.left[0] not in blamed:
                return replace(meant, observed=REFUSED_TOO, follows=True)
            lost = {
                each.name: each.points * (1 - each.judge(*evidence.meant).share)
                for each in criteria
                if each.name in paths
                and _about_any(evidence.left[0], paths[each.name])
                and each.judge(answer, evidence).share < 1  # what is met as it is written loses nothing
            }
            before = sum(tuple(lost.values())[: tuple(lost).index(criterion.name)])
            back = min(lost[criterion.name], max(0.0, taken - before))
            observed = ONCE if sum(lost.values()) <= taken else IN_ALL.format(sum(lost.values()))
            return replace(meant, share=meant.share + back / criterion.points, observed=observed, follows=True)

        return replace(criterion, judge=judge)

    return tuple(map(once, criteria))


def _about_any(cause: Cause, paths: Sequence[Path]) -> bool:
    return any(_about(cause, path) for path in paths)


def _about(cause: Cause, path: Path) -> bool:
    """Whether a cause is about a field, whatever it says of it."""
    at = path_of(cause.field)
    # A request above its limit is what the server blames; the limit may be what is wrong.
    is_limit = " limit of " in cause.message and path == (*at[:-1], "limits")
    return at[: len(path)] == path or is_limit or _concerns(cause, path)


def _concerns(cause: Cause, path: Path) -> bool:
    """Whether a cause is about a field, about something in it, or about what stands where it should be."""
    at = path_of(cause.field)
    if cause.reason == _TYPE:
        return at[: len(path)] == path or path[: len(at)] == at
    if not at or "unknown field" not in cause.message:
        return False  # what is validated was decoded, so it can be judged
    names = [str(step) for step in path[-2:] if step != "spec"]
    meant = {str(at[-1]), *re.findall(r"[A-Za-z]+", cause.suggestion)}
    return bool(meant & {*names}) or bool(difflib.get_close_matches(str(at[-1])[:LABEL_CHARACTERS], names, n=1))
