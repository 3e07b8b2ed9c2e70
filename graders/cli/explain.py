"""``workbook explain``: one student's score, and where it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EPILOG = "Examples:\n\n* `workbook explain ada deployment`\n\n* `workbook explain ada deployment --lesson LESSON`"


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
