"""Code that waits to be imported or run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.attacks.attack import OWNED, RIGHT, Attack, answering, put, right_answer, right_notebook
from tests.support.course import ASSIGNMENT, cell

MODULES = (
    "yaml",
    "graders",
    "cluster",
    "queue",
    "json",
    "sitecustomize",
    "usercustomize",
    "nbgrader",
    "graphviz",
    "typing",
)


def imports() -> Iterator[Attack]:
    for module in MODULES:
        yield _beside(f"{module}.py", f"{module}.py", f"{module}/__init__.py")
    yield _beside("nbgrader's configuration", "nbgrader_config.py", ".jupyter/nbgrader_config.py")
    yield _beside(
        "Jupyter's configuration", "jupyter_config.py", "jupyter_nbconvert_config.py", ".jupyter/jupyter_config.py"
    )
    yield _beside("IPython's startup", ".ipython/profile_default/startup/00.py", "ipython_config.py")
    yield _beside("a path file", "evil.pth", "__pycache__/yaml.cpython-311.pyc")

    def entry_points(course: Path, folder: Path) -> None:
        right_notebook(folder)
        for home in (folder, folder / ASSIGNMENT):
            (home / "evil.py").write_text(_code(course))
            (home / "x-1.dist-info").mkdir()
            (home / "x-1.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: x\nVersion: 1\n")
            (home / "x-1.dist-info/entry_points.txt").write_text(
                "[nbconvert.exporters]\nnotebook=evil\n[workbook.lessons]\nx=evil\n"
            )

    yield Attack("imports", "entry points", entry_points, "graded", RIGHT)
    yield _in_cell("a command in a cell", "!touch {owned}")
    yield _in_cell("a script in a cell", "%%bash\ntouch {owned}")
    yield _in_cell("Python in a cell", "open({owned!r}, 'w')")
    yield _in_cell("an automatic test", "### AUTOTEST open({owned!r}, 'w')")
    yield _in_cell("a hidden test", "### BEGIN HIDDEN TESTS\nopen({owned!r}, 'w')\n### END HIDDEN TESTS")


def _code(course: Path) -> str:
    return f"import pathlib\npathlib.Path({str(course / OWNED)!r}).touch()\nraise SystemExit\n"


def _beside(name: str, *files: str) -> Attack:
    def placed(course: Path, folder: Path) -> None:
        right_notebook(folder)
        for filename in files:
            for home in (folder, folder / ASSIGNMENT):
                (home / filename).parent.mkdir(parents=True, exist_ok=True)
                (home / filename).write_text(_code(course))

    return Attack("imports", name, placed, "graded", RIGHT)


def _in_cell(name: str, source: str) -> Attack:
    def placed(course: Path, folder: Path) -> None:
        notebook = answering("deployment", right_answer())
        text = source.format(owned=course / OWNED)
        notebook["cells"].insert(0, {"cell_type": "code", "metadata": {}, "source": text, "outputs": []})
        cell(notebook, "deployment")["source"] = text
        put(folder, notebook)

    return Attack("imports", name, placed, "graded", RIGHT)
