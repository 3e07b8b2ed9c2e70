"""How a student's answers were judged, from the notebooks in ``autograded/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from nbgrader.apps.baseapp import NbGrader

from graders.gradebook.course import directory
from graders.gradebook.outputs import JUDGMENT, judged_in, saved_notebook


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved notebook: when it was saved, in UTC, the digest and the problem of the file that was handed in, and each judgment.

    ``judgments`` has what was said of each check, by name. The texts may be empty.
    """

    at: datetime
    digest: str = ""
    problem: str = ""
    judgments: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def saved(app: NbGrader, student: str, notebook: str) -> Saved | None:
    """Return a student's saved notebook of the app's assignment, or None without one."""
    path = directory(app, "autograded_directory", student) / f"{notebook}.ipynb"
    content = saved_notebook(path)
    if content is None:
        return None
    try:
        about, judgments = content["metadata"].get(JUDGMENT, {}), judged_in(content)
        problem = f"{about.get('problem', '')} {about.get('hint', '')}".strip()
        time = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, TypeError, AttributeError):
        return None
    return Saved(time, about.get("digest", ""), problem, judgments)
