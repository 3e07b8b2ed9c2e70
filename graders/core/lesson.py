"""The lesson: a package of content, with its exercises in the learner's order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from cluster.errors import WorldError
from graders.core.exercise import Exercise


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson: its ``id`` is its assignment's name, ``package`` the Python package that holds its content.

    ``exercises`` are names. The exercise NAME is ``EXERCISE`` in ``PACKAGE.exercises.NAME.rubric``, with an underscore for
    each dash; it is imported when it is first needed. ``first`` is the notebook at which a learner begins, without
    ``.ipynb``; if empty, the first by name. ``Exercise.section`` names an exercise's notebook.

    A lesson in a package of its own keeps the sources of its notebooks there, in ``notebooks``. Sources in the course
    take precedence over those in the package.
    """

    id: str
    title: str
    package: str
    exercises: tuple[str, ...]
    first: str = ""

    def load(self, name: str) -> Exercise[Any, Any]:
        """The exercise with that name. Raises WorldError if its folder holds no exercise."""
        return _loaded(self.package, name)

    def every(self) -> tuple[Exercise[Any, Any], ...]:
        """All exercises, in order."""
        return tuple(map(self.load, self.exercises))

    @property
    def folder(self) -> Path:
        """The folder of the lesson's package."""
        return Path(next(iter(import_module(self.package).__path__)))

    @property
    def sources(self) -> Path:
        """The folder of its notebooks' sources, py:percent texts, for a lesson that keeps them in its package."""
        return self.folder / "notebooks"

    def of_section(self, section: str) -> tuple[Exercise[Any, Any], ...]:
        """The exercises of one of its notebooks, named without ``.ipynb``, in order."""
        return tuple(one for one in self.every() if one.section == section)

    def pictures(self) -> Mapping[str, Path]:
        """The lesson's own pictures: SVG files in its ``pictures``, by name."""
        return {path.stem: path for path in sorted((self.folder / "pictures").glob("*.svg"))}


@cache
def _loaded(package: str, name: str) -> Exercise[Any, Any]:
    module = f"{package}.exercises.{name.replace('-', '_')}.rubric"
    try:
        found = import_module(module).EXERCISE
    except (ImportError, AttributeError) as error:
        raise WorldError(
            f"The exercise “{name}” can't be loaded: {error}.", f"Define it as EXERCISE in {module}."
        ) from error
    if found.name != name:
        raise WorldError(
            f"The lesson lists the exercise “{name}”, but its rubric names it “{found.name}”.",
            f"Use one name in both: see {module}.",
        )
    return found  # type: ignore[no-any-return]
