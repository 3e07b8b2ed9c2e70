"""A graded class, made once: whoever uses it only looks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from graders.classroom import Graded, grade
from tests.support.course import class_course


@dataclass(frozen=True)
class GradedClass:
    """The course's folder, and what came of each student."""

    folder: Path
    graded: tuple[Graded, ...]


@pytest.fixture(scope="session")
def graded_class(tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    """The class of ``tests/class/``, graded by nbgrader."""
    folder = class_course(tmp_path_factory.mktemp("class"))
    return GradedClass(folder, grade(folder))
