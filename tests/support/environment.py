"""A Python environment for one test, made offline: the packages installed here, the workbook, and a lesson's package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ITSELF = "application_platform_workbook"
LESSON = "application_platform"
ALEMBIC = "#!{python}\nimport sys\nfrom alembic.config import main\nsys.exit(main())\n"


@dataclass(frozen=True)
class Environment:
    """An environment, by its folder."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.folder / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Where its packages are."""
        here = {"base": str(self.folder), "platbase": str(self.folder)}
        return Path(sysconfig.get_path("purelib", "venv", vars=here))

    def run(self, *arguments: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run its Python, without an activated environment."""
        return subprocess.run(
            [str(self.python), *arguments], cwd=cwd, input=stdin, capture_output=True, text=True, check=False,
            env={"PATH": os.defpath, "HOME": str(self.folder), "KUBECONFIG": os.devnull, "COLUMNS": "120"},
        )  # fmt: skip

    def workbook(self, *arguments: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run the ``workbook`` command."""
        return self.run("-P", "-m", "graders.cli.__main__", *arguments, cwd=cwd, stdin=stdin)

    def nbgrader(self, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run the ``nbgrader`` command."""
        return self.run("-m", "nbgrader", *arguments, cwd=cwd)


def environment(folder: Path, *, lesson: Path, ours: bool) -> Environment:
    """An environment with the lesson's package installed, and with the workbook's own lesson only on request.

    Without it, the engine is a copy without the lesson's folder.
    """
    made = with_packages(folder, itself=ours)
    if not ours:
        left_out = shutil.ignore_patterns("__pycache__", LESSON)
        for package in ("graders", "cluster"):
            shutil.copytree(ROOT / package, made.packages / package, ignore=left_out)
    alembic = folder / "bin" / "alembic"
    alembic.write_text(ALEMBIC.format(python=made.python), encoding="utf-8")
    alembic.chmod(0o755)
    _install(lesson, made)
    return made


def with_packages(folder: Path, *, itself: bool) -> Environment:
    """An environment with the packages that are installed here, with the workbook only on request."""
    venv.EnvBuilder(symlinks=True, with_pip=False).create(folder)
    made = Environment(folder)
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if itself or ITSELF not in entry.name:
            (made.packages / entry.name).symlink_to(entry)
    (folder / "share").symlink_to(Path(sys.prefix) / "share")
    return made


def _install(lesson: Path, into: Environment) -> None:
    """Build a wheel of a package, as an installer does, and unpack it."""
    copy, wheels = into.folder / "source", into.folder / "wheels"
    shutil.copytree(lesson, copy, ignore=shutil.ignore_patterns("__pycache__"))
    wheels.mkdir()
    made = "import hatchling.build as b, sys; print(b.build_wheel(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-c", made, wheels], cwd=copy, capture_output=True, text=True, check=True)
    with zipfile.ZipFile(wheels / done.stdout.split()[-1]) as wheel:
        wheel.extractall(into.packages)
