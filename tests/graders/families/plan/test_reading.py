"""Reading a plan: a list of names; any other content gives an error with its line."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.errors import AnswerError
from cluster.limits import PLAN_STEPS
from graders.families.plan.reading import is_started, parse


@pytest.mark.parametrize(
    "text", ["steps:\n  - a\n  - b\n", "- a\n- b\n", "[a, b]", "plan: [a, b]", "# mine\nsteps:\n- a\n-\n- b\n"]
)
def test_ways_to_write_a_plan(text: str) -> None:
    """A list under “steps”, under “plan” or alone is a plan; an empty item isn't a step."""
    assert [step.name for step in parse(text).steps] == ["a", "b"]
    assert parse(text).kept == "a → b"
    assert is_started(text)


@pytest.mark.parametrize("text", ["", "# nothing yet", "steps:\n", "steps: []", "steps:\n  -\n  -\n", "[]"])
def test_not_begun(text: str) -> None:
    """A plan without a step isn't started."""
    assert not is_started(text)


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("steps: [a", "isn't closed", 1),
        ("a: b\n", "the dash is missing", 1),
        ("steps: receive\n", "isn't a list of steps", 1),
        ("steps: receive, send, ack\n", "isn't a list of steps", 1),
        ("steps: [a]\nsteps: [b]\n", "“steps” is written twice, on lines 1 and 2", 2),
        ("steps: [a]\nplan: [b]\n", "“steps:” and “plan:”", 2),
        ("Steps:\n- a\n", "There is “Steps:”, but no “steps:”", 1),
        ("STEPS: [a]\n", "There is “STEPS:”, but no “steps:”", 1),
        ("step:\n- a\n", "There is “step:”, but no “steps:”", 1),
        ("schritte:\n- a\n", "There is “schritte:”, but no “steps:”", 1),
        ("steps:\n- a\nb\n", "In line 3 the dash is missing", 3),
        ("steps:\n  - a\n    b\n", "In line 3 the dash is missing", 3),
        ("steps:\n  a\n  b\n", "In line 2 the dash is missing", 2),
        ("a\nb\n", "In line 1 the dash is missing", 1),
        ("steps:\n-a\n-b\n", "In line 2 a space is missing after the dash", 2),
        ("steps:\n- a\n-b\n", "In line 3 a space is missing after the dash", 3),
        ("steps:\n  - a\n  -b\n", "In line 3 a space is missing after the dash", 3),
        ("steps:\n– a\n– b\n", "In line 2 the dash is “–”", 2),
        ("steps:\n— a\n", "In line 2 the dash is “—”", 2),
        ("steps:\n- a\n• b\n", "In line 3 the dash is “•”", 3),
        ("steps:\n1. a\n2. b\n", "In line 2 there is a number in place of the dash", 2),
        ("steps:\n  1: a\n  2: b\n", "In line 2 there is a number in place of the dash", 2),
        ("steps：\n- a\n", "In line 1 the colon is “：”", 1),
        ("steps:\n-\u00a0a\n", "In line 2 a no-break space (U+00A0)", 2),
        ("steps:\n\u00a0\u00a0- a\n", "In line 2 a no-break space (U+00A0)", 2),
        ("steps:\n\t- a\n", "Line 2 has a tab", 2),
        ("- a\n- {b: c}\n", "Line 2 isn't a step", 2),
        ("- a\n- [b]\n", "Line 2 isn't a step", 2),
        ("- a\n---\n- b\n", "2 documents", 3),
        ("".join(f"- s{n}\n" for n in range(PLAN_STEPS + 1)), "at most 12", PLAN_STEPS + 1),
    ],
)
def test_what_is_no_plan(text: str, problem: str, line: int) -> None:
    """A text that isn't a plan gives an error of one sentence, with its line and the next step."""
    with pytest.raises(AnswerError) as raised:
        parse(text)
    assert problem in raised.value.problem
    assert raised.value.hint
    assert raised.value.line == line


@given(st.text(max_size=300))
def test_nothing_else_escapes(text: str) -> None:
    """Any text is read as a plan or gives an AnswerError."""
    with contextlib.suppress(AnswerError):
        parse(text)
    assert is_started(text) in (True, False)
