"""What a learner's notebook uses: ``%load_ext graders.notebook`` brings ``%%answer`` and a few functions.

``%%answer NAME`` keeps the cell's text as the answer to an exercise, without running it. ``check``, ``hint``,
``progress``, ``admit`` and ``draw`` show what the judge makes of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

from cluster import Cluster, world
from cluster.errors import AnswerError, NotJudgedError, WorkbookError
from cluster.manifests import read
from graders.answers.cells import answer_in, read_notebook
from graders.answers.drawing import parse as parse_drawing
from graders.answers.drawing import source_of
from graders.exercises import EXERCISES, exercise
from graders.exercises.exercise import excerpt
from graders.report import Report, State
from graders.show import inline
from graders.show.words import headline
from graders.worker import Worker


class OneLineError(Exception):
    """Something went wrong that the card above already explains: the cell ends in one line, no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Workbook:
    """What one kernel remembers: the answers that were run, and how far up each hint ladder the learner is."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self._cluster = cluster
        self._worker = Worker()
        self._worker.start()
        self._folder = folder
        self._answers: dict[str, str] = {}
        self._rungs: dict[tuple[str, str], int] = {}

    def answer(self, line: str, cell: str) -> None:
        """Keep the cell as the answer to the exercise that the magic's line names, and show it back."""
        with _one_line():
            chosen = exercise(line.strip())
            self._answers[chosen.name] = cell
            display(inline.kept(chosen, cell))

    def check(self, name: str, answer: object = None) -> None:
        """Judge the answer to an exercise and show the card; a ``graphviz.Digraph`` or a text may be handed over."""
        with _one_line():
            report = self._report(name, answer)
        display(inline.card(report))
        if report.state not in (State.PASS, State.NOT_STARTED):
            raise OneLineError(headline(report))

    def hint(self, name: str) -> None:
        """Show the next rung of the hint ladder for the first thing that the answer still lacks."""
        with _one_line():
            report = self._report(name, None)
            chosen = exercise(name)
        missed = next((f for f in report.findings if f.state is not State.PASS), None)
        if missed is None:
            display(inline.said(f"{name} has full marks; there is nothing left to hint at."))
            return
        if report.problem and report.state is not State.NOT_STARTED:
            display(inline.said(report.problem, report.hint))
            return
        ladder = chosen.ladders[missed.criterion]
        rung = self._rungs.get((name, missed.criterion), 0)
        self._rungs[name, missed.criterion] = min(rung + 1, len(ladder) - 1)
        display(inline.rung(missed.title, ladder[rung], rung + 1, len(ladder)))

    def progress(self) -> None:
        """Show every exercise of the assignment with its score: what this kernel ran, else what was saved."""
        display(inline.progress(tuple(self._judge(e.name, self._text(e.name, e.section)) for e in EXERCISES)))

    def admit(self, text: str) -> None:
        """Show what the API server would say of a manifest, without creating anything."""
        with _one_line():
            documents = read(text)
            display(inline.admissions(documents, self._cluster.admit(documents)))

    def draw(self, drawing: object) -> None:
        """Draw DOT, or a ``graphviz.Digraph``, as the workbook does, without judging it."""
        with _one_line():
            display(inline.drawn(parse_drawing(source_of(drawing))))

    def _report(self, name: str, answer: object) -> Report:
        chosen = exercise(name)
        if answer is not None:
            return self._judge(name, source_of(answer))
        text = self._answers.get(name)
        if text is None:
            saved = self._text(name, chosen.section)
            if chosen.begun(saved):
                raise AnswerError(
                    f"The answer cell of {name} hasn't run since this notebook was opened.",
                    "Run the cell that begins with %%answer first, then check again.",
                )
        return self._judge(name, text or "")

    def _judge(self, name: str, text: str) -> Report:
        return self._worker.judge(name, text, self._cluster.name)

    def _text(self, name: str, section: str) -> str:
        if name in self._answers:
            return self._answers[name]
        path = self._folder / f"{section}.ipynb"
        try:
            return answer_in(read_notebook(path), name, exercise(name).begun) or ""
        except (WorkbookError, OSError):
            # No notebook of that section here, or none that can be read: nothing was begun, then.
            return ""


class _one_line:  # noqa: N801  reads as the statement that it is
    """Turns an error that the workbook can explain into one line under the cell."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, WorkbookError):
            if isinstance(error, AnswerError) and error.line:
                display(inline.said(error.problem, error.hint, excerpt(error)))
            mark = "!" if isinstance(error, NotJudgedError) else "✘"
            raise OneLineError(f"{mark} {error.problem} {error.hint}".rstrip()) from None


def load_ipython_extension(shell: InteractiveShell) -> None:
    """What ``%load_ext graders.notebook`` calls: register the magic and bring the functions along."""
    workbook = Workbook(world(), Path.cwd())
    shell.register_magic_function(workbook.answer, "cell", "answer")
    names = ("check", "hint", "progress", "admit", "draw")
    functions: dict[str, Any] = {name: getattr(workbook, name) for name in names}
    shell.push(functions)
