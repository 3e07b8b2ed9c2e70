"""``workbook lab``: JupyterLab at the workbook."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from socket import create_connection
from urllib.parse import urlsplit

from cluster.errors import UsageError
from cluster.python import python_module
from graders.core.output import complain, write
from graders.core.registry import lessons
from graders.gradebook.course import CONFIG, notebooks_of

EXTENSIONS = Path(__file__).parents[1] / "notebook/jupyter/labextensions"
ADDRESS = re.compile(r"https?://(?:localhost|127\.0\.0\.1)[:/]\S*")
UNSAID = re.compile(
    r"\s*$|\[I |\s+(To access the server|file:///|Or copy and paste)"  # what Jupyter says around its address
    r"|.*ServerApp\]\s*$"
    r"|.*Unwritable directory, please contact your instructor"  # nbgrader's exchange, which the workbook doesn't use
    r"|.*No nbgrader_config\.py file found"  # learners have none
    r"|.*No web browser found"  # the address is there to be opened
    r"|.*received signal \d+, stopping"  # by us
)


def lab(root: Path, *, open_browser: bool = True) -> int:
    """Run JupyterLab on the notebooks of a course, or of the workbook's copy, until Ctrl-C. Returns its exit code, 0 for Ctrl-C.

    Prints one line with the address once the server answers; beyond it, what Jupyter warns of. The server ends
    with us, however we are told to. Raises UsageError where no lesson has notebooks there.
    """
    notebooks = notebooks_of(root)
    if not (notebooks / (first := first_notebook(notebooks))).is_file():
        raise UsageError(
            f"The notebook {first} isn't in {notebooks}.", "Run “workbook release” first, or fetch the workbook anew."
        )
    tell("Starting JupyterLab ...")
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    # With no terminal to ask on, Jupyter takes Ctrl-C at its word.
    server = subprocess.Popen(  # noqa: S603  our own words
        command(root, open_browser=open_browser), cwd=root, env=environment(),
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
    )  # fmt: skip
    try:
        relay(server.stderr or (), partial(awaited, server))
        return server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.communicate()
        tell("\nJupyterLab has ended; your notebooks are as you saved them.")
        return 0
    finally:
        server.kill()
        signal.signal(signal.SIGTERM, before)


def first_notebook(notebooks: Path) -> str:
    """The notebook at which a learner begins, below ``notebooks``: the first of the first lesson that has notebooks there."""
    here = [one for one in lessons() if any((notebooks / one.id).glob("*.ipynb"))]
    one = (here or lessons())[0]
    names = sorted(path.name for path in (notebooks / one.id).glob("*.ipynb"))
    return f"{one.id}/{f'{one.first}.ipynb' if one.first or not names else names[0]}"


def relay(lines: Iterable[str], answers: Callable[[str], bool]) -> None:
    """Print what a newcomer needs of what Jupyter says: its address, once and if it answers there, and warnings."""
    told = False
    for line in lines:
        if found := ADDRESS.search(line):
            if not told and answers(found[0]):
                tell(f"JupyterLab is at {found[0]}\nCtrl-C ends it.")
            told = True
        elif not UNSAID.match(line):
            complain(line.rstrip("\n"))


def awaited(server: subprocess.Popen[str], address: str) -> bool:
    """Wait until a server answers at its address, which Jupyter prints a moment before that. False where it ended."""
    parts = urlsplit(address)
    while server.poll() is None:
        try:
            create_connection((parts.hostname, parts.port), timeout=1).close()
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                server.wait(timeout=0.05)
        else:
            return True
    return False


def command(root: Path, *, open_browser: bool = True) -> list[str]:
    """The command line that starts JupyterLab on the workbook.

    Learners see their notebooks. Where the folder is a course, all of it is served, or formgrader's links to submissions
    would lead nowhere: it finds them from the server's folder.
    """
    served = notebooks = notebooks_of(root)
    first = first_notebook(notebooks)
    if (root / CONFIG).is_file() and notebooks.is_relative_to(root):
        served, first = root, f"{notebooks.relative_to(root).as_posix()}/{first}"
    words = [
        *python_module("jupyterlab"),
        f"--ServerApp.root_dir={served}",
        f"--LabApp.default_url=/lab/tree/{first}",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        # The environment is the lock's; nothing is to be looked up, or installed into it, from within.
        "--LabApp.extension_manager=readonly",
        # No configuration is read from submissions.
        "--ServerApp.contents_manager_class=graders.notebook.server.Contents",
        "--ServerApp.jpserver_extensions=graders.notebook.server=True",
        # The workbook is in each kernel from the start, and is told what the editor shows.
        "--ServerApp.kernel_spec_manager_class=graders.notebook.server.Kernels",
        f"--LabApp.extra_labextensions_path={EXTENSIONS}",
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


def tell(words: str) -> None:
    """Say something at once, also into a pipe."""
    write(words)
    sys.stdout.flush()
