"""A clone of the workbook to change, with a Python environment of its own, made offline and in seconds.

The environment has this one's packages, and the clone in place of the workbook. A child that ignores PYTHONPATH gets the clone, too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Scratch:
    """The clone in ``root``, with ``.venv`` as ``make setup`` would make it."""

    root: Path

    @property
    def python(self) -> Path:
        """The environment's Python."""
        return self.root / ".venv/bin/python"

    def run(self, command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a line of a shell in the clone, as somebody does who has put ``.venv/bin`` on the PATH."""
        path = os.pathsep.join((str(self.python.parent), os.environ.get("PATH", os.defpath)))
        environment = {"PATH": path, "HOME": str(self.root.parent), "KUBECONFIG": os.devnull, "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            ["sh", "-c", command], cwd=cwd or self.root, env=environment, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def done(self, command: str, cwd: Path | None = None) -> str:
        """The same for a command that has to end well: what it wrote."""
        ran = self.run(command, cwd)
        assert ran.returncode == 0, f"{command}: {ran.returncode}\n{ran.stdout}{ran.stderr}"
        return ran.stdout


def scratch(folder: Path) -> Scratch:
    """Clone the workbook, as its files are now, into ``folder/workbook``."""
    made = Scratch(folder / "workbook")
    for name in _tracked():
        if (ROOT / name).is_file():
            (made.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, made.root / name)
    _environment(made)
    return made


def _tracked() -> list[str]:
    """Every file that git knows, or would."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")[:-1]


def _environment(made: Scratch) -> None:
    home = made.root / ".venv"
    venv.EnvBuilder(symlinks=True).create(home)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    # What stands first counts: the clone's own entry points, then this environment's packages.
    (packages / "workbook.pth").write_text(f"{made.root}\n{sysconfig.get_path('purelib')}\n")
    project = tomllib.loads((made.root / "pyproject.toml").read_text())["project"]
    about = packages / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = {"console_scripts": project["scripts"], **project["entry-points"]}
    lines = [
        line
        for group, entries in groups.items()
        for line in (f"[{group}]", *(f"{k} = {v}" for k, v in entries.items()))
    ]
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n")
    _programs(Path(sys.prefix), home)


def _programs(ours: Path, home: Path) -> None:
    """The programs of this environment, by the other one's Python; and what Jupyter looks for beside it."""
    for program in (ours / "bin").iterdir():
        there = home / "bin" / program.name
        if there.exists() or not program.is_file() or program.name.startswith(("python", "activate", "Activate")):
            continue
        if program.read_bytes().startswith(b"#!"):
            there.write_text(program.read_text().replace(str(ours / "bin"), str(home / "bin")))
            there.chmod(0o755)
        else:
            there.symlink_to(program)
    (home / "share").symlink_to(ours / "share")
