"""Stock nbgrader assignments in a course of lessons: nbgrader's own steps grade them, and execute nothing of a lesson."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.preprocessors import Execute, OverwriteCells

from cluster.errors import UsageError
from graders.classroom import grade
from graders.core.registry import is_lesson
from graders.gradebook import SubmissionExporter
from graders.gradebook.course import course as course_in
from tests.support import stock
from tests.support.course import ASSIGNMENT, SECTION, answered, enrolled_course, grades, hand_in, nbgrader
from tests.support.drawing import DRAWING


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a lesson and a stock assignment, with autograded submissions for both."""
    folder = enrolled_course(tmp_path_factory.mktemp("course"), SECTION)
    stock.write(folder)
    assert nbgrader(folder, "generate_assignment", stock.NAME).returncode == 0
    stock.hand_in(folder, "ada", "return number + number")
    stock.hand_in(folder, "ben", "return 42")
    hand_in(folder, "ada", answered(diagram=DRAWING))
    hand_in(folder, "mallory", _disguised(folder))
    for assignment in (stock.NAME, ASSIGNMENT):
        done = nbgrader(folder, "autograde", assignment)
        assert done.returncode == 0, done.stderr
        done = nbgrader(folder, "generate_feedback", assignment)
        assert done.returncode == 0, done.stderr
    return folder


def _disguised(course: Path) -> dict[str, Any]:
    """A lesson's notebook that claims everywhere to be the stock assignment's, with code that leaves a mark."""
    notebook, own = answered(diagram=DRAWING), stock.released(course)
    mark = {**own["cells"][0], "source": f"open({str(course / 'mallory-was-here')!r}, 'w')"}
    notebook["cells"] = [mark, *notebook["cells"], *own["cells"]]
    about = {"assignment": stock.NAME, "notebook": stock.NOTEBOOK}
    notebook["metadata"].update(own["metadata"], nbgrader=about, workbook={"assignment": stock.NAME, "release": ""})
    return notebook


def score(course: Path, assignment: str, student: str) -> float:
    """A student's score in the gradebook."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return float(gradebook.find_submission(assignment, student).score)


def test_right_answers_are_right(course: Path) -> None:
    """A stock assignment is executed with the files beside it, and its tests give the score."""
    assert score(course, stock.NAME, "ada") == stock.POINTS
    assert score(course, stock.NAME, "ben") == 0
    page = (course / f"feedback/ben/{stock.NAME}/{stock.NOTEBOOK}.html").read_text(encoding="utf-8")
    assert "AssertionError" in page


def test_released_as_nbgrader_does(course: Path) -> None:
    """A stock assignment is released with nbgrader's own stub, without hidden tests, and with its modules beside it."""
    text = (course / f"notebooks/{stock.NAME}/{stock.NOTEBOOK}.ipynb").read_text(encoding="utf-8")
    assert "raise NotImplementedError()" in text
    assert "HIDDEN" not in text
    assert (course / f"notebooks/{stock.NAME}/helper.py").read_text(encoding="utf-8") == stock.HELPER


def test_lesson_beside_it(course: Path) -> None:
    """The lesson in the same course is judged as usual, and nothing of a submission is executed, whatever it says."""
    assert score(course, ASSIGNMENT, "ada") == 20
    assert grades(course)["mallory"]["diagram"] == (20, False)
    assert not (course / "mallory-was-here").exists()


def test_grade_leaves_stock_alone(course: Path) -> None:
    """`workbook grade` grades only the students who handed in the lesson, not those who handed in only another assignment."""
    assert [row.student for row in grade(course)] == ["ada", "mallory"]
    assert score(course, stock.NAME, "ada") == stock.POINTS
    with pytest.raises(UsageError, match=f"{ASSIGNMENT} from ben"):
        grade(course, ["ben"])
    with pytest.raises(UsageError, match=f"There is no lesson called “{stock.NAME}”"):
        grade(course, assignment=stock.NAME)


