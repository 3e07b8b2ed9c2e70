"""The notebook extension: ``%load_ext graders.notebook`` adds ``%%answer`` and a few functions.

``%%answer NAME`` keeps the cell's text as the answer to an exercise and doesn't run it. A mistyped ``%%answer`` line, and the
text of a cell that was released for an answer, are recognized before IPython runs them. ``check``, ``hint``, ``progress``,
``admit`` and ``draw`` show the result of the judge; ``run`` runs an answer for real; ``world`` names the world that judges;
``picture`` shows a drawing from the lesson.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

from cluster import KIND, Cluster, world
from cluster.admission.lists import flattened
from cluster.errors import AnswerError, NotJudgedError, UsageError, WorkbookError
from cluster.kind.detect import UP_IN_SHORT, likely
from cluster.manifests.documents import read
from graders.core.exercise import excerpt
from graders.core.registry import exercise, exercises, names
from graders.core.report import Report, State
from graders.judging.judge_process import JudgeProcess, world_for
from graders.notebook.current import Answers, Current, notebook_files
from graders.present import inline
from graders.present.pictures import pictured
from graders.present.words import headline
from graders.reading.dot.drawing import parse as parse_drawing
from graders.reading.dot.drawing import source_of
from graders.reading.magic import Magic, magic, meant
from graders.reading.notebook_cells import answer_text


class OneLineError(Exception):
    """An error that the card above already explains: the cell ends with one line and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


TARGET = "workbook.cells"
"""The comm on which JupyterLab sends the cells that its editor shows."""


