"""A folder in which every file that Python or Jupyter may load by itself reports its execution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MODULES = (
    "yaml", "queue", "json", "pickle", "subprocess", "typing", "rich", "typer", "alembic", "grpc_tools", "fakeredis",
    "nbgrader", "jupyterlab", "graders", "cluster", "evil",
)  # fmt: skip
STARTED_WITH = ("sitecustomize", "usercustomize")
CONFIGURATION = (
    "nbgrader_config.py", "jupyter_config.py", "jupyter_server_config.py", "jupyter_lab_config.py", "ipython_config.py",
    ".jupytext.py",
)  # fmt: skip
TEXT = {
    "jupytext.toml": "[",
    "jupytext": "[",
    "pyproject.toml": "[",
    "jupyter_server_config.json": "{",
    "overrides.json": "{",
}
"""Settings that can't be read, so that reading them is an error."""

GROUPS = (
    "console_scripts", "nbconvert.exporters", "jupyter_client.kernel_provisioners", "jupytext.formats", "workbook.lessons",
    "opentelemetry_context", "opentelemetry_id_generator", "opentelemetry_environment_variables", "babel.extractors",
)  # fmt: skip


@dataclass(frozen=True)
class Trap:
    """A hostile ``folder``, and the folder of marks into which each file that is executed writes its name."""

    folder: Path
    marks: Path

    @property
    def executed(self) -> list[str]:
        """The names of the hostile files that were executed."""
        return sorted(path.name for path in self.marks.iterdir())

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make Python import or start code from the folder."""
        names = ("PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "PYTHONPYCACHEPREFIX", "PYTHONPLATLIBDIR")
        return dict.fromkeys(names, str(self.folder)) | {"PYTHONSTARTUP": str(self.folder / "evil.py")}


def trap(folder: Path, marks: Path) -> Trap:
    """Add hostile files to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    marks.mkdir(exist_ok=True)
    for path in _paths(folder):
        path.parent.mkdir(exist_ok=True)
        mark = marks / str(path.relative_to(folder)).replace("/", ".")
        path.write_text(f"import os\nos.close(os.open({str(mark)!r}, os.O_CREAT | os.O_WRONLY))\n", encoding="utf-8")
    for name, text in TEXT.items():
        (folder / name).write_text(text, encoding="utf-8")
    about = folder / "x-1.dist-info"
    about.mkdir(exist_ok=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: x\nVersion: 1\n", encoding="utf-8")
    (about / "entry_points.txt").write_text("".join(f"[{group}]\nx = evil\n" for group in GROUPS), encoding="utf-8")
    return Trap(folder, marks)


def _paths(folder: Path) -> Iterator[Path]:
    for name in (*MODULES, *STARTED_WITH):
        yield folder / f"{name}.py"
    for name in ("graders", "cluster", "grpc_tools"):  # a package comes before a module of its name
        yield folder / name / "__init__.py"
    yield folder / "graders" / "judging" / "__init__.py"
    yield folder / "graders" / "judging" / "judge_process.py"
    for name in CONFIGURATION:
        yield folder / name
