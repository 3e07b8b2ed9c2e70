"""A bar chart of a few amounts with their spread, as an SVG from a template.

Colors are mid-tones, legible on white and on black; the text of each amount is beside its bar.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from graders.core.shown import Shown
from graders.present.templating import picture, render
from graders.reading.text import shown

WIDTH, LEFT, RIGHT = 760, 190, 150
ROW, TOP, BELOW = 34, 10, 26
LEAST = 2.0
"""The width of the shortest bar, in pixels."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: its name, its typical amount, the end of its spread, and both as text in ``said``.

    ``far`` equals ``typical`` if there is no spread.
    """

    name: str
    typical: float
    far: float
    said: str


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A row in pixels."""

    name: str
    y: float
    width: float
    far: float
    said: str


def figure(amounts: Sequence[Bar], *, what: str, caption: str, powers: bool = False) -> Shown:
    """The amounts as a figure, with all of them in its alt text. ``powers`` selects a logarithmic scale."""
    listed = "; ".join(f"{a.name} {a.said}" for a in amounts)
    alt = f"{what}: {listed}."
    html = picture(svg(amounts, powers=powers), alt, caption)
    return Shown(html, f"{alt}\n{caption}".rstrip())


def svg(amounts: Sequence[Bar], *, powers: bool = False) -> str:
    """The picture. Amounts that aren't finite and positive get the shortest bar."""
    known = [v for a in amounts for v in (a.typical, a.far) if _counts(v)] or [1.0]
    least, most = min(known), max(known)
    # A whole power of ten below the smallest amount, so that its bar has a width.
    floor = math.ceil(math.log10(least)) - 1

    def width(amount: float) -> float:
        if not _counts(amount):
            return LEAST
        share = (math.log10(amount) - floor) / (math.log10(most) - floor) if powers else amount / most
        return max(share * (WIDTH - LEFT - RIGHT), LEAST)

    rows = [
        _Drawn(shown(a.name, 28), TOP + ROW * i, width(a.typical), width(max(a.far, a.typical)), shown(a.said, 40))
        for i, a in enumerate(amounts)
    ]
    scale = "logarithmic scale: equal steps for each power of ten" if powers else ""
    spread = any(a.far > a.typical for a in amounts)
    return render(
        "bars.svg", rows=rows, width=WIDTH, left=LEFT, height=TOP + ROW * len(rows) + BELOW, scale=scale, spread=spread
    )


def _counts(amount: float) -> bool:
    return math.isfinite(amount) and amount > 0
