"""No command sends a learner's control sequences to a terminal, neither from an answer nor from a file's name."""

from __future__ import annotations

import io
import json
import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.cells import cell_len
from rich.panel import Panel
from rich.table import Table
from rich.text import Text
from typer.testing import CliRunner

from cluster import world
from cluster.engines import missing
from cluster.errors import AnswerError, WorkbookError
from cluster.limits import JUDGMENT_SECONDS, SENTENCE_CHARACTERS, SUBMISSION_MEMORY
from graders.cli import commands as cli
from graders.cli.lab import relay
from graders.core.exercise import Exercise, excerpt
from graders.core.logs import Printable
from graders.core.registry import exercises
from graders.core.report import Finding, Report, State
from graders.core.shown import Shown
from graders.gradebook.outputs import outputs
from graders.judging.judge_process import judged
from graders.notebook import magics as notebook
from graders.notebook.current import Answers
from graders.present import inline, terminal
from graders.present.console import Console
from graders.present.inline import kept, plain
from graders.present.report_json import report_json
from graders.present.words import headline
from tests.attacks.hostile import (
    EVERYTHING,
    HOSTILE,
    NAME,
    ORDERS,
    OURS,
    ROOT,
    bent,
    bent_text,
    drawings,
    in_terminal,
    obeyed,
    unseen,
)
from tests.support.course import ASSIGNMENT, answered, enrolled_course, hand_in, new_course
from tests.support.manifests import DEPLOYMENT
from tests.support.solutions import solution

MOST_LINES = 200
"""Lines of a card in a terminal; an honest one with every criterion open has about 130."""

MANIFEST = DEPLOYMENT + yaml.safe_dump({EVERYTHING: EVERYTHING})
FORGED = "✔ everybody graded"
STUDENTS = [order for order in ORDERS.values() if not set(order) & set("/\0*?[") and order == order.strip()]
DRAWING = next(iter(drawings(EVERYTHING.replace("\0", ""))))


def answers(one: Exercise[Any, Any], hostile: str) -> list[str]:
    """Hostile answers to an exercise: in each place of a solution, or in some where the text is as long as an answer."""
    right = solution(one)
    each = drawings(hostile) if one.kind == "diagram" else bent(right, hostile, every=1 if hostile == EVERYTHING else 5)
    every = [*each, *bent_text(right, hostile)]
    return every if len(hostile) < 10_000 else every[::4]  # three kinds of places, and five, take turns


def in_color(report: Report) -> str:
    """The report as rich sends it to a terminal with colors."""
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system="truecolor")
    terminal.show(report, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _texts(value: Any) -> Iterator[str]:
    """All texts in a value made of mappings and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts([*value, *value.values()])
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("one", exercises(), ids=lambda one: one.name)
def test_every_report(one: Exercise[Any, Any], what: str) -> None:
    """The card, text, JSON and comments of any answer have no invisible characters."""
    for text in answers(one, HOSTILE[what]):
        report = one.judge(text, world())
        assert report.judged, report.problem
        shown = {
            "plain": plain(report), "colors": OURS.sub("", in_color(report)), "JSON": report_json(report), "headline": headline(report),
            "kept": kept(one, text).plain, "kept, drawn": kept(one, text).html,
            "the card and what else nbgrader gets": "".join(_texts(outputs(report, one.points))),
        }  # fmt: skip
        assert {name: unseen(said) for name, said in shown.items() if unseen(said)} == {}
        assert shown["plain"].count("\n") < MOST_LINES
        json.loads(shown["JSON"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a hostile name and hostile files with hostile names."""
    folder = tmp_path_factory.mktemp("terminal") / NAME[:60]
    folder.mkdir()
    (folder / f"{NAME[:200]}.yaml").write_text(MANIFEST, encoding="utf-8")
    (folder / f"{NAME[:200]}.dot").write_text(DRAWING, encoding="utf-8")
    (folder / f"raw{NAME[:200]}.yaml").write_text(f"{DEPLOYMENT}{EVERYTHING}: 1\n", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(folder) + b"/M\xfcller.yaml")).write_text(MANIFEST, encoding="utf-8")
    book = {"nbformat": 4, "cells": [{"cell_type": "code", "source": f"%%answer deployment {EVERYTHING}\n{MANIFEST}"}]}
    (folder / f"{NAME[:200]}.ipynb").write_text(json.dumps(book), encoding="utf-8")
    (folder / f"no{NAME[:200]}.ipynb").write_text(json.dumps({"nbformat": EVERYTHING}), encoding="utf-8")
    (folder / f"cut{NAME[:200]}.ipynb").write_text('{"cells": [' + EVERYTHING, encoding="utf-8")
    return folder


MANIFESTS = ("*.yaml", "*.ipynb", "*.dot")


