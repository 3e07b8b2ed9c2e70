"""Judgments by content: an answer is judged once, and whatever is wrong with a kept judgment, it is judged again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graders.classroom import Outcome, grade
from graders.classroom import submission_steps as steps
from graders.classroom.book import Book
from graders.classroom.judgments import FOLDER, Judgments
from graders.gradebook.outputs import Check, Outputs, judge, judged
from tests.support.course import SECTION, answered, enrolled_course, grades, hand_in
from tests.support.drawing import DRAWING

CHECK = Check("diagram", 20, "digraph { client -> api }")


@pytest.fixture
def kept(tmp_path: Path) -> Judgments:
    """A folder with one judgment."""
    judgments = Judgments(tmp_path, "code", "simulated", version="v1.37.0")
    judgments.keep(CHECK, judged(CHECK, "simulated", ""))
    return judgments


@pytest.mark.parametrize(
    "other",
    [
        {"code": "newer"}, {"world": "kind"}, {"version": "v1.36.0"}, {"context": "department"},
        {"text": CHECK.text + " "}, {"points": 21.0}, {"name": "deployment"},
    ],
    ids=str,
)  # fmt: skip
def test_what_a_judgment_depends_on(kept: Judgments, other: dict[str, Any]) -> None:
    """Another answer, exercise, number of points, world, version or code is judged by itself."""
    assert kept.find(CHECK) == judged_once(kept)
    about = {name: value for name, value in other.items() if name in ("text", "points", "name")}
    elsewhere = {name: value for name, value in other.items() if name not in about}
    assert replace(kept, **elsewhere).find(replace(CHECK, **about)) is None


def judged_once(kept: Judgments) -> object:
    """The judgment in the folder."""
    again = kept.find(CHECK)
    assert again is not None
    return again


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(b"x\x9c\x8b\x8e\x05\x00\x01\x15\x00\xb9"),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["empty", "cut short", "no judgment", "a folder"],
)
def test_damaged(kept: Judgments, damage: Callable[[Path], object]) -> None:
    """A damaged file is no judgment, and stops nothing."""
    damage(next(kept.folder.rglob("*.z")))
    assert kept.find(CHECK) is None
    kept.keep(CHECK, [])


def test_older_than(kept: Judgments) -> None:
    """Judgments that are older than asked for don't count."""
    written = next(kept.folder.rglob("*.z")).stat().st_mtime_ns
    assert replace(kept, since=written).find(CHECK) is not None
    assert replace(kept, since=written + 1).find(CHECK) is None


def test_other_versions_are_deleted(kept: Judgments) -> None:
    """Judgments of another version of the code are deleted, and those of this one stay."""
    replace(kept, code="older").keep(CHECK, [])
    kept.drop_others()
    assert [path.name for path in kept.folder.iterdir()] == ["code"]
    assert kept.find(CHECK) is not None


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course in which two students handed in the same drawing."""
    enrolled_course(tmp_path, SECTION)
    for student in ("ada", "ben"):
        hand_in(tmp_path, student, answered(diagram=DRAWING))
    return tmp_path


@pytest.fixture
def judging(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The exercises that were judged, in order."""
    names: list[str] = []

    def noted(check: Check, *rest: Any, **named: Any) -> Outputs:
        names.append(check.name)
        return judge(check, *rest, **named)

    monkeypatch.setattr(steps, "judge", noted)
    return names


def test_judged_once(course: Path, judging: list[str]) -> None:
    """The same answer of two students is judged once; with force it is judged once more."""
    assert {row.score for row in grade(course)} == {20}
    assert sorted(judging) == ["deployment", "diagram"]
    hand_in(course, "cleo", answered(diagram=DRAWING))
    assert {row.score for row in grade(course)} == {20}
    assert len(judging) == 2
    grade(course, force=True)
    assert sorted(judging) == ["deployment", "deployment", "diagram", "diagram"]


def test_deleted_between_judging_and_saving(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the judgments are deleted while a class is graded, the saved notebooks and the scores are the same."""
    save = Book.save

    def delete_first(book: Book, batch: list[steps.Examined]) -> object:
        for path in (course / FOLDER).rglob("*.z"):
            path.unlink()
        return save(book, batch)

    monkeypatch.setattr(Book, "save", delete_first)
    assert {row.outcome for row in grade(course)} == {Outcome.GRADED}
    assert {one["diagram"] for one in grades(course).values()} == {(20, False)}
    assert '"score": 20' in (next((course / "autograded/ada").rglob("*.ipynb"))).read_text(encoding="utf-8")


def test_folder_that_cannot_be_written_to(course: Path) -> None:
    """If judgments can't be kept, the class is graded all the same."""
    (course / FOLDER).parent.mkdir(exist_ok=True)
    (course / FOLDER).write_text("in the way")
    assert {row.score for row in grade(course)} == {20}
