"""Counts over a few seconds: a stepped line for each, as an SVG from a template.

Lines differ by their dashes and by their color; colors are mid-tones, legible on white and on black.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graders.core.shown import Shown
from graders.present.svg.axis import Axis
from graders.present.templating import picture, render
from graders.reading.text import shown

WIDTH, LEFT, RIGHT, TOP, TALL, BELOW = 760, 50, 24, 16, 130, 30
INKS = ("#c2410c", "#3f8fc4", "#2f7d4f")
DASHES = ("", "7 4", "2 3")
KEY = 17
TICKS = 6
LEAST = 1e-6
"""The shortest time that an axis can show, in seconds."""

Step = tuple[float, int]
"""A moment in seconds, and the count from then on."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A count over time: its name, and its steps in the order of time."""

    name: str
    steps: tuple[Step, ...]

    @property
    def most(self) -> int:
        """The highest count."""
        return max((count for _, count in self.steps), default=0)

    @property
    def ended(self) -> float:
        """The moment of the last change, in seconds."""
        return max((at for at, _ in self.steps), default=0.0)


@dataclass(frozen=True, slots=True)
class _Curve:
    name: str
    path: str
    ink: str
    dashes: str
    key: float


def counted(name: str, changes: Sequence[tuple[float, int]]) -> Counted:
    """A count that begins at 0, from its changes: pairs of a moment and an amount, in any order."""
    steps: list[Step] = []
    count = 0
    for at, change in sorted(changes):
        count += change
        steps.append((at, count))
    return Counted(name, tuple(steps))


def figure(curves: Sequence[Counted], *, what: str, caption: str) -> Shown:
    """The counts as a figure; its alt text has each highest count and last change."""
    listed = "; ".join(f"{c.name}: {c.most} at most, the last change after {c.ended:.1f} s" for c in curves)
    alt = f"{what}: {listed}."
    return Shown(picture(svg(curves), alt, caption), f"{alt}\n{caption}".rstrip())


def svg(curves: Sequence[Counted]) -> str:
    """The SVG of up to three counts."""
    most, ended = max((c.most for c in curves), default=0) or 1, max((c.ended for c in curves), default=0.0)
    top = TOP + KEY * len(curves)
    floor = top + TALL

    across, up = Axis(LEFT, WIDTH - RIGHT, ended if ended > LEAST else 1.0), Axis(floor, top, most)
    drawn = [
        _Curve(shown(c.name, 60), _path(c.steps, across, up), INKS[i], DASHES[i], TOP + KEY * i)
        for i, c in enumerate(curves[: len(INKS)])
    ]
    return render(
        "steps.svg", curves=drawn, width=WIDTH, height=floor + BELOW, left=LEFT, top=top, floor=floor,
        up=up.ticks(most, "{:.0f}".format), along=across.seconds(TICKS),
    )  # fmt: skip


def _path(steps: Sequence[Step], across: Axis, up: Axis) -> str:
    corners = "".join(f"H{across.at(at):.1f}V{up.at(count):.1f}" for at, count in steps)
    return f"M{LEFT} {up.at(0):.1f}{corners}"
