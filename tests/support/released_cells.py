"""The released cells of the hands-on notebook, as the gradebook has them."""

from __future__ import annotations

from typing import Any

from graders.gradebook.restore import Released, ReleasedNotebook
from graders.reading.notebook_cells import grade_id
from tests.support.course import released


def as_released() -> tuple[Released, ...]:
    """The released cells, as the gradebook has them."""
    return tuple(_released(c) for c in released()["cells"] if grade_id(c))


def _released(cell: dict[str, Any]) -> Released:
    about = cell["metadata"]["nbgrader"]
    return Released(
        name=about["grade_id"], kind=cell["cell_type"], source="".join(cell["source"]), locked=about["locked"],
        checksum=about["checksum"], solution=about["solution"], grade=about["grade"], task=about["task"],
        points=float(about["points"]) if about["grade"] else None,
    )  # fmt: skip


RELEASED = as_released()


RELEASE = ReleasedNotebook(RELEASED)