def files(folder: Path, *patterns: str) -> list[bytes]:
    """The names of its files, as a shell passes them."""
    return [os.fsencode(path) for pattern in patterns for path in sorted(folder.glob(pattern))]


@pytest.mark.parametrize(("number", "name"), enumerate(("deployment", "diagram", "hello")))
def test_check(folder: Path, number: int, name: str) -> None:
    """``workbook check`` sends a terminal no control characters from an answer or from its file's name, as text and as JSON."""
    forms = cycle(("json", "text") if number % 2 else ("text", "json"))  # each file has both, of different exercises
    for form, file in zip(forms, files(folder, *MANIFESTS), strict=False):
        assert obeyed(in_terminal("check", name, file, "--format", form)) == set()


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("many", [1, 20])
def test_admit(folder: Path, form: str, many: int) -> None:
    """``workbook admit`` sends a terminal no control characters, and its JSON has each file's exact name."""
    given = files(folder, *MANIFESTS) * many
    assert obeyed(in_terminal("admit", *given, "--format", form)) == set()
    done = subprocess.run(
        [sys.executable, "-m", "graders.cli.__main__", "admit", *given, "--format", form], capture_output=True, cwd=ROOT, check=False
    )  # fmt: skip
    assert unseen(done.stdout.decode()) == set()
    assert done.stderr == b""
    if form == "json":
        named = list(dict.fromkeys(json.loads(line)["file"] for line in done.stdout.decode().splitlines()))
        assert [os.fsencode(file) for file in named] == list(dict.fromkeys(given))


USAGE: dict[str, Callable[[Path], tuple[str | bytes, ...]]] = {
    "no such command": lambda _: (NAME,),
    "no such option": lambda _: ("check", f"--{NAME}"),
    "no such exercise": lambda _: ("check", NAME, "-"),
    "no such file": lambda _: ("check", "deployment", NAME),
    "no such file to admit": lambda _: ("admit", NAME),
    "a name that is no text": lambda _: ("admit", b"\xff\x9b2J"),
    "a folder": lambda folder: ("admit", os.fsencode(folder)),
    "no such world": lambda folder: ("check", "deployment", *files(folder, "raw*"), "--on", NAME),
    "no such world to admit": lambda _: ("admit", "-", "--on", NAME),
    "no such form": lambda _: ("check", "deployment", "-", "--format", NAME),
    "no such context": lambda folder: ("check", "deployment", *files(folder, "raw*"), "--on", "kind", "--context", NAME),
    "no such run": lambda folder: ("run", NAME, *files(folder, "*.dot")),
    "no such place to run": lambda folder: ("run", "diagram", *files(folder, "*.dot"), "--on", NAME),
    "nothing to run": lambda folder: ("run", "diagram", *files(folder, "raw*")),
    "too many": lambda folder: ("check", "deployment", *files(folder, *MANIFESTS)),
    "no such class": lambda _: ("grade", "--student", NAME),
    "no such bundle": lambda _: ("cluster", "load", NAME),
    "no such node image": lambda _: ("cluster", "up", "--image", NAME),
    "cluster status": lambda _: ("cluster", "status"),
    "doctor": lambda _: ("doctor",),
    "help": lambda _: ("--help",),
}  # fmt: skip


