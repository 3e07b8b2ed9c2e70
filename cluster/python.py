"""Command lines that start this Python again, for the workbook's own programs.

``python -m`` puts the current folder first on ``sys.path``, and variables such as ``PYTHONPATH`` add others. The current
folder may hold a submission, and a ``yaml.py`` in it would be executed. So our programs ignore both and import only what
is installed for this Python. Every Python process of ours is started with a function of this module. Jupyter starts a
notebook's kernel, in ``workbook lab`` with the command line in ``graders/notebook/jupyter/kernels``, which has the same flags.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def python_module(name: str, *arguments: str) -> list[str]:
    """The command line that runs an installed module: no current folder (``-P``), no ``PYTHON*`` variables (``-E``).

    What ``pip install --user`` installed can be imported, as in this process.
    """
    return [sys.executable, "-P", "-E", *_text(), "-m", name, *arguments]


def python_script(path: Path, *arguments: str) -> list[str]:
    """The command line that runs a file of ours with the standard library alone (``-I -S``)."""
    return [sys.executable, "-I", "-S", *_text(), str(path), *arguments]


@contextmanager
def without_python_variables() -> Iterator[None]:
    """Remove the ``PYTHON*`` variables from this process' environment until the block ends.

    For programs that a library starts by name, such as nbgrader's ``alembic``: they don't get our flags.
    """
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PYTHON")}
    try:
        yield
    finally:
        os.environ.update(kept)


def _text() -> list[str]:
    """The value of PYTHONUTF8 in this process: it concerns text, not imports."""
    return ["-X", "utf8"] if sys.flags.utf8_mode else []
