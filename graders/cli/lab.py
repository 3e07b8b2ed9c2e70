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
NOT_SHOWN = re.compile(
    r"\s*$|\[I |\s+(To access the server|file:///|Or copy and paste)"  # the text around Jupyter's address
    r"|.*ServerApp\]\s*$"
    r"|.*Unwritable directory, please contact your instructor"  # nbgrader's exchange, which the workbook doesn't use
    r"|.*No nbgrader_config\.py file found"  # learners don't have one
    r"|.*No web browser found"  # the address is printed
    r"|.*received signal \d+, stopping"  # we sent it
)


def lab(root: Path, *, open_browser: bool = True) -> int:
    """Run JupyterLab on the notebooks of a course, or of the workbook's copy, until Ctrl-C. Returns its exit code, 0 for Ctrl-C.

    Prints the address once the server answers, and Jupyter's warnings. The server ends with this process, after any
    signal. Raises UsageError if no lesson has notebooks there.
    """
    notebooks = notebooks_of(root)
    if not (notebooks / (first := first_notebook(notebooks))).is_file():
        raise UsageError(
            f"The notebook {first} isn't in {notebooks}.",
            "Run “workbook release” first, or download the workbook again.",
        )
    tell("Starting JupyterLab ...")
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Without a terminal for its question, Jupyter ends at Ctrl-C at once.
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
    """Return a learner's first notebook, relative to ``notebooks``: the first one of the first lesson with notebooks there."""
    here = [one for one in lessons() if any((notebooks / one.id).glob("*.ipynb"))]
    one = (here or lessons())[0]
    names = sorted(path.name for path in (notebooks / one.id).glob("*.ipynb"))
    return f"{one.id}/{f'{one.first}.ipynb' if one.first or not names else names[0]}"


def relay(lines: Iterable[str], answers: Callable[[str], bool]) -> None:
    """Print Jupyter's warnings, and its address once, if the server answers there."""
    shown = False
    for line in lines:
        if found := ADDRESS.search(line):
            if not shown and answers(found[0]):
                tell(f"JupyterLab is at {found[0]}\nCtrl-C ends it.")
            shown = True
        elif not NOT_SHOWN.match(line):
            complain(line.rstrip("\n"))


def awaited(server: subprocess.Popen[str], address: str) -> bool:
    """Wait until a server answers at its address, which Jupyter prints a moment earlier; return False if the server ended."""
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
    """Return the command line that starts JupyterLab on the workbook.

    Learners see their notebooks. Of a course the whole folder is served: formgrader's links to submissions are relative to
    the server's folder.
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
        # The lock defines the environment, so JupyterLab may not look up or install extensions.
        "--LabApp.extension_manager=readonly",
        # No configuration is read from submissions.
        "--ServerApp.contents_manager_class=graders.notebook.lab_server.Contents",
        "--ServerApp.jpserver_extensions=graders.notebook.lab_server=True",
        # Each kernel has the workbook from the start, and gets the text that the editor shows.
        "--ServerApp.kernel_spec_manager_class=graders.notebook.lab_server.Kernels",
        f"--LabApp.extra_labextensions_path={EXTENSIONS}",
        "--log-level=WARN",
    ]
    if not open_browser:
        words.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container the user is often root, which Jupyter refuses without this option.
        words.append("--allow-root")
    return words


def environment() -> dict[str, str]:
    """Return the environment of the server and its kernels: this Python's programs come first on the PATH."""
    here = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": os.pathsep.join((here, os.environ.get("PATH", os.defpath)))}


def tell(words: str) -> None:
    """Print at once, also into a pipe."""
    write(words)
    sys.stdout.flush()
