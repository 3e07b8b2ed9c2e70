"""``workbook new exercise``: copy a working exercise under a new name, for an author to change step by step.

The copy is valid at once: its solution, its sample and its hints are those of the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any

from cluster import world
from cluster.errors import UsageError
from graders.authoring.cells import with_copied_cells
from graders.authoring.chosen_names import allowed, module_of
from graders.authoring.generated_files import formatted, write_all
from graders.authoring.rewriting import with_arguments, with_element
from graders.authoring.sources import folder_of, section_of
from graders.core.exercise import Exercise
from graders.core.lesson import Lesson
from graders.core.registry import exercise, names, owners
from graders.core.registry import lesson as find_lesson
from graders.core.report import State

TEST = Template('''"""Exercise ``$name``: answers, and the criteria that each misses."""

from __future__ import annotations

import pytest

from cluster import world
from graders.core.registry import exercise
from graders.core.report import State

EXERCISE = exercise("$name")
ANSWERS: dict[str, tuple[str, set[str]]] = {
    "nothing": ("", {criterion.name for criterion in EXERCISE.criteria}),
$sample}


@pytest.mark.parametrize("answer", ANSWERS)
def test_answer(answer: str) -> None:
    """Each answer misses exactly these criteria."""
    text, missed = ANSWERS[answer]
    findings = EXERCISE.judge(text, world()).findings
    assert {finding.criterion for finding in findings if finding.state is not State.PASS} == missed
''')
SAMPLE = Template('    "the sample": (EXERCISE.sample.text if EXERCISE.sample else "", {$missed}),\n')


def new_exercise(name: str, like: str, root: Path, lesson: str = "") -> tuple[Path, ...]:
    """Copy the exercise ``like``: write its folder, its cells, its place in the lesson, and a test, and return the paths.

    ``root`` has the workbook's ``solutions`` and ``tests``. The lesson is that of ``like``, or the one with the id ``lesson``;
    in that case the cells go to the end of its last notebook. Raises UsageError if the name is taken or not allowed, if the
    exercise or the lesson doesn't exist, or if a file has an unexpected form.
    """
    model, its_lesson = exercise(like), owners()[like]
    into = find_lesson(lesson) if lesson else its_lesson
    folder = into.folder / "exercises" / module_of(allowed(name, "exercise", names()))
    if folder.exists():
        raise UsageError(
            f"The folder {folder.name} in {folder.parent} already exists.", "Choose another name, or delete it."
        )
    source = section_of(model, its_lesson, root).path
    target = source if into is its_lesson else _last_source(into, root)
    listed = into.folder / "__init__.py"
    text = source.read_text(encoding="utf-8")
    end = None if target == source else target.read_text(encoding="utf-8")
    files = {
        **_folder(model, its_lesson, name, into, target.stem),
        listed: with_element(
            listed.read_text(encoding="utf-8"), "LESSON", "exercises", name, after=like, path=listed
        ).encode(),
        target: with_copied_cells(text, like, name, end, model.prints()).encode(),
        _test(into, name, root): _tested(model, name).encode(),
    }  # fmt: skip
    written = write_all(files)
    formatted(written)
    return written


def _folder(model: Exercise[Any, Any], of: Lesson, name: str, into: Lesson, section: str) -> dict[Path, bytes]:
    """Return the files of an exercise's folder, renamed for the new exercise, in the same lesson or another."""
    old, new = (f"{lesson.package}.exercises.{module_of(one)}" for lesson, one in ((of, model.name), (into, name)))
    origin, folder = (lesson.folder / "exercises" / module_of(one) for lesson, one in ((of, model.name), (into, name)))
    files: dict[Path, bytes] = {}
    for path in _members(origin):
        content = path.read_bytes()
        if path.suffix == ".py":
            text = re.sub(rf"\b{re.escape(old)}\b", new, content.decode("utf-8"))
            text = text.replace(f"xercise ``{model.name}``", f"xercise ``{name}``").replace(
                f'check("{model.name}"', f'check("{name}"'
            )
            if path.name == "rubric.py":
                own = {"name": name, "title": name.replace("-", " ").capitalize(), "section": section}
                text = with_arguments(text, "EXERCISE", own, path)
            content = text.encode("utf-8")
        files[folder / path.relative_to(origin)] = content
    return files


def _members(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith("."):
            yield path


def _last_source(lesson: Lesson, root: Path) -> Path:
    return max(folder_of(lesson, root).glob("*.py"))


def _test(lesson: Lesson, name: str, root: Path) -> Path:
    """Return the path of an exercise's test: in the workbook's ``tests``, or in those of the lesson's own project."""
    file = f"test_{module_of(name)}.py"
    if root in lesson.folder.parents:
        return root / "tests" / lesson.folder.relative_to(root) / "exercises" / file
    project = next((folder for folder in lesson.folder.parents if (folder / "pyproject.toml").is_file()), None)
    if project is None:
        raise UsageError(
            f"The lesson {lesson.id} is installed as a copy, in {lesson.folder}.",
            "Install it from its project, with pip install --editable, so that it can be changed.",
        )
    return project / "tests" / file


def _tested(model: Exercise[Any, Any], name: str) -> str:
    """Return the text of the test; the copy's sample misses the same criteria as the original's."""
    sample = ""
    if model.sample is not None:
        findings = model.judge(model.sample.text, world()).findings
        missed = [finding.criterion for finding in findings if finding.state is not State.PASS]
        sample = SAMPLE.substitute(missed=", ".join(f'"{criterion}"' for criterion in missed))
    return TEST.substitute(name=name, sample=sample)
