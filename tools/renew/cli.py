"""The command: its options, its progress, and its exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from cluster.errors import UsageError, WorldError
from cluster.kubernetes import number
from cluster.text.amounts import format_duration
from graders.cli.exit_codes import ENVIRONMENT, STOPPED
from graders.core.output import complain
from graders.present.console import Console
from tests.contract.server import Server
from tools.renew import recorded
from tools.renew.progress import Progress
from tools.renew.report import report as show
from tools.renew.steps import AGAIN, STEPS, Step

app = typer.Typer(
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    add_completion=False,
)
_WIDTH = 160
"""The width of a report that isn't printed on a terminal, in characters."""

_NAMES = ", ".join(step.name for step in STEPS)


@app.command(
    epilog="Examples:\n\n* `python -m tools.renew` records what is due on the workbook's own cluster, then reports\n\n"
    "* `python -m tools.renew --only schema,corpora --context kind-new` records the quick steps of another cluster\n\n"
    "* `python -m tools.renew --again contract` runs all contract cases again\n\n"
    "* `python -m tools.renew --report --against 1.34` reports from the recordings, without a cluster\n\n"
    "You can interrupt it: the same command continues."
)
def renew(
    *,
    context: Annotated[
        str, typer.Option("--context", help="A kubeconfig context instead of the workbook's own cluster.")
    ] = "",
    against: Annotated[
        str, typer.Option("--against", help="The minor to compare with; by default, the newest other one.")
    ] = "",
    only: Annotated[str, typer.Option("--only", help=f"Only these steps, separated by commas: {_NAMES}.")] = "",
    again: Annotated[str, typer.Option("--again", help="Steps to record again, separated by commas.")] = "",
    report: Annotated[bool, typer.Option("--report", help="Only report, from the recordings; no cluster.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Leave nothing out of the report's lists.")] = False,
) -> None:
    """Record a cluster's minor version of Kubernetes, and report the changes and the open decisions."""
    console = Console(soft_wrap=True, width=None if sys.stdout.isatty() else _WIDTH)
    if report:
        if only or again or context:
            raise UsageError("--report records nothing, so it can only be combined with --against and --full.")
        show(recorded.newest(), against, console, full=full)
        return
    anew = _chosen(again)
    steps = [step for step in STEPS if not only or step.name in _chosen(only)]
    if idle := sorted(anew - {step.name for step in steps}):
        raise UsageError(f"--again {idle[0]}: --only leaves that step out.")
    server = _suitable(Server.reach(context), steps, anew)
    if record(server, [step.again(server.minor) if step.name in anew else step for step in steps], console):
        raise typer.Exit(ENVIRONMENT)
    show(server.minor, against, console, full=full)


def record(server: Server, steps: Sequence[Step], console: Console) -> int:
    """Record what is due, step by step, with progress, and return the number of failed steps."""
    due = {step.name: step.due(server) for step in steps}
    console.print(f"Kubernetes {server.version} at {server.context or server.api.context}:")
    for step in steps:
        left = len(due[step.name])
        console.print(
            f"  {step.name:<9}" + (f"{left:>6,} {step.items} to record, about {format_duration(left * step.seconds)}"
                                   if left else "  nothing to do")
        )  # fmt: skip
    troubled = 0
    for step in steps:
        if not due[step.name]:
            continue
        try:
            _one(step, server, due[step.name], console)
        except WorldError as error:
            troubled += 1
            complain(f"{step.name}: {error.problem}\n{error.hint}")
            if _away(server):
                break
        except KeyboardInterrupt:
            left = len(step.due(server))
            complain(f"\n{left:,} {step.items} of the step {step.name} are left. {AGAIN}")
            raise typer.Exit(STOPPED) from None
    return troubled


def _one(step: Step, server: Server, due: Sequence[str], console: Console) -> None:
    progress = Progress(step.name)

    def show_progress(done: int, total: int, item: str, words: str) -> None:
        if line := progress.line(done, total, item, words):
            console.print(line)

    step.record(server, due, show_progress)


def _chosen(names: str) -> set[str]:
    chosen = {name.strip() for name in names.split(",") if name.strip()}
    if strange := sorted(chosen - {step.name for step in STEPS}):
        raise UsageError(f"The step “{strange[0]}” doesn't exist.", f"The steps are {_NAMES}.")
    return chosen


def _suitable(server: Server, steps: Sequence[Step], anew: set[str]) -> Server:
    """Return the server if its version can be recorded. Raises WorldError for an older minor or patch."""
    minors = recorded.minors()
    if server.minor not in minors and minors and number(server.minor) < number(minors[-1]):
        raise WorldError(
            f"The server at {server.api.context} is Kubernetes {server.version}, but {minors[-1]} is already recorded.",
            "Make a cluster of a newer version (CONTRIBUTING, “Support another minor of Kubernetes”).",
        )
    for step in steps:
        newer = [v for v in step.servers(server.minor) if number(v) > number(server.version)]
        if newer and step.name not in anew:
            raise WorldError(
                f"The {step.name} of {server.minor} were recorded from {max(newer, key=number)}, a later patch than the "
                f"{server.version} of this server.",
                f"Make a cluster of that version, or record them again from this one: --again {step.name}.",
            )
    return server


def _away(server: Server) -> bool:
    try:
        server.api.get("/version")
    except WorldError as error:
        complain(f"{error.problem} {AGAIN}")
        return True
    return False