@pytest.mark.parametrize("what", USAGE)
def test_mistakes(folder: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command's messages about its arguments and its folder contain no control characters and no traceback."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///no-docker.sock")  # one would make a cluster, and delete it
    said = in_terminal(*USAGE[what](folder), cwd=folder)
    assert said.strip()
    assert obeyed(said) == set()
    assert "Traceback" not in said


@pytest.fixture
def hostile_class(tmp_path: Path) -> Path:
    """A course with hostile answers in folders and files with hostile names."""
    course = enrolled_course(tmp_path / "course", "06-hands-on")
    hand_in(course, "ada", answered(deployment=MANIFEST, diagram=DRAWING))
    for order in STUDENTS:
        hand_in(course, f"a{order}z", answered(deployment=MANIFEST))
    hand_in(course, NAME[:80], answered(deployment=MANIFEST))
    hand_in(course, "ben", "{}", f"{NAME[:80]}.ipynb")
    hand_in(course, "cleo", '{"nbformat": ' + json.dumps(EVERYTHING) + "}")
    (course / "submitted" / "dora" / NAME[:80]).mkdir(parents=True)
    (course / "submitted" / f"emil{NAME[:60]}").write_text("")
    hand_in(course, os.fsdecode(b"M\xfcller\x9b"), answered(deployment=MANIFEST))
    hand_in(course, f"eve\n{FORGED}\x1b]0;owned\x07", answered(deployment=MANIFEST))
    return course


def test_grade(hostile_class: Path) -> None:
    """``workbook grade`` sends a terminal no control characters from names of folders and files or from answers."""
    for form in ("text", "json"):
        said = in_terminal("grade", "--format", form, cwd=hostile_class)
        assert obeyed(said) == set()
        assert "Traceback" not in said
        assert all(name in said for name in ("ada", "cleo", "ller"))
        assert not [line for line in said.split("\n") if line.startswith(FORGED)]


def test_nbgraders_own_commands(hostile_class: Path) -> None:
    """``nbgrader``'s log of a class contains no control characters, and no name looks like a line of the log."""
    for command in ("autograde", "generate_feedback"):
        said = in_terminal(command, ASSIGNMENT, cwd=hostile_class, program="nbgrader")
        assert "ada" in said
        assert obeyed(said) == set()
        assert not [line for line in said.split("\n") if line.startswith(FORGED)]


def test_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``workbook release`` names files without control characters."""
    (tmp_path / NAME[:60]).mkdir()
    course = new_course(tmp_path / NAME[:60] / "course", "00-start-here")
    monkeypatch.setattr(cli, "ROOT", course)
    done = CliRunner().invoke(cli.app, ["release", "--archive", str(tmp_path / f"{NAME[:60]}.zip")])
    assert "wrote" in done.output
    assert unseen(done.output) == set()


def test_verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``workbook verify`` quotes a course's sources without control characters."""
    course = new_course(tmp_path / "course", "06-hands-on")
    source = course / "solutions/application-platform/06-hands-on.py"
    source.write_text(source.read_text().replace("replicas: 3", f"replicas: 3{EVERYTHING}"), encoding="utf-8")
    monkeypatch.chdir(course)
    done = CliRunner().invoke(cli.app, ["verify", "deployment"])
    assert done.exit_code == 1
    assert "deployment" in done.output
    assert unseen(done.output) == set()


def test_lab(capsys: pytest.CaptureFixture[str]) -> None:
    """``workbook lab`` passes on Jupyter's warnings, such as a requested name, without control characters."""
    relay([f"[W ServerApp] 404 GET /{EVERYTHING}\n"], lambda _: True)
    relay([f"http://localhost:8888/lab{EVERYTHING}?token=1\n"], lambda _: True)
    out, errors = capsys.readouterr()
    assert "404 GET" in errors
    assert "localhost" in out
    assert unseen(out + errors) == set()


@contextmanager
def suppress_and_keep(lines: list[str]) -> Iterator[None]:
    """Keeps the last line of a failed cell."""
    try:
        yield
    except notebook.OneLineError as error:
        lines.append(str(error))


def test_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook's plain text, and the last line of a failed cell, contain no control characters."""
    shown: list[Any] = []
    lines: list[str] = []
    monkeypatch.setattr(notebook, "display", lambda what, **_: shown.append(what))
    book = notebook.Workbook(world(), Answers(lambda: "", lambda _: ()))
    attempts: list[Callable[[], object]] = [
        lambda: book.answer(f"deployment {EVERYTHING}", MANIFEST), lambda: book.answer(EVERYTHING, MANIFEST),
        lambda: book.answer("deployment", MANIFEST), lambda: book.check("deployment"), lambda: book.hint("deployment"),
        lambda: book.check("deployment", f"{EVERYTHING}: 1"), lambda: book.check(EVERYTHING), lambda: book.hint(EVERYTHING),
        lambda: book.answer("diagram", DRAWING), lambda: book.check("diagram"), lambda: book.check("diagram", on=EVERYTHING),
        lambda: book.run("diagram", on=EVERYTHING), lambda: book.admit(MANIFEST), lambda: book.admit(EVERYTHING),
        lambda: book.draw(DRAWING), lambda: book.draw(EVERYTHING), lambda: book.picture(EVERYTHING), book.progress,
    ]  # fmt: skip
    for attempt in attempts:
        with suppress_and_keep(lines):
            attempt()
    assert [line for line in lines if unseen(line)] == []
    assert len(shown) >= 10
    for one in shown:
        assert unseen(one.plain) == set()
        assert unseen(one.html) == set()


def test_whatever_is_written_to_standard_error() -> None:
    """Warnings, log records and tracebacks of any library contain no control characters, in the command and in its judging process."""
    program = f"""
import logging, sys, warnings
from graders.core.output import guard_errors
guard_errors()
warnings.warn({EVERYTHING!r})
logging.getLogger("x").error({EVERYTHING!r})
sys.stderr.writelines([{EVERYTHING!r}])
raise ValueError({EVERYTHING!r})
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=False)
    said = done.stderr.decode()
    assert said.count("2J") >= 4
    assert unseen(said.replace("\t", " ")) == set()


def test_a_bug_of_ours_in_the_judging_process() -> None:
    """The traceback of a bug in the judging process quotes an answer without control characters."""
    program = f"""
from graders.judging import child
from graders.core.exercise import Exercise
def fails(*_):
    raise ValueError({EVERYTHING!r})
Exercise._found = fails
child.main()
"""
    call = pickle.dumps((judged, ("deployment", DEPLOYMENT, "simulated"), JUDGMENT_SECONDS, SUBMISSION_MEMORY, False))
    done = subprocess.run([sys.executable, "-c", program], input=call, capture_output=True, cwd=ROOT, check=False)
    assert b"a bug in the workbook" in done.stdout
    assert "Traceback" in done.stderr.decode()
    assert unseen(done.stderr.decode().replace("\t", " ")) == set()


def test_reports_and_errors_by_construction() -> None:
    """Each text of a report, a finding or an error is printable and bounded; an excerpt keeps its lines."""
    for hostile in (EVERYTHING, "x" * 100_000, "\n".join(EVERYTHING), "é" * 601):
        finding = Finding("c", State.FAIL, 1, 0, hostile, hostile, hostile, hostile, hostile, hostile)
        report = Report("e", "w", (finding,), title=hostile, notes=(hostile,), problem=hostile, hint=hostile).noted(
            hostile
        )
        error = WorkbookError(hostile, hostile)
        texts = [
            *(getattr(finding, name) for name in ("observed", "expected", "why", "hint", "docs_url", "title")),
            report.title, report.problem, report.hint, *report.notes, error.problem, error.hint, str(error),
        ]  # fmt: skip
        assert len(texts) == 14
        assert all(len(text) <= SENTENCE_CHARACTERS and unseen(text) == set() and "\n" not in text for text in texts)
    excerpt = Report("e", "w", (), excerpt="1 | a\x1b[2J\u202eb\n    ^").excerpt
    assert excerpt == "1 | a [2J b\n    ^"


def test_whatever_is_printed_by_rich() -> None:
    """A text that rich prints is never markup or a command, and a table's columns stay aligned."""
    console = Console(file=io.StringIO(), width=60, force_terminal=True, legacy_windows=False)
    hostile = EVERYTHING + "[link=https://evil.example]a[/link] [red]b :smile:"
    table = Table()
    table.add_column(hostile)
    table.add_column()
    table.add_row(hostile, Text(hostile))
    with console.status(Text(hostile)) as status:
        console.print(hostile, Text(hostile), Panel(hostile, title=Text(hostile)), table)
        status.update(Text(hostile))
    assert isinstance(console.file, io.StringIO)
    said = console.file.getvalue()
    assert obeyed(said) == set()
    assert "[red]b :smile:" in said
    plain = Console(file=io.StringIO(), width=60)
    plain.print(table)
    assert isinstance(plain.file, io.StringIO)
    assert len({cell_len(line) for line in plain.file.getvalue().splitlines()}) == 1


def test_whatever_a_notebook_shows() -> None:
    """A cell's plain text is printable, from any source, and so is everything in a template."""
    assert unseen(Shown("", EVERYTHING).plain) == set()
    assert unseen(inline.said(EVERYTHING, EVERYTHING, EVERYTHING).html) == set()


@pytest.mark.parametrize("column", [1, 90, 100, 101, 150, 50_000, 99_999, 100_001])
def test_the_place_in_a_long_line(column: int) -> None:
    """The excerpt of a long line contains the place where reading stopped, with the caret below it."""
    line = "".join(chr(ord("a") + n % 26) for n in range(100_000))
    first, _, second = excerpt(AnswerError("", line=7, column=column, source_line=line)).partition("\n")
    assert len(first) < 220
    assert second.strip() == "^"
    assert first[len(second) - 1 :][:1] == line[column - 1 : column]
    assert excerpt(AnswerError("", line=7, column=100_002, source_line=line)).count("\n") == 0


@pytest.mark.skipif(bool(missing()), reason=f"not to be had here: {', '.join(missing())}")
def test_run(folder: Path) -> None:
    """``workbook run`` tells its story in a terminal without control characters from a part's name."""
    said = in_terminal("run", "diagram", *files(folder, "*.dot"))
    assert "orders were placed" in said
    assert obeyed(said) == set()


def test_logs() -> None:
    """A log record with a learner's name or error contains no control characters, and no line of it looks like another record."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("[%(levelname)s] %(message)s"))
    handler.addFilter(Printable())
    log = logging.Logger("nbgrader")
    log.addHandler(handler)
    forged = f"{EVERYTHING}\n[INFO] everybody was graded"
    log.error("Converting %s", forged)
    log.error("Converting " + forged)
    log.error(*("%d of %s", forged))  # arguments that don't fit
    log.error("judging failed", exc_info=ValueError(forged))
    said = written.getvalue()
    assert unseen(said) == set()
    assert "ValueError: a" in said
    records = [line for line in said.split("\n") if line.startswith("[")]
    assert len(records) == 4
    assert all(line.startswith("[ERROR]") for line in records)