class Workbook:
    """The state of one kernel: the answers, and the learner's rung on each hint ladder."""

    def __init__(self, cluster: Cluster, answers: Answers) -> None:
        self._cluster = cluster
        self._worker = JudgeProcess()
        self._worker.start()
        self.answers = answers
        self._rungs: dict[tuple[str, str, str], int] = {}

    def answer(self, line: str, cell: str) -> None:
        """Keep the cell as the answer to the exercise that the magic's line names, and show how it was read.

        ``cell`` may begin with that line. If the editor's cells are known, all parts of a split answer are kept.
        """
        with _one_line():
            head, here = magic(cell, frozenset(names())), self.answers.here()
            whole = here.found if here is not None and here.name == line.strip() else None
            read = whole or head
            if read is not None and read.problem:
                raise AnswerError(read.problem, read.hint)
            chosen = exercise(line.strip())
            text = answer_text(cell, head) if whole is None else whole.text
            self.answers.keep(chosen.name, text)
            display(inline.kept(chosen, text, _remark(chosen.name, head, len(whole.cells) if whole else 1)))

    def as_answer(self, lines: list[str]) -> list[str]:
        """The lines that IPython runs in place of a cell's lines: a call of ``%%answer`` for an answer cell, else the lines themselves."""
        text = "".join(lines)
        head, here = magic(text, frozenset(names())), self.answers.here()
        if here is not None:
            name = here.name
        elif head is not None and head.is_first:
            name = meant(head.name, frozenset(names()))
        else:
            return lines
        return [f"get_ipython().run_cell_magic('answer', {name!r}, {text!r})\n"]

    def check(self, name: str = "", answer: object = None, on: str = "", context: str = "") -> None:
        """Judge the answer to an exercise and show the card. ``answer`` may be a ``graphviz.Digraph`` or a text.

        An answer that runs on a cluster is judged on the simulated cluster first, and then on the workbook's kind
        cluster if that is up; the card follows the run. ``on`` chooses one of the two: ``"simulated"`` or ``"kind"``.
        ``context`` names another cluster by its kubeconfig context.
        """
        with _one_line():
            chosen = world_for(name, on, context)  # refuses an unknown name before anything runs
            current = self._text_of(name, answer)
            runs = exercise(name).runs_on_cluster
            handle: Any = None
            if chosen == KIND and runs:
                report, handle = self._on_kind(name, current, None, context)
            else:
                report = self._judge(name, current.text).of(current.origin)
                if runs and not on and _ran(report):
                    report, handle = self._then_on_kind(name, current, report)
        _show(handle, report)
        if report.state not in (State.PASS, State.NOT_STARTED):
            raise OneLineError(headline(report))

    def _then_on_kind(self, name: str, current: Current, simulated: Report) -> tuple[Report, Any]:
        """The kind cluster's report, or the simulated cluster's with a note if the kind cluster is down or couldn't judge."""
        if not likely():
            return simulated.noted(f"On a real cluster: {UP_IN_SHORT}"), None
        handle = display(inline.card(simulated.noted("Next it runs on the kind cluster …")), display_id=True)
        report, handle = self._on_kind(name, current, handle)
        if report.judged:
            return report, handle
        return simulated.noted(f"The kind cluster couldn't judge it: {report.problem} {report.hint}"), handle

    def _on_kind(self, name: str, current: Current, handle: Any, context: str = "") -> tuple[Report, Any]:
        handle = handle or display(inline.said(f"Starting {name} on the kind cluster …"), display_id=True)
        report = self._worker.judge(
            name, current.text, KIND, lambda so_far: handle.update(inline.card(so_far.of(current.origin))), context
        )
        return report.of(current.origin), handle

    def run(self, name: str = "", answer: object = None, on: str = "", context: str = "") -> None:
        """Run an answer for real and show what happens; without a name, the first exercise that can be run.

        It changes no score: ``check`` judges. The answer runs as processes on this machine; with ``on="kind"`` as pods
        on the workbook's kind cluster, or on the cluster that ``context`` names.
        """
        with _one_line():
            from graders.judging.running import runnable, runnables  # noqa: PLC0415  a first check doesn't wait for it

            chosen, run_for_real = runnable(name or next(iter(runnables()), name), on)
            text = self._text_of(chosen.name, answer).text
            if not chosen.is_started(text):
                hint = "Write it in the answer cell above, run that cell, then run this one again."
                display(inline.said(f"Nothing is written for {chosen.name} yet.", hint))
                return
            handle = display(inline.said(f"Starting the run of {chosen.name} …"), display_id=True)
            run_for_real(text, handle.update, on, context)

    def hint(self, name: str = "") -> None:
        """Show the next rung of the hint ladder for the first criterion that isn't met."""
        with _one_line():
            report = self._report(name, None)
        missed = next((f for f in report.findings if f.state is not State.PASS and not f.follows), None)
        if missed is None:
            display(inline.said(f"{name} has full marks; there are no hints left."))
            return
        if report.problem and report.state is not State.NOT_STARTED:
            display(inline.said(report.problem, report.hint))
            return
        # The hint distinguishes mistakes: each mistake's ladder begins at its first rung.
        mistake = (name, missed.criterion, missed.hint)
        ladder, rung = missed.further_hints, self._rungs.get(mistake, 0)
        self._rungs[mistake] = min(rung + 1, len(ladder) - 1)
        display(inline.rung(missed.title, ladder[rung], rung + 1, len(ladder)))

    def progress(self) -> None:
        """Show every exercise of the notebook's lesson with its score, from the answers that this kernel ran, else from the saved ones."""
        every = self.answers.exercises()
        display(inline.progress(tuple(self._progress_of(e.name) for e in every), self.answers.remarks(every)))

    def world(self) -> None:
        """Show which world judges here, and how to get a real cluster."""
        runs = f"The {self._cluster.name} cluster judges here. It behaves as Kubernetes {self._cluster.version}, and needs no Docker."
        real = "A real cluster seems to be up, too: answers that run on a cluster run on both." if likely() else ""
        display(inline.said(runs, real or f"To use a real cluster as well: {UP_IN_SHORT}"))

    def admit(self, text: str) -> None:
        """Show the API server's response to a manifest, without creating anything."""
        with _one_line():
            documents = flattened(read(text))
            display(inline.admissions(documents, self._cluster.admit(documents)))

    def draw(self, drawing: object) -> None:
        """Draw DOT, or a ``graphviz.Digraph``, in the workbook's style, without judging it."""
        with _one_line():
            draws = next((e.draw for e in exercises() if e.draw is not None), None)
            if draws is None:
                raise UsageError("No installed lesson has drawings.", "")
            parsed = parse_drawing(source_of(drawing))
            display(inline.drawn(parsed, *draws(parsed)))

    def picture(self, name: str) -> None:
        """Show a drawing from an installed lesson."""
        with _one_line():
            display(pictured(name))

    def _report(self, name: str, answer: object) -> Report:
        return self._judge(name, self._text_of(name, answer).text)

    def _text_of(self, name: str, answer: object) -> Current:
        exercise(name)
        return self.answers.now(name) if answer is None else Current(source_of(answer))

    def _judge(self, name: str, text: str) -> Report:
        return self._worker.judge(name, text, self._cluster.name)

    def _progress_of(self, name: str) -> Report:
        try:
            return self._judge(name, self.answers.at_hand(name))
        except AnswerError as error:
            return exercise(name).unread(self._cluster, error)


