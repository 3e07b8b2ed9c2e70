"""A copy of the workbook to change, with a ``.venv`` as ``make setup`` makes it, made offline in seconds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path

from tests.support.environment import ITSELF, ROOT, Environment, with_packages
from tests.support.forks import COMPILED
from tests.support.type_check import copy_cache


@dataclass(frozen=True)
class Scratch:
    """The clone in ``root``."""

    root: Path

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a line of a shell in the clone, with ``.venv/bin`` on the PATH."""
        path = os.pathsep.join((str(self.root / ".venv/bin"), os.environ.get("PATH", os.defpath)))
        environment = {
            "PATH": path,
            "HOME": str(self.root.parent),
            "KUBECONFIG": os.devnull,
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "200",
            **COMPILED,
        }
        return subprocess.run(
            ["sh", "-c", command], cwd=self.root, env=environment, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def done(self, command: str) -> str:
        """Run a command that must succeed, and return its output."""
        ran = self.run(command)
        assert ran.returncode == 0, f"{command}: {ran.returncode}\n{ran.stdout}{ran.stderr}"
        return ran.stdout


def scratch(folder: Path) -> Scratch:
    """Clone the workbook into ``folder/workbook``, as its files are now."""
    made = Scratch(folder / "workbook")
    for name in _files():
        if (ROOT / name).is_file():
            (made.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, made.root / name)
            if name.endswith(".py"):
                _with_compiled(name, made.root)
    environment = with_packages(made.root / ".venv", itself=False)
    _install(made.root, environment)
    _programs(environment)
    copy_cache(made.root / ".mypy_cache")
    return made


def _with_compiled(name: str, root: Path) -> None:
    """Copy what Python compiled of a module, which stays valid because the copy has the module's time."""
    compiled = Path(cache_from_source(name))
    if (ROOT / compiled).is_file():
        (root / compiled).parent.mkdir(exist_ok=True)
        shutil.copy2(ROOT / compiled, root / compiled)


def _files() -> list[str]:
    """Every file that git tracks or would add."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")[:-1]


def _install(root: Path, into: Environment) -> None:
    """Put the clone in the workbook's place, with the entry points of its pyproject.toml."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (into.packages / f"{ITSELF}.pth").write_text(f"{root}\n", encoding="utf-8")
    about = into.packages / f"{ITSELF}-{project['version']}.dist-info"
    about.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (about / "METADATA").write_text(metadata, encoding="utf-8")
    groups = {"console_scripts": project["scripts"], **project["entry-points"]}
    written = [f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in own.items()) for group, own in groups.items()]
    (about / "entry_points.txt").write_text("\n".join(written), encoding="utf-8")


def _programs(into: Environment) -> None:
    """The programs that are installed here, run by the other Python where a Python runs them."""
    ours, theirs = Path(sys.prefix) / "bin", into.folder / "bin"
    for program in ours.iterdir():
        there = theirs / program.name
        if there.exists() or not program.is_file():
            continue
        if program.read_bytes().startswith(b"#!"):
            there.write_text(program.read_text(encoding="utf-8").replace(str(ours), str(theirs)), encoding="utf-8")
            there.chmod(0o755)
        else:
            there.symlink_to(program)
