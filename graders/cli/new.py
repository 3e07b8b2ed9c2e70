"""``workbook new``: write an exercise or a lesson that works at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from graders.cli import ROOT
from graders.core.output import write

app = typer.Typer(
    help="Write a new exercise or lesson to start from.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command(
    epilog="Examples:\n\n* `workbook new exercise caches --like databases`\n\n"
    "* `workbook new exercise rollback --like deployment`\n\n"
    "* `workbook new exercise berths --like databases --lesson harbor`"
)
def exercise(
    name: Annotated[
        str,
        typer.Argument(help="Its name: small letters, digits and dashes, such as daily-report.", show_default=False),
    ],
    like: Annotated[
        str,
        typer.Option(
            "--like",
            help="The exercise to copy: its reader, criteria and texts are the start of yours.",
            show_default=False,
        ),
    ],
    lesson: Annotated[
        str,
        typer.Option("--lesson", help="The lesson that gets it; by default, the lesson of --like.", show_default=False),
    ] = "",
) -> None:
    """Write a copy of an exercise: its folder, its cells in the notebook's source, its place in the lesson, a test.

    The copy is valid at once. Change the rubric, the cells and the sample; “workbook verify” checks that they agree.
    """
    from graders.authoring.new_exercise import new_exercise  # noqa: PLC0415  each command loads only what it needs

    _wrote(new_exercise(name, like, ROOT, lesson))
    write(f"Next: workbook verify {name}, then workbook release.")


@app.command(epilog="Examples:\n\n* `workbook new lesson harbor`\n\n* `workbook new lesson harbor ~/lessons/harbor`")
def lesson(
    name: Annotated[
        str,
        typer.Argument(help="Its name: small letters, digits and dashes, such as harbor.", show_default=False),
    ],
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Where to write it; by default, a new folder NAME in the current folder.", show_default=False
        ),
    ] = None,
) -> None:
    """Write a lesson in a package of its own: one exercise, its notebook, and a test. pip installs it beside the workbook."""
    from graders.authoring.new_lesson import new_lesson  # noqa: PLC0415

    into = folder or Path(name)
    _wrote(new_lesson(name, into))
    write(f"Install it: python -m pip install --no-deps --no-build-isolation --editable {into}")
    write(f"Next: workbook verify --lesson {name}, then workbook release {name} in the folder of a course.")


def _wrote(paths: Iterable[Path]) -> None:
    for path in paths:
        write(f"wrote {_near(path)}")


def _near(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
