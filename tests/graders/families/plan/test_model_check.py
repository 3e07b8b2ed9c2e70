"""Exploring finds every wrong, by a shortest way, within a bound."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cluster.errors import NotJudgedError
from cluster.limits import PLAN_STATES
from graders.families.plan.model_check import Happening, explore


def steps(state: int) -> Iterator[tuple[Happening, int]]:
    """Add one, or double, up to a hundred."""
    for what, after in (("one more", state + 1), ("doubled", state * 2)):
        if after <= 100:
            yield Happening("counter", "", what), after


def test_a_shortest_way() -> None:
    """The way to a wrong is a shortest one, from the beginning."""
    found = explore(1, steps, lambda state: ["twelve"] if state == 12 else [])
    assert [h.what for h in found.wrongs["twelve"]] == ["one more", "one more", "doubled", "doubled"]
    assert found.states == 100


def test_each_wrong_has_its_way() -> None:
    """Every reachable wrong is found, even in the beginning, and no unreachable one."""
    found = explore(1, steps, lambda state: {1: ["one"], 7: ["seven", "odd"], 101: ["never"]}.get(state, []))
    assert {wrong: len(way) for wrong, way in found.wrongs.items()} == {"one": 0, "seven": 4, "odd": 4}


def test_it_is_bounded() -> None:
    """A plan with more states than the bound is *not judged*."""
    with pytest.raises(NotJudgedError, match="too many states"):
        explore(0, lambda n: [(Happening("a", "", "b"), n * 2 + d) for d in (1, 2)], lambda _: [])
    assert PLAN_STATES < 10**6
