"""Criteria for plans: on the form of a plan, and on the states that it can lead to.

A misspelled, numbered or repeated step doesn't stop a plan: the recognized steps are carried out, and only the criterion on
the plan's form fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cluster import Cluster
from graders.core.exercise import Criterion, Echo, Exercise, Sample, Verdict, failed, follows, passed
from graders.families.plan.model_check import Explored, Happening
from graders.families.plan.reading import Plan, Step, is_started, parse
from graders.reading.text import shown
from graders.reading.vocabulary import described, misspelled, named, same, suggested

Check = Callable[[Sequence[str]], Explored]

FORM = (
    "Compare the names of your steps with the table, letter by letter.",
    "Use each step at most once; not every step is needed.",
    "A step is its name from the table's left column, with its dashes, and nothing else.",
)
"""The hints on mistakes in a plan's form."""

MOST_SLIPS = 6
"""How many mistakes of form a card names."""

_NUMBER = re.compile(r"\d{1,3}(?:\s*[.):]\s*|\s+)(?=\D)")
_DOTS = re.compile(r"[.\u2026\s]+")


@dataclass(frozen=True, slots=True)
class PlanSlip:
    """A mistake in a plan's form: what it is, the next step, the learner's line, and the hint ladder."""

    observed: str
    hint: str
    line: int
    hints: tuple[str, str, str] | tuple[()] = FORM


@dataclass(frozen=True, slots=True)
class PlanEvidence:
    """The ``steps`` that were recognized, the mistakes of form, and the states that the steps can lead to.

    ``explored`` is None if no step was recognized; ``lifelines`` are the participants.
    """

    steps: tuple[str, ...]
    slips: tuple[PlanSlip, ...]
    explored: Explored | None
    lifelines: tuple[str, ...]

    @property
    def worst(self) -> tuple[Happening, ...]:
        """The shortest way to a wrong state; empty if no wrong state can happen."""
        ways = self.explored.wrongs.values() if self.explored else ()
        return min(ways, key=len, default=())

    def way(self, wrong: str) -> tuple[Happening, ...]:
        """The shortest way to ``wrong``; empty if it can't happen."""
        return self.explored.wrongs.get(wrong, ()) if self.explored else ()


JUDGED_BY = "a check of every order in which things can happen"


def echo(answer: Plan) -> Echo:
    """The steps that were read."""
    return Echo(answer.kept)


def figure(evidence: PlanEvidence) -> Markup:
    """The shortest way to a wrong state, as a sequence diagram; empty if no wrong state can happen."""
    from graders.families.plan.figure import figure as drawn  # noqa: PLC0415  loaded only to draw

    return drawn(evidence)


Judge = Callable[[Plan, PlanEvidence], Verdict]


def prints(steps: Iterable[str]) -> tuple[str, ...]:
    """The texts that a notebook must contain: a row for each step."""
    return tuple(f"| `{step}` | " for step in steps)


def observer(
    check: Check, steps: Mapping[str, str], lifelines: tuple[str, ...], first: str = "", last: Collection[str] = ()
) -> Callable[[Plan, Cluster, object], PlanEvidence]:
    """A function that explores a plan made of ``steps``.

    A plan must begin with ``first``; no step can follow a step of ``last``.
    """

    def observe(answer: Plan, _world: Cluster, _so_far: object = None) -> PlanEvidence:
        names, slips = _recognized(answer, steps, first, last)
        if last and {same(step.name, steps) for step in answer.steps} >= set(steps):
            # Some steps exclude each other: such a plan decides nothing.
            every = PlanSlip("the plan has every step of the table, even those that exclude each other", "Choose the steps that you need.",
                         answer.steps[0].line)  # fmt: skip
            return PlanEvidence((), (every,), None, lifelines)
        return PlanEvidence(names, slips, check(names) if names else None, lifelines)

    return observe


def carried_out(answer: Plan, evidence: PlanEvidence) -> Verdict:
    """The plan uses known steps, each once."""
    if not evidence.slips:
        count = len(answer.steps)
        return (
            passed(f"{count} {'step' if count == 1 else 'steps'}")
            if count
            else failed("the plan has no step", hints=FORM)
        )
    first, *others = evidence.slips
    also = [
        f"{slip.observed} (line {slip.line})." + (f" {slip.hint}" if slip.hint != first.hint else "")
        for slip in others[: MOST_SLIPS - 1]
    ]
    more = [f"There are {len(others) - len(also)} more."] if len(others) > len(also) else []
    return failed(first.observed, first.hint, line=first.line, hints=first.hints, also=" ".join([*also, *more]))


def never(wrong: str, good: str, hint: str) -> Judge:
    """The plan can't lead to ``wrong``; if it can, the verdict shows the shortest way."""

    def judge(_answer: Plan, evidence: PlanEvidence) -> Verdict:
        if evidence.explored is None:
            return follows("the plan can't be carried out")
        if way := evidence.way(wrong):
            return failed(f"this can happen: {in_words(way)}", hint)
        return passed(f"{good}, in any of {evidence.explored.states} states that the plan can lead to")

    return judge


