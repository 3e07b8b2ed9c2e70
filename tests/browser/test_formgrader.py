"""The graded class in formgrader, as an instructor sees it."""

from __future__ import annotations

from tests.browser.jupyter import Jupyter
from tests.support.course import ASSIGNMENT, grades, students


def test_every_student_is_listed(graded_course: Jupyter) -> None:
    """Formgrader lists every student of the class with the score that the gradebook has."""
    scores = grades(graded_course.folder)
    with graded_course.page("formgrader/manage_students") as page:
        page.locator("td.id", has_text="ada").wait_for()
        rows = [row.locator("td").all_inner_texts() for row in page.locator("tbody tr").all()]
        listed = {cells[1]: float(cells[3].split(" / ")[0]) for cells in rows if len(cells) > 3}
        graded_course.shoot(page, "formgrader-students")
    for student in students():
        if student.name in scores:
            expected = sum(score or 0 for score, _ in scores[student.name].values())
            assert listed[student.name] == round(expected, 2), student.name  # formgrader shows two digits


def test_submission_shows_its_cards(graded_course: Jupyter) -> None:
    """A submission, opened in formgrader, shows the card of each exercise, and no script of the learner's."""
    with graded_course.page(f"formgrader/manage_students/ben/{ASSIGNMENT}") as page:
        link = page.get_by_role("link", name="06-hands-on")
        link.wait_for()
        graded_course.shoot(page, "formgrader-student")
        link.click()
        page.locator(".workbook-card").first.wait_for()
        assert page.locator(".workbook-card").count() == 2
        assert page.locator(".workbook-figure img").count() >= 1
        graded_course.shoot(page, "formgrader-submission")
