"""The table of turns has a column for each actor."""

from __future__ import annotations

import re

from graders.present.turns import MOST, Turn, turned

SHOWN = turned(
    [Turn("one", "reads", 40), Turn("two", "<b>" + "x" * 300, None)], ("one", "two"), "In turn", "seen", "✔ Done."
)


def test_a_column_each() -> None:
    """Each turn is a row with its text in the actor's column and the state after it; an unknown state is a dash."""
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>.*?</tr>", SHOWN.html)[1:]]
    assert rows[0] == ["1", "reads", "", "40"]
    assert (rows[1][0], rows[1][1], rows[1][3]) == ("2", "", "–")
    assert re.findall(r'scope="col"[^>]*>(.*?)</th>', SHOWN.html) == ["", "one", "two", "seen"]


def test_text_is_text() -> None:
    """The text of a turn is never markup, and a long one is cut."""
    assert "<b>" not in SHOWN.html
    assert "x" * MOST not in SHOWN.html


def test_in_words() -> None:
    """Plain text has the same turns and the same outcome."""
    first, second, third, last = SHOWN.plain.splitlines()
    assert (first, second, last) == ("In turn:", "1. one: reads (seen: 40)", "✔ Done.")
    assert third.startswith("2. two: <b>xxx")
    assert third.endswith("… (seen: –)")
