"""A course that is being graded, as plain data that any process can work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graders.classroom.judgments import Judgments
from graders.gradebook.restore import ReleasedNotebook
from graders.reading.notebook_release import CurrentRelease


@dataclass(frozen=True, slots=True)
class Desk:
    """A course to grade: its assignment with each notebook's release, by name, and where judgments are kept.

    ``published`` are the releases that notebooks may name. ``modes`` are the permissions of saved notebooks and of feedback.
    ``force`` grades again what is graded; without ``feedback`` no page is written.
    """

    assignment: str
    releases: Mapping[str, ReleasedNotebook]
    judgments: Judgments
    published: Mapping[str, CurrentRelease] = field(default_factory=dict)
    modes: tuple[int, int] = (0o444, 0o644)
    force: bool = False
    feedback: bool = True


@dataclass(frozen=True, slots=True)
class Folders:
    """A student's folders: what was handed in, the saved notebooks, and the feedback."""

    student: str
    submitted: Path
    autograded: Path
    feedback: Path

    def saved(self, notebook: str) -> Path:
        """Return the path of a saved notebook."""
        return self.autograded / f"{notebook}.ipynb"

    def page(self, notebook: str) -> Path:
        """Return the path of a page of feedback."""
        return self.feedback / f"{notebook}.html"
