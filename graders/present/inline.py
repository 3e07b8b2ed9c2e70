"""The outputs of notebook cells: cards, messages, hints and drawings, each as HTML and as plain text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from cluster.admission.response import Admission
from cluster.errors import AnswerError
from cluster.manifests.documents import Document
from cluster.text.amounts import format_score
from graders.core.exercise import Exercise, excerpt
from graders.core.report import Report, State
from graders.core.shown import Shown
from graders.present import card as cards
from graders.present import terminal, verdicts
from graders.present.console import Console
from graders.present.templating import render
from graders.present.words import GLYPH, score
from graders.reading.dot.drawing import Drawing
from graders.reading.text import ALL_COMMENT, UNCOMMENT, is_all_comment, shown


def card(report: Report) -> Shown:
    """A report's card."""
    return Shown(cards.html(report), plain(report))


def plain(report: Report) -> str:
    """A report as plain text, 100 columns wide."""
    console = Console(file=io.StringIO(), width=100, color_system=None, force_jupyter=False)
    terminal.show(report, console)
    assert isinstance(console.file, io.StringIO)  # noqa: S101  for the type checker: it is set above
    return console.file.getvalue().rstrip()


def said(problem: str, hint: str = "", shown_text: str = "") -> Shown:
    """A message: the problem, the hint, and the learner's line if given."""
    return Shown(
        render("said.html", problem=problem, hint=hint, excerpt=shown_text),
        "\n".join(part for part in (problem, shown_text, hint) if part),
    )


def kept(exercise: Exercise[Any, Any], text: str, remark: str = "") -> Shown:
    """The output of ``%%answer``: how the answer was read; a drawing is drawn. ``remark`` is about the cell."""
    todo = f'{remark} Now run check("{exercise.name}").'.lstrip()
    if not exercise.is_started(text):
        if is_all_comment(text):
            return said(ALL_COMMENT, UNCOMMENT)
        return said(
            f"Nothing is written for {exercise.name} yet.", f"{remark} Replace the comment with your answer.".lstrip()
        )
    try:
        answer = exercise.parse(text)
    except AnswerError as error:
        return said(error.problem, f"{error.hint} {remark}".strip(), excerpt(error))
    if exercise.draw is not None:
        return drawn(answer, *exercise.draw(answer), todo)
    echo = exercise.echo(answer)
    if echo.not_understood:
        again = f"{remark} Correct the lines above and run the cell again; until then they earn no points.".lstrip()
        odd = "\n".join(_at(line, sentence) for line, sentence in echo.not_understood)
        return said(f"Kept: {echo.kept}. Not understood:", again, odd)
    return said(f"Kept: {echo.kept}.", todo)


def _at(line: int, sentence: str) -> str:
    """A sentence after its line's number; alone if it names the line itself."""
    return sentence if sentence.startswith((f"Line {line} ", f"In line {line} ")) else f"line {line}: {sentence}"


def drawn(drawing: Drawing, html: Markup, alt: str, todo: str = "") -> Shown:
    """A drawing in the workbook's own style, as ``html``, and the slips in its text."""
    todo = " ".join([*(f"Line {slip.line}: {slip.problem} {slip.hint}" for slip in drawing.slips), todo]).strip()
    return Shown(render("drawn.html", picture=html, todo=todo), f"{alt} {todo}".rstrip())


def rung(title: str, hint: str, number_of: int, of: int) -> Shown:
    """One rung of a hint ladder."""
    where = f"Hint {number_of} of {of}: {title}"
    return Shown(render("rung.html", where=where, hint=hint), f"{where}\n{hint}")


def admissions(documents: Sequence[Document], judged: Sequence[Admission]) -> Shown:
    """The API server's response to each document."""
    rows = [
        (_MARKS[verdicts.state(a)], f"{shown(d.get('kind'))} “{shown(d.get('metadata', 'name'))}”", _verdict(a), a)
        for d, a in zip(documents, judged, strict=True)
    ]
    text = "\n".join(f"{glyph} {what}: {verdict}" for glyph, what, verdict, _ in rows)
    return Shown(render("admissions.html", rows=rows), text)


_MARKS = {
    verdicts.ACCEPTED: GLYPH[State.PASS], verdicts.DECODED_ONLY: GLYPH[State.PASS],
    verdicts.REFUSED: GLYPH[State.FAIL], verdicts.NOT_JUDGED: GLYPH[State.NOT_JUDGED],
}  # fmt: skip


def _verdict(said: Admission) -> str:
    return f"not judged here. {said.unjudged}" if said.unjudged else said.message or verdicts.state(said)


NEW_NOTEBOOK = "Get the course's new notebook, and copy your answers into it."


def progress(reports: Sequence[Report], old: Sequence[str] = ()) -> Shown:
    """All exercises with their scores; ``old`` has a sentence for each notebook that isn't from the course's release."""
    earned, most = sum(r.score for r in reports), sum(r.max for r in reports)
    lines = [f"{GLYPH[r.state]} {r.exercise:<16}{score(r)}" for r in reports]
    html = render("progress.html", reports=reports, earned=earned, most=most, score=score, old=old, new=NEW_NOTEBOOK)
    remarks = [*old, NEW_NOTEBOOK] if old else []
    return Shown(html, "\n".join([*lines, format_score(earned, most), *remarks]))
