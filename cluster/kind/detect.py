"""Whether our kind cluster may exist, without loading the client."""

from __future__ import annotations

import os
from pathlib import Path

NAME = "kind-workbook"
NAMED_BY = "WORKBOOK_CONTEXT"
"""The environment variable that names another context, for a department's own cluster."""
UP_IN_SHORT = "`workbook cluster up` in a terminal creates one (Docker and kind needed), then check again."
LARGEST = 4 * 2**20


def likely() -> bool:
    """Whether the kubeconfig has our context, or another is named explicitly. Nothing is contacted."""
    if named_context():
        return True
    said = os.environ.get("KUBECONFIG")
    files = said.split(os.pathsep) if said else [str(Path.home() / ".kube" / "config")]
    return any(_names_ours(Path(file)) for file in files if file)


def named_context(context: str = "") -> str:
    """Return the context named explicitly, by ``context`` or ``WORKBOOK_CONTEXT``; empty without one."""
    return context or os.environ.get(NAMED_BY, "")


def _names_ours(file: Path) -> bool:
    try:
        return file.stat().st_size < LARGEST and NAME in file.read_text(errors="replace")
    except OSError:
        return False
