"""Stepped lines and tables are readable without color and safe to embed."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from graders.present.comparison import table, together
from graders.present.svg.steps import LEFT, RIGHT, WIDTH, Counted, counted, figure, svg

CHANGES = st.lists(
    st.tuples(st.floats(min_value=0, max_value=1e4), st.integers(min_value=-5, max_value=5)), max_size=30
)


def test_counting() -> None:
    """A count follows the order of time, for changes in any order."""
    count = counted("messages", [(2, -1), (0, 1), (1, 1), (3, -1)])
    assert count == Counted("messages", ((0, 1), (1, 2), (2, 1), (3, 0)))
    assert (count.most, count.ended) == (2, 3)


def test_alt_text() -> None:
    """The alt text contains each count's maximum and the time of its last change."""
    shown = figure([counted("messages", [(0, 3), (2, -3)])], what="Who waits", caption="Measured now.")
    assert shown.plain == "Who waits: messages: 3 at most, the last change after 2.0 s.\nMeasured now."


@given(st.lists(CHANGES, max_size=4))
def test_any_counts(changes: list[list[tuple[float, int]]]) -> None:
    """Any counts give well-formed XML within the figure's width, with different dashes for each line."""
    drawn = svg([counted(f"<b>&{n}", one) for n, one in enumerate(changes)])
    ET.fromstring(drawn)  # noqa: S314  our own
    assert all(LEFT - 0.1 <= float(x) <= WIDTH - RIGHT + 0.1 for x in re.findall(r"H([\d.]+)V", drawn))
    assert drawn.count("stroke-dasharray") == 2 * max(min(len(changes), 3) - 1, 0)


def test_table() -> None:
    """A table escapes its cells, and its plain text has aligned columns."""
    shown = table("What came", ("", "said"), [("<i>a</i>", "yes"), ("b", "no")])
    assert "&lt;i&gt;a&lt;/i&gt;" in shown.html
    assert shown.plain == "What came\n          said\n<i>a</i>  yes\nb         no"


def test_together() -> None:
    """Several outputs are shown in their order."""
    one, other = table("1", ("a",), []), table("2", ("b",), [])
    assert together(one, other).plain == "1\na\n2\nb"
