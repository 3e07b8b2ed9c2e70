"""Command lines that start this Python again, for the workbook's own programs.

``python -m`` puts the current folder first on ``sys.path``, and ``PYTHONPATH`` and its like put others there. The current
folder may hold a submission, and a ``yaml.py`` in it would be executed. So neither decides what our programs import:
they import what is installed for this Python. Every process of ours that is a Python is started by a function of this
module. A notebook's kernel is started by Jupyter, in ``workbook lab`` by the command line in ``graders/notebook/jupyter/kernels``,
which has the same flags.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def python_module(name: str, *arguments: str) -> list[str]:
    """The command line that runs an installed module: no current folder (``-P``), no ``PYTHON*`` variables (``-E``).

    What ``pip install --user`` put there can be imported, as in this process.
    """
    return [sys.executable, "-P", "-E", *_text(), "-m", name, *arguments]


def python_script(path: Path, *arguments: str) -> list[str]:
    """The command line that runs a file of ours with the standard library alone (``-I -S``)."""
    return [sys.executable, "-I", "-S", *_text(), str(path), *arguments]


@contextmanager
def without_python_variables() -> Iterator[None]:
    """Take the ``PYTHON*`` variables out of this process' environment until the block is left.

    For programs that a library starts by name, such as nbgrader's ``alembic``: they get no flags of ours.
    """
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PYTHON")}
    try:
        yield
    finally:
        os.environ.update(kept)


def _text() -> list[str]:
    """What PYTHONUTF8 said to this process: it is about text, not about imports."""
    return ["-X", "utf8"] if sys.flags.utf8_mode else []
