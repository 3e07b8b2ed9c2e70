"""What every lesson says of a slip in the cell that calls it."""

from __future__ import annotations

from typing import Any

import pytest

from graders.lessons.lesson import lesson
from graders.show.inline import Shown, said


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
