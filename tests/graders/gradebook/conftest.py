"""A graded class, made once: tests only read it."""

from __future__ import annotations

import pytest

from graders.classroom import grade
from tests.support.course import GradedClass, class_course


@pytest.fixture(scope="session")
def graded_class(tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    """The class of ``tests/class/``, graded by nbgrader."""
    folder = class_course(tmp_path_factory.mktemp("class"))
    return GradedClass(folder, grade(folder))
