"""A class of attackers with three honest students: all are graded, and each gets only the earned points."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from graders.classroom import Graded, Outcome, grade
from graders.gradebook.student_names import name_problem
from tests.attacks.catalog import HONEST, OWNED, Attack, honest, place, some
from tests.support.course import ASSIGNMENT, SECTION, answered, enrolled_course, grades, hand_in, nbgrader
from tests.support.drawing import DRAWING

EACH = 2
"""How many attacks of each family are in the class; `python -m benchmarks.attacks` tries all of them."""


@dataclass(frozen=True)
class Attacked:
    """The course, the attack in each folder, the scores of the honest students, and all results."""

    folder: Path
    attacks: dict[str, Attack]
    expected: dict[str, float]
    graded: dict[str, Graded]


def attacked(folder: Path) -> tuple[dict[str, Attack], dict[str, float]]:
    """Make the class in a folder, and return the attack of each folder and the scores of the honest students."""
    expected = honest(enrolled_course(folder))
    placed = {place(attack, folder, number).name: attack for number, attack in enumerate(some(EACH))}
    # A hidden folder is no student's: it is neither graded nor reported, and nbgrader doesn't see it either.
    return {student: attack for student, attack in placed.items() if not student.startswith(".")}, expected


@pytest.fixture(scope="module")
def attacked_class(tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    """The class of attackers, graded by ``workbook grade``."""
    folder = tmp_path_factory.mktemp("attacked")
    attacks, expected = attacked(folder)
    return Attacked(folder, attacks, expected, {row.student: row for row in grade(folder)})


def test_the_class_is_graded_to_the_end(attacked_class: Attacked) -> None:
    """Every attack is graded or reported by name as expected, and none has more points than it earned."""
    wrong = []
    for student, attack in attacked_class.attacks.items():
        row = attacked_class.graded[student]
        if row.outcome is Outcome.NOT_JUDGED or attack.expect not in ("either", row.outcome.value):
            wrong.append(f"{attack}: {row.outcome} {row.problem}")
        if attack.most is not None and (row.score or 0) > attack.most:
            wrong.append(f"{attack}: {row.score} points")
    assert wrong == []
    assert attacked_class.graded.keys() == attacked_class.attacks.keys() | attacked_class.expected.keys()


def test_honest_students_are_graded_as_without_them(attacked_class: Attacked) -> None:
    """A student among attackers has the same points as in any other class."""
    assert {name: attacked_class.graded[name].score for name in HONEST} == attacked_class.expected


def test_nothing_of_theirs_ran(attacked_class: Attacked) -> None:
    """No attack left a file behind."""
    assert not list(attacked_class.folder.rglob(OWNED))


def test_names_that_pages_cannot_stand_stay_out_of_the_gradebook(attacked_class: Attacked) -> None:
    """A folder whose name could run a script in formgrader, or isn't text, never becomes a student's id."""
    refused = {student for student in attacked_class.attacks if name_problem(student)}
    assert refused
    assert not refused & grades(attacked_class.folder).keys()
    assert {attacked_class.graded[student].outcome for student in refused} == {Outcome.REPORTED}


def test_plain_nbgrader(attacked_class: Attacked, tmp_path: Path) -> None:
    """``nbgrader autograde`` gives the same class the same scores; it names the students that it leaves out, and fails."""
    attacked(tmp_path)
    done = nbgrader(tmp_path, "autograde", ASSIGNMENT)
    assert done.returncode == 1
    here, there = grades(tmp_path), grades(attacked_class.folder)
    graded = {name for name, row in attacked_class.graded.items() if row.outcome is Outcome.GRADED}
    assert {name: here.get(name) for name in graded} == {name: there[name] for name in graded}
    assert not {student for student in here if name_problem(student)}
    for student, row in attacked_class.graded.items():
        if name_problem(student):
            assert row.problem in done.stderr, student
        elif row.outcome is Outcome.REPORTED:
            scores = [score for score, _ in here.get(student, {}).values()]
            assert not any(scores), student
    assert not list(tmp_path.rglob(OWNED))
    assert nbgrader(tmp_path, "generate_feedback", ASSIGNMENT).returncode == 0
    assert {path.name for path in (tmp_path / "feedback").iterdir()} >= set(HONEST)


def test_a_log_has_no_control_characters(attacked_class: Attacked, caplog: pytest.LogCaptureFixture) -> None:
    """The messages of a second grading contain no control sequence."""
    with caplog.at_level(logging.DEBUG):
        rows = grade(attacked_class.folder)
    said = "".join([caplog.text, *(f"{row.problem} {row.note}" for row in rows)])
    assert not {character for character in said if not character.isprintable()} - {"\n"}


def test_plain_nbgrader_takes_scores_back(tmp_path: Path) -> None:
    """A student who was graded, and then hands in something that can't be graded, loses the earlier score, with ``nbgrader autograde`` too."""
    course = enrolled_course(tmp_path, SECTION)
    names = ("ada", "home", "gone", "renamed", "away")
    for name in names:
        hand_in(course, name, answered(diagram=DRAWING))
    assert nbgrader(course, "autograde", ASSIGNMENT).returncode == 0
    submitted = course / "submitted"
    shutil.rmtree(submitted / "home")
    (submitted / "home").symlink_to("ada")
    notebook(submitted, "gone").unlink()
    notebook(submitted, "renamed").rename(notebook(submitted, "renamed").with_name("mine.ipynb"))
    shutil.rmtree(submitted / "away")
    done = nbgrader(course, "autograde", ASSIGNMENT, "--force")
    assert done.returncode == 1
    for name, said in (("home", "is a symbolic link"), ("gone", "missing"), ("renamed", "missing")):
        assert [line for line in done.stderr.splitlines() if f"{name} isn't graded: " in line and said in line], name
    scores = {name: one["diagram"][0] for name, one in grades(course).items()}
    # A folder that was put away as a whole says nothing about the score.
    assert scores == {"ada": 20, "home": None, "gone": None, "renamed": None, "away": 20}
    assert sorted(path.name for path in (course / "autograded").iterdir() if any(path.iterdir())) == ["ada", "away"]


def notebook(submitted: Path, student: str) -> Path:
    return submitted / student / ASSIGNMENT / f"{SECTION}.ipynb"
