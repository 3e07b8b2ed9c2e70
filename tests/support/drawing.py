"""The reference drawing of the shop, which has full marks, and the answer cell for it."""

from __future__ import annotations

from typing import Any

from graders.reading.notebook_cells import released_id

DRAWING = "digraph { client -> api -> postgres; api -> redis; api -> queue -> worker }"


ANSWER_CELL = released_id("06-hands-on", "diagram-answer")


def answer_cell(source: str, kind: str = "code") -> dict[str, Any]:
    """The answer cell of the drawing, as the editor shows it."""
    return {
        "id": ANSWER_CELL,
        "cell_type": kind,
        "source": source,
        "metadata": {"nbgrader": {"grade_id": "diagram-answer"}},
    }
