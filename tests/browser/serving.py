"""JupyterLab as ``workbook lab`` starts it, on a folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from graders.cli import lab
from tests.browser.jupyter import Jupyter

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def served(folder: Path, browser: Browser) -> Iterator[Jupyter]:
    """A server on a folder, with its own settings; it is always ended."""
    command = [
        *lab.command(folder, open_browser=False),
        "--ServerApp.port=0",
        "--ServerApp.ip=127.0.0.1",
        "--LabApp.expose_app_in_browser=True",
    ]
    homes = {
        name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    kernels = {"PYTHONPATH": str(ROOT), "JUPYTER_PATH": str(Path(sys.prefix) / "share/jupyter")}
    server = subprocess.Popen(
        command, cwd=folder, env={**lab.environment(), **homes, **kernels, "IPYTHONDIR": str(folder / "ipython")},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        url = address(server)
        assert lab.awaited(server, url)
        yield Jupyter(browser, url, folder, screenshots())
    finally:
        server.terminate()
        server.communicate()


def address(server: subprocess.Popen[str]) -> str:
    """The address with its token that the server prints once it answers."""
    assert server.stderr is not None
    said = []
    for line in server.stderr:
        said.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+/\S*token=\w+", line):
            return found[0]
    raise AssertionError(f"JupyterLab ended before it answered: {''.join(said)[-2000:]}")


def screenshots() -> Path | None:
    """Where screenshots go, if anywhere: $WORKBOOK_SCREENSHOTS."""
    folder = os.environ.get("WORKBOOK_SCREENSHOTS")
    if not folder:
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)