def _remark(name: str, head: Magic | None, parts: int) -> str:
    """What a learner should correct in a cell that was still read as the answer, or an empty string."""
    line = f"“%%answer {name}”"
    if parts > 1:
        return f"This answer is split into {parts} cells; they were read as one. Select them, and press Shift+M to merge them."
    if head is None:
        return f"{line} was missing. The cell was still kept as the answer; make it the first line."
    if meant(head.name, frozenset(names())) != name and head.name:
        return f"This is the answer cell of {name}, so it was kept as that answer. Its first line should be {line}."
    return "" if head.exact else f"The cell was still kept as the answer; its first line should be {line}."


def _ran(report: Report) -> bool:
    """Whether the answer ran. An answer that can't be read or isn't admitted can't run on a real cluster either."""
    return report.evidence is not None and exercise(report.exercise).ran(report.evidence)


def _show(handle: Any, report: Report) -> None:
    if handle is None:
        display(inline.card(report))
    else:
        handle.update(inline.card(report))


class _one_line:  # noqa: N801  used like a statement
    """Turns a WorkbookError into one line under the cell."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, WorkbookError):
            if isinstance(error, AnswerError) and error.line:
                display(inline.said(error.problem, error.hint, excerpt(error)))
            mark = "!" if isinstance(error, NotJudgedError) else "✘"
            raise OneLineError(f"{mark} {error.problem} {error.hint}".rstrip()) from None


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magic and add the functions: ``%load_ext graders.notebook`` calls this.

    Loading again keeps the kernel's answers and hints.
    """
    workbook = _loaded(shell) or _load(shell)
    names = ("check", "run", "hint", "progress", "world", "admit", "draw", "picture")
    functions: dict[str, Any] = {name: getattr(workbook, name) for name in names}
    shell.push(functions)


def _loaded(shell: InteractiveShell) -> Workbook | None:
    known = getattr(shell.find_cell_magic("answer"), "__self__", None)
    return known if isinstance(known, Workbook) else None


def _load(shell: InteractiveShell) -> Workbook:
    workbook = Workbook(world(), Answers(_running(shell), notebook_files(Path.cwd(), shell.user_ns)))
    shell.register_magic_function(workbook.answer, "cell", "answer")
    # Before IPython's own transformers: they remove the first line's indentation from all lines.
    shell.input_transformers_cleanup.insert(0, workbook.as_answer)
    comms = getattr(getattr(shell, "kernel", None), "comm_manager", None)
    if comms is not None:
        shell.events.register("post_run_cell", lambda _: workbook.answers.forget())
        comms.register_target(TARGET, lambda comm, message: _shown(workbook, comms, comm, message))
    return workbook


def _shown(workbook: Workbook, comms: Any, comm: Any, message: Any) -> None:
    """Take the editor's cells. The comm carries one message, so it is unregistered."""
    comms.unregister_comm(comm)
    workbook.answers.show(message["content"].get("data"))


def _running(shell: InteractiveShell) -> Callable[[], str]:
    """A function that returns the id of the running cell, as the editor sends it, or an empty string."""

    def running() -> str:
        kernel = getattr(shell, "kernel", None)
        parent = kernel.get_parent() if kernel is not None else None
        cell = (parent or {}).get("metadata", {}).get("cellId")
        return cell if isinstance(cell, str) else ""

    return running
