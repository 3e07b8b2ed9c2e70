"""``workbook lab``: JupyterLab at the workbook."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from cluster.errors import UsageError
from graders.course import ASSIGNMENT

FIRST = f"{ASSIGNMENT}/06-hands-on.ipynb"


def lab(root: Path, *, open_browser: bool = True) -> int:
    """Run JupyterLab on the workbook's notebooks until Ctrl-C. Returns its exit code, 0 for Ctrl-C."""
    if not (root / "notebooks" / FIRST).is_file():
        raise UsageError(
            f"The notebook {FIRST} isn't in {root / 'notebooks'}.",
            "Run “workbook release” first, or fetch the workbook anew.",
        )
    sys.stdout.write("Opening JupyterLab at the workbook; it prints its address below. Ctrl-C ends it.\n")
    sys.stdout.flush()
    server = subprocess.Popen(command(root, open_browser=open_browser), cwd=root, env=environment())  # noqa: S603  our own words
    try:
        return server.wait()
    except KeyboardInterrupt:
        # Ctrl-C has reached the server too; it asks again on a terminal, so it is told outright.
        server.terminate()
        server.wait()
        sys.stdout.write("JupyterLab has ended; your notebooks are saved as you left them.\n")
        return 0


def command(root: Path, *, open_browser: bool = True) -> list[str]:
    """The command line that starts JupyterLab on the workbook."""
    words = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={root / 'notebooks'}",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--log-level=WARN",
    ]
    if not open_browser:
        words.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container everybody is root; Jupyter wants to be told.
        words.append("--allow-root")
    return words


def environment() -> dict[str, str]:
    """The environment of the server and of its kernels: this Python's programs come first."""
    here = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": os.pathsep.join((here, os.environ.get("PATH", os.defpath)))}
