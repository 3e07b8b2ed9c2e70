"""Grades as CSV: to a spreadsheet a learner's name is text, never a formula, a column or a row."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from graders.gradebook.export import COLUMNS, lines, neutral
from tests.attacks.families.names import FOLDER_NAMES
from tests.attacks.formulas import is_number, is_safe
from tests.support.course import ASSIGNMENT, enrolled_course, nbgrader

NAMES = [text.encode("utf-8", "replace").decode() for text in FOLDER_NAMES.values()]
PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹦", "⁺")
SEPARATORS = ',;|\t\n\r"'


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of ``nbgrader export`` for a class whose names are formulas, in its folders and in the gradebook."""
    course = enrolled_course(tmp_path_factory.mktemp("csv"), "06-hands-on")
    with warnings.catch_warnings(), Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        warnings.simplefilter("ignore", SAWarning)  # of nbgrader's own way with its database
        for number, text in enumerate(NAMES):
            gradebook.add_student(text)
            gradebook.add_student(
                f"student-{number:03}", first_name=text, last_name=f" {text}", email=f'x"{text};{text}\n{text}'
            )
        gradebook.add_submission(ASSIGNMENT, "student-000")
    done = nbgrader(course, "export", "--to", "grades of all.csv")
    assert done.returncode == 0, done.stderr
    return course / "grades of all.csv"


def test_no_cell_is_a_formula(exported: Path) -> None:
    """No cell that ``nbgrader export`` writes begins like a formula, and each student is one row of eleven cells."""
    rows = list(csv.reader(exported.open(encoding="utf-8", newline="")))
    assert rows[0] == list(COLUMNS)
    assert {len(row) for row in rows} == {11}
    assert len(rows) == 1 + 2 * len(NAMES)
    assert exported.read_text(encoding="utf-8").count("\n") == len(rows)
    for row in rows[1:]:
        assert not row[3].startswith(PREFIXES)
        for cell in row:
            assert not cell.startswith(PREFIXES) or is_number(cell)
            assert "\r" not in cell
            assert "\n" not in cell


def test_names_can_be_read(exported: Path) -> None:
    """A name that is a formula is in the table, readable, with an apostrophe in front."""
    students = {row["student_id"]: row for row in csv.DictReader(exported.open(encoding="utf-8", newline=""))}
    assert "'=1+1" in students
    assert "'@SUM(1)" in students
    assert "ada,100" in students
    assert students["student-000"]["max_score"] == "50.0"


def test_a_table_that_cannot_be_written(tmp_path: Path) -> None:
    """A file that can't be written is named in one sentence, without a traceback."""
    course = enrolled_course(tmp_path, "06-hands-on")
    done = nbgrader(course, "export", "--to", "nowhere/grades.csv")
    assert done.returncode == 1
    assert "nowhere/grades.csv can't be written: No such file or directory." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("text", ["-1", "+49301234567", "-0.5", "3.0", "2026", "1e5"])
def test_numbers_stay(text: str) -> None:
    """A number stays a number, also below zero."""
    assert neutral(text) == text


@pytest.mark.parametrize(
    "text", ["Müller", "O'Neill", "Anna-Lena", "ada@example.org", "Smith, Jane; Dr.", "a=b", "5-3", "", "山田"]
)
def test_names_stay(text: str) -> None:
    """A name that isn't a formula stays unchanged."""
    assert neutral(text) == text


@pytest.mark.parametrize(
    "text", ["=1+1", " =1", "\u00a0=1", "\ufeff=1", "\u200b=1", "\t=1", "\r=1", "\n=1", "＝1", "﹢1", "－1-x", "＠x",
             "ada;=1+1", "ada,=1", 'ada"=1', "ada\t=1", "ada\n=1", "ada|@x", "ada; =1", "-1-1", "--1", "+", "=", "'=1"],
)  # fmt: skip
def test_formulas_are_text(text: str) -> None:
    """A formula is text after spaces, in full-width characters, and where another separator would begin a cell."""
    assert is_safe(neutral(text)), repr(neutral(text))


texts = st.text(max_size=60) | st.lists(
    st.sampled_from([*PREFIXES, *SEPARATORS, " ", "\u200b", "1", "x"]), max_size=9
).map("".join)


@given(texts)
def test_any_text(text: str) -> None:
    """In any text, no cell begins like a formula, and only apostrophes are added."""
    cell = neutral(text)
    assert is_safe(cell), repr(cell)
    assert len(cell.replace("'", "")) == len(text.replace("'", ""))
    assert neutral(cell) == cell


@given(st.lists(st.lists(texts | st.floats() | st.none(), min_size=11, max_size=11), max_size=5))
def test_any_table(rows: list[list[str | float | None]]) -> None:
    """Read back, a table has its original rows, columns and numbers."""
    back = list(csv.reader(lines(rows)))
    assert [len(row) for row in back] == [11] * len(rows)
    for was, row in zip(rows, back, strict=True):
        for value, cell in zip(was, row, strict=True):
            assert is_safe(cell)
            if isinstance(value, float):
                assert cell == str(value)
