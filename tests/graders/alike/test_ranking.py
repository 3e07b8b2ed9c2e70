"""The pairs of a class, by the weight of what they share."""

from __future__ import annotations

import math
from array import array

import pytest

from cluster.limits import ALIKE_COMMON
from graders.alike.ranking import GROUP_BITS, pair_weight, ranked, weights

NAMES, COMMENTS = 1 << GROUP_BITS, 2 << GROUP_BITS


def prints(*students: tuple[int, ...]) -> list[array[int]]:
    """The digests of each student."""
    return [array("Q", one) for one in students]


def test_rare_features_weigh_more() -> None:
    """A feature of two students of ten weighs more than one of three, and one of a single student or of most weighs nothing."""
    found = weights(prints((1, 2, 3, 4), (1, 2, 4), (2, 4), (4,), (4,), (4,), (), (), (), ()), 10)
    assert found == {1: pytest.approx(math.log(5)), 2: pytest.approx(math.log(10 / 3))}


def test_common_features() -> None:
    """What more than ``ALIKE_COMMON`` students share doesn't count, whatever the class's size."""
    shared = weights(prints(*[(1,)] * ALIKE_COMMON, *[(2,)] * (ALIKE_COMMON + 1)), 10_000)
    assert set(shared) == {1}


def test_many_features_of_one_kind() -> None:
    """Of one kind in one exercise the heaviest counts in full, the second half, the third a third; other kinds count anew."""
    weight = {NAMES: 6.0, NAMES + 1: 6.0, NAMES + 2: 3.0, COMMENTS: 4.0}
    assert pair_weight(weight, weight) == 6 + 6 / 2 + 3 / 3 + 4
    assert pair_weight({NAMES: 1, 7: 1}, weight) == 6


def test_order_of_the_pairs() -> None:
    """The pair that shares most comes first, and pairs that share nothing rare aren't listed."""
    common = NAMES + 9
    found = ranked(
        prints(
            (NAMES + 1, COMMENTS + 1, common), (common,), (NAMES + 1, NAMES + 2, COMMENTS + 1, common),
            (NAMES + 2, common), (common,), (common,),
        ), 10,
    )  # fmt: skip
    assert [(pair.first, pair.second) for pair in found] == [(0, 2), (2, 3)]
    assert found[0].weight == pytest.approx(2 * math.log(3))


def test_only_the_heaviest_are_kept() -> None:
    """With a bound on the number of pairs the heaviest stay, in any order of the students."""
    class_of = prints(*[(number, number + 1, NAMES + number // 2) for number in range(40)])
    every = ranked(class_of, 1000)
    assert len(every) > 20
    assert ranked(class_of, 5) == every[:5]
