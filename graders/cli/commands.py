"""The ``workbook`` command. Exit codes: 0 full marks or accepted, 1 not, 2 usage, 3 environment."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cluster import KIND, meant, world
from cluster.errors import UsageError
from cluster.kubernetes import CURRENT, MINORS
from graders.classroom.results import Sort
from graders.cli import ROOT
from graders.cli.cluster import app as clusters
from graders.cli.exit_codes import ENVIRONMENT, NOT_FULL, OK, guarded, say_what_is_awaited
from graders.cli.handback import EXPLAIN_EPILOG, EXPORT_EPILOG, ROSTER_EPILOG, explain, export, roster
from graders.cli.new import app as new
from graders.core.output import write
from graders.core.report import Report, State
from graders.core.version import version
from graders.present.console import Console

if TYPE_CHECKING:
    from graders.core.shown import Shown

STANDARD_INPUT = "-"

app = typer.Typer(
    name="workbook",
    epilog="Exit codes: 0 full marks or accepted · 1 not · 2 usage · 3 environment. "
    "Each command has examples: workbook check --help",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        write(f"workbook {version()}")
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """An interactive course workbook that runs your answers and shows what happened."""


app.add_typer(clusters, name="cluster")
app.add_typer(new, name="new")
app.command(epilog=EXPORT_EPILOG)(export)
app.command(epilog=ROSTER_EPILOG)(roster)
app.command(epilog=EXPLAIN_EPILOG)(explain)


class Format(StrEnum):
    """How a command prints."""

    TEXT = "text"
    JSON = "json"


class CheckFormat(StrEnum):
    """How ``workbook check`` prints."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"


ContextOption = Annotated[
    str,
    typer.Option(
        "--context",
        help="A kubeconfig context to use instead of the workbook's own cluster; it implies --on kind. "
        "WORKBOOK_CONTEXT sets one for every --on kind.",
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="Text for people, or JSON for programs.")]


@app.command(
    epilog="Examples:\n\n* `workbook check deployment answer.yaml`\n\n"
    "* `workbook check diagram shop.dot --format json`\n\n* `workbook check diagram shop.dot --format junit > diagram.xml`\n\n"
    "* `workbook check deployment notebooks/LESSON/NOTEBOOK.ipynb`\n\n"
    "* `kubectl create deployment orders --image=shop/orders:1.0.0 --dry-run=client -o yaml | workbook check deployment -`\n\n"
    "* `workbook check event answer.yaml --hint`\n\n* `workbook check event answer.yaml --hint --hint`\n\n"
    "* `workbook check deployment answer.yaml --on kind`\n\n* `workbook check deployment answer.yaml --context kind-lab`"
)
def check(  # noqa: PLR0917  a command's options
    exercise: Annotated[str, typer.Argument(help="Which exercise, such as deployment or diagram.", show_default=False)],
    file: Annotated[
        str, typer.Argument(help="A manifest, a drawing, choices or a notebook; - reads standard input.")
    ] = STANDARD_INPUT,
    format: Annotated[  # noqa: A002  the option's name
        CheckFormat,
        typer.Option("--format", help="Text for people, JSON for programs, or JUnit XML for a CI server."),
    ] = CheckFormat.TEXT,
    on: Annotated[
        str | None,
        typer.Option("--on", help="The world that judges: simulated (the default), or kind for a real cluster."),
    ] = None,
    context: ContextOption = "",
    hint: Annotated[
        int,
        typer.Option(
            "--hint",
            count=True,
            show_default=False,
            metavar="",
            help="Also show a hint for the first open criterion; each further --hint adds a clearer one, up to three.",
        ),
    ] = 0,
) -> None:
    """Judge an answer to an exercise, and show what happened when it ran."""
    from graders.core.registry import exercise as chosen_by  # noqa: PLC0415
    from graders.judging.judge_process import JudgeProcess, world_for  # noqa: PLC0415
    from graders.present.junit import junit_xml  # noqa: PLC0415
    from graders.present.report_json import report_json  # noqa: PLC0415
    from graders.present.terminal import show  # noqa: PLC0415
    from graders.reading.notebook_cells import answer_of_file  # noqa: PLC0415  each command loads only what it needs

    if hint and format is not CheckFormat.TEXT:
        raise UsageError(f"--format {format} has no hints.", f"Leave out --hint, or --format {format}.")
    chosen = chosen_by(exercise)
    judge = world_for(chosen.name, on, context)
    if file == STANDARD_INPUT:
        say_what_is_awaited()
    text = answer_of_file(file, chosen)
    with _live(judge, quiet=format is not CheckFormat.TEXT) as live:
        report = JudgeProcess().judge(chosen.name, text, judge, live, context)
    if format is CheckFormat.JSON:
        write(report_json(report))
    elif format is CheckFormat.JUNIT:
        write(junit_xml(report))
    else:
        show(report, Console(), hint)
    raise typer.Exit(_code(report))


