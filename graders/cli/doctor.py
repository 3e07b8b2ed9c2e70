"""``workbook doctor``: what is installed, what is missing, and what to do about it."""

from __future__ import annotations

import locale
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from rich.table import Table
from rich.text import Text

from cluster import world
from cluster.errors import WorkbookError
from cluster.kind.detect import likely
from graders.cli import ROOT
from graders.core.registry import lessons
from graders.present.console import Console

NEEDED_DISK = 2**30
AGAIN = "Set up again: make clean setup."


class Condition(StrEnum):
    """The state of an item: fine, absent but optional, or needed and broken."""

    OK = "ok"
    ABSENT = "not here"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Inspection:
    """One item that was examined: what was observed, and what to do if it isn't fine."""

    name: str
    health: Condition
    observed: str
    advice: str = ""


def examine(root: Path = ROOT) -> tuple[Inspection, ...]:
    """Examine everything that the workbook in ``root`` needs, then everything that it can use."""
    return (
        _python(),
        _locked(root),
        _lessons(root),
        _kernel(),
        _text(),
        _works("simulated cluster", _simulated, AGAIN),
        _works("Graphviz, built in", _graphviz, AGAIN),
        _program("alembic", "nbgrader creates its gradebook with it", AGAIN, needed=True),
        _engines(),
        _disk(root),
        _program("docker", "runs a real Kubernetes cluster", "Install Docker if you want one (docs/kind.md); the rest works without it."),
        _program("kind", "creates a Kubernetes cluster in Docker", "See kind.sigs.k8s.io if you want one (docs/kind.md); the rest works without it."),
        _kind_cluster(),
        _program("kubectl", "talks to Kubernetes clusters", "See kubernetes.io/docs/tasks/tools/ if you want it; the workbook works without it."),
        _program("dot", "shows a graphviz.Digraph by itself", "Install Graphviz if you want it; the workbook draws without it."),
        _program("chromium", "lets “make test” test pages", "Install it to run the browser tests: sudo apt install chromium-headless-shell.", also=("chromium-headless-shell", "chromium-browser", "google-chrome")),
    )  # fmt: skip


def report(console: Console, root: Path = ROOT) -> int:
    """Print the items. Returns 0, or 3 if a needed item is broken."""
    items = examine(root)
    table = Table(box=None, show_header=False, pad_edge=False)
    glyphs = {Condition.OK: "✔", Condition.ABSENT: "○", Condition.BROKEN: "✘"}
    for item in items:
        advice = f"\n{item.advice}" if item.health is not Condition.OK and item.advice else ""
        table.add_row(glyphs[item.health], item.name, item.health.value, Text(item.observed + advice))
    console.print(table)
    broken = [item.name for item in items if item.health is Condition.BROKEN]
    if broken:
        console.print(f"The workbook can't work until this is fixed: {', '.join(broken)}.")
        return 3
    console.print("Everything that the workbook needs is installed.")
    return 0


def _python() -> Inspection:
    version = ".".join(map(str, sys.version_info[:3]))
    good = (3, 11) <= sys.version_info[:2] <= (3, 14)
    return Inspection(
        "Python", Condition.OK if good else Condition.BROKEN, f"{version}, in {sys.prefix}",
        "The workbook needs Python 3.11 to 3.14: make clean setup PYTHON=python3.13",
    )  # fmt: skip


def _locked(root: Path) -> Inspection:
    """Compare the installed packages with the lock, for this system and this Python."""
    lock = root / "requirements.lock"
    if not lock.is_file():
        return Inspection(
            "packages", Condition.ABSENT, "requirements.lock isn't here, so the versions can't be compared"
        )
    lines = (line.rstrip(" \\") for line in lock.read_text(encoding="utf-8").splitlines())
    asked = [Requirement(line) for line in lines if line and not line.startswith((" ", "#"))]
    locked = {r.name: str(r.specifier).removeprefix("==") for r in asked if not r.marker or r.marker.evaluate()}
    installed = {name: _installed(name) for name in locked}
    off = [
        f"{name} is {installed[name]}, the lock says {locked[name]}"
        for name in locked
        if installed[name] != locked[name]
    ]
    if off:
        return Inspection(
            "packages", Condition.BROKEN, "; ".join(off[:3]) + (f"; and {len(off) - 3} more" if off[3:] else ""), AGAIN
        )
    return Inspection(
        "packages",
        Condition.OK,
        f"{len(locked)} as locked, with JupyterLab {locked.get('jupyterlab')} and nbgrader {locked.get('nbgrader')}",
    )


def _lessons(root: Path) -> Inspection:
    """Check that the lessons of pyproject.toml are installed, and that all installed lessons can be loaded."""
    written = root / "pyproject.toml"
    stale = _stale(tomllib.loads(written.read_text(encoding="utf-8"))["project"]) if written.is_file() else ""
    if stale:
        return Inspection("lessons", Condition.BROKEN, stale, "Run make setup.")
    try:
        found = lessons()
    except WorkbookError as error:
        return Inspection("lessons", Condition.BROKEN, error.problem, error.hint)
    said = (
        f"{one.id} ({len(one.exercises)} {'exercise' if len(one.exercises) == 1 else 'exercises'})" for one in found
    )
    return Inspection("lessons", Condition.OK, ", ".join(said))


