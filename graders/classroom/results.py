"""What came of grading one student."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Graded; not judged where the world is to blame; reported where the submission is, and a person has to look."""

    GRADED = "graded"
    NOT_JUDGED = "not judged"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Score:
    """What one exercise earned, of at most ``max`` points; None where it has no score.

    ``world`` judged it; empty where its ``notebook`` wasn't handed in.
    """

    exercise: str
    score: float | None
    max: float
    world: str = ""
    notebook: str = ""


@dataclass(frozen=True, slots=True)
class Graded:
    """One student, as the gradebook has it now.

    ``problem`` is a sentence where a person has to look, ``note`` one where something of the submission was left aside.
    """

    student: str
    outcome: Outcome
    scores: tuple[Score, ...] = ()
    problem: str = ""
    note: str = ""

    @property
    def score(self) -> float | None:
        """The sum, as far as there are scores; None where there are none."""
        known = [s.score for s in self.scores if s.score is not None]
        return round(sum(known), 6) if known else None

    @property
    def max(self) -> float:
        """The most that there is to earn."""
        return sum(s.max for s in self.scores)
