"""What a learner's notebook uses: ``%load_ext graders.notebook`` brings ``%%answer`` and a few functions.

``%%answer NAME`` keeps the cell's text as the answer to an exercise, without running it. ``check``, ``hint``,
``progress``, ``admit`` and ``draw`` show what the judge makes of it; ``run`` runs a drawing for real; ``world`` says who the
judge is; ``picture`` shows a drawing of the workbook's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

from cluster import KIND, Cluster, world
from cluster.errors import AnswerError, NotJudgedError, WorkbookError
from cluster.kind.presence import UP_IN_SHORT, likely
from cluster.manifests import read
from graders.answers.cells import answer_in, read_notebook
from graders.answers.drawing import parse as parse_drawing
from graders.answers.drawing import source_of
from graders.exercises import EXERCISES, exercise
from graders.exercises.exercise import excerpt
from graders.report import Report, State
from graders.show import inline
from graders.show.pictures import pictured
from graders.show.words import headline
from graders.worker import Worker, world_for


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
        self._rungs: dict[tuple[str, str, str], int] = {}

    def answer(self, line: str, cell: str) -> None:
        """Keep the cell as the answer to the exercise that the magic's line names, and show it back."""
        with _one_line():
            chosen = exercise(line.strip())
            self._answers[chosen.name] = cell
            display(inline.kept(chosen, cell))

    def check(self, name: str = "", answer: object = None, on: str = "", context: str = "") -> None:
        """Judge the answer to an exercise and show the card; a ``graphviz.Digraph`` or a text may be handed over.

        What runs on a cluster is judged on the simulated one at once, and then, where the workbook's kind cluster is
        up, on that: the card follows the run. ``on`` chooses one of the two: ``"simulated"`` or ``"kind"``. ``context``
        names another cluster than the workbook's, by its kubeconfig context.
        """
        with _one_line():
            chosen = world_for(name, on, context)  # a name that there isn't is said before anything runs
            text = self._text_of(name, answer)
            runs = exercise(name).kind == "manifest"
            handle: Any = None
            if chosen == KIND and runs:
                report, handle = self._on_kind(name, text, None, context)
            else:
                report = self._judge(name, text)
                if runs and not on and _ran(report):
                    report, handle = self._then_on_kind(name, text, report)
        _show(handle, report)
        if report.state not in (State.PASS, State.NOT_STARTED):
            raise OneLineError(headline(report))

    def _then_on_kind(self, name: str, text: str, simulated: Report) -> tuple[Report, Any]:
        """The kind cluster's report after the simulated one, or the simulated one where there is no such cluster."""
        if not likely():
            return simulated.noted(f"On a real cluster: {UP_IN_SHORT}"), None
        handle = display(inline.card(simulated.noted("The kind cluster runs it next …")), display_id=True)
        report, handle = self._on_kind(name, text, handle)
        if report.judged:
            return report, handle
        return simulated.noted(f"The kind cluster couldn't judge it: {report.problem} {report.hint}"), handle

    def _on_kind(self, name: str, text: str, handle: Any, context: str = "") -> tuple[Report, Any]:
        handle = handle or display(inline.said(f"{name} begins its run on the kind cluster …"), display_id=True)
        report = self._worker.judge(name, text, KIND, lambda so_far: handle.update(inline.card(so_far)), context)
        return report, handle

    def run(self, name: str = "diagram", answer: object = None, on: str = "", context: str = "") -> None:
        """Run a drawing for real: as the wiring plan of a shop that takes orders and loses one part after the other.

        It shows what ``check`` judges by; it changes no score. The shop runs as processes of this machine, or with
        ``on="kind"`` as pods on the workbook's kind cluster, or on the one that ``context`` names.
        """
        with _one_line():
            from graders.running import run, runnable  # noqa: PLC0415  a first check needn't wait for it

            chosen = runnable(name, on)
            text = self._text_of(name, answer)
            if not chosen.begun(text):
                display(
                    inline.said(f"Nothing is drawn for {name} yet.", "Draw it above, run that cell, and come back.")
                )
                return
            handle = display(inline.said("The shop is being started …"), display_id=True)
            run(text, handle.update, on, context)

    def hint(self, name: str = "") -> None:
        """Show the next rung of the hint ladder for the first thing that the answer still lacks."""
        with _one_line():
            report = self._report(name, None)
        missed = next((f for f in report.findings if f.state is not State.PASS and not f.follows), None)
        if missed is None:
            display(inline.said(f"{name} has full marks; there is nothing left to hint at."))
            return
        if report.problem and report.state is not State.NOT_STARTED:
            display(inline.said(report.problem, report.hint))
            return
        # The next step tells mistakes apart: the ladder of each begins at its first rung.
        mistake = (name, missed.criterion, missed.hint)
        ladder, rung = missed.hints, self._rungs.get(mistake, 0)
        self._rungs[mistake] = min(rung + 1, len(ladder) - 1)
        display(inline.rung(missed.title, ladder[rung], rung + 1, len(ladder)))

    def progress(self) -> None:
        """Show every exercise of the assignment with its score: what this kernel ran, else what was saved."""
        display(inline.progress(tuple(self._judge(e.name, self._text(e.name, e.section)) for e in EXERCISES)))

    def world(self) -> None:
        """Say which world judges here, and how to come by a real cluster."""
        runs = f"The {self._cluster.name} cluster judges here. It behaves as Kubernetes {self._cluster.version}, and needs no Docker."
        real = "A real cluster seems to be up, too: what runs on a cluster is run on both." if likely() else ""
        display(inline.said(runs, real or f"A real cluster would do as well: {UP_IN_SHORT}"))

    def admit(self, text: str) -> None:
        """Show what the API server would say of a manifest, without creating anything."""
        with _one_line():
            documents = read(text)
            display(inline.admissions(documents, self._cluster.admit(documents)))

    def draw(self, drawing: object) -> None:
        """Draw DOT, or a ``graphviz.Digraph``, as the workbook does, without judging it."""
        with _one_line():
            display(inline.drawn(parse_drawing(source_of(drawing))))

    def picture(self, name: str) -> None:
        """Show one of the workbook's own drawings."""
        with _one_line():
            display(pictured(name))

    def _report(self, name: str, answer: object) -> Report:
        return self._judge(name, self._text_of(name, answer))

    def _text_of(self, name: str, answer: object) -> str:
        chosen = exercise(name)
        if answer is not None:
            return source_of(answer)
        text = self._answers.get(name)
        if text is None:
            saved = self._text(name, chosen.section)
            if chosen.begun(saved):
                raise AnswerError(
                    f"The answer cell of {name} hasn't run since this notebook was opened.",
                    "Run the cell that begins with %%answer first, then check again.",
                )
        return text or ""

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


def _ran(report: Report) -> bool:
    """Whether the answer came as far as a run: what can't be read or isn't admitted won't on a real cluster either."""
    return any(getattr(report.evidence, what, None) is not None for what in ("timeline", "job"))


def _show(handle: Any, report: Report) -> None:
    if handle is None:
        display(inline.card(report))
    else:
        handle.update(inline.card(report))


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
    names = ("check", "run", "hint", "progress", "world", "admit", "draw", "picture")
    functions: dict[str, Any] = {name: getattr(workbook, name) for name in names}
    shell.push(functions)
    shell.input_transformers_cleanup.append(_emptied)


def _emptied(lines: list[str]) -> list[str]:
    """Let a cell be run of which only the magic's line is left: IPython refuses it, and the old answer would stay."""
    return [lines[0].rstrip("\n") + "\n", "\n"] if len(lines) == 1 and lines[0].startswith("%%answer ") else lines
