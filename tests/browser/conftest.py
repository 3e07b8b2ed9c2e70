"""A real JupyterLab on a copy of the workbook, and a real Chromium to open it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, Page, sync_playwright

from graders.classroom import grade
from tests.attacks.catalog import honest
from tests.attacks.payloads import NAMES, submissions
from tests.browser.jupyter import Jupyter
from tests.browser.notebooks import NOTEBOOK
from tests.browser.serving import ROOT, served
from tests.support.course import enrolled_course, hand_in, released

SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is installed is used. Chromium without its user interface needs a quarter of the CPU time for each page."""


def chromium() -> str | None:
    """The path of the system's Chromium; Playwright's isn't used."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests of this folder, with the reason, if there is no Chromium."""
    if chromium() is None:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(
                    pytest.mark.skip(reason="Chromium isn't here (Debian: apt install chromium-headless-shell)")
                )


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, without a window.

    For this folder only: Playwright keeps an event loop running in the thread, and other tests need one of their own.
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
def lab(jupyter: Jupyter) -> Iterator[Page]:
    """A page of JupyterLab, in which tests open one notebook after the other."""
    with jupyter.notebook(NOTEBOOK) as page:
        yield page


@pytest.fixture(scope="package")
def attacked(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    """JupyterLab on a course in which attackers and three honest students are graded."""
    folder = enrolled_course(tmp_path_factory.mktemp("attacked"))
    honest(folder)
    hand_in(folder, "ada", released("00-start-here"), "00-start-here.ipynb")
    for name, sections in submissions().items():
        for section, notebook in sections.items():
            hand_in(folder, name, notebook, f"{section}.ipynb")
    assert {row.problem for row in grade(folder)} == {""}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        for number, student in enumerate(("ben", "trudy-keys")):
            name = NAMES[number]
            gradebook.update_or_create_student(student, first_name=name, last_name=name, email=name)
    with served(folder, browser) as jupyter:
        yield jupyter