@app.command(
    epilog="Examples:\n\n* `workbook run diagram shop.dot`\n\n"
    "* `workbook run diagram notebooks/LESSON/NOTEBOOK.ipynb`\n\n"
    "* `workbook run diagram shop.dot --on kind`\n\n* `workbook run diagram shop.dot --context kind-lab`\n\nIt changes no score: `workbook check diagram` judges."
)
def run(
    exercise: Annotated[str, typer.Argument(help="The exercise, such as diagram.", show_default=False)],
    file: Annotated[
        str, typer.Argument(help="A file with the answer, or a notebook; - reads standard input.")
    ] = STANDARD_INPUT,
    on: Annotated[
        str, typer.Option("--on", help="Where the answer runs: on this machine by default, or kind for a cluster.")
    ] = "",
    context: ContextOption = "",
) -> None:
    """Run an answer for real, and show what happens. It changes no score."""
    from graders.judging.running import runnable  # noqa: PLC0415
    from graders.reading.notebook_cells import answer_of_file  # noqa: PLC0415  each command loads only what it needs

    chosen, run_for_real = runnable(exercise, on)
    if file == STANDARD_INPUT:
        say_what_is_awaited()
    text = answer_of_file(file, chosen)
    if not chosen.is_started(text):
        raise UsageError(f"Nothing is written for {exercise} yet.", "Write an answer, then run it again.")
    console, latest = Console(), ""
    with _live_text(console) as update:

        def follow(so_far: Shown) -> None:
            nonlocal latest
            latest = so_far.plain
            update(latest)

        run_for_real(text, follow, on, context)
    console.print(latest, soft_wrap=True)


