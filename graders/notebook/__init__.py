"""What a learner's notebook uses: ``%load_ext graders.notebook`` brings ``%%answer`` and a few functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: InteractiveShell) -> None:
    """IPython calls this for ``%load_ext graders.notebook``."""
    from graders.notebook.magics import load_ipython_extension as load  # noqa: PLC0415  a kernel loads it, nothing else

    load(shell)
