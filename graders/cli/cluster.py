"""``workbook cluster``: create, inspect and delete the kind cluster of this machine, and show the progress.

Each command imports ``cluster.kind.lifecycle`` itself: its Kubernetes client takes half a second to load.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from cluster.errors import UsageError
from cluster.kind.detect import NAMED_BY, named_context
from cluster.text.amounts import format_size
from graders.cli.exit_codes import ENVIRONMENT, OK
from graders.present.console import Console

if TYPE_CHECKING:
    from cluster.kind.lifecycle import Status

app = typer.Typer(
    help="The local kind cluster on which answers run for real. Only this needs Docker and kind.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

ImageOption = Annotated[
    str, typer.Option("--image", help="Another node image than the pinned one; or set WORKBOOK_NODE_IMAGE.")
]


@app.command(
    epilog="Examples:\n\n* `workbook cluster up`\n\n* `workbook cluster up --image kindest/node:v1.34.0`\n\n"
    "A second run keeps what exists and adds what is missing."
)
def up(image: ImageOption = "") -> None:
    """Create or restart the cluster, build the shop's images, and load them into it."""
    from cluster.kind import lifecycle  # noqa: PLC0415

    console = Console()
    with _steps(console) as say:
        lifecycle.up(lifecycle.node_image(image), say)
    console.print(
        '✔ The cluster is up. In a notebook: check("deployment"). Here: workbook check deployment FILE --on kind',
        soft_wrap=True,
    )
    _name_other_context(console)


@app.command(epilog="Example:\n\n* `workbook cluster down`")
def down() -> None:
    """Delete the cluster, if it is the workbook's."""
    from cluster.kind import lifecycle  # noqa: PLC0415

    console = Console()
    with _steps(console) as say:
        gone = lifecycle.down(say)
    console.print("✔ The cluster is gone." if gone else "○ There was no cluster.")


@app.command(epilog="Example:\n\n* `workbook cluster status`")
def status() -> None:
    """Show the cluster's state, and what to do if something is missing. The exit code is 0 if answers can run."""
    from cluster.kind import lifecycle  # noqa: PLC0415

    now = lifecycle.status()
    console = Console()
    for good, text in _lines(now):
        console.print(f"{'✔' if good else '○'} {text}", soft_wrap=True)
    _name_other_context(console)
    raise typer.Exit(OK if now.ours and not now.missing_images else ENVIRONMENT)


@app.command(
    epilog="Examples:\n\n* `workbook cluster load`\n\n* `workbook cluster load --context kind-lab`\n\n"
    "* `workbook cluster load classroom.tar`\n\n"
    "Without a file it builds images that are out of date and loads those that the node lacks."
)
def load(
    file: Annotated[
        Path | None, typer.Argument(help="A bundle, from workbook cluster bundle.", show_default=False)
    ] = None,
    context: Annotated[
        str,
        typer.Option(
            "--context",
            help="Another kind cluster of this machine, by its context: kind-NAME. Or set WORKBOOK_CONTEXT.",
        ),
    ] = "",
) -> None:
    """Load the shop's images into the cluster. A bundle brings the node image too, for machines without a network."""
    from cluster.kind import lifecycle  # noqa: PLC0415

    console = Console()
    if file is not None and context:
        raise UsageError(
            "A bundle is only for the workbook's own cluster, so --context can't be combined with it.",
            f"Load it first, then: workbook cluster load --context {context}",
        )
    with _steps(console) as say:
        if file is not None:
            image = lifecycle.unbundle(file, say)
            console.print(f"✔ Loaded. Now: workbook cluster up --image {image}", soft_wrap=True)
            return
        loaded = lifecycle.load(say, context)
    console.print(f"✔ Loaded {len(loaded)} images." if loaded else "✔ Every image is there already.")


@app.command(
    epilog="Example:\n\n* `workbook cluster bundle classroom.tar`\n\nOn the other machine: `workbook cluster load classroom.tar`"
)
def bundle(
    file: Annotated[Path, typer.Argument(help="The file to write, about 1 GB.", show_default=False)],
    image: ImageOption = "",
) -> None:
    """Write the node image and the shop's images into one file, for a classroom without a network."""
    from cluster.kind import lifecycle  # noqa: PLC0415

    console = Console()
    with _steps(console) as say:
        lifecycle.bundle(file, lifecycle.node_image(image), say)
    console.print(f"✔ {file} holds everything: {format_size(file.stat().st_size)}.", soft_wrap=True)


def _name_other_context(console: Console) -> None:
    """Name the environment variable that makes answers run on another cluster, if it is set."""
    if named := named_context():
        console.print(f"○ {NAMED_BY} names {named}, so answers run there and not on this cluster.", soft_wrap=True)


@contextmanager
def _steps(console: Console) -> Iterator[Callable[[str], None]]:
    """Show each step when it begins, and its duration when it ends."""
    began = time.monotonic()
    doing: list[str] = []

    with console.status("") as spinner:

        def finish() -> None:
            nonlocal began
            if doing:
                console.print(f"  {doing[-1]}: {time.monotonic() - began:.0f} s", soft_wrap=True)
            began = time.monotonic()

        def say(step: str) -> None:
            finish()
            doing.append(step)
            spinner.update(Text(f"{step} …"))

        yield say
        finish()


def _lines(now: Status) -> Iterator[tuple[bool, str]]:
    from cluster.kind import lifecycle  # noqa: PLC0415

    yield (
        bool(now.docker),
        "Docker answers" if now.docker else f"Docker isn't installed or doesn't answer. {lifecycle.DOCKER_HELP}",
    )
    yield bool(now.kind), "kind is on the PATH" if now.kind else f"kind isn't installed. {lifecycle.KIND_HELP}"
    if not now.cluster:
        yield False, "The cluster doesn't exist. `workbook cluster up` creates it."
        return
    if not now.ours:
        yield False, now.trouble
        return
    yield True, f"The cluster answers: Kubernetes {now.version}"
    missing = ", ".join(now.missing_images)
    yield (
        not missing,
        f"Images are missing: {missing}. `workbook cluster load` loads them."
        if missing
        else "The shop's images are on its node",
    )
    if now.room is not None:
        free = now.room.free
        yield (
            True,
            f"{now.runs // 2} runs are in progress; {free.cpu:.2f} CPU and {free.memory / 2**30:.1f} GiB are free for pods",
        )