@app.command(
    epilog="Examples:\n\n* `workbook admit orders.yaml`\n\n* `workbook admit manifests/*.yaml --format json`\n\n"
    "* `helm template . | workbook admit -`\n\n* `kustomize build . | workbook admit -`\n\n"
    "* `jq -c .items[] shop.json | workbook admit -`\n\n* `workbook admit orders.yaml --on kind`\n\n"
    "* `workbook admit orders.yaml --context kind-lab`\n\n* `workbook admit orders.yaml --kubernetes 1.34`"
)
def admit(
    files: Annotated[list[str], typer.Argument(help="Manifests; - reads standard input.", show_default=False)],
    format: FormatOption = Format.TEXT,  # noqa: A002  the option's name
    on: Annotated[
        str | None,
        typer.Option("--on", help="Which API server: simulated (the default), or kind for a real one."),
    ] = None,
    context: ContextOption = "",
    kubernetes: Annotated[
        str,
        typer.Option(
            "--kubernetes",
            help=f"The simulated API server's version: {' or '.join(MINORS)}; {CURRENT} by default.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Show the API server's verdict on manifests, without a server. Nothing is created.

    Files are read as kubectl reads them: documents of YAML, streams of JSON, lists by their items. Unknown kinds, such as
    custom resources, aren't judged. The exit code is 1 if something is refused.
    """
    from graders.cli.admit import run  # noqa: PLC0415

    cluster = world(meant(on, context), context, kubernetes)
    raise typer.Exit(run(files, as_json=format is Format.JSON, cluster=cluster))


@app.command(epilog="Examples:\n\n* `workbook lab`\n\n* `workbook lab --no-browser`")
def lab(
    browser: Annotated[bool, typer.Option(help="Open a browser at the workbook.")] = True,
) -> None:
    """Open JupyterLab at this folder's course, or else at the workbook's own notebooks. Ctrl-C ends it."""
    from graders.cli.lab import lab as start  # noqa: PLC0415
    from graders.gradebook.course import course_near  # noqa: PLC0415

    raise typer.Exit(start(course_near(Path.cwd()) or ROOT, open_browser=browser))


@app.command(
    epilog="Examples:\n\n* `workbook grade`\n\n* `workbook grade --sort score`\n\n* `workbook grade --student ada --force`\n\n"
    "* `workbook grade --lesson LESSON`\n\n* `workbook grade --on kind`\n\n* `workbook grade --context kind-lab`\n\n"
    "Submissions are read from submitted/STUDENT/LESSON/ in this folder's course."
)
def grade(
    *,
    lesson: Annotated[
        str,
        typer.Option(
            "--lesson", help="Grade only this lesson; by default, all lessons of the course.", show_default=False
        ),
    ] = "",
    student: Annotated[
        list[str] | None, typer.Option("--student", help="Grade only this student; may be repeated.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Grade again what is graded already.")] = False,
    feedback: Annotated[bool, typer.Option(help="Write feedback; a later run writes what is missing.")] = True,
    on: Annotated[
        str | None, typer.Option("--on", help="The world that judges; by default, the one in nbgrader_config.py.")
    ] = None,
    context: ContextOption = "",
    sort: Annotated[
        Sort, typer.Option(help="The order of the students; score and outcome begin with the worst.")
    ] = Sort.NAME,
    format: FormatOption = Format.TEXT,  # noqa: A002  the option's name
) -> None:
    """Grade the class into nbgrader's gradebook, write feedback, and show a table of scores.

    Only what changed since the last time is graded and written. Ctrl-C is safe: the same command goes on.
    """
    from graders.gradebook.course import course_folder  # noqa: PLC0415

    root = course_folder(Path.cwd())  # fails early in a folder without a course, before slow imports
    from graders.classroom import run  # noqa: PLC0415

    raise typer.Exit(
        run(
            root, students=student, lesson=lesson, force=force, world=on, context=context,
            feedback=feedback, sort=sort, as_json=format is Format.JSON,
        )
    )  # fmt: skip


@app.command(
    epilog="Examples:\n\n* `workbook alike`\n\n* `workbook alike --lesson LESSON --format json`\n\n"
    "Submissions are read from submitted/STUDENT/LESSON/ in this folder's course. Nothing in them is executed."
)
def alike(
    lesson: Annotated[
        str, typer.Option("--lesson", help="Which lesson of the course, if it has several.", show_default=False)
    ] = "",
    format: FormatOption = Format.TEXT,  # noqa: A002  the option's name
) -> None:
    """List pairs of submissions that share what right answers don't. This proves nothing; it says where to look.

    Shared are mistakes, names, values, comments, the order of keys, blanks and spellings. What is rarer in the class weighs more.
    """
    from graders.gradebook.course import course_folder  # noqa: PLC0415

    root = course_folder(Path.cwd())
    from graders.similarity.pairs_table import run  # noqa: PLC0415

    raise typer.Exit(run(root, lesson=lesson, as_json=format is Format.JSON))


@app.command(
    epilog="Examples:\n\n* `workbook release`\n\n* `workbook release LESSON`\n\n* `workbook release --archive workbook.zip`"
)
def release(
    lesson: Annotated[
        str, typer.Argument(help="Which installed lesson; by default, all lessons of the course.", show_default=False)
    ] = "",
    archive: Annotated[Path | None, typer.Option(help="Also pack what students get, without solutions.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Also replace notebooks with answers.")] = False,
) -> None:
    """Generate learners' notebooks in this folder's course. Notebooks with answers are replaced only with --force.

    A lesson's sources are in the course's solutions/LESSON, or else in its package.
    """
    from graders.gradebook.course import course_folder, notebooks_of  # noqa: PLC0415

    root = course_folder(Path.cwd())
    from graders import release as releasing  # noqa: PLC0415

    for path in releasing.release(root, lesson=lesson, force=force):
        write(f"wrote {path}")
    if archive is not None:
        write(f"packed {releasing.archive(ROOT, archive, notebooks_of(root))}, version {version()}")
        for one in releasing.not_packed(ROOT, root):
            write(f"The lesson {one.id} isn't in it: students install its package beside the workbook.")


@app.command(epilog="Example:\n\n* `workbook doctor`")
def doctor() -> None:
    """Show what is installed, what is missing, and what to do about it."""
    from graders.cli.doctor import report  # noqa: PLC0415

    raise typer.Exit(report(Console()))


@app.command(epilog="Examples:\n\n* `workbook selfcheck`\n\n* `workbook selfcheck --verbose`")
def selfcheck(
    verbose: Annotated[bool, typer.Option("--verbose", help="Print a line for each known answer.")] = False,
) -> None:
    """Judge known answers and compare their scores. “workbook verify” is the check for authors."""
    from graders.cli.selfcheck import report  # noqa: PLC0415

    raise typer.Exit(report(Console(), verbose=verbose))


@app.command(
    epilog="Examples:\n\n* `workbook verify`\n\n* `workbook verify databases`\n\n* `workbook verify --lesson harbor`"
)
def verify(
    exercises: Annotated[
        list[str] | None,
        typer.Argument(help="Which exercises; all by default.", show_default=False),
    ] = None,
    lesson: Annotated[
        str, typer.Option("--lesson", help="Only the exercises of this lesson.", show_default=False)
    ] = "",
) -> None:
    """For authors: check exercises. This needs the notebooks' sources, with solutions.

    The stub scores zero, the solution full marks, and the sample its stated score. Each criterion has three hints without the
    solution. The notebook agrees with the rubric. An answer without knowledge earns at most a third. The exit code is 1 if
    something is wrong.
    """
    from graders.cli.verify import run  # noqa: PLC0415
    from graders.gradebook.course import course_near  # noqa: PLC0415

    raise typer.Exit(run(course_near(Path.cwd()) or ROOT, exercises or (), lesson))


def main() -> None:
    """Run the command; a WorkbookError becomes one or two lines on standard error."""
    sys.exit(guarded(app))


@contextmanager
def _live(on: str, *, quiet: bool) -> Iterator[Callable[[Report], None] | None]:
    """Follow a run on a real cluster with a live card; do nothing without a terminal."""
    console = Console()
    if on != KIND or quiet or not console.is_terminal:
        yield None
        return
    from rich.live import Live  # noqa: PLC0415

    from graders.present.terminal import panel  # noqa: PLC0415

    with Live("Starting the run …", console=console, refresh_per_second=4, transient=True) as shown:
        yield lambda report: shown.update(panel(report))


@contextmanager
def _live_text(console: Console) -> Iterator[Callable[[str], None]]:
    """Show a text that changes while something runs; do nothing without a terminal."""
    if not console.is_terminal:
        yield lambda _text: None
        return
    from rich.live import Live  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    with Live("Starting the run …", console=console, refresh_per_second=4, transient=True) as live:
        yield lambda text: live.update(Text(text))


def _code(report: Report) -> int:
    if not report.judged:
        return ENVIRONMENT
    return OK if report.state is State.PASS else NOT_FULL


if __name__ == "__main__":
    main()
