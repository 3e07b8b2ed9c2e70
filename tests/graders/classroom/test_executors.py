"""The steps that don't touch the gradebook run in any executor of ``concurrent.futures``."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from graders.classroom import grade
from tests.support.course import SECTION, answered, enrolled_course, hand_in
from tests.support.drawing import DRAWING
from tests.support.gradebook_rows import rows

MAKERS: dict[str, Callable[[], Executor]] = {
    "one thread": partial(ThreadPoolExecutor, 1),
    "processes": partial(ProcessPoolExecutor, 2, multiprocessing.get_context("spawn")),
}


@pytest.mark.parametrize("maker", MAKERS)
def test_any_executor(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, maker: str) -> None:
    """An executor of other threads or processes gives the same results and rows as the default."""
    courses = [enrolled_course(folder, SECTION) for folder in (tmp_path, tmp_path_factory.mktemp("other"))]
    for course in courses:
        hand_in(course, "ada", answered(diagram=DRAWING))
        hand_in(course, "ben", "{")
    executor: Executor
    with MAKERS[maker]() as executor:
        results = grade(courses[0], executor=executor)
    assert results == grade(courses[1])
    assert rows(courses[0]) == rows(courses[1])
    assert results[0].score == 20
