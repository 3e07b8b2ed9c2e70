"""Each format is what its reader takes: Canvas, Moodle, Classroom 50, spreadsheets and programs."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.errors import UsageError
from cluster.text import printable
from graders.classroom.export.formats import FORMATS, format_named
from graders.classroom.export.roster import Roster
from graders.classroom.export.sheet import Sheet
from graders.classroom.export.standings import Standing, two_decimals
from tests.attacks.families.names import FOLDER_NAMES
from tests.attacks.formulas import is_safe
from tests.support.canvas_import import imported
from tests.support.schemas import misfits
from tests.support.sheets import EXERCISES, graded, roster, sheet_of

CANVAS = roster(
    "Student|ID|SIS User ID|SIS Login ID|Integration ID|Section|Application Platform (77)|Final Score",
    "Lovelace, Ada|101|S-1|ada||Mondays|1|", "Babbage, Charles|102|S-2|charles||Tuesdays||",
)  # fmt: skip
PLAIN = roster(
    "Username|First name|Last name|Email address", "ada|Ada|Lovelace|ada@example.org", "charles|Charles|Babbage|"
)
WORKSHEET = roster(
    "Identifier|Full name|Status|Grade|Maximum grade|Last modified (grade)|Feedback comments",
    "Participant 7|=1+1|Submitted|3.00|50.00|Monday, 2 November 2026, 9:30 AM|=well done", "Participant 8|Eve|Submitted||50.00|-|",
)  # fmt: skip
TITLE = "Application Platform"


def rows(name: str, sheet: Sheet) -> list[list[str]]:
    """The cells of a file in a format."""
    return list(csv.reader(FORMATS[name].text([sheet]).splitlines()))


def test_canvas_writes_its_own_export_back() -> None:
    """Canvas' own columns come back, so that it finds each student, and the lesson's column keeps its number."""
    written = rows("canvas", sheet_of(CANVAS, ada=graded(30, 12.5), charles=graded(0, 0)))
    assert written == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Section", "Application Platform (77)"],
        ["Points Possible", "", "", "", "", "", "50.00"],
        ["Lovelace, Ada", "101", "S-1", "ada", "", "Mondays", "42.50"],
        ["Babbage, Charles", "102", "S-2", "charles", "", "Tuesdays", "0.00"],
    ]


@pytest.mark.parametrize("listed", [CANVAS, PLAIN], ids=["its own export", "another roster"])
def test_canvas_imports(listed: Roster) -> None:
    """Canvas' importer takes the file: it finds the columns, the maximum points and each student."""
    text = FORMATS["canvas"].text([sheet_of(listed, ada=graded(30, 12.5), charles=graded(1, 2))])
    title = "Application Platform (77)" if listed is CANVAS else TITLE
    assert imported(text) == (title, "50.00", {"ada": "42.50", "charles": "3.00"})


def test_moodle_gets_the_columns_that_identify() -> None:
    """Moodle gets the roster's columns on students and the points, under the lesson's title."""
    assert rows("moodle", sheet_of(PLAIN, ada=graded(30, 12.5))) == [
        ["Username", "First name", "Last name", "Email address", TITLE],
        ["ada", "Ada", "Lovelace", "ada@example.org", "42.50"],
    ]


def test_moodles_worksheet_is_filled_in() -> None:
    """An assignment's grading worksheet comes back with the grades of those who have points, and without comments."""
    written = rows("moodle", sheet_of(WORKSHEET, **{"7": graded(30, 12.5), "8": graded(1, None), "9": graded(1, 2)}))
    assert written == [
        ["Identifier", "Full name", "Grade", "Last modified (grade)"],
        ["Participant 7", "'=1+1", "42.50", "Monday, 2 November 2026, 9:30 AM"],
    ]


def test_classroom50() -> None:
    """Classroom 50 gets hundredths of points, because its points are whole numbers, in entries that it keeps."""
    listed = roster("username|first_name|github_id", "ada|Ada|1")
    sheet = sheet_of(listed, ada=replace(graded(30, 12.5, penalty=1.25), handed_in=datetime(2026, 11, 2, 9, 30)))
    scores = json.loads(FORMATS["classroom50"].text([sheet]))
    assert scores["schema"] == "classroom50/scores/v1"
    (entry,) = scores["assignments"]["application-platform"]["entries"]
    (record,) = entry["submissions"]
    assert (entry["owner"], entry["override"], record["owner"]) == ("ada", True, "ada")
    assert (record["score"], record["max-score"]) == (4125, 5000)
    assert record["datetime"] == "2026-11-02T09:30:00Z"
    assert all(record[key].startswith("submit/") for key in ("submission", "commit", "release", "review"))
    assert [(one["test-name"], one["passed"], one["score"], one["max-score"]) for one in record["tests"]] == [
        ("first", True, 3000, 3000), ("second", False, 1250, 2000),
    ]  # fmt: skip
    assert all(isinstance(one["score"], int) for one in (record, *record["tests"]))


