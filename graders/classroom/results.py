"""The result of grading one student."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Graded; not judged if the world failed; reported if the submission has a problem, and a person has to look."""

    GRADED = "graded"
    NOT_JUDGED = "not judged"
    REPORTED = "reported"


class Sort(StrEnum):
    """The order of the students: by name, the lowest score first, or those first that a person has to look at."""

    NAME = "name"
    SCORE = "score"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Score:
    """The points of one exercise, of at most ``max``; None if it has no score.

    ``world`` judged it, and is empty if the ``notebook`` wasn't handed in.
    """

    exercise: str
    score: float | None
    max: float
    world: str = ""
    notebook: str = ""


@dataclass(frozen=True, slots=True)
class Graded:
    """One student's results, as they are in the gradebook now.

    ``problem`` says why a person has to look, ``note`` which part of the submission was ignored; each may be empty.
    """

    student: str
    outcome: Outcome
    scores: tuple[Score, ...] = ()
    problem: str = ""
    note: str = ""

    @property
    def score(self) -> float | None:
        """The sum of all scores, or None without any score."""
        known = [s.score for s in self.scores if s.score is not None]
        return round(sum(known), 6) if known else None

    @property
    def max(self) -> float:
        """The sum of the maximum points."""
        return sum(s.max for s in self.scores)
