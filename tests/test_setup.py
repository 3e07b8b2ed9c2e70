"""The set-up, run for real on a workbook of one package, with only the wheel of that package available."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BASE = getattr(sys, "_base_executable", sys.executable)
BACKEND = """
import tomllib
import zipfile
from pathlib import Path

def build_editable(folder, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(Path(folder) / "book-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("book.pth", str(Path(__file__).parent))
        wheel.writestr("book-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: book\\nVersion: 1\\n")
        wheel.writestr("book-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
        for group, entries in project.get("entry-points", {}).items():
            lines = [f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())]
            wheel.writestr("book-1.dist-info/entry_points.txt", "\\n".join(lines) + "\\n")
        wheel.writestr("book-1.dist-info/RECORD", "")
    return "book-1-py3-none-any.whl"
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "book"
version = "1"
"""
# A Python that says of itself what a test needs, and runs what it is given.
SHIM = """
import runpy, sys
{change}
sys.argv.remove("-I")
if sys.argv[1] == "-c":
    exec(sys.argv[2])
else:
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")
"""


class Book:
    """A folder that ``make setup`` can set up, and its environment."""

    first: subprocess.CompletedProcess[str]
    """The set-up that filled its .venv."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a book"
        self.programs = folder / "programs"
        self.wheels = folder / "wheels"
        for made in (self.folder, self.programs, self.wheels):
            made.mkdir()
        shutil.copytree(ROOT / "tools", self.folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "Makefile", self.folder)
        (self.folder / "backend.py").write_text(BACKEND)
        (self.folder / "pyproject.toml").write_text(PYPROJECT)
        self.lock("1.0")
        self.program("python3", f'exec "{BASE}" "$@"')
        for name in ("sh", "dirname", "make"):
            self.programs.joinpath(name).symlink_to(shutil.which(name) or name)
        self.environment = {
            "PATH": str(self.programs), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), "PIP_USER": "1",
            "PIP_TARGET": str(folder / "elsewhere"), "PYTHONPATH": str(folder / "elsewhere"),
        }  # fmt: skip

    @property
    def python(self) -> Path:
        return self.folder / ".venv/bin/python"

    def program(self, name: str, script: str) -> None:
        """Put a program on the PATH."""
        (self.programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.programs / name).chmod(0o755)

    def impostor(self, name: str, change: str) -> None:
        """Put a Python on the PATH that reports other facts about itself."""
        (self.programs / f"{name}.py").write_text(SHIM.format(change=change))
        self.program(name, f'exec "{BASE}" "{self.programs / name}.py" "$@"')

    def lock(self, version: str, digest: str | None = None) -> None:
        """Lock the one package at an available version."""
        file = self.wheels / f"leaf-{version}-py3-none-any.whl"
        with zipfile.ZipFile(file, "w") as wheel:
            about = f"leaf-{version}.dist-info"
            for name, content in {
                "leaf.py": f"VERSION = {version!r}\n",
                f"{about}/METADATA": f"Metadata-Version: 2.1\nName: leaf\nVersion: {version}\n",
                f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
                f"{about}/RECORD": "",
            }.items():
                wheel.writestr(zipfile.ZipInfo(name), content)
        digest = digest or hashlib.sha256(file.read_bytes()).hexdigest()
        (self.folder / "requirements.lock").write_text(f"leaf=={version} \\\n    --hash=sha256:{digest}\n")

    def setup(self, **more: str) -> subprocess.CompletedProcess[str]:
        """Run ``make setup``."""
        return subprocess.run(
            ["make", "setup"], cwd=self.folder, env={**self.environment, **more}, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip

    def imports(self, code: str) -> str:
        """Return the output of .venv's Python."""
        return subprocess.run([self.python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()

    def due(self, **more: str) -> bool:
        """Whether ``make setup`` would rebuild .venv, tried with a Python that can't, so that it costs nothing."""
        self.impostor("python3", "sys.modules['ensurepip'] = None")
        done = self.setup(**more)
        self.program("python3", f'exec "{BASE}" "$@"')
        assert (done.returncode != 0) == ("comes without venv" in done.stderr)
        return done.returncode != 0


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A finished set-up that each test restores. uv was there, and failed."""
    if importlib.util.find_spec("ensurepip") is None:
        pytest.skip("this Python comes without ensurepip (Debian: apt install python3-venv)")
    book = Book(tmp_path_factory.mktemp("ready"))
    book.program("uv", "echo uv is not well >&2; exit 2")
    book.first = book.setup()
    (book.programs / "uv").unlink()
    assert book.first.returncode == 0, book.first.stderr
    assert "Setting up .venv" in book.first.stdout
    return book


@pytest.fixture
def bare(tmp_path: Path) -> Book:
    """A fresh copy, without a set-up."""
    return Book(tmp_path)


def test_from_nothing(ready: Book) -> None:
    """The first run installs the lock and the workbook into .venv, even if pip is configured for another folder."""
    assert ready.imports("import leaf, backend; print(leaf.VERSION)") == "1.0"
    assert not (ready.folder.parent / "elsewhere").exists()


def test_again(ready: Book) -> None:
    """The second run does nothing and prints nothing."""
    second = ready.setup()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_lock_is_followed(ready: Book) -> None:
    """A changed lock rebuilds .venv."""
    assert not ready.due()
    ready.lock("2.0")
    assert ready.due()
    ready.lock("1.0")
    assert not ready.due()


def test_project_alone(ready: Book) -> None:
    """If only the project's metadata changed, the packages aren't installed again."""
    (ready.folder / "pyproject.toml").write_text(PYPROJECT.replace('"1"', '"1.0"'))
    assert not ready.due()
    again = ready.setup()
    assert (again.returncode, again.stdout) == (0, "")


def test_a_lesson_is_added(ready: Book) -> None:
    """After the next set-up an added entry point of a lesson is found, and a removed one isn't."""
    found = "from importlib.metadata import entry_points; print(*(one.value for one in entry_points(group='workbook.lessons')))"
    project = ready.folder / "pyproject.toml"
    before = project.read_text()
    project.write_text(before + '[project.entry-points."workbook.lessons"]\nharbor = "harbor:LESSON"\n')
    assert ready.imports(found) == ""
    assert ready.setup().returncode == 0
    assert ready.imports(found) == "harbor:LESSON"
    project.write_text(before)
    assert ready.setup().returncode == 0
    assert ready.imports(found) == ""


def test_python_is_kept(ready: Book) -> None:
    """.venv keeps its Python, even if another now comes first on the PATH, until a person names one."""
    newer = "sys.version_info = (3, 14 if sys.version_info[1] < 14 else 13, 0); sys.modules['ensurepip'] = None"
    ready.impostor("python3", newer)
    assert ready.setup().returncode == 0
    assert "comes without venv" in ready.setup(PYTHON="python3").stderr
    ready.program("python3", f'exec "{BASE}" "$@"')


def test_python_that_is_gone(ready: Book) -> None:
    """A .venv whose Python was removed is rebuilt."""
    was = ready.python.readlink()
    ready.python.unlink()
    assert ready.due()
    ready.python.symlink_to(was)
    assert not ready.due()


def test_moved(ready: Book) -> None:
    """A moved folder is set up again, because the programs in .venv name the old folder."""
    there = ready.folder.rename(ready.folder.parent / "moved")
    ready.folder, here = there, ready.folder
    assert ready.due()
    ready.folder = there.rename(here)
    assert not ready.due()


def test_interrupted(bare: Book) -> None:
    """Ctrl-C ends the set-up with one line, the set-up doesn't count as finished, and the next run repeats it."""
    with subprocess.Popen(
        ["make", "setup"], cwd=bare.folder, env=bare.environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as make:  # fmt: skip
        assert make.stdout is not None
        assert "Setting up" in make.stdout.readline()
        os.killpg(make.pid, signal.SIGINT)
        _, said = make.communicate()
    assert make.returncode != 0
    assert "Stopped. The next make begins the set-up again." in said
    assert str(bare.folder / "tools") not in said
    assert bare.due()


def test_another_content(bare: Book) -> None:
    """A package with another hash than the lock's isn't installed; pip's message is shown without the packages of other systems, and what to do."""
    bare.lock("1.0", digest="0" * 64)
    with (bare.folder / "requirements.lock").open("a") as lock:
        lock.write(f"appnope==1 ; sys_platform == 'none' \\\n    --hash=sha256:{'0' * 64}\n")
    done = bare.setup()
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert "Ignoring" not in done.stdout + done.stderr
    assert "run make again" in done.stderr
    assert bare.due()


def test_no_venv(bare: Book) -> None:
    """For a Python without venv, as on a bare Debian, one sentence names the package to install."""
    bare.impostor("python3", "sys.modules['ensurepip'] = None")
    said = bare.setup().stderr.splitlines()[0]
    version = ".".join(map(str, sys.version_info[:2]))
    assert said.startswith(f"This Python {version} comes without venv: install it")
    assert f"apt install python{version}-venv" in said
    assert not (bare.folder / ".venv").exists()


def test_another_python_has_venv(bare: Book) -> None:
    """If the first Python lacks venv and another has it, the other is used."""
    bare.impostor("python3", "sys.modules['ensurepip'] = None")
    bare.program("python3.12", 'case "$2" in -c) exit 0;; esac; echo python3.12 was taken')
    assert bare.setup().stdout == "python3.12 was taken\n"


@pytest.mark.parametrize("change", ["sys.version_info = (3, 10, 9)", "raise SystemExit(127)"], ids=["old", "dead"])
def test_no_python(bare: Book, change: str) -> None:
    """If no Python is new enough, or it doesn't run, one sentence says which to install."""
    bare.impostor("python3", change)
    done = bare.setup()
    assert done.stderr.startswith("The workbook needs Python 3.11, 3.12, 3.13 or 3.14, but none was found: install one")
    asked = bare.setup(PYTHON="python3")
    assert asked.stderr.startswith("PYTHON=python3 isn't a Python from 3.11 to 3.14")


def test_uv_that_fails(ready: Book) -> None:
    """If uv fails, pip is used."""
    assert "uv is not well" in ready.first.stderr
    assert "Trying pip" in ready.first.stdout
    assert ready.imports("import leaf; print(leaf.VERSION)") == "1.0"