def where(does: Callable[[Collection[str]], bool], judge: Judge, otherwise: str) -> Judge:
    """A criterion for plans whose steps satisfy ``does``; for other plans it follows, with the reason ``otherwise``."""

    def judged(answer: Plan, evidence: PlanEvidence) -> Verdict:
        if evidence.explored is not None and not does(evidence.steps):
            return follows(otherwise)
        return judge(answer, evidence)

    return judged


def where_any(steps: Collection[str], judge: Judge, otherwise: str) -> Judge:
    """A criterion for plans with at least one of these steps."""
    return where(lambda names: any(name in steps for name in names), judge, otherwise)


def in_words(way: Sequence[Happening]) -> str:
    """A way in words: ``queue → worker: the order's message; worker crashes``."""
    return "; ".join(_event_in_words(happening) for happening in way)


def _event_in_words(happening: Happening) -> str:
    if not happening.whom:
        return f"{happening.who} {happening.what}"
    who = f"{happening.who} → " if happening.who else ""
    return f"{who}{happening.whom}: {happening.what}"


def _recognized(
    answer: Plan, steps: Mapping[str, str], first: str, last: Collection[str]
) -> tuple[tuple[str, ...], tuple[PlanSlip, ...]]:
    """The steps that can be carried out, in their order, and a slip for each mistake."""
    names: list[str] = []
    slips: list[PlanSlip] = []
    for step in answer.steps:
        name = same(step.name, steps)
        if name is None:
            name, slip = _read(step, steps)
            slips.append(slip)
        elif name in names:
            slips.append(PlanSlip(f"“{name}” is in the plan twice", "Keep the one that you mean.", step.line))
        if name is not None and name not in names:
            if names and names[-1] in last:
                observed = f"“{name}” comes after “{names[-1]}”, which ends the process"
                way = (
                    "Keep one exit step, as the last step."
                    if name in last
                    else f"Put “{name}” before “{names[-1]}”, or delete it."
                )
                slips.append(PlanSlip(observed, way, step.line))
            else:
                names.append(name)
    if first and names and names[0] != first:
        line = answer.steps[0].line
        hint = f"Begin with “{first}”: nothing can happen before that step."
        slips.append(PlanSlip(f"the plan doesn't begin with “{first}”", hint, line, ()))
        # Only a missing first step is added; a misplaced one, or one before a single step, makes no plan.
        names = [first, *names] if first not in names and len(names) > 1 else []
    return tuple(names), tuple(slips)


def _read(step: Step, steps: Mapping[str, str]) -> tuple[str | None, PlanSlip]:
    """The step that is meant, or None, and the slip to report."""
    name, line, written = step.name, step.line, f"“{shown(step.name, 40)}”"
    if _DOTS.fullmatch(name):
        return None, PlanSlip(f"the placeholder {written} is still there", "Delete that line.", line)
    unnumbered = _NUMBER.sub("", name, count=1)
    if unnumbered != name and (meant := same(unnumbered, steps) or misspelled(unnumbered, steps)):
        return meant, PlanSlip(
            f"there is a number in {written}", f"Write “{meant}”: the order of the lines counts.", line
        )
    if meant := misspelled(name, steps):
        return meant, PlanSlip(f"{written} isn't a step", f"Did you mean “{meant}”?", line)
    if meant := described(name, steps):
        return meant, PlanSlip(f"{written} is more than a step's name", f"Write “{meant}” and nothing else.", line)
    if len(named(name, steps)) > 1:
        return None, PlanSlip(f"{written} isn't a step", "Write each step on a line of its own, with a dash.", line)
    way = suggested(name, steps) or f"The steps are {', '.join(steps)}."
    return None, PlanSlip(f"{written} isn't a step", way, line)


def plan(
    *,
    name: str,
    title: str,
    section: str,
    minutes: int,
    criteria: tuple[Criterion[Plan, PlanEvidence], ...],
    steps: Iterable[str],
    observe: Callable[[Plan, Cluster, object], PlanEvidence],
    notes: Callable[[Plan, PlanEvidence], tuple[str, ...]] = lambda _answer, _evidence: (),
    sample: Sample | None = None,
) -> Exercise[Plan, PlanEvidence]:
    """An exercise whose answer is an order of ``steps``; ``observe`` is an ``observer``'s."""
    return Exercise(
        name=name, title=title, kind="plan", section=section, minutes=minutes, criteria=criteria, parse=parse, observe=observe,
        is_started=is_started, notes=notes, echo=echo, judged_by=JUDGED_BY, figure=figure, sample=sample,
        prints=lambda: prints(steps),
    )  # fmt: skip
