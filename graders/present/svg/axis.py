"""The parts of figures with an axis: a linear scale, its ticks, and a legend that wraps. `kit.svg` draws them.

Positions are pixels from the left and the top edge of the picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

LONG_STEPS = (10, 20, 30, 60, 120, 300, 600)
"""The steps of 10 s and more between two ticks of a time axis, in seconds; shorter steps are 1, 2 or 5 times a power of ten."""

LINE, SWATCH, LETTER, GAP = 18, 19, 6, 20
"""A legend's line height, and the widths of a symbol with its distance, of a letter, and of the gap between entries."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick of an axis: its position and its text."""

    at: float
    said: str


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear scale from 0 at ``start`` to ``most`` at ``end``; ``end`` is below ``start`` on an axis that goes up."""

    start: float
    end: float
    most: float

    def at(self, value: float) -> float:
        """The position of a value; a value beyond the scale is at its end."""
        return self.start + self.length(min(max(value, 0.0), self.most))

    def length(self, value: float) -> float:
        """The pixels between two values that differ by ``value``."""
        return value * ((self.end - self.start) / self.most)

    def ticks(self, step: float, text: Callable[[float], str]) -> tuple[Tick, ...]:
        """The ticks at 0, ``step`` and so on, each with the text of its value."""
        values = (n * step for n in range(int(self.most / step * (1 + 1e-9)) + 1))
        return tuple(Tick(self.at(value), text(value)) for value in values)

    def seconds(self, count: int, least: float = 0.0) -> tuple[Tick, ...]:
        """The ticks of a time axis in seconds: at most ``count`` steps, each round and at least ``least``."""
        wanted = max(self.most / count, least) or 1.0
        power = 10.0 ** math.floor(math.log10(wanted))
        short = [factor * power for factor in (1, 2, 5, 10) if factor * power < LONG_STEPS[0]]
        enough = (step for step in (*short, *LONG_STEPS) if step >= wanted or math.isclose(step, wanted))
        return self.ticks(next(enough, LONG_STEPS[-1]), "{:g} s".format)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a legend: its position, the symbol that it explains, and the explanation."""

    x: float
    y: float
    symbol: str
    word: str


def legend(entries: Sequence[tuple[str, str]], left: float, right: float, y: float) -> Iterator[Entry]:
    """Lay out pairs of a symbol and its explanation, from ``left`` on and from ``y`` down, in lines that end before ``right``."""
    x = left
    for symbol, word in entries:
        width = SWATCH + LETTER * len(word)
        if x > left and x + width > right:
            x, y = left, y + LINE
        yield Entry(x, y, symbol, word)
        x += width + GAP
