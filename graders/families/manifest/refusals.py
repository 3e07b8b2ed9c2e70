"""What the API server refuses in an answer: each mistake, also those that it would only report after the first.

Decoding ends with the first value of a wrong type, and validation begins only where decoding succeeds. So each reported
field is mended, or taken out, and the document is asked about again, as a learner would who mends one mistake after the other.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
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

FOLLOWS = "what the API server refuses can't run or be judged"
"""What is said of a criterion that a refused field keeps from being judged."""

ONCE = "the same mistake, charged once"
"""What is said of a criterion that a refused field would keep from being met, where the refusal has cost its points."""

_TYPE = "FieldValueTypeInvalid"
_VALUES = "FieldValueNotSupported"

Mend = Callable[[Document, Cause], Document | None]
"""What was meant where a cause blames a document; None where nobody can say."""


class Asked(Protocol):
    """Evidence of an admission."""

    @property
    def admission(self) -> Admission:
        """The API server's word on the document that the exercise asks for."""
        ...


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
Evidence = TypeVar("Evidence", bound=Asked)


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
    if cause.message.startswith("Required value") and any(concerns(one, path) for one in left):
        return True
    taken = [path_of(one.field) for one in before]
    if any(path[: len(one)] == one or one[: len(path)] == path for one in taken):
        return True
    # Labels and selector have to fit each other.
    return any({"labels", "selector"} & set(one) for one in taken) and bool({"labels", "selector"} & set(path))


def unless_refused(
    criterion: Criterion[Answer, Evidence],
    fields: Callable[[Answer], Sequence[Path]],
    whole: Callable[[Answer], Document],
) -> Criterion[Answer, Evidence]:
    """The same criterion; where it isn't met and the server refused one of the fields that it reads, it only follows.

    ``fields`` are the paths that it reads in the document ``whole``.
    """

    def judge(answer: Answer, evidence: Evidence) -> Verdict:
        verdict = criterion.judge(answer, evidence)
        if verdict.share == 1 or evidence.admission.accepted:
            return verdict
        read = () if verdict.follows else fields(answer)
        found = refusal(whole(answer), evidence.admission).causes if read else ()
        if verdict.follows or any(concerns(cause, path) for cause in found for path in read):
            return replace(verdict, saw=FOLLOWS, follows=True)
        return verdict

    return replace(criterion, judge=judge)


def once(criterion: Criterion[Answer, Meant], fields: Sequence[Path], taken: float) -> Criterion[Answer, Meant]:
    """The same criterion, judged by what was meant: a slip that the server refuses costs ``taken`` points there, and not here again.

    ``fields`` are the paths that the criterion reads. Where nobody can say what was meant by one of them, it costs here
    what it costs more than there.
    """

    def judge(answer: Answer, evidence: Meant) -> Verdict:
        written = criterion.judge(answer, evidence)
        if evidence.meant is None or written.share == 1:
            return written
        meant = criterion.judge(*evidence.meant)
        if meant.share == 1:
            return replace(meant, saw=ONCE, follows=True)
        blamed = [cause for cause in evidence.left if any(_about(cause, path) for path in fields)]
        if not blamed:
            return meant
        # What costs the points there is the first cause, if it can't be mended, or any that was.
        if evidence.left != evidence.refused or evidence.left[0] not in blamed:
            return replace(meant, saw=FOLLOWS, follows=True)
        return replace(meant, share=min(1.0, meant.share + taken / criterion.points), saw=ONCE, follows=True)

    return replace(criterion, judge=judge)


def _about(cause: Cause, path: Path) -> bool:
    """Whether a cause is about a field, whatever it says of it."""
    at = path_of(cause.field)
    return at[: len(path)] == path or concerns(cause, path)


def concerns(cause: Cause, path: Path) -> bool:
    """Whether a cause is about a field, about something in it, or about what stands where it should be."""
    at = path_of(cause.field)
    if cause.reason == _TYPE:
        return at[: len(path)] == path or path[: len(at)] == at
    if not at or "unknown field" not in cause.message:
        return False  # what is validated was decoded, so it can be judged
    names = [str(step) for step in path[-2:] if step != "spec"]
    meant = {str(at[-1]), *re.findall(r"[A-Za-z]+", cause.suggestion)}
    return bool(meant & {*names}) or bool(difflib.get_close_matches(str(at[-1])[:LABEL_CHARACTERS], names, n=1))
