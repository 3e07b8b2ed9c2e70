"""The pairs of a class, by the weight of what they share."""

from __future__ import annotations

import math
from collections.abc import Collection

import pytest

from cluster.limits import ALIKE_RARE
from graders.similarity.ranking import CHANCE, GROUP_BITS, LEAST, Weighed

NAMES, COMMENTS, ORDER, VALUES = (number << GROUP_BITS for number in (1, 2, 3, 4))


def weighed(*students: Collection[int], of: int = 12) -> Weighed:
    """A class of that many students, the first of whom have these features."""
    return Weighed([*students, *[()] * (of - len(students))])


def test_rare_features_weigh_more() -> None:
    """A feature of two students weighs 1, one of three less, and one of more than a quarter of the class nothing."""
    found = weighed((1, 2, 3), (1, 2, 3), (2, 3), (3,)).weight
    assert found == {1: 1, 2: pytest.approx(math.log(12 / 3) / math.log(12 / 2))}


def test_many_features_of_a_group() -> None:
    """In a group the n-th feature counts by 1/√n, and what chance explains is taken off; another group counts anew."""
    both = {NAMES, NAMES + 1, NAMES + 2, COMMENTS}
    groups = weighed(both, both).groups(0, 1)
    assert groups == {1: pytest.approx(1 + 1 / math.sqrt(2) + 1 / math.sqrt(3) - CHANCE), 2: pytest.approx(1 - CHANCE)}


def test_agreement() -> None:
    """What two share weighs less, the more of the same kind only one of them has; a coincidence weighs nothing."""
    one, other = {NAMES, NAMES + 1}, {NAMES, NAMES + 1, NAMES + 2}
    assert weighed(one, other).groups(0, 1) == {1: pytest.approx((1 + 1 / math.sqrt(2)) * (2 / 3) ** 2 - CHANCE)}
    assert weighed({*one, COMMENTS}, {*one, COMMENTS + 1}).groups(0, 1) == weighed(one, one).groups(0, 1)
    assert weighed({NAMES, NAMES + 5}, {NAMES, NAMES + 6, NAMES + 7}).groups(0, 1) == {}


def test_order_of_the_pairs() -> None:
    """The pair that shares most comes first, and pairs that share less than ``LEAST`` aren't listed."""
    four = {NAMES + 1, COMMENTS + 1, ORDER + 1, VALUES + 1}
    five = {NAMES + 2, NAMES + 3, COMMENTS + 2, ORDER + 2, VALUES + 2}
    found = weighed(four, {NAMES + 4, ORDER + 4}, five, four, {NAMES + 4, ORDER + 4}, five).ranked(10)
    assert [(pair.first, pair.second) for pair in found] == [(2, 5), (0, 3)]
    assert found[1].weight == pytest.approx(4 * (1 - CHANCE))
    assert 2 * (1 - CHANCE) < LEAST < found[1].weight


def test_only_the_heaviest_are_kept() -> None:
    """With a bound on the number of pairs, the heaviest stay."""
    students = [{NAMES + number // 2 * 10 + each for each in range(5 + number // 16)} for number in range(40)]
    every = weighed(*students, of=200).ranked(1000)
    assert len(every) == 20
    assert weighed(*students, of=200).ranked(5) == every[:5]


def test_what_many_share_makes_no_pair() -> None:
    """Students who share only what more than ``ALIKE_RARE`` have aren't compared; one rare feature more, and they are."""
    many = {NAMES, NAMES + 1, COMMENTS, COMMENTS + 1, ORDER, ORDER + 1}
    assert weighed(*[many] * (ALIKE_RARE + 1), of=10_000).ranked(10) == ()
    rare = {*many, COMMENTS + 2}
    assert [(p.first, p.second) for p in weighed(rare, rare, *[many] * (ALIKE_RARE - 1), of=10_000).ranked(10)] == [
        (0, 1)
    ]


@pytest.mark.parametrize("students", [0, 1, 2])
def test_a_class_that_is_too_small(students: int) -> None:
    """Two students share what the whole class has, so they are no pair."""
    assert Weighed([{NAMES, COMMENTS}] * students).ranked(10) == ()
