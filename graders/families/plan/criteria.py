"""What exercises about plans share: the words of a plan, and criteria on what can come of it.

A step that is misspelt, numbered or repeated doesn't stop a plan: it is carried out with the steps that are recognized, and
only the criterion on the plan's form is missed.
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
from graders.reading.vocabulary import described, misspelt, named, same, suggested

Check = Callable[[Sequence[str]], Explored]

FORM = (
    "Compare the names of your steps with the table, letter by letter.",
    "Each step may stand there once, and not every one is needed.",
    "A step is its name from the table's left column, with its dashes, and nothing else.",
)
"""The hints on slips of a plan's form."""

MOST_SLIPS = 6
"""How many slips a card names."""

_NUMBER = re.compile(r"\d{1,3}(?:\s*[.):]\s*|\s+)(?=\D)")
_DOTS = re.compile(r"[.\u2026\s]+")


@dataclass(frozen=True, slots=True)
class Slip:
    """Something about a plan's form: what it is, the way on, the learner's line, and a ladder where it isn't ``FORM``."""

    observed: str
    hint: str
    line: int
    hints: tuple[str, str, str] | tuple[()] = FORM


@dataclass(frozen=True, slots=True)
class PlanEvidence:
    """The ``steps`` that were recognized, the slips beside them, and what can come of the steps.

    ``explored`` is None where no step was recognized; ``lifelines`` are who takes part.
    """

    steps: tuple[str, ...]
    slips: tuple[Slip, ...]
    explored: Explored | None
    lifelines: tuple[str, ...]

    @property
    def worst(self) -> tuple[Happening, ...]:
        """The shortest way to anything that mustn't happen; empty where nothing can."""
        ways = self.explored.wrongs.values() if self.explored else ()
        return min(ways, key=len, default=())

    def way(self, wrong: str) -> tuple[Happening, ...]:
        """The shortest way to something that mustn't happen; empty where it can't."""
        return self.explored.wrongs.get(wrong, ()) if self.explored else ()


JUDGED_BY = "trying every order in which things can happen"


def echo(answer: Plan) -> Echo:
    """Which steps were read."""
    return Echo(answer.kept)


def figure(evidence: PlanEvidence) -> Markup:
    """The shortest way to a bad end, as a sequence diagram; empty where nothing bad can happen."""
    from graders.families.plan.figure import figure as drawn  # noqa: PLC0415  a figure is drawn only where somebody looks

    return drawn(evidence)


Judge = Callable[[Plan, PlanEvidence], Verdict]


def prints(steps: Iterable[str]) -> tuple[str, ...]:
    """What a notebook has to say letter by letter: a row for each step."""
    return tuple(f"| `{step}` | " for step in steps)


def observer(
    check: Check, steps: Mapping[str, str], lifelines: tuple[str, ...], first: str = "", last: Collection[str] = ()
) -> Callable[[Plan, Cluster, object], PlanEvidence]:
    """Explores a plan whose steps are of those that there are.

    ``first`` is what it has to begin with; after a step of ``last`` nothing can follow.
    """

    def observe(answer: Plan, _world: Cluster, _so_far: object = None) -> PlanEvidence:
        names, slips = _recognized(answer, steps, first, last)
        if last and {same(step.name, steps) for step in answer.steps} >= set(steps):
            # Some of the steps exclude each other: nothing was decided.
            every = Slip("every step of the table is in the plan, also those that exclude each other", "Choose: not every step is needed.",
                         answer.steps[0].line)  # fmt: skip
            return PlanEvidence((), (every,), None, lifelines)
        return PlanEvidence(names, slips, check(names) if names else None, lifelines)

    return observe


def carried_out(answer: Plan, evidence: PlanEvidence) -> Verdict:
    """The plan uses steps that there are, each once."""
    if not evidence.slips:
        count = len(answer.steps)
        return (
            passed(f"{count} {'step' if count == 1 else 'steps'}") if count else failed("there is no step", hints=FORM)
        )
    first, *others = evidence.slips
    also = [
        f"{slip.observed} (line {slip.line})" + (f": {slip.hint}" if slip.hint != first.hint else ".")
        for slip in others[: MOST_SLIPS - 1]
    ]
    more = [f"There are {len(others) - len(also)} more."] if len(others) > len(also) else []
    return failed(first.observed, first.hint, line=first.line, hints=first.hints, also=" ".join([*also, *more]))


