"""What the notebooks say, held to what the exercises ask: facts, forms, words and points."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import jupytext
import pytest

from graders.exercises import EXERCISES, bill, boundaries, databases, hello, kinds
from graders.exercises.decisions import form

ROOT = Path(__file__).parents[2]
DECIDED = pytest.mark.parametrize("module", [boundaries, bill, kinds, databases], ids=lambda m: m.EXERCISE.name)


def prose(section: str) -> str:
    """A notebook's markdown."""
    notebook = jupytext.read(ROOT / f"solutions/application-platform/{section}.py")
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@DECIDED
def test_facts(module: ModuleType) -> None:
    """Each item stands in its notebook's table, with the facts by which it is judged."""
    text = prose(module.EXERCISE.section)
    for item in module.ITEMS:
        rows = [line for line in text.splitlines() if line.startswith(f"| `{item.name}` |")]
        assert any(item.facts in row for row in rows)


@DECIDED
def test_words(module: ModuleType) -> None:
    """Each word that may be chosen stands in the notebook, as code."""
    text = prose(module.EXERCISE.section)
    for word in {option for item in module.ITEMS for field in item.fields for option in field.options}:
        assert f"`{word}`" in text


@DECIDED
def test_form(module: ModuleType) -> None:
    """A form to copy stands in the notebook, with each item in its order and nothing filled in."""
    assert f"```yaml\n{form(module.ITEMS)}```" in prose(module.EXERCISE.section)


def test_hello() -> None:
    """The line to copy is right, and the first notebook names each of the words."""
    text = prose("00-start-here")
    (line,) = re.findall(r"```yaml\n(.*)\n```", text)
    assert hello.EXERCISE.parse(line).items["today"] in hello.WORDS
    assert all(f"`{word}`" in text for word in hello.WORDS)


@pytest.mark.parametrize("one", [e for e in EXERCISES if e.graded], ids=lambda e: e.name)
def test_points_are_said(one: object) -> None:
    """The heading of each exercise says what it is worth."""
    exercise = next(e for e in EXERCISES if e is one)
    assert f"### Exercise `{exercise.name}` ({exercise.points:g} points)" in prose(exercise.section)


def test_the_first_notebook_is_short() -> None:
    """The first notebook is read in three minutes: at most 600 words."""
    assert len(prose("00-start-here").split()) <= 600
