"""``workbook grade``: the class as a table of scores, or as JSON, one student a line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from cluster.text import json_text
from graders.classroom.grade import grade
from graders.classroom.results import Graded, Outcome, Score
from graders.core.output import write
from graders.present.console import Console
from graders.present.words import number
from graders.reading.text import shown

ALL_GRADED, SOME_NOT = 0, 1
MOST_COLUMNS = 6
"""Exercises that have a column each; of more, those of a notebook share one."""

GLYPH = {Outcome.GRADED: "✔", Outcome.NOT_JUDGED: "!", Outcome.REPORTED: "✘"}
STYLE = {Outcome.GRADED: "green", Outcome.NOT_JUDGED: "yellow", Outcome.REPORTED: "red"}


def run(
    root: Path, students: Collection[str] | None = None, *, lesson: str = "", force: bool = False, world: str | None = None,
    context: str = "", as_json: bool = False,
) -> int:  # fmt: skip
    """Grade a lesson's answers of the class in ``root`` and print it; 0 where everybody has a score, 1 where a person has to look."""
    with Console(stderr=True).status("Grading ...") as status:

        def progress(graded: Graded, done: int, of: int) -> None:
            status.update(Text(f"Grading ... {done} of {of}, {shown(graded.student)}"))

        rows = grade(
            root, students or (), assignment=lesson, force=force, world=world, context=context, progress=progress
        )
    if as_json:
        for row in rows:
            write(json_text(_shape(row)))
    else:
        show(rows, Console())
    return ALL_GRADED if all(row.outcome is Outcome.GRADED for row in rows) else SOME_NOT


def show(rows: Sequence[Graded], console: Console) -> None:
    """Print the table, and below it what a person has to look at, by name."""
    exercises = {score.exercise for row in rows for score in row.scores}
    columns = [_columns(row, by_notebook=len(exercises) > MOST_COLUMNS) for row in rows]
    headings = list(dict.fromkeys(heading for own in columns for heading in own))
    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column("student")
    for heading in headings:
        table.add_column(heading, justify="right")
    table.add_column("score", justify="right")
    table.add_column("")
    for row, own in zip(rows, columns, strict=True):
        state = Text(f"{GLYPH[row.outcome]} {row.outcome}", style=STYLE[row.outcome])
        scores = [own.get(heading, "-") for heading in headings]
        table.add_row(Text(shown(row.student)), *scores, _points(row.score, row.max), state)
    console.print(table)
    for row in rows:
        for said in filter(None, (row.problem, row.note)):
            console.print(Text(f"{GLYPH[row.outcome]} {shown(row.student)}: {shown(said, 200)}"))
    worlds = sorted({score.world for row in rows for score in row.scores if score.world})
    if worlds:
        console.print(Text(f"Judged by the world {' and '.join(worlds)}. Feedback is in feedback/.", style="dim"))


def _columns(row: Graded, *, by_notebook: bool) -> dict[str, str]:
    """What a student earned, by exercise; or by notebook, where there are too many exercises for a line."""
    if not by_notebook:
        return {s.exercise: _points(s.score, s.max) for s in row.scores}
    groups: dict[str, list[Score]] = {}
    for score in row.scores:
        groups.setdefault(score.notebook.partition("-")[0], []).append(score)
    sums = {name: Graded(row.student, row.outcome, tuple(scores)) for name, scores in groups.items()}
    return {name: _points(one.score, one.max) for name, one in sums.items()}


def _points(score: float | None, most: float) -> str:
    return f"{'-' if score is None else number(score)} / {number(most)}"


def _shape(row: Graded) -> dict[str, object]:
    return {
        "student": row.student, "outcome": row.outcome.value, "score": row.score, "max": row.max,
        "problem": row.problem, "note": row.note,
        "exercises": [{"exercise": s.exercise, "score": s.score, "max": s.max, "world": s.world} for s in row.scores],
    }  # fmt: skip
