"""The graded class in formgrader, as an instructor sees it."""

from __future__ import annotations

from tests.attacks.catalog import HONEST
from tests.browser.jupyter import Jupyter
from tests.support.course import ASSIGNMENT, grades


def test_every_student_is_listed(attacked: Jupyter) -> None:
    """Formgrader lists every student of the class with the score that the gradebook has."""
    scores = grades(attacked.folder)
    with attacked.page("formgrader/manage_students") as page:
        page.locator("td.id", has_text="ada").first.wait_for()
        rows = [row.locator("td").all_inner_texts() for row in page.locator("tbody tr").all()]
        listed = {cells[1]: cells[3].split(" / ")[0] for cells in rows if len(cells) > 3}
        attacked.shoot(page, "formgrader-students")
    assert {*HONEST, "trudy-values"} < scores.keys()
    for student, own in scores.items():
        assert float(listed[student]) == round(sum(score or 0 for score, _ in own.values()), 2), (
            student
        )  # it shows two digits


def test_submission_shows_its_cards(attacked: Jupyter) -> None:
    """A submission, opened in formgrader, shows the card of each exercise, and no script of the learner's."""
    with attacked.page(f"formgrader/manage_students/ben/{ASSIGNMENT}") as page:
        link = page.get_by_role("link", name="06-hands-on")
        link.wait_for()
        attacked.shoot(page, "formgrader-student")
        link.click()
        page.locator(".workbook-card").first.wait_for()
        assert page.locator(".workbook-card").count() == 2
        assert page.locator(".workbook-figure img").count() >= 1
        attacked.shoot(page, "formgrader-submission")
