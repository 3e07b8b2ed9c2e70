"""The notebook extension: ``%load_ext graders.notebook`` adds ``%%answer`` and a few functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: InteractiveShell) -> None:
    """IPython calls this for ``%load_ext graders.notebook``."""
    from graders.notebook.magics import load_ipython_extension as load  # noqa: PLC0415  only a kernel needs it

    load(shell)
