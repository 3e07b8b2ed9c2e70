"""The names that courses, scripts and other packages rely on: docs/compatibility.md has each, and each works."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import typer
from nbconvert.preprocessors import Preprocessor
from traitlets.config import Config

from graders.cli import exit_codes
from graders.cli.commands import app
from graders.core.exercise import Exercise
from graders.core.lesson import Lesson
from graders.core.registry import GROUP
from graders.judging.judge_process import JudgeProcess
from graders.notebook import load_ipython_extension
from tests.support.schemas import schema

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")

FUNCTIONS = ("check", "hint", "progress", "run", "draw", "admit", "world", "picture")
COMMANDS: dict[str, tuple[str, ...]] = {
    "check": ("--on", "--context", "--hint", "--format"),
    "run": ("--on", "--context"),
    "admit": ("--on", "--context", "--kubernetes", "--format"),
    "grade": ("--lesson", "--student", "--force", "--feedback", "--sort", "--on", "--context", "--format"),
    "alike": ("--lesson", "--format"),
    "export": ("--to", "--out", "--lesson", "--roster"),
    "roster": (),
    "explain": ("--lesson",),
    "release": ("--archive", "--force"),
    "lab": ("--browser",),
    "doctor": (),
    "selfcheck": (),
    "cluster": (),
}
CLUSTER = ("up", "down", "status", "load", "bundle")
EXIT_CODES = {"OK": 0, "NOT_FULL": 1, "USAGE": 2, "ENVIRONMENT": 3, "STOPPED": 130, "UNREAD": 141}
PLUGIN = (
    "graders.gradebook.SubmissionExporter",
    "graders.gradebook.FeedbackExporter",
    "graders.gradebook.RestoreCells",
    "graders.gradebook.GradeAnswers",
    "graders.gradebook.SaveScores",
    "graders.release.SourceExporter",
    "graders.gradebook.export.CsvExport",
    "graders.gradebook.pages.EscapeNames",
    "graders.gradebook.pages.TEMPLATES",
    "graders.core.logs.guard_log",
)
REPORT = {"exercise", "world", "score", "max", "seconds", "findings", "problem", "admission"}
FINDING = {"criterion", "state", "points", "earned", "saw", "expected", "why", "hint", "read"}
ADMISSION = {"file", "index", "item", "state", "accepted", "status", "causes", "message", "ignored"}
GRADES = {"lesson", "student", "outcome", "score", "max", "problem", "note", "exercises"}
SCORE = {"exercise", "score", "max", "world"}
EXPORT = {
    "lesson",
    "student",
    "login",
    "name",
    "email",
    "state",
    "points",
    "max",
    "late_penalty",
    "problem",
    "exercises",
}


def public(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(import_module(module), attribute)


class Shell:
    """The part of IPython that an extension needs: it keeps what it gets."""

    def __init__(self) -> None:
        self.names: dict[str, Callable[..., Any]] = {}
        self.user_ns: dict[str, Any] = {}
        self.magics: dict[tuple[str, str], Callable[..., Any]] = {}
        self.input_transformers_cleanup: list[Any] = []

    def push(self, names: dict[str, Callable[..., Any]]) -> None:
        self.names |= names

    def find_cell_magic(self, _name: str) -> None:
        return None

    def register_magic_function(self, function: Callable[..., Any], kind: str, name: str) -> None:
        self.magics[kind, name] = function


def test_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """``%load_ext graders.notebook`` brings ``%%answer`` and the functions that notebooks call."""
    monkeypatch.setattr(JudgeProcess, "start", lambda _self: None)
    shell: Any = Shell()
    load_ipython_extension(shell)
    assert ("cell", "answer") in shell.magics
    assert set(FUNCTIONS) <= set(shell.names)
    assert list(inspect.signature(shell.names["check"]).parameters) == ["name", "answer", "on", "context"]
    for name in ("%load_ext graders.notebook", "%%answer NAME", *FUNCTIONS):
        assert f"`{name}`" in PAGE


def test_command() -> None:
    """The commands of ``workbook`` and their options exist, and the page has each of them."""
    (script,) = entry_points(group="console_scripts", name="workbook")
    assert script.value == "graders.cli.__main__:main"
    group: Any = typer.main.get_command(app)
    for name, options in COMMANDS.items():
        known = {option for parameter in group.commands[name].params for option in parameter.opts}
        assert set(options) <= known
        (row,) = [
            line for line in PAGE.splitlines() if line.startswith(f"| `workbook {name}") and "schemas/" not in line
        ]
        assert all(f"`{option}`" in row for option in options)
    assert set(CLUSTER) <= set(group.commands["cluster"].commands)


def test_exit_codes() -> None:
    """Exit codes don't change."""
    assert {name: getattr(exit_codes, name) for name in EXIT_CODES} == EXIT_CODES
    assert set(re.findall(r"^\| `(\d+)` \|", PAGE, re.MULTILINE)) == set(map(str, EXIT_CODES.values()))


@pytest.mark.parametrize("name", PLUGIN)
def test_plugin(name: str) -> None:
    """Each name in ``nbgrader_config.py`` can be imported, and the configuration uses it."""
    assert public(name) is not None
    assert f"| `{name}` |" in PAGE
    assert name.rpartition(".")[2] in (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")


def test_settings() -> None:
    """``c.GradeAnswers.world`` and ``c.GradeAnswers.context`` choose the judge."""
    config = Config()
    config.GradeAnswers.world, config.GradeAnswers.context = "kind", "department"
    grader: Preprocessor = public("graders.gradebook.GradeAnswers")(config=config)
    assert (grader.world, grader.context) == ("kind", "department")
    assert public("graders.gradebook.GradeAnswers")().world == "simulated"
    assert "`c.GradeAnswers.world`" in PAGE
    assert "`c.GradeAnswers.context`" in PAGE


def test_lessons() -> None:
    """A lesson is a ``graders.core.lesson.Lesson`` of the group ``workbook.lessons``, and names the place of its exercises."""
    assert GROUP == "workbook.lessons"
    assert public("graders.core.lesson.Lesson") is Lesson
    assert public("graders.core.exercise.Exercise") is Exercise
    lesson = Lesson(id="harbor", title="Harbor", package="harbor", exercises=("ships",), first="00")
    assert (lesson.id, lesson.exercises) == ("harbor", ("ships",))
    for entry in entry_points(group=GROUP):
        loaded = entry.load()
        name = loaded.exercises[0]
        module = f"{loaded.package}.exercises.{name.replace('-', '_')}.rubric"
        assert public(f"{module}.EXERCISE") is loaded.load(name)
    for written in (GROUP, "graders.core.lesson.Lesson", "graders.core.exercise.Exercise"):
        assert f"`{written}`" in PAGE


def test_json() -> None:
    """Public JSON has exactly these keys; tests/test_schemas.py validates the output."""
    report, admission, grades, export = (schema(name) for name in ("report", "admission", "grades", "export"))
    assert set(report["properties"]) == REPORT
    assert set(report["$defs"]["finding"]["properties"]) == FINDING
    assert set(admission["properties"]) == ADMISSION
    assert set(grades["properties"]) == GRADES
    assert set(grades["$defs"]["score"]["properties"]) == SCORE
    assert set(export["properties"]) == EXPORT
    for name in ("report", "admission", "grades", "export"):
        assert f"(schemas/{name}.json)" in PAGE