def test_classroom50_takes_no_more_than_the_maximum() -> None:
    """With extra credit, Classroom 50 gets the maximum: its schema allows no more."""
    scores = json.loads(FORMATS["classroom50"].text([sheet_of(PLAIN, ada=graded(33, 20))]))
    (record,) = scores["assignments"]["application-platform"]["entries"][0]["submissions"]
    assert (record["score"], record["tests"][0]["score"]) == (5000, 3000)


def test_tables_have_everybody() -> None:
    """csv and json have each student with a state; points are empty in every state but graded."""
    sheet = sheet_of(PLAIN, ada=graded(30, 12.5, penalty=2), eve=graded(3, None))
    table = {row["student"] or row["login"]: row for row in csv.DictReader(FORMATS["csv"].text([sheet]).splitlines())}
    assert [(name, row["state"], row["points"]) for name, row in table.items()] == [
        ("ada", "graded", "40.50"), ("eve", "not judged", ""), ("charles", "missing", ""),
    ]  # fmt: skip
    assert (table["ada"]["late_penalty"], table["ada"]["first"], table["eve"]["second"]) == ("2.00", "30.00", "")
    lines = FORMATS["json"].text([sheet]).splitlines()
    assert [misfits("export", line) for line in lines] == [[], [], []]
    assert [json.loads(line)["points"] for line in lines] == [40.5, None, None]
    assert json.loads(lines[0])["name"] == "Lovelace, Ada"


@pytest.mark.parametrize(
    ("points", "text"), [(2.675, "2.68"), (0.125, "0.13"), (42.0, "42.00"), (0.1 + 0.2, "0.30"), (1e-9, "0.00")]
)
def test_two_decimals(points: float, text: str) -> None:
    """Points have two decimals, rounded half up."""
    assert str(two_decimals(points)) == text


def test_a_penalty_takes_no_more_than_there_is() -> None:
    """A late penalty above the points leaves 0 of them."""
    assert str(graded(1, 2, penalty=10).points) == "0.00"


@pytest.mark.parametrize("standing", [standing for standing in Standing if standing is not Standing.GRADED])
def test_no_state_is_a_zero(standing: Standing) -> None:
    """In every state but graded there are no points, whatever scores the gradebook has."""
    assert replace(graded(30, 20), standing=standing).points is None


def test_an_exercise_without_a_score_is_no_zero() -> None:
    """If one exercise has no score, the sum of the others isn't the student's grade."""
    assert replace(graded(30, None), standing=Standing.GRADED).points is None


NAMES = tuple(text.encode("utf-8", "replace").decode() for text in FOLDER_NAMES.values())


@pytest.mark.parametrize("name", ["canvas", "moodle", "csv"])
@pytest.mark.parametrize("text", NAMES)
def test_no_cell_is_a_formula(name: str, text: str) -> None:
    """Whatever a student is called, in the class or in the LMS, no cell is a formula and each student stays one line."""
    listed = replace(CANVAS, people=((text, "101", text, "ada", text, text, text, text),))
    file = FORMATS[name].text([sheet_of(listed, ada=graded(1, 2))])
    found = list(csv.reader(file.splitlines()))
    assert len({len(row) for row in found}) == 1
    assert len(found) == (3 if name == "canvas" else 2)
    assert all(is_safe(cell) for row in found for cell in row)


@given(st.text(max_size=30))
def test_json_of_any_name(text: str) -> None:
    """JSON has a name as it is, on one line of printable characters."""
    listed = roster("Username|Full name", "ada|x")
    sheet = sheet_of(replace(listed, people=(("ada", text),)), ada=graded(1, 2))
    (line,) = FORMATS["json"].text([sheet]).splitlines()
    assert json.loads(line)["name"] == text
    assert printable(line) == line


@pytest.mark.parametrize(
    ("name", "login", "found"),
    [
        ("canvas", "ada", True), ("canvas", "=cmd()", False), ("moodle", "+x@example.org", False), ("moodle", "a-b", True),
        ("classroom50", "ada-l", True), ("classroom50", "ada--l", False), ("classroom50", "ada lovelace", False),
    ],
)  # fmt: skip
def test_logins_that_cannot_be_written(name: str, login: str, found: bool) -> None:
    """A login that a spreadsheet would calculate, or that GitHub doesn't allow, isn't in the file: the LMS couldn't find it."""
    sheet = sheet_of(roster("Username", login), **{login: graded(1, 2)})
    assert FORMATS[name].finds(sheet, sheet.lines[0]) is found


def test_canvas_finds_by_its_number() -> None:
    """Canvas finds a student by its own number, so the login doesn't matter there."""
    listed = roster("Student|ID|SIS Login ID|Section", "Ada|101|=cmd()|Mondays")
    sheet = sheet_of(listed, **{"=cmd()": graded(1, 2)})
    assert FORMATS["canvas"].finds(sheet, sheet.lines[0])


def test_unknown_format() -> None:
    """An unknown format is refused with the nearest one and a list."""
    with pytest.raises(UsageError) as caught:
        format_named("canvass")
    assert caught.value.hint == "Did you mean “canvas”? There are: canvas, moodle, classroom50, csv, json."


def test_the_exercises_of_the_sheets() -> None:
    """The tests' sheets have 50 points."""
    assert sum(EXERCISES.values()) == 50