def never(wrong: str, good: str, hint: str) -> Judge:
    """Nothing that can come of the plan has this wrong; else the shortest way to it is told."""

    def judge(_answer: Plan, evidence: PlanEvidence) -> Verdict:
        if evidence.explored is None:
            return follows("there is no plan that can be carried out")
        if way := evidence.way(wrong):
            return failed(f"this can happen: {told(way)}", hint)
        return passed(f"{good}, in any of {evidence.explored.states} states that the plan can lead to")

    return judge


def where(does: Callable[[Collection[str]], bool], judge: Judge, otherwise: str) -> Judge:
    """A criterion of plans whose steps do something: what another plan never does wrong is no merit of it, for the reason given."""

    def judged(answer: Plan, evidence: PlanEvidence) -> Verdict:
        if evidence.explored is not None and not does(evidence.steps):
            return follows(otherwise)
        return judge(answer, evidence)

    return judged


def where_any(steps: Collection[str], judge: Judge, otherwise: str) -> Judge:
    """A criterion of plans with one of these steps."""
    return where(lambda names: any(name in steps for name in names), judge, otherwise)


def told(way: Sequence[Happening]) -> str:
    """A way in words: ``queue → worker: the order's message; worker crashes``."""
    return "; ".join(_said(happening) for happening in way)


def _said(happening: Happening) -> str:
    if not happening.whom:
        return f"{happening.who} {happening.what}"
    who = f"{happening.who} → " if happening.who else ""
    return f"{who}{happening.whom}: {happening.what}"


def _recognized(
    answer: Plan, steps: Mapping[str, str], first: str, last: Collection[str]
) -> tuple[tuple[str, ...], tuple[Slip, ...]]:
    """The steps that can be carried out, in their order, and what is to be said of the others."""
    names: list[str] = []
    slips: list[Slip] = []
    for step in answer.steps:
        name = same(step.name, steps)
        if name is None:
            name, slip = _read(step, steps)
            slips.append(slip)
        elif name in names:
            slips.append(Slip(f"“{name}” stands there twice", "Keep the one that you mean.", step.line))
        if name is not None and name not in names:
            if names and names[-1] in last:
                observed = f"“{name}” comes after “{names[-1]}”, which ends the process"
                way = (
                    "Keep one end, as the last step."
                    if name in last
                    else f"Put “{name}” before “{names[-1]}”, or take it out."
                )
                slips.append(Slip(observed, way, step.line))
            else:
                names.append(name)
    if first and names and names[0] != first:
        line = answer.steps[0].line
        hint = f"Nothing can be done before: begin with “{first}”."
        slips.append(Slip(f"the plan doesn't begin with “{first}”", hint, line, ()))
        # A beginning that was left out can be thought of; one in the wrong place, or before a single step, is no plan.
        names = [first, *names] if first not in names and len(names) > 1 else []
    return tuple(names), tuple(slips)


def _read(step: Step, steps: Mapping[str, str]) -> tuple[str | None, Slip]:
    """The step that is plainly meant, None where there is none, and what is to be said."""
    name, line, written = step.name, step.line, f"“{shown(step.name, 40)}”"
    if _DOTS.fullmatch(name):
        return None, Slip(f"{written} of the form is still there", "Take that line out.", line)
    unnumbered = _NUMBER.sub("", name, count=1)
    if unnumbered != name and (meant := same(unnumbered, steps) or misspelt(unnumbered, steps)):
        return meant, Slip(f"there is a number in {written}", f"Write “{meant}”: the order of the lines counts.", line)
    if meant := misspelt(name, steps):
        return meant, Slip(f"{written} is no step", f"Did you mean “{meant}”?", line)
    if meant := described(name, steps):
        return meant, Slip(f"{written} is more than a step's name", f"Write “{meant}” and nothing beside it.", line)
    if len(named(name, steps)) > 1:
        return None, Slip(f"{written} is no step", "Write each step on a line of its own, with a dash.", line)
    way = suggested(name, steps) or f"The steps are {', '.join(steps)}."
    return None, Slip(f"{written} is no step", way, line)


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
