"""Rank the pairs of a class by the weight of what they share.

A feature weighs the more, the fewer students have it: the logarithm of students / students with it (the inverse document
frequency), divided so that a feature of only two students weighs 1.

Features of a group (one exercise, one kind) often have one cause, so the n-th heaviest counts by 1/√n. Two students who
share a few of many features share them by chance, so the sum is multiplied by the square of the agreement: the weight of
what both have, divided by the weight of what either has. Of each group ``CHANCE`` is taken off.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappush, heappushpop

from cluster.limits import ALIKE_RARE

GROUP_BITS = 48
"""The lower bits of a feature's digest; those above are its group's."""

COMMON = 4
"""A feature of more than one in so many students doesn't count."""

CHANCE = 0.4
"""The weight that any two students share in a group by chance."""

LEAST = 2.0
"""The least weight of a pair that is listed: as much as two features that only these two have."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A pair of students by their numbers, the first one lower, and the weight of what they share."""

    weight: float
    first: int
    second: int


class Weighed:
    """The features of a class, with their weights. ``prints`` are the digests of each student."""

    def __init__(self, prints: Sequence[Collection[int]]) -> None:
        have = Counter(digest for one in prints for digest in one)
        students, most = len(prints), max(3, len(prints) // COMMON)
        unit = math.log(max(students, 3) / 2)
        self.weight: Mapping[int, float] = {
            digest: math.log(students / max(count, 2)) / unit for digest, count in have.items() if count <= most
        }
        self.own = [frozenset(digest for digest in one if digest in self.weight) for one in prints]
        self._rare = {digest for digest, count in have.items() if 1 < count <= min(ALIKE_RARE, most)}
        self._totals = [self._sums(one) for one in self.own]

    def _sums(self, digests: Iterable[int]) -> Mapping[int, float]:
        sums: defaultdict[int, float] = defaultdict(float)
        for digest in digests:
            sums[digest >> GROUP_BITS] += self.weight[digest]
        return sums

    def shared(self, first: int, second: int) -> frozenset[int]:
        """Return what two students share."""
        return self.own[first] & self.own[second]

    def groups(self, first: int, second: int) -> dict[int, float]:
        """Return the weight of what two students share, by group; groups without weight aren't in it."""
        shared: defaultdict[int, list[float]] = defaultdict(list)
        for digest in self.shared(first, second):
            shared[digest >> GROUP_BITS].append(self.weight[digest])
        found = {}
        for group, each in shared.items():
            both = sum(each)
            either = self._totals[first][group] + self._totals[second][group] - both
            parts = (one / math.sqrt(place) for place, one in enumerate(sorted(each, reverse=True), 1))
            weight = sum(parts) * (both / either) ** 2 - CHANCE if either else 0.0
            if weight > 0:
                found[group] = weight
        return found

    def ranked(self, most: int) -> tuple[Ranked, ...]:
        """Return the ``most`` heaviest pairs of at least ``LEAST``, the heaviest first.

        It compares only pairs that share something rare, one student after the other, so its memory grows with the number of
        students and not with the number of pairs.
        """
        holders: defaultdict[int, array[int]] = defaultdict(lambda: array("L"))
        best: list[tuple[float, int, int]] = []
        for second, own in enumerate(self.own):
            rare = own & self._rare
            for first in {first for digest in rare for first in holders[digest]}:
                weight = sum(self.groups(first, second).values())
                if weight >= LEAST:
                    (heappush if len(best) < most else heappushpop)(best, (weight, -first, -second))
            for digest in rare:
                holders[digest].append(second)
        return tuple(Ranked(weight, -first, -second) for weight, first, second in sorted(best, reverse=True))
