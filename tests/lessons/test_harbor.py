"""A second lesson, in its own package, works from installation to the gradebook without a change of the engine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from graders.release import overview
from tests.support import stock
from tests.support.course import cell, new_course
from tests.support.environment import ROOT, Environment, environment

HARBOR = Path(__file__).parent / "harbor"
SOURCE = HARBOR / "harbor/notebooks/01-ways-in.py"
SECTION = "01-ways-in"
BOUNDARIES = "01-monolith-or-microservices"


BOTH = pytest.mark.parametrize("installed", [False, True], ids=["harbor alone", "beside ours"], indirect=True)
BESIDE = pytest.mark.parametrize("installed", [True], ids=["beside ours"], indirect=True)


@pytest.fixture(scope="module", params=[False], ids=["harbor alone"])
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with harbor, alone or beside the workbook's own lesson."""
    return environment(tmp_path_factory.mktemp("harbor") / "env", lesson=HARBOR, ours=request.param)


@pytest.fixture(scope="module")
def course(installed: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with only the workbook's configuration, in which harbor is released."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    (folder / "materials").mkdir()
    done = installed.workbook("release", "harbor", cwd=folder / "materials")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return folder


def solution(name: str) -> str:
    """The answer to one of harbor's exercises."""
    after = SOURCE.read_text(encoding="utf-8").partition(f"%%answer {name}\n### BEGIN SOLUTION\n")[2]
    return after.partition("### END SOLUTION")[0]


def sample(name: str) -> str:
    """The half-right answer to one of harbor's exercises."""
    return (HARBOR / f"harbor/exercises/{name}/sample.yaml").read_text(encoding="utf-8")


def hand_in(course: Path, student: str, **answers: str) -> None:
    """Hand in the released notebook with these answers."""
    notebook: dict[str, Any] = json.loads((course / f"notebooks/harbor/{SECTION}.ipynb").read_text(encoding="utf-8"))
    for name, text in answers.items():
        cell(notebook, f"{name}-answer")["source"] = f"%%answer {name}\n{text}"
    path = course / f"submitted/{student}/harbor/{SECTION}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


@BOTH
def test_which_lessons(installed: Environment, request: pytest.FixtureRequest) -> None:
    """An environment has the lessons that are installed in it; without this lesson, none of its modules can be imported."""
    code = "from graders.core.registry import lessons; print(*(one.id for one in lessons()))"
    said = installed.run("-P", "-c", code, cwd=installed.folder).stdout.split()
    alone = request.node.callspec.id == "harbor alone"
    assert said == (["harbor"] if alone else ["application-platform", "harbor"])
    imported = installed.run("-P", "-c", "import graders.application_platform", cwd=installed.folder)
    assert imported.returncode == int(alone)


@BOTH
def test_verified(installed: Environment, course: Path) -> None:
    """The author's check finds no problem in the lesson, in any folder."""
    for folder in (course, installed.folder):
        done = installed.workbook("verify", "--lesson", "harbor", cwd=folder)
        assert done.stdout.splitlines()[-1] == "2 exercises, nothing wrong.", done.stdout + done.stderr
        assert done.returncode == 0


def test_release(course: Path) -> None:
    """The released notebook has no solution, and no other file is added to the course."""
    text = (course / f"notebooks/harbor/{SECTION}.ipynb").read_text(encoding="utf-8")
    assert "names-share-an-address\\n" not in text
    assert text.count("# your answer here") == 2
    files = sorted(path.relative_to(course).as_posix() for path in course.rglob("*") if path.is_file())
    assert files[:3] == ["nbgrader_config.py", f"notebooks/harbor/{SECTION}.ipynb", "notebooks/harbor/release.json"]


def test_check(installed: Environment, tmp_path: Path) -> None:
    """Solutions have full marks, samples their stated score, and the JSON of a manifest has the server's verdict."""
    for name, most, half in (("entrances", 4, 2.25), ("gate", 7, 4.5)):
        for text, score, code in ((solution(name), most, 0), (sample(name), half, 1)):
            done = installed.workbook("check", name, "-", "--format", "json", cwd=tmp_path, stdin=text)
            report = json.loads(done.stdout)
            assert (report["score"], report["max"], done.returncode) == (score, most, code), done.stderr
            assert report.get("admission", {}).get("accepted") == (True if name == "gate" else None)


def test_card(installed: Environment, tmp_path: Path) -> None:
    """The card in a terminal has the observations with the learner's own names, and the world that judged."""
    said = " ".join(installed.workbook("check", "gate", "-", cwd=tmp_path, stdin=sample("gate")).stdout.split())
    assert "the Ingress leads to the Service “berth”, and yours is “berths”" in said
    assert "Judged by the API server's verdict on your objects" in said


@BOTH
def test_selfcheck(installed: Environment, tmp_path: Path) -> None:
    """The workbook's self-check judges the samples of every lesson that is installed."""
    done = installed.workbook("selfcheck", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_gradebook(installed: Environment, course: Path) -> None:
    """A class is graded from a folder in the course: table, JSON, gradebook and feedback have the lesson's own points."""
    hand_in(course, "ada", entrances=solution("entrances"), gate=solution("gate"))
    hand_in(course, "ben", gate=sample("gate"))
    done = installed.workbook("grade", "--format", "json", cwd=course / "materials")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["lesson"], row["student"], row["score"], row["max"]) for row in rows] == [
        ("harbor", "ada", 11, 11), ("harbor", "ben", 4.5, 11),
    ]  # fmt: skip
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        assert gradebook.find_submission("harbor", "ada").score == 11
    page = (course / f"feedback/ben/harbor/{SECTION}.html").read_text(encoding="utf-8")
    assert 'class="workbook-card' in page
    assert "4.5 of 7 points" in page
    table = installed.workbook("grade", "--lesson", "harbor", cwd=course)
    assert "11 / 11" in " ".join(table.stdout.split())
    plain = installed.nbgrader("autograde", "harbor", "--force", cwd=course)
    assert plain.returncode == 0, plain.stderr
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        assert gradebook.find_submission("harbor", "ben").score == 4.5


