"""Exercise ``review``: find the fields of a colleague's manifest that break the contract, and the term that each breaks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path as File
from typing import Any

from cluster import Cluster
from cluster.errors import AnswerError
from cluster.manifests.documents import Document, Path, read
from cluster.text.names import nearest
from graders.core.exercise import Criterion, Echo, Exercise, Sample, Verdict, failed, follows, partly, passed
from graders.families.decision.criteria import JUDGED_BY
from graders.families.form.criteria import unread
from graders.families.form.fields import choice
from graders.families.form.reading import LONGEST, Written
from graders.families.manifest.documents import is_blank, is_started
from graders.reading.documents import documents, only
from graders.reading.text import shown

MANIFEST = File(__file__).with_name("reviewed.yaml")
"""The reviewed manifest. The notebook shows it with line numbers; a test compares the two."""

CONTAINER: Path = ("spec", "template", "spec", "containers", 0)
TERM = choice(
    "requests", "limits", "liveness", "readiness", "startup", "metrics", "logs", "traces", "shutdown"
)  # fmt: skip
FIELD = "a line number, a path such as ports.containerPort, or a variable's name"
VIOLATIONS: Mapping[Path, tuple[str, str, str]] = {
    ("spec", "template", "spec", "terminationGracePeriodSeconds"): (
        "shutdown", "graceful shutdown", "it says how long after SIGTERM a process is killed"),
    (*CONTAINER, "env", 1, "value"): (
        "traces", "observability", "with it the SDK sends no traces"),
    (*CONTAINER, "resources", "limits", "memory"): (
        "limits", "compute", "it says at which memory use the kernel kills the container"),
    (*CONTAINER, "livenessProbe", "httpGet", "path"): (
        "liveness", "health", "it decides whether the container is restarted"),
    (*CONTAINER, "readinessProbe", "httpGet", "path"): (
        "readiness", "health", "it decides whether the pod gets traffic"),
}  # fmt: skip
"""The fields that break the contract, each with the broken term, the part of the contract, and what the field does."""

KEEPS: Mapping[Path, str] = {
    (*CONTAINER, "resources", "requests", "cpu"): "0.1 is 100m",
    (*CONTAINER, "resources", "requests", "memory"): "the contract says 128Mi",
    (*CONTAINER, "resources", "limits", "cpu"): "the contract says 500m",
    (*CONTAINER, "startupProbe"): "it requests the path in the contract",
    (*CONTAINER, "env", 0): "the contract says JSON",
    ("spec", "template", "metadata", "annotations"): "its metrics are where the contract says",
}
"""Why a field keeps the contract; the contract doesn't mention any other field."""

ABOVE = 2
"""How many levels above its field a remark may point: ``livenessProbe`` for its path."""

MOST = 10
"""The most remarks in one answer: two for each violation."""

EXAMPLE = "A remark has two lines: “- field: replicas”, and below it, indented by two spaces, “term: requests”."
LADDER = {
    "field": "Name a field by its line number in the manifest above, or by its path: the names that lead to it, with dots between them.",
    "term": "A term is one of the words above. Write only that word.",
}
"""The second hint for a field or a term that isn't understood."""
READ = "notebook 5, the table under “The contract”"


