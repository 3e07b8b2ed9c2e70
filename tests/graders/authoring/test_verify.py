"""The author's check: it passes for every installed exercise, and detects every mistake that an author can make."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cluster.errors import UsageError
from graders.authoring import verify as verifying
from graders.authoring.guessing.earned import MOST_OF_ALL, Figure
from graders.authoring.verify import Verified, verify
from graders.cli import commands as cli
from graders.core.exercise import Criterion, Exercise, Sample, passed
from graders.core.lesson import Lesson
from graders.core.registry import exercise, exercises, lesson, lessons, owners

ROOT = Path(__file__).resolve().parents[3]
NAME = "bill"
CHECK = '"grade_id": "bill", "locked": true, "points": 3'


@cache
def verified(name: str) -> Verified:
    return verify(name, owners()[name], ROOT)


@pytest.mark.parametrize("name", [name for one in lessons() for name in one.exercises])
def test_holds_here(name: str) -> None:
    """No exercise of any installed lesson has a problem."""
    assert verified(name).problems == ()


def test_answers_without_knowledge() -> None:
    """The best strategies of a lesson's exercises earn at most a quarter of its points together."""
    for one in lessons():
        graded = [each for each in one.every() if each.graded]
        best = [verified(each.name).guessed for each in graded]
        assert None not in best
        assert sum(each.earned for each in best if each) <= sum(each.points for each in graded) * MOST_OF_ALL


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the sources of the notebooks, to change."""
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions", ignore=shutil.ignore_patterns("*.ipynb"))
    return tmp_path


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try only one guess, because guesses cost time and other tests need none."""
    monkeypatch.setattr(verifying, "figures", lambda *_: (Figure(0, "nothing"),))


def source(root: Path) -> Path:
    return root / "solutions/application-platform/01-monolith-or-microservices.py"


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("pattern", "by", "said"),
    [
        (r"^tracing: platform-team$", "tracing: application-team", "The solution earns 2.75 of 3: tracing: "),
        (r"^# %%answer bill$", "# %%answer bil", "The cell “bill-answer” doesn't begin with “%%answer bill”."),
        (r'"grade_id": "bill", "locked": true, "points": 3', CHECK.replace("3", "4"), "The check of bill says 4 points; the exercise has 3."),
        (r'"grade_id": "bill-answer"', '"grade_id": "bil-answer"', "The answer cell of bill, with the grade_id “bill-answer”, is missing"),
        (r'"grade_id": "bill",', '"grade_id": "bil",', "The check of bill, with the grade_id “bill”, is missing"),
        (r"^# ### Exercise `bill` \(3 points\)$", "# ### Exercise `bill` (4 points)", "has no heading “### Exercise `bill` (3 points)”."),
        (r"^(# \| `tracing` \| )One slow", r"\1A slow", "lacks a text of the rubric: “| `tracing` | One slow request"),
        (r"`platform-team`", "`platform`", "lacks a text of the rubric: “`platform-team`”"),
        (r"^# tracing:$\n# dead-pod:$", "# dead-pod:\n# tracing:", "lacks a text of the rubric: “```yaml tracing: dead-pod:"),
        (r"^### BEGIN SOLUTION\n(?=tracing)", "### BEGIN SOLUTION\n### END SOLUTION\ntracing: nobody\n### BEGIN SOLUTION\n", "no region from “### BEGIN SOLUTION”"),
    ],
)  # fmt: skip
def test_a_source_that_disagrees(root: Path, pattern: str, by: str, said: str) -> None:
    """Each difference between a notebook's source and the rubric is named in one sentence."""
    text = source(root).read_text(encoding="utf-8")
    changed, times = re.subn(pattern, by, text, flags=re.MULTILINE)
    assert times, "the notebook has another wording by now"
    source(root).write_text(changed, encoding="utf-8")
    problems = verify(NAME, owners()[NAME], root).problems
    assert [problem for problem in problems if said in problem], problems


def test_sections_out_of_order() -> None:
    """An exercise that is above an earlier one in the notebook is reported."""
    of = owners()[NAME]
    at = of.exercises.index(NAME)
    turned = (*of.exercises[: at - 1], NAME, of.exercises[at - 1], *of.exercises[at + 1 :])
    before = of.exercises[at - 1]
    problems = verifying._order(exercise(before), replace(of, exercises=turned), (before, NAME))
    assert list(problems) == [f"The lesson lists it after {NAME}, but the notebook has it before."]


def _criterion(change: dict[str, Any]) -> Callable[[Exercise[Any, Any]], Exercise[Any, Any]]:
    return lambda one: replace(one, criteria=(replace(one.criteria[0], **change), *one.criteria[1:]))


def _sample(score: float, rubric: str = "") -> Callable[[Exercise[Any, Any]], Exercise[Any, Any]]:
    return lambda one: replace(one, sample=Sample(rubric or (one.sample.rubric if one.sample else ""), score))