def _stale(project: dict[str, Any]) -> str:
    """How the installed entry points and version differ from the project's; empty if they agree."""
    asked = {
        (group, name, value) for group, own in project.get("entry-points", {}).items() for name, value in own.items()
    } | {("console_scripts", name, value) for name, value in project.get("scripts", {}).items()}
    try:
        installed = metadata.distribution(project["name"])
    except metadata.PackageNotFoundError:
        return f"{project['name']} isn't installed"
    have = {(one.group, one.name, one.value) for one in installed.entry_points}
    absent, left = ([f"{name} of {group}" for group, name, _ in sorted(some)] for some in (asked - have, have - asked))
    said = [f"pyproject.toml has {', '.join(absent)}, but the installation doesn't"] if absent else []
    said += [f"the installation has {', '.join(left)}, but pyproject.toml doesn't"] if left else []
    if (written := project.get("version", installed.version)) != installed.version:
        said.append(f"pyproject.toml has version {written}, but {installed.version} is installed")
    return "; ".join(said)


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _kernel() -> Inspection:
    """Check that notebooks run on this Python: a kernel of the same name in the home folder would take precedence."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel  # noqa: PLC0415  slow to load

    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return Inspection("kernel", Condition.BROKEN, "the kernel python3 is missing", AGAIN)
    python = shutil.which(spec.argv[0], path=str(Path(sys.executable).parent)) or spec.argv[0]
    if Path(python).parent != Path(sys.executable).parent:
        advice = f"Another kernel has the same name: jupyter kernelspec remove python3, or delete {spec.resource_dir}"
        return Inspection("kernel", Condition.BROKEN, f"notebooks would run on {python}", advice)
    return Inspection("kernel", Condition.OK, "notebooks run on this Python")


def _text() -> Inspection:
    encoding = locale.getencoding().upper().replace("UTF8", "UTF-8")
    if encoding == "UTF-8" or sys.flags.utf8_mode:
        return Inspection("text", Condition.OK, "UTF-8")
    return Inspection("text", Condition.BROKEN, encoding, "Set a locale with UTF-8: export LC_ALL=C.UTF-8")


def _works(name: str, attempt: Callable[[], str], advice: str) -> Inspection:
    try:
        return Inspection(name, Condition.OK, attempt())
    except (WorkbookError, OSError, ImportError, RuntimeError) as error:
        return Inspection(name, Condition.BROKEN, str(error) or type(error).__name__, advice)


def _simulated() -> str:
    return f"answers as Kubernetes {world().version}"


def _graphviz() -> str:
    from graders.reading.dot.drawing import parse  # noqa: PLC0415  an import that fails is a finding here

    return f"read a drawing of {len(parse('digraph { a -> b }').nodes)} nodes"


def _program(name: str, use: str, advice: str, *, needed: bool = False, also: tuple[str, ...] = ()) -> Inspection:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    found = next(filter(None, (shutil.which(each, path=path) for each in (name, *also))), None)
    if found is None:
        return Inspection(name, Condition.BROKEN if needed else Condition.ABSENT, use, advice)
    if name == "docker" and not _answers(found, "info"):
        return Inspection(
            name,
            Condition.ABSENT,
            "is installed, but no Docker engine answers",
            "Start Docker if you want a real cluster.",
        )
    return Inspection(name, Condition.OK, found)


def _engines() -> Inspection:
    """Check that the shop can run without Docker, and on which engines or substitutes."""
    from cluster.engines import cache, missing  # noqa: PLC0415  each looks for a program

    away = missing()
    if away:
        return Inspection(
            "engines", Condition.ABSENT, f"{' and '.join(away)} isn't available for this platform and this version of Python",
            "Running a drawing for real needs all engines, and so do the measurements of notebooks 3 and 4; the rest works without them.",
        )  # fmt: skip
    stand_in = cache.engine().stands_in
    return Inspection("engines", Condition.OK, stand_in or "PostgreSQL, Redis and NATS run as processes when needed")


def _kind_cluster() -> Inspection:
    """Check that the workbook's cluster probably exists; ``workbook cluster status`` examines it."""
    if likely():
        return Inspection("kind cluster", Condition.OK, "exists; see workbook cluster status")
    return Inspection(
        "kind cluster",
        Condition.ABSENT,
        "runs answers for real",
        "workbook cluster up creates one, with Docker and kind.",
    )


def _answers(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0  # noqa: S603  found on the PATH
    except (OSError, subprocess.TimeoutExpired):
        return False


def _disk(root: Path) -> Inspection:
    free = shutil.disk_usage(root).free
    good = free >= NEEDED_DISK
    return Inspection(
        "disk",
        Condition.OK if good else Condition.BROKEN,
        f"{free / 2**30:.1f} GiB free",
        "Free some space: 1 GiB is enough.",
    )
