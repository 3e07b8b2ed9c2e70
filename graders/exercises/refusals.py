"""What the API server refuses in an answer: each mistake, also those that it would only report after the first.

Decoding ends with the first value of a wrong type, and validation begins only where decoding succeeds. So each reported
field is taken out and the document is asked about again, as a learner would who mends one mistake after the other.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from cluster.admission import Admission, Cause
from cluster.limits import LABEL_CHARACTERS
from cluster.manifests import Document, Path
from cluster.simulated.admission.verdict import admit
from graders.exercises.exercise import Criterion, Verdict

ROUNDS = 5
"""How often a document is asked about again, at most."""

FOLLOWS = "what the API server refuses can't run or be judged"
"""What is said of a criterion that a refused field keeps from being judged."""

_STEP = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")
_TYPE = "FieldValueTypeInvalid"


class Asked(Protocol):
    """Evidence of an admission."""

    @property
    def admission(self) -> Admission:
        """The API server's word on the document that the exercise asks for."""
        ...


Answer = TypeVar("Answer")
Evidence = TypeVar("Evidence", bound=Asked)


def causes(document: Document, admission: Admission) -> tuple[Cause, ...]:
    """Every cause of a refusal that can be known, the server's own first."""
    found = [*admission.pointers, *(cause for cause in admission.causes if not admission.pointers)]
    for _ in range(ROUNDS):
        if admission.accepted or not found:
            break
        document = _without(document, [_path(cause.field) for cause in found])
        admission = admit(document)
        later = [cause for cause in (*admission.pointers, *admission.causes) if not _made_here(cause, found)]
        if not later:
            break
        found += later
    return tuple({(cause.field, cause.message): cause for cause in found}.values())


def _without(document: Document, paths: Sequence[Path]) -> Document:
    """The document without what stands at some paths."""
    data: Any = deepcopy(document.data)
    for path in paths:
        below = data
        for step in path[:-1]:
            below = below[step] if _has(below, step) else None
        if path and _has(below, path[-1]):
            if isinstance(below, dict):
                del below[path[-1]]
            else:
                below[path[-1]] = None  # the others keep their places
    return replace(document, data=data, duplicates=(), complaints=())


def _has(value: Any, step: str | int) -> bool:
    return (
        step in value
        if isinstance(value, dict)
        else isinstance(value, list) and isinstance(step, int) and step < len(value)
    )


def _path(field: str) -> Path:
    """A path out of the server's way to write it: ``spec.containers[0].resources.limits[memory]``."""
    steps = (inside or plain for inside, plain in _STEP.findall(field))
    return tuple(int(step) if step.isascii() and step.isdigit() else step for step in steps)


def _made_here(cause: Cause, before: Sequence[Cause]) -> bool:
    """Whether a later cause may come of what was taken out, and not of what the learner wrote."""
    path = _path(cause.field)
    if cause.message.startswith("Required value") and any(_concerns(one, path) for one in before):
        return True
    taken = [_path(one.field) for one in before]
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
        found = causes(whole(answer), evidence.admission) if read else ()
        if verdict.follows or any(_concerns(cause, path) for cause in found for path in read):
            return replace(verdict, saw=FOLLOWS, follows=True)
        return verdict

    return replace(criterion, judge=judge)


def _concerns(cause: Cause, path: Path) -> bool:
    """Whether a cause is about a field, about something in it, or about what stands where it should be."""
    at = _path(cause.field)
    if cause.reason == _TYPE:
        return at[: len(path)] == path or path[: len(at)] == at
    if not at or "unknown field" not in cause.message:
        return False  # what is validated was decoded, so it can be judged
    names = [str(step) for step in path[-2:] if step != "spec"]
    meant = {str(at[-1]), *re.findall(r"[A-Za-z]+", cause.suggestion)}
    return bool(meant & {*names}) or bool(difflib.get_close_matches(str(at[-1])[:LABEL_CHARACTERS], names, n=1))
