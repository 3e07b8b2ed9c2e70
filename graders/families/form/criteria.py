"""Criteria for forms: a rule judges each field, and a criterion makes one finding of a part's fields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from markupsafe import Markup

from graders.core.exercise import Criterion, Echo, Exercise, Sample, Verdict, failed, not_started, partly, passed
from graders.families.form.reading import SHOWN_STRANGERS, Filled, Form, Term, Written
from graders.families.manifest.documents import is_started
from graders.reading.text import shown

WHY_NOT_UNDERSTOOD = "We could not read this, so it earns nothing. The workbook doesn't guess."


class Becomes(StrEnum):
    """The state of a field, with its sign in tables, in the order in which findings name them.

    Unreadable and wrong fields come before missing ones: the learner can correct a text that is there.
    """

    NOT_UNDERSTOOD = "?"
    WRONG = "✘"
    MISSING = "○"
    FOLLOWS = "→"
    HOLDS = "✔"


COSTS_NOTHING = (Becomes.FOLLOWS, Becomes.HOLDS)


@dataclass(frozen=True, slots=True)
class RuleResult:
    """A rule's result for a value: whether it holds, its consequence, and the next step if it doesn't hold.

    ``follows`` names another, wrong field with which this value is consistent.
    """

    holds: bool
    leads: str
    hint: str = ""
    follows: str = ""


def echo(answer: Filled) -> Echo:
    """The number of fields that were read, and the lines that weren't understood."""
    return Echo(answer.kept, answer.not_understood)


def figure(evidence: FormEvidence) -> Markup:
    """The fields as a table, each with its consequence."""
    from graders.families.form.figure import figure as drawn  # noqa: PLC0415  loaded only to draw

    return drawn(evidence)


Ladder = tuple[str, str]
"""The second and the third hint on a field; the first is the rule's hint."""


def prints(form: Form) -> tuple[str, ...]:
    """The text that a notebook must contain: the blank form, with the words and units of each field."""
    return (f"```yaml\n{form.printed()}```",)


Rule = Callable[[Any, Filled], RuleResult]
"""A function from a field's value and all fields to the value's result."""


def good(leads: str) -> RuleResult:
    """The value holds."""
    return RuleResult(True, leads)


def bad(leads: str, hint: str) -> RuleResult:
    """The value doesn't hold."""
    return RuleResult(False, leads, hint)


def goes_with(field: str, leads: str) -> RuleResult:
    """The value is consistent with another, wrong field: only that field costs points."""
    return RuleResult(False, leads, follows=field)


@dataclass(frozen=True, slots=True)
class FieldResult:
    """One field: its state, its text, its consequence, the next step, and two more hints."""

    term: Term
    becomes: Becomes
    written: str = ""
    leads: str = "nothing is written here"
    hint: str = ""
    line: int = 0
    ladder: Ladder | tuple[()] = ()

    @property
    def name(self) -> str:
        """The field without its part: ``window day``."""
        return _name(self.term)

    @property
    def shown(self) -> str:
        """The field's name with its text."""
        return f"{self.name} “{self.written}”" if self.written else self.name


@dataclass(frozen=True, slots=True)
class FormEvidence:
    """Every field in the form's order, and the table's caption and last heading."""

    outcomes: tuple[FieldResult, ...]
    caption: str
    heading: str

    def of(self, part: str) -> tuple[FieldResult, ...]:
        """The fields of one part."""
        return tuple(one for one in self.outcomes if one.term[0] == part)


def observer(
    rules: Mapping[Term, Rule], caption: str, heading: str, ladders: Mapping[Term, Ladder] | None = None
) -> Callable[[Filled, object, object], FormEvidence]:
    """A function that applies each field's rule to its value. It uses no world.

    A value that contradicts another one is wrong only if the other one holds alone; else it follows, and costs no points.
    """
    ladder_of = ladders or {}

    def result(term: Term, answer: Filled, without: Collection[Term] = ()) -> RuleResult:
        terms = {place: one for place, one in answer.terms.items() if place == term or place not in without}
        return rules[term](answer.terms[term].value, replace(answer, terms=terms))

    def outcome(term: Term, answer: Filled, wrong: Collection[Term]) -> FieldResult:
        written = answer.terms.get(term)
        if written is None:
            return FieldResult(term, Becomes.MISSING, ladder=ladder_of.get(term, ()))
        text = shown(written.text)
        if written.form:
            leads = f"not understood: write it as {written.form}"
            return FieldResult(term, Becomes.NOT_UNDERSTOOD, text, leads, written.way, written.line)
        said = result(term, answer)
        cause = said.follows
        if not said.holds and result(term, answer, wrong).holds:
            cause = next((_name(one) for one in wrong if result(term, answer, (one,)).holds), "another field")
        becomes = Becomes.HOLDS if said.holds else Becomes.FOLLOWS if cause else Becomes.WRONG
        leads = f"{said.leads}. It follows from “{cause}”, and costs no points here" if cause else said.leads
        return FieldResult(term, becomes, text, leads, said.hint, written.line, ladder_of.get(term, ()))

    def observe(answer: Filled, _world: object, _so_far: object = None) -> FormEvidence:
        read = [term for term in rules if term in answer.terms and not answer.terms[term].form]
        wrong = [term for term in read if not result(term, answer, read).holds]
        return FormEvidence(tuple(outcome(term, answer, wrong) for term in rules), caption, heading)

    return observe