class Noted(SubmissionExporter):  # type: ignore[misc]
    """Records the steps for a notebook, and stops there."""

    def from_notebook_node(self, *_arguments: Any, **_kw: Any) -> Any:
        """Stop."""
        raise Stop([type(step) for step in self._preprocessors])


class Stop(Exception):  # noqa: N818  nothing went wrong
    """The steps that were noted."""


def _steps(course: Path, assignment: str, config: str = "") -> tuple[list[type], ...]:
    """The steps for ada's notebook of an assignment, before and during grading."""
    path = course / "nbgrader_config.py"
    before = path.read_text(encoding="utf-8")
    path.write_text(before + config, encoding="utf-8")
    try:
        app = course_in(course, assignment)
    finally:
        path.write_text(before, encoding="utf-8")
    app.coursedir.student_id = "ada"
    converter, seen = Autograde(coursedir=app.coursedir, parent=app, force=True), []
    converter.init_notebooks()
    ((file,),) = converter.assignments.values()
    for converter._sanitizing in (True, False):
        converter.exporter = Noted(parent=converter, config=converter.config)
        converter._init_preprocessors()
        about = {
            "student": "ada",
            "assignment": assignment,
            "notebook": Path(file).stem,
            "db_url": app.coursedir.db_url,
        }
        with pytest.raises(Stop) as stopped:
            converter.exporter.from_filename(file, resources={"nbgrader": about})
        seen.append(stopped.value.args[0])
    return tuple(seen)


def test_steps_are_nbgraders(course: Path) -> None:
    """A stock assignment's steps are nbgrader's defaults in their order, or those in the configuration."""
    traits = Autograde.class_traits()
    defaults = tuple(traits[name].default() for name in ("sanitize_preprocessors", "autograde_preprocessors"))
    assert _steps(course, stock.NAME) == defaults
    assert Execute in defaults[1]
    assert OverwriteCells in defaults[0]
    own = 'c.SubmissionExporter.autograde_preprocessors = ["nbgrader.preprocessors.SaveAutoGrades"]\n'
    assert [step.__name__ for step in _steps(course, stock.NAME, own)[1]] == ["SaveAutoGrades"]


def test_lesson_is_never_executed(course: Path) -> None:
    """A configuration that would execute a lesson's answers stops the grading before any answer is read."""
    config = 'c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.Execute"]\n'
    with pytest.raises(NbGraderException, match="would execute answers of a lesson"):
        _steps(course, ASSIGNMENT, config)


def test_lesson_that_is_gone(course: Path) -> None:
    """The assignment of a lesson that is no longer installed is neither executed nor graded, and the error says why."""
    stock.write(course, "gone", "pass")
    source = course / "solutions/gone" / f"{stock.NOTEBOOK}.ipynb"
    source.write_text(
        source.read_text(encoding="utf-8").replace('"def double', '"%%answer tides\\n",\n    "def double')
    )
    assert nbgrader(course, "generate_assignment", "gone").returncode == 0
    stock.hand_in(course, "eve", f"open({str(course / 'eve-was-here')!r}, 'w')", "gone")
    done = nbgrader(course, "autograde", "gone")
    assert done.returncode == 1
    assert "gone is the assignment of a lesson that isn't installed" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (course / "eve-was-here").exists()
    assert not (course / "autograded/eve").exists()


def test_names_decide(course: Path) -> None:
    """An assignment belongs to a lesson only by its exact name; the gradebook doesn't know any other spelling."""
    assert is_lesson(ASSIGNMENT)
    for name in (ASSIGNMENT.title(), f"{ASSIGNMENT}-2", f" {ASSIGNMENT}", "*", ""):
        assert not is_lesson(name)
    done = nbgrader(course, "autograde", "application-platfor?", "--force")
    assert not (course / "mallory-was-here").exists(), done.stderr
    assert grades(course)["mallory"]["diagram"] == (20, False)