SOLVED = "tracing: platform-team"
WRONG: dict[str, tuple[Callable[[Exercise[Any, Any]], Exercise[Any, Any]], str]] = {
    "two hints": (_criterion({"hints": ("One.", "Two.", "Two.")}), "has 2 different hints; it needs 3."),
    "no sentence": (_criterion({"hints": ("One.", "Two.", "Three")}), "isn't a sentence: “Three”."),
    "the solution": (_criterion({"hints": ("One.", "Two.", f"It is {SOLVED}.")}), f"a line of the solution: “{SOLVED}”."),
    "no reason": (_criterion({"why": "because"}), "needs a “why” that ends with a period."),
    "nothing to read": (_criterion({"docs_url": ""}), "lacks “expected” or “docs_url”."),
    "a name twice": (_criterion({"name": "dead-pod"}), "2 criteria have the name “dead-pod”."),
    "no sample": (lambda one: replace(one, sample=None), "The sample is missing"),
    "a sample that is gone": (_sample(1.5, "/nowhere/rubric.py"), "The sample can't be read"),
    "another score": (_sample(1.4), "The sample earns 1.5; the rubric says 1.4."),
    "nearly right": (_sample(2.5), "The sample is worth 83% of the points; a half-right answer is worth 35% to 65%."),
    "a stub that counts": (lambda one: replace(one, is_started=lambda _text: True), "The stub should score 0 and be not started"),
    "a generous criterion": (_criterion({"judge": lambda *_: passed("yes"), "points": 2}), "An answer without knowledge earns"),
    "another notebook": (lambda one: replace(one, section="09-nowhere"), "09-nowhere.py is missing in"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_rubric_that_breaks_its_promise(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each promise that a rubric breaks is named in one sentence."""
    change, said = WRONG[what]
    broken = change(exercise(NAME))
    monkeypatch.setattr(Lesson, "load", lambda _self, _name: broken)
    problems = verify(NAME, owners()[NAME], ROOT).problems
    assert [problem for problem in problems if said in problem], problems


def test_an_exercise_that_cannot_be_loaded() -> None:
    """An exercise whose folder has no rubric is one problem, without a traceback."""
    of = replace(owners()[NAME], exercises=("nowhere",))
    (problem,) = verify("nowhere", of, ROOT).problems
    assert "The exercise “nowhere” can't be loaded" in problem


def test_a_fault_of_the_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """A judge that fails on an answer made of printed texts is reported, with that answer."""

    def stumble(_answer: Any, _evidence: Any) -> Any:
        raise ZeroDivisionError

    one = exercise(NAME)
    broken = replace(one, criteria=(*one.criteria, _faulty(one.criteria[0], stumble)))
    monkeypatch.setattr(Lesson, "load", lambda _self, _name: broken)
    (problem,) = verify(NAME, owners()[NAME], ROOT).problems
    assert "isn't judged" in problem


def _faulty(criterion: Criterion[Any, Any], judge: Any) -> Criterion[Any, Any]:
    return replace(criterion, name="faulty", judge=judge)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, ["verify", *arguments])
    if isinstance(done.exception, UsageError):
        return 2, f"{done.exception.problem} {done.exception.hint}"
    return done.exit_code, done.output


def test_command() -> None:
    """The command has a line for each named exercise, in the lesson's order, and ends with 0."""
    code, said = run(NAME, "hello")
    assert code == 0
    assert [line.split()[:2] for line in said.splitlines()[:-1]] == [["✔", "hello"], ["✔", NAME]]
    assert said.splitlines()[-1] == "2 exercises, nothing wrong."


@pytest.mark.usefixtures("few")
def test_command_finds_a_problem(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If there is a problem, the command marks the exercise, names the problem, and ends with 1; a course's own sources count."""
    shutil.copy(ROOT / "nbgrader_config.py", root)
    source(root).write_text(
        source(root).read_text(encoding="utf-8").replace("tracing: platform-team", "tracing: nobody"), encoding="utf-8"
    )
    monkeypatch.chdir(root)
    code, said = run(NAME, "hello")
    assert code == 1
    assert "✔ hello" in said
    assert f"✘ {NAME} " in said
    assert "    The solution earns" in said
    assert said.splitlines()[-1] == "1 of 2 exercises can't be released yet."


def test_command_is_mistyped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error for an unknown exercise or lesson lists the known ones, and for an exercise of another lesson names that lesson."""
    assert "Did you mean “bill”?" in run("bil")[1]
    assert "application-platform" in run("--lesson", "nowhere")[1]
    other = replace(lesson("application-platform"), id="other", exercises=("hello",))
    monkeypatch.setattr("graders.cli.verify.lesson", lambda _id: other)
    assert run(NAME, "--lesson", "other") == (
        2,
        f"{NAME} isn't in the lesson other. It is in application-platform: leave out --lesson.",
    )


def test_a_copy_without_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a student's copy, which has no solutions, the message says so for each exercise."""
    here = replace(owners()[NAME], package="graders.application_platform")
    monkeypatch.setattr(Lesson, "folder", property(lambda _self: tmp_path / "graders/application_platform"))
    (problem,) = verify(NAME, here, tmp_path).problems
    assert problem.startswith("The lesson application-platform has no sources here.")


def test_every_exercise_is_verified() -> None:
    """Without a name, the command takes every exercise of every lesson."""
    from graders.cli.verify import _chosen  # noqa: PLC0415

    assert [name for _, name in _chosen((), "")] == [one.name for one in exercises()]
