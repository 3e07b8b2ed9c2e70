"""A real JupyterLab on a copy of the workbook, and a real Chromium that looks at it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from graders.classroom import grade
from graders.cli import lab
from tests.browser.jupyter import Jupyter
from tests.support.course import class_course

ROOT = Path(__file__).resolve().parents[2]
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str | None:
    """Where Chromium is; it comes with the system, not with Playwright."""
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a browser where there is none, and say so."""
    if chromium() is None:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="Chromium isn't here (Debian: apt install chromium)"))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, without a window.

    For this folder only: Playwright keeps an event loop running in the thread, and other tests want one of their own.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def jupyter(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    """JupyterLab as ``workbook lab`` starts it, on a copy of the learners' notebooks."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    with served(folder, browser) as jupyter:
        yield jupyter


@pytest.fixture(scope="package")
def graded_course(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    """JupyterLab on a course in which the class of ``tests/class/`` is graded."""
    folder = class_course(tmp_path_factory.mktemp("course"))
    grade(folder)
    with served(folder, browser) as jupyter:
        yield jupyter


@contextmanager
def served(folder: Path, browser: Browser) -> Iterator[Jupyter]:
    """A server on a folder, with settings of its own, ended whatever happens."""
    command = [*lab.command(folder, open_browser=False), "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1"]
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
