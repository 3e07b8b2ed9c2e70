"""How many copies are found in a small class. ``python -m benchmarks.alike`` measures larger ones."""

from __future__ import annotations

import pytest

from benchmarks.alike import FALSE, PRINTED
from cluster import world
from graders.core.registry import exercise
from graders.core.report import State
from graders.similarity.handed_in import digests_of
from graders.similarity.ranking import Weighed
from tests.support.lookalikes.edits import EDITS, everything
from tests.support.lookalikes.resembling import NAMES, found_before, resembling

STUDENTS, COPIES = 40, 6
FLOOR = 6
"""Copies of all answers that are found among 40 students before the sixth false pair: all of them."""


def test_recall() -> None:
    """Whoever copies all answers is found, whichever of three edits was made, before six pairs that aren't copies."""
    made = resembling("a small class", STUDENTS, COPIES)
    names = list(made.answers)
    pairs = Weighed([digests_of(PRINTED, made.answers[name]) for name in names]).ranked(100)
    found = found_before([(names[pair.first], names[pair.second]) for pair in pairs], made.copies, FALSE)
    assert len(found) >= FLOOR
    assert set(found) == set(EDITS)


def test_answers_resemble_one_another() -> None:
    """Of the class's answers at least a third are right in each exercise, and all can be read."""
    made = resembling("resembling", 30, 0)
    for name in NAMES:
        reports = [exercise(name).judge(own[name], world()) for own in made.answers.values()]
        assert [report.problem for report in reports if report.problem] == []
        assert sum(report.state is State.PASS for report in reports) >= 30 // 3, name


@pytest.mark.parametrize("name", NAMES)
def test_an_edited_copy_is_an_answer(name: str) -> None:
    """Each edit, and all of them together, leaves an answer that can be read and that earns what the original earned."""
    made = resembling("edited", 12, 5, edits={**EDITS, "all": everything}, scope=(name,))
    for pair in made.copies:
        one, other = (exercise(name).judge(made.answers[student][name], world()) for student in sorted(pair))
        assert one.problem == other.problem == ""
        assert one.score == other.score, [made.answers[student][name] for student in sorted(pair)]
