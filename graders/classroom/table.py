"""``workbook grade``: print the class as a table of scores, or as JSON by ``docs/schemas/grades.json``, one student a line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from statistics import mean, median

from rich.table import Table
from rich.text import Text

from cluster.errors import NothingHandedInError, UsageError
from cluster.text import json_text
from cluster.text.amounts import format_number
from graders.classroom.grading import grade
from graders.classroom.progress import followed
from graders.classroom.results import Graded, Outcome, Score, Sort
from graders.core.lesson import Lesson
from graders.core.output import complain, write
from graders.core.registry import lesson as find
from graders.core.registry import lessons
from graders.gradebook.course import lessons_of
from graders.present.console import Console
from graders.reading.text import shown

ALL_GRADED, SOME_NOT = 0, 1
MOST_COLUMNS = 6
"""Up to this many exercises have a column each; with more, those of a notebook share a column."""

STUDENT_COLUMNS = 24
"""A student's name is at most that wide; a longer one takes several lines."""
UNBOUNDED = 10_000


ORDER: dict[Sort, Callable[[Graded], tuple[float, str]]] = {
    Sort.NAME: lambda row: (0.0, row.student),
    Sort.SCORE: lambda row: (-1.0 if row.score is None else row.score, row.student),
    Sort.OUTCOME: lambda row: (-list(Outcome).index(row.outcome), row.student),
}

GLYPH = {Outcome.GRADED: "✔", Outcome.NOT_JUDGED: "!", Outcome.REPORTED: "✘"}
STYLE = {Outcome.GRADED: "green", Outcome.NOT_JUDGED: "yellow", Outcome.REPORTED: "red"}


def run(
    root: Path, students: Collection[str] | None = None, *, lesson: str = "", force: bool = False, world: str | None = None,
    context: str = "", feedback: bool = True, sort: Sort = Sort.NAME, as_json: bool = False,
) -> int:  # fmt: skip
    """Grade the class in ``root`` and print it: one lesson, or each of the course's lessons with submissions.

    Returns 0 if every student has a score, 1 if a person has to look. Raises UsageError if there is nothing to grade.
    """
    chosen = _chosen(root, lesson)
    rows, nothing = {}, None
    with followed(Console(stderr=True)) as progress:
        for one in chosen:
            progress.begin()
            try:
                rows[one] = grade(
                    root, students or (), assignment=one.id, force=force, world=world, context=context, feedback=feedback,
                    progress=progress, remark=complain,
                )  # fmt: skip
            except NothingHandedInError as error:
                nothing = error
            except KeyboardInterrupt:
                complain(progress.stopped())
                raise
    if nothing is not None and not rows:
        raise nothing
    for one, found in rows.items():
        own = sorted(found, key=ORDER[sort])
        if as_json:
            for row in own:
                write(grades_json(row, one.id))
        else:
            show(own, Console(), one.title if len(chosen) > 1 else "", feedback=feedback)
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


def show(rows: Sequence[Graded], console: Console, title: str = "", *, feedback: bool = True) -> None:
    """Print the table with a title, and below it the problems and notes by student, and a summary."""
    if title:
        console.print(Text(title, style="bold"))
    exercises = {score.exercise for row in rows for score in row.scores}
    shapes = [(by, most) for by in (False, True) for most in (True, False)]
    if len(exercises) > MOST_COLUMNS:
        shapes = shapes[2:]
    tables = (_table(rows, by_notebook=by, with_most=most) for by, most in shapes)
    # The first shape that fits the width, or else the narrowest.
    for table in tables:
        chosen = table
        if console.measure(table, options=console.options.update(width=UNBOUNDED)).maximum <= console.width:
            break
    console.print(chosen)
    for row in rows:
        for said in filter(None, (row.problem, row.note)):
            console.print(Text(f"{GLYPH[row.outcome]} {shown(row.student)}: {shown(said, 200)}"))
    console.print(Text(summary(rows)))
    worlds = sorted({score.world for row in rows for score in row.scores if score.world})
    if worlds:
        pages = " Feedback is in feedback/." if feedback else ""
        console.print(Text(f"Judged by the world {' and '.join(worlds)}.{pages}", style="dim"))


def summary(rows: Sequence[Graded]) -> str:
    """Return how many students have which outcome, and the mean and median score of those with a score."""
    counts = [(sum(row.outcome is outcome for row in rows), outcome.value) for outcome in Outcome]
    said = ", ".join(f"{count} {outcome}" for count, outcome in counts if count)
    scores = [row.score for row in rows if row.score is not None]
    people = f"{len(rows)} student{'' if len(rows) == 1 else 's'}"
    if not scores:
        return f"{people}: {said}."
    most = format_number(max(row.max for row in rows))
    return f"{people}: {said}. Of {most} points: mean {format_number(mean(scores))}, median {format_number(median(scores))}."


def _table(rows: Sequence[Graded], *, by_notebook: bool, with_most: bool) -> Table:
    columns = [_columns(row, by_notebook=by_notebook) for row in rows]
    headings = list(dict.fromkeys(heading for own in columns for heading in own))
    most = {heading: max(own[heading].max for own in columns if heading in own) for heading in headings}
    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column("student", overflow="fold", max_width=STUDENT_COLUMNS)
    for heading in headings:
        table.add_column(heading if with_most else f"{heading}\n/ {format_number(most[heading])}", justify="right")
    table.add_column("score", justify="right")
    table.add_column("")
    for row, own in zip(rows, columns, strict=True):
        state = Text(f"{GLYPH[row.outcome]} {row.outcome}", style=STYLE[row.outcome])
        scores = [_points(own[h].score, own[h].max, with_most=with_most) if h in own else "-" for h in headings]
        table.add_row(Text(shown(row.student)), *scores, _points(row.score, row.max), state)
    return table


def _columns(row: Graded, *, by_notebook: bool) -> dict[str, Graded]:
    """Return a student's scores by exercise, or by notebook if the exercises don't fit on a line."""
    groups: dict[str, list[Score]] = {}
    for score in row.scores:
        groups.setdefault(score.notebook.partition("-")[0] if by_notebook else score.exercise, []).append(score)
    return {name: Graded(row.student, row.outcome, tuple(scores)) for name, scores in groups.items()}


def _points(score: float | None, most: float, *, with_most: bool = True) -> str:
    points = "-" if score is None else format_number(score)
    return f"{points} / {format_number(most)}" if with_most else points


def grades_json(row: Graded, lesson: str) -> str:
    """Return a student's grades of a lesson as one line of JSON, by ``docs/schemas/grades.json``."""
    return json_text({
        "lesson": lesson, "student": row.student, "outcome": row.outcome.value, "score": row.score, "max": row.max,
        "problem": row.problem, "note": row.note,
        "exercises": [{"exercise": s.exercise, "score": s.score, "max": s.max, "world": s.world} for s in row.scores],
    })  # fmt: skip
