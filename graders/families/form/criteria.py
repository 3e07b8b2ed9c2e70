"""What becomes of each field of a form: a rule says it, and a criterion makes one finding of a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from markupsafe import Markup

from graders.core.exercise import Echo, Verdict, failed, partly, passed
from graders.families.form.reading import SHOWN_STRANGERS, Filled, Form, Term, Written
from graders.reading.text import shown

WHY_NOT_UNDERSTOOD = "It isn't wrong. It earns nothing, because the workbook doesn't guess what it may mean."


class Becomes(StrEnum):
    """What became of a field, with the sign that a table shows for it; what is said first comes first.

    What isn't understood costs nothing to mend, and what is wrong is there to be looked at: both before what is missing.
    """

    NOT_UNDERSTOOD = "?"
    WRONG = "✘"
    MISSING = "○"
    HOLDS = "✔"


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule says of a value: whether it holds, what it leads to, and the next step where it doesn't."""

    holds: bool
    leads: str
    hint: str = ""


JUDGED_BY = "working out what comes of each promise"


def echo(answer: Filled) -> Echo:
    """Which fields were read, and which lines aren't understood."""
    return Echo(answer.kept, answer.not_understood)


def figure(evidence: FormEvidence) -> Markup:
    """The fields as a table, each with what comes of it."""
    from graders.families.form.figure import figure as drawn  # noqa: PLC0415  a figure is drawn only where somebody looks

    return drawn(evidence)


def prints(form: Form) -> tuple[str, ...]:
    """What a notebook has to say letter by letter: the blank form, with the words and units that each field takes."""
    return (f"```yaml\n{form.printed()}```",)


Rule = Callable[[Any, Filled], Told]
"""From a field's value, with all other fields, to what it leads to."""


def good(leads: str) -> Told:
    """The value holds."""
    return Told(True, leads)


def bad(leads: str, hint: str) -> Told:
    """The value doesn't hold."""
    return Told(False, leads, hint)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One field: what became of it, what was written, what it leads to, and the next step."""

    term: Term
    becomes: Becomes
    written: str = ""
    leads: str = "nothing is written here"
    hint: str = ""
    line: int = 0

    @property
    def name(self) -> str:
        """The field without its part: ``window day``."""
        return " ".join(self.term[1:])


@dataclass(frozen=True, slots=True)
class FormEvidence:
    """Every field in the form's order, and what a table of them is called: its caption and the last column's heading."""

    outcomes: tuple[Outcome, ...]
    caption: str
    heading: str

    def of(self, part: str) -> tuple[Outcome, ...]:
        """The fields of one part."""
        return tuple(one for one in self.outcomes if one.term[0] == part)


def observer(
    rules: Mapping[Term, Rule], caption: str, heading: str
) -> Callable[[Filled, object, object], FormEvidence]:
    """Applies each field's rule to its value. No world is asked."""

    def outcome(term: Term, answer: Filled) -> Outcome:
        written = answer.terms.get(term)
        if written is None:
            return Outcome(term, Becomes.MISSING)
        text = shown(written.text)
        if written.form:
            leads = f"not understood: write it as {written.form}"
            return Outcome(term, Becomes.NOT_UNDERSTOOD, text, leads, written.way, written.line)
        told = rules[term](written.value, answer)
        becomes = Becomes.HOLDS if told.holds else Becomes.WRONG
        return Outcome(term, becomes, text, told.leads, told.hint, written.line)

    def observe(answer: Filled, _world: object, _so_far: object = None) -> FormEvidence:
        return FormEvidence(tuple(outcome(term, answer) for term in rules), caption, heading)

    return observe


def part(name: str) -> Callable[[Filled, FormEvidence], Verdict]:
    """A criterion's judge: each field of the part earns the same share."""

    def judge(answer: Filled, evidence: FormEvidence) -> Verdict:
        fields = evidence.of(name)
        off = sorted(
            (one for one in fields if one.becomes is not Becomes.HOLDS),
            key=lambda one: list(Becomes).index(one.becomes),
        )
        if not off:
            return passed(f"{len(fields)} fields, and they hold")
        first, share = off[0], 1 - len(off) / len(fields)
        rest: dict[str, Any] = {"line": first.line}
        if first.becomes is Becomes.NOT_UNDERSTOOD:
            wrong = next((one for one in off if one.becomes is Becomes.WRONG), None)
            rest |= unread(answer.terms[first.term], also=_saw(wrong, []) if wrong else "")
        saw, hint = _saw(first, off), _next(answer, first)
        return partly(share, saw, hint, **rest) if share else failed(saw, hint, **rest)

    return judge


def unread(written: Written, also: str = "") -> dict[str, Any]:
    """What a verdict says in place of its criterion where the mistake is that something isn't understood."""
    return {
        "expected": written.form,
        "why": WHY_NOT_UNDERSTOOD,
        "also": also,
        "hints": (
            "Compare that line with the form in the notebook.",
            "The comment beside the field says what it takes; any other word is one too many.",
            written.way,
        ),
    }


def _saw(first: Outcome, off: list[Outcome]) -> str:
    if first.becomes is Becomes.MISSING:
        return f"not there: {', '.join(one.name for one in off)}"
    more = f" (and {len(off) - 1} more)" if len(off) > 1 else ""
    if first.becomes is Becomes.NOT_UNDERSTOOD:
        return f"not understood: {first.name} “{first.written}”{more}"
    return f"{first.name} “{first.written}”: {first.leads}{more}"


def _next(answer: Filled, first: Outcome) -> str:
    if first.becomes is not Becomes.MISSING:
        return first.hint
    stranger = next((one for one in answer.strangers if one.meant and first.term[: len(one.meant)] == one.meant), None)
    return stranger.said if stranger else f"Fill in “{first.name}” of the part {first.term[0]}."


def notes(answer: Filled, _evidence: FormEvidence) -> tuple[str, ...]:
    """Keys that are no field; they cost nothing by themselves."""
    return tuple(stranger.said for stranger in answer.strangers[:SHOWN_STRANGERS])
