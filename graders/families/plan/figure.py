"""A sequence diagram of a plan's run: a line for each participant, time going down, an arrow for each event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from graders.families.plan.criteria import PlanEvidence, in_words
from graders.families.plan.model_check import Happening
from graders.present.templating import picture, templates_beside

render = templates_beside(__file__)

COLUMN, LEFT, TOP, ROW = 172, 84, 44, 30


@dataclass(frozen=True, slots=True)
class SequenceArrow:
    """One event, from ``start`` to ``end`` at height ``y``, in pixels; both are equal if a participant acts alone."""

    y: float
    start: float
    end: float
    label: float
    what: str
    crash: bool


def figure(evidence: PlanEvidence) -> Markup:
    """The diagram as a figure; empty if no wrong state can happen."""
    return picture(svg(evidence), alt(evidence), caption(evidence)) if evidence.worst else Markup()


def svg(evidence: PlanEvidence) -> str:
    """The shortest way to a wrong state."""
    way = evidence.worst
    names = [name for name in evidence.lifelines if any(name in (h.who, h.whom) for h in way)]
    at = {name: LEFT + COLUMN * index for index, name in enumerate(names)}
    arrows = [_arrow(happening, at, TOP + 22 + ROW * index) for index, happening in enumerate(way)]
    return render(
        "sequence.svg", lines=list(at.items()), arrows=arrows, top=TOP, bottom=TOP + 22 + ROW * len(way),
        width=LEFT * 2 + COLUMN * max(len(names) - 1, 2),
    )  # fmt: skip


def alt(evidence: PlanEvidence) -> str:
    """The diagram in words."""
    return f"Sequence diagram of what can happen: {in_words(evidence.worst)}."


def caption(evidence: PlanEvidence) -> str:
    """The caption, with the number of states that were explored."""
    states = evidence.explored.states if evidence.explored else 0
    return f"The shortest way to a wrong state, among the {states} states that your plan can lead to"


def _arrow(happening: Happening, at: Mapping[str, float], y: float) -> SequenceArrow:
    ends: Sequence[float] = [at[name] for name in (happening.who, happening.whom) if name]
    start, end = ends[0], ends[-1]
    alone = len(ends) == 1
    return SequenceArrow(y, start, end, start + 8 if alone else (start + end) / 2, happening.what, happening.crash)
