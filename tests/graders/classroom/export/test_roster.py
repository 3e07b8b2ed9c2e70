"""A roster is read as an LMS exports it, and joined with the submissions by the column that fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from cluster.errors import LimitError, UsageError
from cluster.limits import ROSTER_BYTES
from graders.classroom.export.roster import join, read_roster
from tests.support.sheets import roster

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework (77)
    Points Possible,,,,,50.00
"Lovelace, Ada",101,S-1,ada,Mondays,
"Babbage, Charles",102,S-2,charles,Tuesdays,12
"Student, Test",103,,5f0c,Mondays,
"""


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_canvas(tmp_path: Path) -> None:
    """Canvas' line of maximum points and its test student aren't students."""
    listed = read_roster(written(tmp_path, CANVAS))
    assert [listed.cell(person, "sis login id") for person in listed.people] == ["ada", "charles"]
    assert listed.full_name(listed.people[0]) == "Lovelace, Ada"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators(tmp_path: Path, separator: str, end: str) -> None:
    """Commas, semicolons and tabs separate cells, with either end of a line, and with a byte order mark."""
    text = end.join(separator.join(row) for row in (["First name", "Surname", "Username"], ["Ada", "Lovelace", "ada"]))
    listed = read_roster(written(tmp_path, text + end, "utf-8-sig"))
    assert listed.columns == ("First name", "Surname", "Username")
    assert listed.full_name(listed.people[0]) == "Lovelace, Ada"


def test_names_with_odd_characters(tmp_path: Path) -> None:
    """A name may have quotes, a newline or a separator of lines in it, and is one cell."""
    listed = read_roster(written(tmp_path, 'Username,name\nada,"Ada ""L""\nLovelace"\nben,Ben\u2028Nevis\n'))
    assert [person[0] for person in listed.people] == ["ada", "ben"]
    assert listed.people[0][1] == 'Ada "L"\nLovelace'


@pytest.mark.parametrize(
    ("text", "encoding", "problem"),
    [
        ("", "utf-8", "list.csv has no students."),
        ("Username,name\n", "utf-8", "list.csv has no students."),
        ("Username\nzoë\n", "latin-1", "list.csv isn't UTF-8."),
        ("Username\n\x00\n" + "x" * 200_000, "utf-8", "list.csv isn't a CSV file: field larger than field limit (131072)."),
        ("Username\n" + "".join(f"s{n}\n" for n in range(100_001)), "utf-8", "list.csv has more than 100,000 lines."),
    ],
    ids=["empty", "columns only", "another encoding", "not CSV", "too long"],
)  # fmt: skip
def test_what_is_no_roster(tmp_path: Path, text: str, encoding: str, problem: str) -> None:
    """A file that isn't a roster is refused in one sentence, with what to do."""
    with pytest.raises(UsageError) as caught:
        read_roster(written(tmp_path, text, encoding))
    assert caught.value.problem == problem
    assert caught.value.hint


def test_bounded(tmp_path: Path) -> None:
    """A roster above the limit isn't read."""
    with pytest.raises(LimitError):
        read_roster(written(tmp_path, "x" * (ROSTER_BYTES + 1)))


LISTED = roster(
    "Full name|ID|SIS Login ID|Section",
    "Ada Lovelace|101|ada|Mondays", "Charles Babbage|102|charles|Mondays", "Grace Hopper|103|grace|Mondays",
)  # fmt: skip


@pytest.mark.parametrize(
    ("students", "column"),
    [
        (["ada", "charles"], "SIS Login ID"),
        (["ADA", "Charles"], "SIS Login ID"),
        (["101", "102"], "ID"),
        (["Ada Lovelace"], "Full name"),
        (["ada", "102", "103"], "ID"),
        ([], "SIS Login ID"),
    ],
)
def test_the_column_that_fits(students: list[str], column: str) -> None:
    """The column with most of the folders' names joins, whatever it is called; capitals don't matter."""
    assert join(LISTED, students).column == column


def test_whom_it_does_not_join() -> None:
    """Students without a line are unknown, and lines without a submission are absent."""
    joined = join(LISTED, ["ada", "grace", "mallory"])
    assert joined.unknown == ("mallory",)
    assert [person[2] for person in joined.absent] == ["charles"]


def test_participants_of_moodle() -> None:
    """A folder that has only a participant's number belongs to the participant of a grading worksheet."""
    listed = roster("Identifier|Grade", "Participant 7|", "Participant 12|")
    joined = join(listed, ["7", "Participant 12"])
    assert {name: person[0] for name, person in joined.people.items()} == {
        "7": "Participant 7",
        "Participant 12": "Participant 12",
    }


@pytest.mark.parametrize("lines", [("ada|1", "ADA|2"), ("ada|1", "ada|2")])
def test_two_lines_of_one_name(lines: tuple[str, ...]) -> None:
    """A name that two lines have joins neither: a grade never goes to one of two students by chance."""
    joined = join(roster("Username|Section", *lines, "ben|3"), ["ada", "ben"])
    assert joined.unknown == ("ada",)


def test_two_folders_of_one_person() -> None:
    """Two folders of one person join neither."""
    joined = join(roster("Username", "ada", "ben"), ["ada", "Ada", "ben"])
    assert joined.unknown == ("ada", "Ada")
    assert list(joined.people) == ["ben"]


def test_another_class() -> None:
    """A roster without any of the submissions is refused, because it is probably another class's."""
    with pytest.raises(UsageError) as caught:
        join(LISTED, ["mallory", "eve"])
    assert caught.value.problem == "No column of roster.csv has the names of the submissions' folders, such as eve."
