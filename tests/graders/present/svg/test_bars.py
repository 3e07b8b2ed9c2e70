"""Bar charts are readable without color, safe to embed, and drawn for any amounts."""

from __future__ import annotations

import math
import re
from base64 import b64decode
from xml.etree import ElementTree as ET

from hypothesis import example, given, settings
from hypothesis import strategies as st

from graders.present.svg.bars import LEFT, RIGHT, WIDTH, Bar, figure, svg

SHORT = Bar("short", 1, 1, "1 s")
LONG = Bar("long", 10, 100, "10 s")


def widths(drawn: str) -> list[float]:
    return [float(w) for w in re.findall(r'<rect [^>]*width="([\d.]+)"', drawn)]


def test_alt_text_has_every_amount() -> None:
    """The alt text and the plain text contain every amount."""
    shown = figure([SHORT, LONG], what="Durations", caption="Measured now.")
    assert 'alt="Durations: short 1 s; long 10 s."' in shown.html
    assert "<figure" in shown.html
    assert shown.plain == "Durations: short 1 s; long 10 s.\nMeasured now."
    drawn = b64decode(re.findall(r"base64,([^\"]+)", shown.html)[0]).decode()
    assert drawn == svg([SHORT, LONG])


def test_lengths() -> None:
    """A bar's length is proportional to its amount, or to the amount's logarithm on a logarithmic scale."""
    full = WIDTH - LEFT - RIGHT
    assert widths(svg([Bar("a", 1, 1, ""), Bar("b", 4, 4, "")])) == [full / 4, full]
    one, ten, hundred = widths(svg([Bar(str(n), n, n, "") for n in (1, 10, 100)], powers=True))
    assert (round(ten - one), round(hundred)) == (round(hundred - ten), full)


def test_spread() -> None:
    """A row with a spread has a line to its end, and a legend explains the line; without a spread both are left out."""
    assert "p99" in svg([SHORT, LONG])
    assert "p99" not in svg([SHORT])
    assert svg([SHORT, LONG]).count("M") > svg([SHORT, Bar("long", 10, 10, "")]).count("M")


def test_no_ink_is_black_or_white() -> None:
    """Colors are mid-tones without a background, so that the figure is legible in both themes."""
    inks = re.findall(r'(?:fill|stroke)="#([0-9a-f]{6})"', svg([SHORT, LONG]))
    assert inks
    for ink in inks:
        brightness = sum(int(ink[i : i + 2], 16) for i in (0, 2, 4)) / 3
        assert 60 < brightness < 200, ink


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.text(max_size=60), st.floats(), st.floats()), max_size=5),
    st.booleans(),
)
@example([("", 0.0, 5e-324)], True)
@example([("", 5e-324, 1.7e308)], True)
def test_any_amounts(rows: list[tuple[str, float, float]], powers: bool) -> None:
    """Any amounts give well-formed XML, within the figure's width."""
    drawn = svg([Bar(name, typical, far, name) for name, typical, far in rows], powers=powers)
    ET.fromstring(drawn)  # noqa: S314  our own
    assert all(math.isfinite(w) and 0 < w <= WIDTH - LEFT - RIGHT + 0.1 for w in widths(drawn)[:-1])
