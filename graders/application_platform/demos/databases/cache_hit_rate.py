"""A cache in front of a database: its hit rate, the durations with it, and an outage of the cache."""

from __future__ import annotations

from collections.abc import Sequence

from cluster.text.amounts import format_duration
from graders.application_platform.demos.boundary import Timings
from graders.application_platform.demos.databases.bestsellers import A_SECOND, VISITS, Answer, shop
from graders.application_platform.demos.missing import lesson
from graders.core.shown import Shown
from graders.present.svg.bars import Bar, figure


@lesson
def visitors(answer: Answer, keep: float = 60) -> Shown:
    """Send visitors, and draw the durations of hits, misses, all visits, and the database without a cache."""
    with shop() as it:
        alone = it.alone()
        seen = it.visit(answer, keep)
        note = it.note
    named = (
        ("without a cache", alone),
        ("a hit", seen.hits),
        ("a miss", seen.misses),
        ("all visits together", seen.every),
    )
    caption = (
        f"{len(seen.every)} visits, {seen.hit_rate:.0%} of them hits; the oldest answer was {seen.oldest:.0f} s old. "
        f"Durations were measured just now. {note}"
    )
    return figure(
        [_amount(n, s) for n, s in named if s], what="How long an answer takes", caption=caption.strip(), powers=True
    )


@lesson
def hit_rates(answer: Answer, keeps: Sequence[float] = (1, 10, 60)) -> Shown:
    """Send the same visitors to an empty cache once for each time to live, and draw the hit rates."""
    amounts = []
    with shop() as it:
        for keep in keeps:
            seen = it.visit(answer, keep)
            said = f"{seen.hit_rate:.0%}, up to {seen.oldest:.0f} s old"
            amounts.append(Bar(f"kept for {keep:g} s", seen.hit_rate, seen.hit_rate, said))
        note = it.note
    caption = f"The share of {VISITS} visits, {A_SECOND} a second, that the cache answers; the others ask the database. {note}"
    return figure(amounts, what="The cache's hit rate", caption=caption.strip())


@lesson
def without_cache(answer: Answer, keep: float = 60) -> Shown:
    """Send visitors before, during and after an outage of the cache; draw how long they waited."""
    with shop() as it:
        there = it.visit(answer, keep, VISITS // 3)
        with it.stopped():
            away = it.visit(answer, keep, VISITS // 3, empty=False)
        back = it.visit(answer, keep, VISITS // 3, empty=False)
        note = it.note
    named = (("cache there", there), ("cache stopped", away), ("cache back", back))
    amounts = [_amount(f"{name}, {seen.hit_rate:.0%} hits", seen.every) for name, seen in named]
    answered = sum(len(seen.every) for _, seen in named)
    caption = f"{answered} of {3 * (VISITS // 3)} visitors got their answer. {note}"
    return figure(amounts, what="How long an answer takes", caption=caption.strip(), powers=True)


def _amount(name: str, seconds: Sequence[float]) -> Bar:
    timings = Timings(name, tuple(seconds))
    return Bar(name, timings.p50, timings.p99, f"{format_duration(timings.p50)}, p99 {format_duration(timings.p99)}")
