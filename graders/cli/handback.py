"""``workbook export``, ``roster`` and ``explain``: grades go back to an LMS and to students, with reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXPORT_EPILOG = (
    "Examples:\n\n* `workbook export --to canvas --out grades.csv`\n\n"
    "* `workbook export --to moodle --roster worksheet.csv --out grades.csv`\n\n"
    "* `workbook export --to csv --lesson LESSON`\n\n* `workbook export --to json | jq .state`"
)
ROSTER_EPILOG = "Examples:\n\n* `workbook roster canvas-gradebook.csv`\n\n* `workbook roster participants.csv`"
EXPLAIN_EPILOG = (
    "Examples:\n\n* `workbook explain ada deployment`\n\n* `workbook explain ada deployment --lesson LESSON`"
)


def export(
    to: Annotated[
        str, typer.Option("--to", help="The format: canvas, moodle, classroom50, csv or json.", show_default=False)
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write; by default, standard output.", show_default=False)
    ] = None,
    lesson: Annotated[
        str,
        typer.Option("--lesson", help="Only this lesson; csv and json take all by default.", show_default=False),
    ] = "",
    roster: Annotated[
        Path | None,
        typer.Option(
            "--roster",
            help="The LMS's own export or another roster; by default, the one that “workbook roster” kept.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write the class's grades for an LMS or a program.

    Canvas, Moodle and Classroom 50 get only students with points: not judged, reported and missing never become a zero.
    csv and json have everybody, with the state apart from the points. Standard error names the students who are left out
    or have no points. The exit code is 1 if you must look at one of them.
    """
    from graders.gradebook.course import course_folder  # noqa: PLC0415

    root = course_folder(Path.cwd())  # fails early in a folder without a course, before slow imports
    from graders.classroom.export import export_class  # noqa: PLC0415

    raise typer.Exit(export_class(root, to, out=out, lesson=lesson, roster=roster))


def roster(
    file: Annotated[
        Path,
        typer.Argument(help="A CSV file with a line for each student, such as an LMS exports.", show_default=False),
    ],
) -> None:
    """Keep the class's roster, and say who handed in nothing and which submission isn't in it.

    It is joined with the submissions by the column that has the names of their folders.
    """
    from graders.gradebook.course import course_folder  # noqa: PLC0415

    root = course_folder(Path.cwd())
    from graders.classroom.export import keep_roster  # noqa: PLC0415

    raise typer.Exit(keep_roster(root, file))


def explain(
    student: Annotated[str, typer.Argument(help="The name of the student's folder.", show_default=False)],
    exercise: Annotated[str, typer.Argument(help="Which exercise, such as deployment.", show_default=False)],
    lesson: Annotated[
        str, typer.Option("--lesson", help="The exercise's lesson; it is found without it.", show_default=False)
    ] = "",
) -> None:
    """Judge a student's answer again, and show the card with what the score is based on.

    It names the answer's digest, the versions, the world and the time, and says whether the score in the gradebook is the
    same. Nothing is changed. The exit code is 1 if something differs, and 3 if the answer couldn't be judged.
    """
    from graders.gradebook.course import course_folder  # noqa: PLC0415

    root = course_folder(Path.cwd())  # fails early in a folder without a course, before slow imports
    from graders.classroom.explain import explain as explained  # noqa: PLC0415

    raise typer.Exit(explained(root, student, exercise, lesson))
