"""What every lesson says of a slip in the cell that calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from graders.application_platform.demos.missing import lesson
from graders.core.shown import Shown
from graders.present.inline import said


@lesson
def taught(name: str, count: int = 1, seconds: float = 0.5) -> Shown:
    return said(f"{name}, {count} times, {seconds:g} s")


@pytest.mark.parametrize(
    ("args", "kwargs", "told"),
    [
        (("it", 2), {"seconds": 1}, "it, 2 times, 1 s"),
        (("it", "many"), {}, "“count” is a whole number, and 'many' is none."),
        (("it", True), {}, "“count” is a whole number, and True is none."),
        (("it", 0.5), {}, "“count” is a whole number, and 0.5 is none."),
        (("it",), {"seconds": None}, "“seconds” is a number, and None is none."),
        ((7,), {}, "“name” is a text, and 7 is none."),
        (("<b>" * 99, "<b>" * 99), {}, "“count” is a whole number, and '<b><b>"),
        ((), {}, "taught can't be called like that: missing a required argument: 'name'."),
        (("it",), {"often": 2}, "taught can't be called like that: got an unexpected keyword argument 'often'."),
    ],
)  # fmt: skip
def test_a_slip_in_a_call(args: tuple[Any, ...], kwargs: dict[str, Any], told: str) -> None:
    """A number that is none, or an argument too many, is told in a sentence, and nothing has run."""
    shown = taught(*args, **kwargs)
    assert shown.plain.startswith(told)
    assert "<b>" not in shown.html.replace("<b>", "", 1)


@lesson
def listed(steps: Sequence[str], keeps: Sequence[float] = (1, 2.5)) -> Shown:
    return said(f"{len(steps)} steps, {len(keeps)} times")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ((["a", "b"],), "2 steps, 2 times"),
        ((("a",), [1, 10, 60]), "1 steps, 3 times"),
        (("UPDATE",), "“steps” is a list, each entry a text, and 'UPDATE' is none."),
        ((["a", 1],), "“steps” is a list, each entry a text, and ['a', 1] is none."),
        ((["a"], 10), "“keeps” is a list, each entry a number, and 10 is none."),
        ((["a"], [True]), "“keeps” is a list, each entry a number, and [True] is none."),
    ],
)
def test_a_list_that_is_none(args: tuple[Any, ...], told: str) -> None:
    """One value where a lesson takes a list is told in a sentence."""
    assert listed(*args).plain.startswith(told)
