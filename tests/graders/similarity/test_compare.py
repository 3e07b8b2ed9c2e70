"""``workbook alike`` on a course: pairs with their shared lines, and submissions that can't be compared."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from cluster.errors import UsageError
from graders.core.registry import exercise, lesson
from graders.present.console import Console
from graders.similarity.compare_class import Compared, compare
from graders.similarity.pairs_table import NO_PROOF, pair_json, run, show
from tests.support.course import ASSIGNMENT, answered, cell, hand_in, new_course, released
from tests.support.manifests import DEPLOYMENT
from tests.support.schemas import misfits
from tests.support.solutions import solution

ODD = DEPLOYMENT.replace("replicas: 3", "replicas: 3 # drei, wie im Vertrag").replace(
    "app: orders", "app: marias-orders"
)
HOSTILE = "\x1b[2J[red]<b>=1+1\u202e"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course in which ben handed in maria's Deployment, and twelve others the usual one."""
    new_course(tmp_path)
    for number in range(12):
        hand_in(tmp_path, f"s{number:02}", answered(deployment=DEPLOYMENT))
    for name in ("maria", "ben"):
        hand_in(tmp_path, name, answered(deployment=ODD))
    return tmp_path


def found(course: Path) -> Compared:
    return compare(course, lesson(ASSIGNMENT))


def printed(compared: Compared) -> str:
    """What a terminal of 80 columns shows."""
    console = Console(file=io.StringIO(), width=80)
    show(compared, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_pair(course: Path) -> None:
    """The pair that shares what the others don't is listed, with both lines, and no other pair is."""
    (pair,) = found(course).pairs
    assert (pair.first, pair.second) == ("ben", "maria")
    assert set(pair.exercises) == {"deployment"}
    assert any("drei, wie im Vertrag" in shared.first.text for shared in pair.shared)
    assert any("marias-orders" in shared.second.text for shared in pair.shared)
    for shared in pair.shared:
        assert shared.first == shared.second
        assert shared.first.text in ODD


def test_another_copy_of_the_class(course: Path) -> None:
    """A third student with the same answer makes three pairs, each of less weight."""
    (before,) = found(course).pairs
    hand_in(course, "gina", answered(deployment=ODD))
    after = found(course).pairs
    assert [(pair.first, pair.second) for pair in after] == [("ben", "gina"), ("ben", "maria"), ("gina", "maria")]
    assert all(pair.weight < before.weight for pair in after)


def test_what_is_printed(course: Path) -> None:
    """The table fits 80 columns, shows the lines side by side, and says what it can't prove."""
    said = printed(found(course))
    assert max(map(len, said.splitlines())) <= 80
    assert "marias-orders" in said
    assert " ".join(said.split()).endswith(NO_PROOF)


def test_json(course: Path) -> None:
    """Each pair is a line of JSON that fits the schema."""
    compared = found(course)
    line = pair_json(compared, 1, compared.pairs[0])
    assert misfits("alike", line) == []
    assert json.loads(line)["students"] == 14


def test_submissions_that_cannot_be_compared(course: Path) -> None:
    """A link, too many notebooks and a broken notebook are named, and the others are compared."""
    (course / "submitted/link").mkdir()
    (course / "submitted/link" / ASSIGNMENT).symlink_to(course / "submitted/maria" / ASSIGNMENT)
    hand_in(course, "many", released())
    for number in range(60):
        hand_in(course, "many", "{}", f"{number}.ipynb")
    hand_in(course, "torn", "{")
    compared = found(course)
    assert compared.left_out["link"] == "The folder has a symbolic link. Links aren't followed."
    assert compared.left_out["many"] == "There are more than 50 notebooks."
    assert compared.left_out["torn"].startswith("06-hands-on.ipynb isn't a notebook")
    assert "many: There are more than 50 notebooks." in printed(compared)
    assert len(compared.pairs) == 1


def test_hostile_text(course: Path) -> None:
    """Nothing of an answer or of a folder's name reaches the terminal as a command, or breaks the table."""
    odd = DEPLOYMENT.replace("replicas: 3", f"replicas: 3 # {HOSTILE * 20}")
    for name in ("x[red]", "y\x1b[2J"):
        hand_in(course, name, answered(deployment=odd))
    compared = found(course)
    assert any(HOSTILE[-8:-1] in shared.first.text for pair in compared.pairs for shared in pair.shared)
    said = printed(compared)
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "x[red]" in said
    for rank, pair in enumerate(compared.pairs, 1):
        assert misfits("alike", pair_json(compared, rank, pair)) == []


def test_another_name_for_the_notebook(course: Path) -> None:
    """An answer is compared under any name of its notebook's file."""
    hand_in(course, "zoe", answered(deployment=ODD), "final (2).ipynb")
    assert {(pair.first, pair.second) for pair in found(course).pairs} >= {("ben", "zoe"), ("maria", "zoe")}


def test_nothing_in_common(tmp_path: Path) -> None:
    """A class of equal right answers has no pair, and the command says so."""
    for name in ("ada", "ben", "cleo"):
        hand_in(new_course(tmp_path) if name == "ada" else tmp_path, name, answered(deployment=DEPLOYMENT))
    compared = found(tmp_path)
    assert compared.pairs == ()
    assert "No two of 3 submissions share anything unusual." in printed(compared)


def test_fewer_than_two(tmp_path: Path) -> None:
    """A single submission can't be compared, and a lesson that the course doesn't have is named."""
    hand_in(new_course(tmp_path), "ada", answered(deployment=DEPLOYMENT))
    with pytest.raises(UsageError, match="fewer than two submissions"):
        run(tmp_path)
    with pytest.raises(UsageError, match="no lesson called"):
        run(tmp_path, lesson="nothing")


def test_what_the_course_has_printed(course: Path) -> None:
    """Two students with the author's solution, or with an example of the notebook, share nothing that counts."""
    for name in ("s01", "s02"):
        hand_in(course, name, answered(deployment=solution(exercise("deployment"))))
    for name in ("s03", "s04"):
        hand_in(course, name, answered(deployment=example()))
    assert [(pair.first, pair.second) for pair in found(course).pairs] == [("ben", "maria")]


def example() -> str:
    """The Deployment that the notebook prints."""
    texts = ["".join(cell["source"]) for cell in released()["cells"]]
    return next(text for text in texts if "kind: Deployment" in text).split('"""')[1]


def test_practice_is_not_compared(course: Path) -> None:
    """An answer to an exercise without points isn't compared."""
    for name in ("s01", "s02"):
        notebook = released("00-start-here")
        cell(notebook, "hello-answer")["source"] = "%%answer hello\nname: zwei gleiche Antworten # hier"
        hand_in(course, name, notebook, "00-start-here.ipynb")
    assert [(pair.first, pair.second) for pair in found(course).pairs] == [("ben", "maria")]
