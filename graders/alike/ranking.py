"""Rank the pairs of a class by the weight of what they share.

A feature weighs the more, the fewer students have it: log(students / students with it), the inverse document frequency.
Features of one kind in one exercise often have one cause, so of these the heaviest counts in full, the second half, the third
a third.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappush, heappushpop

from cluster.limits import ALIKE_COMMON

GROUP_BITS = 48
"""The lower bits of a feature's digest; those above are its exercise's and kind's."""


@dataclass(frozen=True, slots=True, order=True)
class Ranked:
    """A pair of students by their numbers, the first one lower, and the weight of what they share."""

    weight: float
    first: int
    second: int


def weights(prints: Iterable[Collection[int]], students: int) -> dict[int, float]:
    """Return the weight of each feature that at least two and not too many students have."""
    have = Counter(digest for one in prints for digest in one)
    most = max(2, min(ALIKE_COMMON, students // 2))
    return {digest: math.log(students / count) for digest, count in have.items() if 1 < count <= most}


def pair_weight(shared: Iterable[int], weight: Mapping[int, float]) -> float:
    """Return the weight of shared features: within one exercise and kind the n-th heaviest counts by 1/n."""
    groups: defaultdict[int, list[float]] = defaultdict(list)
    for digest in shared:
        if digest in weight:
            groups[digest >> GROUP_BITS].append(weight[digest])
    return sum(
        each / place for group in groups.values() for place, each in enumerate(sorted(group, reverse=True), 1)
    )


def ranked(prints: Sequence[array[int]], most: int) -> tuple[Ranked, ...]:
    """Return the ``most`` heaviest pairs, the heaviest first; pairs that share nothing rare aren't among them.

    It looks at one student after the other, and only at those who share a rare feature, so its memory grows with the
    number of features and not with the number of pairs.
    """
    weight = weights(prints, len(prints))
    rare = [[digest for digest in one if digest in weight] for one in prints]
    holders: defaultdict[int, list[int]] = defaultdict(list)
    best: list[Ranked] = []
    for second, own in enumerate(rare):
        shared: defaultdict[int, list[int]] = defaultdict(list)
        for digest in own:
            for first in holders[digest]:
                shared[first].append(digest)
            holders[digest].append(second)
        for first, digests in shared.items():
            if len(best) == most and sum(weight[digest] for digest in digests) <= best[0].weight:
                continue
            pair = Ranked(pair_weight(digests, weight), first, second)
            if len(best) < most:
                heappush(best, pair)
            else:
                heappushpop(best, pair)
    return tuple(sorted(best, key=lambda pair: (-pair.weight, pair.first, pair.second)))
