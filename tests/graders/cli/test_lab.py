"""``workbook lab``: a real JupyterLab, started and ended as people do it."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cluster.errors import UsageError
from graders.cli.lab import awaited, command, environment, lab, relay

ROOT = Path(__file__).resolve().parents[3]
FIRST = "application-platform/00-start-here.ipynb"
START = "import sys; from pathlib import Path; from graders.cli.lab import lab; sys.exit(lab(Path(sys.argv[1]), open_browser=False))"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A student's copy, in a folder with a space in its name."""
    folder = tmp_path / "my workbook"
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    return folder


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "kill"])
def test_starts_and_ends(copy: Path, end: signal.Signals) -> None:
    """It prints one address that opens the notebook in a browser; Ctrl-C and kill also end the server, cleanly."""
    homes = {f"JUPYTER_{each}_DIR": str(copy / each) for each in ("CONFIG", "DATA", "RUNTIME")}
    with subprocess.Popen(
        [sys.executable, "-c", START, copy], env=environment() | homes, cwd=ROOT, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as started:  # fmt: skip
        try:
            assert started.stdout is not None
            said = [started.stdout.readline() for _ in range(3)]
            (address,) = re.findall(r"http://\S+", "".join(said))
            parts = urlsplit(address)
            server = HTTPConnection(parts.hostname or "", parts.port)
            server.request("GET", f"{parts.path}?{parts.query}")
            assert server.getresponse().status == 200
            assert parts.path == f"/lab/tree/{FIRST}"
            server.close()
        finally:
            started.send_signal(end)
            rest, errors = started.communicate(timeout=60)
    assert (started.returncode, errors) == (0, "")
    assert "JupyterLab has ended" in rest
    with pytest.raises(ConnectionRefusedError):
        server.connect()


SAID = [
    "[I LabApp] JupyterLab extension loaded from somewhere\n",
    "[C ServerApp] \n",
    "    \n",
    "    To access the server, open this file in a browser:\n",
    "        file:///tmp/open.html\n",
    "    Or copy and paste one of these URLs:\n",
    "        http://localhost:8888/lab?token=abc\n",
    "        http://127.0.0.1:8888/lab?token=abc\n",
    "[C ServerApp] Unwritable directory, please contact your instructor: /usr/local/share/nbgrader/exchange\n",
    "[W ServerApp] The disk is full\n",
]


def test_what_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Jupyter's address is shown once, and its warnings, but not the text around the address."""
    relay(SAID, lambda _: True)
    out, errors = capsys.readouterr()
    assert out == "JupyterLab is at http://localhost:8888/lab?token=abc\nCtrl-C ends it.\n"
    assert errors == "[W ServerApp] The disk is full\n"


def test_server_that_ended(capsys: pytest.CaptureFixture[str]) -> None:
    """The address of a server that ended before it answered isn't shown."""
    with subprocess.Popen([sys.executable, "-c", ""], text=True) as server:
        server.wait()
        relay(SAID, lambda address: awaited(server, address))
    assert capsys.readouterr().out == ""


def test_course_is_served_whole(tmp_path: Path) -> None:
    """Learners see their notebooks; in a course the whole folder is served, so that formgrader's links work."""
    assert f"--ServerApp.root_dir={tmp_path / 'notebooks'}" in command(tmp_path)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    assert f"--ServerApp.root_dir={tmp_path}" in command(tmp_path)
    assert f"--LabApp.default_url=/lab/tree/notebooks/{FIRST}" in command(tmp_path)


def test_no_notebooks(tmp_path: Path) -> None:
    """In a copy without notebooks an error says what to do, before anything starts."""
    with pytest.raises(UsageError, match=r"00-start-here\.ipynb isn't in"):
        lab(tmp_path)
