"""The messages of every demo for a slip in the cell that calls it."""

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
        (("it", "many"), {}, "“count” must be a whole number, not 'many'."),
        (("it", True), {}, "“count” must be a whole number, not True."),
        (("it", 0.5), {}, "“count” must be a whole number, not 0.5."),
        (("it",), {"seconds": None}, "“seconds” must be a number, not None."),
        ((7,), {}, "“name” must be a text, not 7."),
        (("<b>" * 99, "<b>" * 99), {}, "“count” must be a whole number, not '<b><b>"),
        ((), {}, "taught can't be called like that: missing a required argument: 'name'."),
        (("it",), {"often": 2}, "taught can't be called like that: got an unexpected keyword argument 'often'."),
    ],
)  # fmt: skip
def test_a_slip_in_a_call(args: tuple[Any, ...], kwargs: dict[str, Any], told: str) -> None:
    """A wrong value, or an argument too many, becomes a message, and nothing runs."""
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
        (("UPDATE",), "“steps” must be a list, with each entry a text, not 'UPDATE'."),
        ((["a", 1],), "“steps” must be a list, with each entry a text, not ['a', 1]."),
        ((["a"], 10), "“keeps” must be a list, with each entry a number, not 10."),
        ((["a"], [True]), "“keeps” must be a list, with each entry a number, not [True]."),
    ],
)
def test_not_a_list(args: tuple[Any, ...], told: str) -> None:
    """A value that isn't a list, or has a wrong entry, becomes a message."""
    assert listed(*args).plain.startswith(told)
