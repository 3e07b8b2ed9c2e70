"""What exercises about plans share: the words of a plan, and criteria on what can come of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from cluster import Cluster
from graders.answers.steps import Plan
from graders.answers.text import shown
from graders.exercises.exercise import Verdict, failed, follows, passed
from graders.exercises.vocabulary import named, same, suggested
from graders.plans.explore import Explored, Happening

Check = Callable[[Sequence[str]], Explored]


@dataclass(frozen=True, slots=True)
class PlanEvidence:
    """What can come of a plan, and why it can't be carried out where that is None; ``lifelines`` are who takes part."""

    explored: Explored | None
    trouble: Verdict | None
    lifelines: tuple[str, ...]

    @property
    def worst(self) -> tuple[Happening, ...]:
        """The shortest way to anything that mustn't happen; empty where nothing can."""
        ways = self.explored.wrongs.values() if self.explored else ()
        return min(ways, key=len, default=())


Judge = Callable[[Plan, PlanEvidence], Verdict]


def observer(
    check: Check, steps: Mapping[str, str], lifelines: tuple[str, ...], first: str = "", last: Collection[str] = ()
) -> Callable[[Plan, Cluster, object], PlanEvidence]:
    """Explores a plan whose steps are of those that there are.

    ``first`` is what it has to begin with; after a step of ``last`` nothing can follow.
    """

    def observe(answer: Plan, _world: Cluster, _so_far: object = None) -> PlanEvidence:
        trouble, names = _trouble(answer, steps, first, last)
        return PlanEvidence(None if trouble else check(names), trouble, lifelines)

    return observe


def carried_out(answer: Plan, evidence: PlanEvidence) -> Verdict:
    """The plan uses steps that there are, each once."""
    count = len(answer.steps)
    return evidence.trouble or passed(f"{count} {'step' if count == 1 else 'steps'}")


def never(wrong: str, good: str, hint: str) -> Judge:
    """Nothing that can come of the plan has this wrong; else the shortest way to it is told."""

    def judge(_answer: Plan, evidence: PlanEvidence) -> Verdict:
        if evidence.explored is None:
            return follows("the plan can't be carried out")
        way = evidence.explored.wrongs.get(wrong)
        if way is None:
            return passed(f"{good}, in any of {evidence.explored.states} states that the plan can lead to")
        return failed(f"this can happen: {told(way)}", hint)

    return judge


def where_any(does: Collection[str], judge: Judge, otherwise: str) -> Judge:
    """A criterion of plans with one of these steps: what another plan never does wrong is no merit of it, for the reason given."""

    def judged(answer: Plan, evidence: PlanEvidence) -> Verdict:
        if evidence.explored is not None and not any(same(step.name, does) for step in answer.steps):
            return follows(otherwise)
        return judge(answer, evidence)

    return judged


def told(way: Sequence[Happening]) -> str:
    """A way in words: ``queue → worker: the order's message; worker crashes``."""
    return "; ".join(_said(happening) for happening in way)


def _said(happening: Happening) -> str:
    if not happening.whom:
        return f"{happening.who} {happening.what}"
    who = f"{happening.who} → " if happening.who else ""
    return f"{who}{happening.whom}: {happening.what}"


def _trouble(
    answer: Plan, steps: Mapping[str, str], first: str, last: Collection[str]
) -> tuple[Verdict | None, list[str]]:
    names: list[str] = []
    for step in answer.steps:
        name = same(step.name, steps)
        if name is None:
            several = len(named(step.name, steps)) > 1
            hint = (
                "Write each step on a line of its own, with a dash." if several
                else suggested(step.name, steps) or f"The steps are {', '.join(steps)}."
            )  # fmt: skip
            return failed(f"“{shown(step.name)}” is no step", hint, line=step.line), []
        if name in names:
            return failed(f"“{name}” stands there twice", "Keep the one that you mean.", line=step.line), []
        if names and names[-1] in last:
            return failed(
                f"“{name}” comes after “{names[-1]}”, which ends the process",
                "Keep one end, as the last step.",
                line=step.line,
            ), []
        names.append(name)
    if first and names[:1] != [first]:
        line = answer.steps[0].line if answer.steps else 0
        return failed(
            f"the plan doesn't begin with “{first}”", f"Nothing can be done before: begin with “{first}”.", line=line
        ), []
    return None, names
