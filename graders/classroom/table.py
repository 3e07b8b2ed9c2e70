"""``workbook grade``: print the class as a table of scores, or as JSON by ``docs/schemas/grades.json``, one student a line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from cluster.errors import NothingHandedInError, UsageError
from cluster.text import json_text
from cluster.text.amounts import format_number
from graders.classroom.grading import grade
from graders.classroom.results import Graded, Outcome, Score
from graders.core.lesson import Lesson
from graders.core.output import write
from graders.core.registry import lesson as find
from graders.core.registry import lessons
from graders.gradebook.course import lessons_of
from graders.present.console import Console
from graders.reading.text import shown

ALL_GRADED, SOME_NOT = 0, 1
MOST_COLUMNS = 6
"""Up to this many exercises have a column each; with more, those of a notebook share a column."""

GLYPH = {Outcome.GRADED: "✔", Outcome.NOT_JUDGED: "!", Outcome.REPORTED: "✘"}
STYLE = {Outcome.GRADED: "green", Outcome.NOT_JUDGED: "yellow", Outcome.REPORTED: "red"}


def run(
    root: Path, students: Collection[str] | None = None, *, lesson: str = "", force: bool = False, world: str | None = None,
    context: str = "", feedback: bool = True, as_json: bool = False,
) -> int:  # fmt: skip
    """Grade the class in ``root`` and print it: one lesson, or each of the course's lessons with submissions.

    Returns 0 if every student has a score, 1 if a person has to look. Raises UsageError if there is nothing to grade.
    """
    chosen = _chosen(root, lesson)
    with Console(stderr=True).status("Grading ...") as status:

        def progress(graded: Graded, done: int, of: int) -> None:
            status.update(Text(f"Grading ... {done} of {of}, {shown(graded.student)}"))

        rows, nothing = {}, None
        for one in chosen:
            try:
                rows[one] = grade(
                    root,
                    students or (),
                    assignment=one.id,
                    force=force,
                    world=world,
                    context=context,
                    feedback=feedback,
                    progress=progress,
                )
            except NothingHandedInError as error:
                nothing = error
    if nothing is not None and not rows:
        raise nothing
    for one, own in rows.items():
        if as_json:
            for row in own:
                write(grades_json(row, one.id))
        else:
            show(own, Console(), one.title if len(chosen) > 1 else "")
    every = [row for own in rows.values() for row in own]
    return ALL_GRADED if all(row.outcome is Outcome.GRADED for row in every) else SOME_NOT


def _chosen(root: Path, lesson: str) -> tuple[Lesson, ...]:
    """Return the lessons to grade. Raises UsageError if the course doesn't have the named lesson, or has no lesson."""
    here = lessons_of(root)
    if not lesson and here:
        return here
    named = find(lesson) if lesson else None
    if named in here:
        return (named,)
    name = named.id if named else "LESSON"
    raise UsageError(
        f"The course in {root} has no lesson{f' {named.id}' if named else ''} yet.",
        f"Release it first: workbook release {name}"
        + ("." if named else f". Installed are: {', '.join(one.id for one in lessons())}."),
    )


def show(rows: Sequence[Graded], console: Console, title: str = "") -> None:
    """Print the table with a title, and below it the problems and notes by student."""
    if title:
        console.print(Text(title, style="bold"))
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
    """Return a student's points by exercise, or by notebook if the exercises don't fit on a line."""
    if not by_notebook:
        return {s.exercise: _points(s.score, s.max) for s in row.scores}
    groups: dict[str, list[Score]] = {}
    for score in row.scores:
        groups.setdefault(score.notebook.partition("-")[0], []).append(score)
    sums = {name: Graded(row.student, row.outcome, tuple(scores)) for name, scores in groups.items()}
    return {name: _points(one.score, one.max) for name, one in sums.items()}


def _points(score: float | None, most: float) -> str:
    return f"{'-' if score is None else format_number(score)} / {format_number(most)}"


def grades_json(row: Graded, lesson: str) -> str:
    """Return a student's grades of a lesson as one line of JSON, by ``docs/schemas/grades.json``."""
    return json_text({
        "lesson": lesson, "student": row.student, "outcome": row.outcome.value, "score": row.score, "max": row.max,
        "problem": row.problem, "note": row.note,
        "exercises": [{"exercise": s.exercise, "score": s.score, "max": s.max, "world": s.world} for s in row.scores],
    })  # fmt: skip