def _name(term: Term) -> str:
    return " ".join(term[1:])


def part(name: str) -> Callable[[Filled, FormEvidence], Verdict]:
    """A criterion's judge: each field of the part earns the same share."""

    def judge(answer: Filled, evidence: FormEvidence) -> Verdict:
        fields = evidence.of(name)
        off = sorted(
            (one for one in fields if one.becomes not in COSTS_NOTHING),
            key=lambda one: list(Becomes).index(one.becomes),
        )
        follow = [one.name for one in fields if one.becomes is Becomes.FOLLOWS]
        if not off:
            also = (
                f"; {', '.join(follow)} depend{'s' * (len(follow) == 1)} on a field that another finding names"
                if follow
                else ""
            )
            return passed(f"all {len(fields)} fields hold{also}")
        first, share = off[0], 1 - len(off) / len(fields)
        hint = _next(answer, first)
        rest: dict[str, Any] = {"line": first.line, "also": _others(first, off)}
        if first.becomes is Becomes.NOT_UNDERSTOOD:
            rest |= unread(answer.terms[first.term])
        elif first.ladder:
            rest |= {"hints": (hint, *first.ladder)}
        observed = _saw(first, off)
        if all(one.becomes is Becomes.MISSING for one in fields):
            return not_started("nothing is written for it yet", hint)
        return partly(share, observed, hint, **rest) if share else failed(observed, hint, **rest)

    return judge


BESIDE = "The comment beside the field says what to write. Write only that."


def unread(written: Written, how: str = BESIDE) -> dict[str, Any]:
    """The texts of a verdict on a field that isn't understood, in place of its criterion's.

    ``how`` is the second hint: where the notebook explains the format.
    """
    return {
        "expected": written.form,
        "why": WHY_NOT_UNDERSTOOD,
        "hints": (
            "Compare the line with the form in the notebook.",
            how,
            written.way,
        ),
    }


def _saw(first: FieldResult, off: list[FieldResult]) -> str:
    if first.becomes is Becomes.MISSING:
        return f"missing: {', '.join(one.name for one in off)}"
    if first.becomes is Becomes.NOT_UNDERSTOOD:
        return f"not understood: {first.shown}"
    return f"{first.shown}: {first.leads}"


def _others(first: FieldResult, off: list[FieldResult]) -> str:
    """The other fields that cost points, each by name."""
    if first.becomes is Becomes.MISSING:
        return ""
    kinds = {"not understood": Becomes.NOT_UNDERSTOOD, "also wrong": Becomes.WRONG, "missing": Becomes.MISSING}
    named = {said: [one.shown for one in off[1:] if one.becomes is becomes] for said, becomes in kinds.items()}
    return "; ".join(f"{said}: {', '.join(names)}" for said, names in named.items() if names)


def _next(answer: Filled, first: FieldResult) -> str:
    if first.becomes is not Becomes.MISSING:
        return first.hint
    stranger = next((one for one in answer.strangers if one.meant and first.term[: len(one.meant)] == one.meant), None)
    return stranger.said if stranger else f"Fill in “{first.name}” in the part “{first.term[0]}”."


def notes(answer: Filled, _evidence: FormEvidence) -> tuple[str, ...]:
    """Notes on unknown keys; they cost no points."""
    return tuple(stranger.said for stranger in answer.strangers[:SHOWN_STRANGERS])


def closed_form(
    *,
    name: str,
    title: str,
    kind: str,
    section: str,
    minutes: int,
    criteria: tuple[Criterion[Filled, FormEvidence], ...],
    form: Form,
    observe: Callable[[Filled, object, object], FormEvidence],
    judged_by: str,
    sample: Sample | None = None,
    facts: Callable[[], Sequence[str]] = tuple,
) -> Exercise[Filled, FormEvidence]:
    """An exercise whose answer is a filled-in form; ``observe`` is an ``observer``'s.

    ``facts`` are further texts that its notebook must contain.
    """
    return Exercise(
        name=name, title=title, kind=kind, section=section, minutes=minutes, criteria=criteria, parse=form.read, observe=observe,
        is_started=is_started, notes=notes, echo=echo, judged_by=judged_by, figure=figure, sample=sample,
        prints=lambda: (*prints(form), *facts()),
    )  # fmt: skip