PROGRESS = """
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "graders.notebook")
with capture_output() as said:
    shell.user_ns["progress"]()
print(said.outputs[0].data["text/plain"])
"""


@BESIDE
def test_progress(installed: Environment, course: Path, tmp_path: Path) -> None:
    """In a notebook, `progress()` shows only the lesson to which the notebook belongs, also for a copy in another place."""
    released = course / f"notebooks/harbor/{SECTION}.ipynb"
    shutil.copy(released, tmp_path)
    for folder in (released.parent, tmp_path):
        done = installed.run("-P", "-c", PROGRESS, cwd=folder)
        assert done.returncode == 0, done.stderr
        assert "gate" in done.stdout
        assert "diagram" not in done.stdout


@BESIDE
def test_lab(installed: Environment, course: Path) -> None:
    """`workbook lab` serves the course, and opens the first notebook of its first lesson."""
    code = "import sys; from pathlib import Path; from graders.cli.lab import command; print(*command(Path(sys.argv[1])), sep='\\n')"
    words = installed.run("-P", "-c", code, str(course), cwd=course).stdout.splitlines()
    assert f"--ServerApp.root_dir={course}" in words
    assert f"--LabApp.default_url=/lab/tree/notebooks/harbor/{SECTION}.ipynb" in words


def _scored(folder: Path) -> dict[tuple[str, str], float]:
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook:
        return {
            (one.name, submission.student_id): submission.score
            for one in gradebook.assignments
            for submission in one.submissions
        }


@BESIDE
def test_several_in_one_course(installed: Environment, tmp_path: Path) -> None:
    """Two lessons and a stock assignment live in one course: each is released, graded and shown with its own points."""
    folder = new_course(tmp_path / "course", BOUNDARIES)
    readme = folder / "README.md"
    readme.write_text(f"{overview.BEGIN}\n{overview.END}\n", encoding="utf-8")
    stock.write(folder)
    assert installed.nbgrader("generate_assignment", stock.NAME, cwd=folder).returncode == 0
    one = installed.workbook("release", "harbor", cwd=folder)
    assert [line.rpartition("/")[2] for line in one.stdout.splitlines()] == [f"{SECTION}.ipynb"]
    both = installed.workbook("release", cwd=folder / "solutions")
    assert [line.rpartition("/")[2] for line in both.stdout.splitlines()] == [f"{BOUNDARIES}.ipynb", f"{SECTION}.ipynb"]
    assert all(name in readme.read_text(encoding="utf-8") for name in ("`boundaries`", "`gate`"))
    hand_in(folder, "ada", gate=solution("gate"))
    stock.hand_in(folder, "ada", "return number * 2")
    ours = json.loads((folder / f"notebooks/application-platform/{BOUNDARIES}.ipynb").read_text(encoding="utf-8"))
    cell(ours, "bill-answer")["source"] = "%%answer bill\ntracing: platform-team\ntable-schema: application-team\n"
    handed_in = folder / f"submitted/ben/application-platform/{BOUNDARIES}.ipynb"
    handed_in.parent.mkdir(parents=True)
    handed_in.write_text(json.dumps(ours), encoding="utf-8")
    done = installed.workbook("grade", "--format", "json", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["lesson"], row["student"], row["score"], row["max"]) for row in rows] == [
        ("application-platform", "ben", 0.5, 8), ("harbor", "ada", 7, 11),
    ]  # fmt: skip
    table = installed.workbook("grade", "--student", "ada", cwd=folder)
    assert (table.returncode, "Harbor" in table.stdout, "7 / 11" in table.stdout) == (0, True, True)
    assert "ben" not in table.stdout
    assert installed.nbgrader("autograde", stock.NAME, cwd=folder).returncode == 0
    assert _scored(folder) == {
        ("application-platform", "ben"): 0.5, ("harbor", "ada"): 7, (stock.NAME, "ada"): stock.POINTS,
    }  # fmt: skip


def test_errors(installed: Environment, tmp_path: Path) -> None:
    """A course without lessons, a lesson that isn't installed, and one that isn't released give a message of two lines each."""
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    for arguments, said in (
        (("release",), "has no lesson yet"), (("release", "harbour"), "There is no lesson called “harbour”"),
        (("grade",), "has no lesson yet"), (("grade", "--lesson", "harbor"), "workbook release harbor"),
        (("grade", "--lesson", "harbour"), "There is no lesson called “harbour”"),
    ):  # fmt: skip
        done = installed.workbook(*arguments, cwd=tmp_path)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 2), done.stderr
        assert said in done.stderr
    for command in ("release", "grade"):
        done = installed.workbook(command, cwd=tmp_path.parent)
        assert done.returncode == 2
        assert "There is no course here" in done.stderr
