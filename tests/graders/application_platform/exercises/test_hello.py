"""Exercise ``hello``: the first answer can't go wrong, and is in no gradebook."""

from __future__ import annotations

import pytest

from cluster import world
from graders.application_platform.exercises.hello.rubric import EXERCISE, WORDS
from graders.core.report import State
from graders.present import card, inline
from graders.present.report_json import report_json

TEXTS = [text for word in WORDS for text in (f"today: {word}", f"Today:   {word.upper()} ", f"today:\n  today: {word}")]


@pytest.mark.parametrize("text", TEXTS)
def test_every_word_is_right(text: str) -> None:
    """Each of the words passes, in any spelling."""
    assert EXERCISE.judge(text, world()).state is State.PASS


@pytest.mark.parametrize("text", ["today: ready", "today: happy", "# your answer here", "today"])
def test_no_points_anywhere(text: str) -> None:
    """Without points, neither card nor terminal nor overview shows any, or has a meter that divides by them."""
    report = EXERCISE.judge(text, world())
    assert (EXERCISE.graded, report.max, report.score) == (False, 0, 0)
    for shown in (card.html(report), inline.plain(report), inline.progress([report]).html.split("tbody>")[1]):
        assert "for practice, no points" in shown
        assert "of 0" not in shown
        assert "<meter" not in shown
    assert '"score": 0' in report_json(report)


def test_first_mistakes() -> None:
    """The message on an unknown word, and on a line without a colon, says what to write."""
    report = EXERCISE.judge("today: happy", world())
    assert report.findings[0].hint == "The words are ready, curious, tired."
    plain = EXERCISE.judge("today ready", world())
    assert (plain.problem, "a name, a colon, a space" in plain.hint) == ("Your answer is plain text.", True)
    assert EXERCISE.judge("today:ready", world()).hint == "YAML needs a space after the colon: “today: ready”."