_LINE = re.compile(r"(?:line )?([0-9]{1,4})", re.ASCII | re.IGNORECASE)
_VARIABLE = re.compile(r"(?:env[.\[])?([A-Za-z_][A-Za-z0-9_]{2,60})\]?(?:\.(?:name|value))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark: a field of the manifest and a term. The value of ``field`` is its path."""

    field: Written
    term: Written

    @property
    def name(self) -> str:
        """The field as it was written, as printable text."""
        return shown(self.field.text)


@dataclass(frozen=True, slots=True)
class Remarks:
    """All remarks, in the learner's order."""

    every: tuple[Remark, ...]

    @property
    def kept(self) -> str:
        """How the answer was read, in a few words."""
        return f"{len(self.every)} remark{'s' if len(self.every) != 1 else ''}"

    @property
    def not_understood(self) -> tuple[tuple[int, str], ...]:
        """The fields and terms that aren't understood, as pairs of line and message, by line."""
        odd = [written for one in self.every for written in (one.field, one.term) if written.form]
        return tuple(
            sorted(
                (one.line, f"{one.key} {one.not_understood}" if one.text else f"{_strange(one)}. {_way(one)}")
                for one in odd
            )
        )


@dataclass(frozen=True, slots=True)
class ReviewEvidence:
    """The learner's remarks: on violations, by field; on fields that keep the contract; not understood; repeated."""

    found: Mapping[Path, Remark]
    fine: tuple[Remark, ...]
    odd: tuple[Remark, ...]
    again: tuple[Remark, ...]


@cache
def manifest() -> Document:
    """The reviewed manifest as a document."""
    (document,) = read(MANIFEST.read_text(encoding="utf-8"))
    return document


# --- reading


def parse(text: str) -> Remarks:
    """Read a list of remarks. Raises AnswerError if the text isn't YAML or a list, or if an item isn't a remark."""
    document = only(_read(text), text, EXAMPLE)
    items = document.data
    if not isinstance(items, list):
        raise AnswerError("Your answer isn't a list of remarks: no line begins with a dash.", EXAMPLE, line=document.line())  # fmt: skip
    if len(items) > MOST:
        raise AnswerError(f"Your answer has {len(items)} remarks; at most {MOST} are allowed.",
                          "The manifest has five violations: keep the remarks that you are sure of.",
                          line=document.line(MOST))  # fmt: skip
    return Remarks(tuple(_remark(document, n, item) for n, item in enumerate(items) if _is_written(item)))


def _read(text: str) -> tuple[Document, ...]:
    try:
        return documents(text)
    except AnswerError as error:
        # {field: env[0].name} isn't YAML: inside braces a bracket begins a list.
        brackets = "{" in error.source_line and "[" in error.source_line
        error.hint = "Inside braces, put quotes around a field that has brackets in its name." if brackets else EXAMPLE
        raise


def _is_written(item: Any) -> bool:
    return not all(is_blank(value) for value in (item.values() if isinstance(item, dict) else (item,)))


def _remark(document: Document, index: int, item: Any) -> Remark:
    line = document.line(index)
    if not isinstance(item, dict):
        raise AnswerError(f"“{shown(item)}” (line {line}) isn't a remark: it has no field and no term.",
                          EXAMPLE, line=line)  # fmt: skip
    if not any(name in item for name in ("field", "term")):
        raise AnswerError(f"The remark on line {line} has no field and no term.", EXAMPLE, line=line)
    field, term = (
        document.written(index, name).strip() if not is_blank(item.get(name)) else "" for name in ("field", "term")
    )
    at = [document.line(index, name) if name in item else line for name in ("field", "term")]
    return Remark(
        _place(field or shown(item.get("field") or ""), at[0]), _term(term or shown(item.get("term") or ""), at[1])
    )


def _term(text: str, line: int) -> Written:
    value = TERM.read(text) if len(text) <= LONGEST else None
    return Written(text, line, value, "" if value else TERM.form, "term")


def _place(text: str, line: int) -> Written:
    """Return the field of the manifest by its line number, its whole path, or the end of its path."""
    found = _located(text[:300])
    if len(found) == 1:
        return Written(text, line, found[0], "", "field")
    lines = sorted({manifest().line(*path) for path in found})
    several = f"; that name is on the lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}" if len(lines) > 1 else ""
    near = "" if found else _nearest(text)
    return Written(text, line, None, FIELD + several + (f"; the manifest has “{near}”" if near else ""), "field")


def _located(text: str) -> list[Path]:
    every = [path for path in manifest().lines if path]
    if number := _LINE.fullmatch(text):
        at = [path for path in every if manifest().lines[path] == int(number[1])]
        return [path for path in at if len(path) == max(map(len, at))]
    if variable := _VARIABLE.fullmatch(text):
        env = [
            path
            for path in every
            if path[-1] == "name" and "env" in path and manifest().get(*path) == variable[1].upper()
        ]
        if env:
            return env
    end = "." + re.sub(r"\[(\d+)\]", r".\1", text.casefold().replace("/", "."))
    exact = [path for path in every if _dotted(path).endswith(end)]
    # Without an index, an item of a list has the list's name; that name means the list.
    plain = {path: re.sub(r"\.\d+", "", _dotted(path)) for path in every if not isinstance(path[-1], int)}
    return exact or [p for p in plain if plain[p].endswith(end)] or [p for p in plain if _leads_to(end, plain[p])]


def _leads_to(names: str, dotted: str) -> bool:
    """Whether the names are on the path to a field, in order, and the last is the field's own: ``livenessProbe.path``."""
    steps = iter(reversed(dotted.split(".")))
    last, *before = reversed(names.split(".")[1:])
    return bool(last) and next(steps) == last and all(name in steps for name in before)


def _dotted(path: Path) -> str:
    """A path in lower case: ``.spec.containers.0.image``."""
    return "".join(f".{step}" for step in path).casefold().replace("/", ".")


def _nearest(text: str) -> str:
    """Return the name in the manifest that is most like a name of the path, the path's last name first; empty if none is similar."""
    names = sorted({path[-1] for path in manifest().lines if path and isinstance(path[-1], str)})
    words = reversed(re.split(r"[.\[\]/\s]+", text[:100].rstrip("]")))
    return next((near for word in words if (near := nearest(word, names))), "")


# --- judging


def observe(answer: Remarks, _world: Cluster, _so_far: object = None) -> ReviewEvidence:
    """Look up every remark in the manifest, without a world."""
    seen: dict[Path, Remark] = {}
    odd: list[Remark] = []
    again: list[Remark] = []
    for remark in map(_looked_up, answer.every):
        place = remark.field.value
        if place is None:
            odd.append(remark)
        elif seen.setdefault(place, remark) is not remark:
            again.append(remark)
    found = {place: remark for place, remark in seen.items() if place in VIOLATIONS}
    return ReviewEvidence(found, tuple(r for place, r in seen.items() if place not in found), tuple(odd), tuple(again))


def _looked_up(remark: Remark) -> Remark:
    """Return the remark with the violation that its field means, if any: ``livenessProbe`` means its path."""
    place: Path | None = remark.field.value
    if place is None:
        return remark
    # A variable's name stands for its value.
    item = place[:-1] if place[-1] == "name" and "env" in place else place
    within = [field for field in VIOLATIONS if field[: len(item)] == item]
    near = [field for field in within if len(field) - len(item) <= ABOVE]
    if len(near) == 1 or not within:
        return replace(remark, field=replace(remark.field, value=(near or [place])[0]))
    return replace(
        remark, field=replace(remark.field, value=None, form="the exact field: this block contains several fields")
    )


def fields(_answer: Remarks, evidence: ReviewEvidence) -> Verdict:
    """The answer names the fields that break the contract, and no others."""
    found, wrong = evidence.found, evidence.fine
    total = len(VIOLATIONS)
    if len(found) == total and not wrong:
        return passed(f"all {total} violations, and nothing else")
    share = max(0.0, len(found) - len(wrong) / 2) / total
    observed, rest = f"{len(found)} of {total} violations", {}
    if evidence.odd:
        written = evidence.odd[0].field
        observed, hint, line = f"{_strange(written)}; {observed}", _way(written), written.line
        rest = unread(written, LADDER["field"])
    elif wrong:
        first = wrong[0]
        others = "1 field that keeps" if len(wrong) == 1 else f"{len(wrong)} fields that keep"
        observed += f", and {others} the contract: {first.name} ({_why(first.field.value)})"
        hint, line = "Compare that field with the contract again, and delete the remark.", first.field.line
    else:
        left = sorted({of for path, (_, of, _) in VIOLATIONS.items() if path not in found})
        hint, line = f"Look again at the part “{left[0]}” of the contract.", 0
    return partly(share, observed, hint, line=line, **rest) if share else failed(observed, hint, line=line, **rest)


def _why(place: Path) -> str:
    """Why a field keeps the contract."""
    return next((why for path, why in KEEPS.items() if path == place[: len(path)]), "the contract doesn't mention it")


def terms(answer: Remarks, evidence: ReviewEvidence) -> Verdict:
    """The answer names the term that each violation breaks."""
    found, total = evidence.found, len(VIOLATIONS)
    without_field = _terms_without_field(evidence)
    off = [path for path, remark in found.items() if remark.term.value != VIOLATIONS[path][0]]
    right = len(found) - len(off) + without_field
    if right == total:
        return passed(f"{total} terms")
    observed, rest = f"{right} of {total} terms", {}
    odd = next((remark.term for remark in answer.every if remark.term.form), None)
    if odd is not None:
        observed, hint, line = f"{_strange(odd)}; {observed}", _way(odd), odd.line
        rest = unread(odd, LADDER["term"])
    elif off:
        first = found[off[0]]
        observed += f"; {first.name} doesn't break “{first.term.value}”: {VIOLATIONS[off[0]][2]}"
        hint, line = "Which term of the contract covers that?", first.term.line
    else:
        return follows(f"{observed}; the other terms belong to fields that you haven't named yet", right / total)
    return (
        partly(right / total, observed, hint, line=line, **rest) if right else failed(observed, hint, line=line, **rest)
    )


def _terms_without_field(evidence: ReviewEvidence) -> int:
    """The number of right terms in remarks whose field isn't understood; those cost points in the criterion ``fields``.

    A wrong term subtracts one, so that a list of all terms earns little.
    """
    left = {VIOLATIONS[path][0] for path in VIOLATIONS if path not in evidence.found}
    said = {remark.term.value for remark in evidence.odd if remark.term.value}
    return max(0, len(said & left) - len(said - left))


def _strange(written: Written) -> str:
    if not written.text:
        return f"this remark has no {written.key}"
    return f"not understood: {written.key} “{shown(written.text)}”"


def _way(written: Written) -> str:
    return written.way if written.text else EXAMPLE


def notes(answer: Remarks, evidence: ReviewEvidence) -> tuple[str, ...]:
    """Messages for remarks that are repeated or not understood."""
    again = [f"Line {j.field.line}: “{j.name}” repeats an earlier remark, which counts."
             for j in evidence.again]  # fmt: skip
    return tuple(([f"Line {line}: {said}" for line, said in answer.not_understood] + again)[:6])


CRITERIA: tuple[Criterion[Remarks, ReviewEvidence], ...] = (
    Criterion(
        name="fields", points=1, title="The fields that break the contract", judge=fields,
        expected="the five fields that break the contract, and no others",
        why="A missed violation goes into production, and after false alarms people ignore the review.",
        docs_url=READ,
        hints=(
            "Read the contract line by line, and look for each term in the manifest.",
            "Two fields may be wrong together. A figure may be right in another notation.",
            "Look at the probes, at one figure of the resources, at one variable, and at the time for a shutdown.",
        ),
    ),
    Criterion(
        name="terms", points=1, title="The terms that they break", judge=terms,
        expected="for each of the five fields, the term that it breaks",
        why="“This is wrong” starts an argument. “This breaks a term that we agreed on” ends it.",
        docs_url=READ,
        hints=(
            "What does the platform use this field for? Look for the term about that.",
            "A term is more exact than a part of the contract. For example, the part “health” has three terms.",
            "The terms are requests, limits, three probes, three signals of observability, and the shutdown.",
        ),
    ),
)  # fmt: skip


def _prints() -> tuple[str, ...]:
    """The texts that the notebook must contain exactly: the manifest with line numbers, and the terms for a remark."""
    lines = MANIFEST.read_text(encoding="utf-8").rstrip("\n").split("\n")
    terms = TERM.form.replace(" · ", "` · `").replace("one of ", "one of `") + "`"
    return "\n".join(f"{number:2} | {line}" for number, line in enumerate(lines, 1)), terms


EXERCISE: Exercise[Remarks, ReviewEvidence] = Exercise(
    name="review",
    title="A review against the contract",
    kind="decision",
    section="05-contract",
    minutes=8,
    criteria=CRITERIA,
    parse=parse,
    observe=observe,
    is_started=is_started,
    notes=notes,
    echo=lambda answer: Echo(answer.kept, answer.not_understood),
    judged_by=JUDGED_BY,
    sample=Sample(__file__, 0.9),
    prints=_prints,
)
