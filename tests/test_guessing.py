"""How answers without knowledge are made. ``workbook verify`` limits their points: tests/graders/authoring/test_verify.py."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from graders.authoring.guessing.strategies import guesses, strategies
from graders.core.exercise import Exercise
from graders.core.registry import exercises
from tests.support.printed import above

EACH = pytest.mark.parametrize("one", [e for e in exercises() if e.graded], ids=lambda e: e.name)


@EACH
def test_strategies_are_made_of_what_is_printed(one: Exercise[Any, Any]) -> None:
    """Each exercise has strategies, and its words are found in the notebook."""
    assert len(list(strategies(above(one)))) >= 3
    assert one.kind in ("manifest", "event") or list(guesses(above(one), 1))
    assert list(guesses(above(one), 1)) == list(guesses(above(one), 1))


def test_help() -> None:
    """The benchmark's help says what it measures, and lists its options."""
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.guessing", "--help"], capture_output=True, text=True, check=True
    )
    assert "--save" in said.stdout
    assert "without knowledge" in said.stdout
