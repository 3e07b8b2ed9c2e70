"""In our JupyterLab a check judges what the editor shows: not saved, not run, after a restart, in a cell of any kind."""

from __future__ import annotations

import json
import shutil

from playwright.sync_api import Locator, Page

from tests.browser.jupyter import Jupyter
from tests.browser.notebooks import NOTEBOOK
from tests.support.drawing import DRAWING

WITHOUT_CACHE = DRAWING.replace("api -> redis; ", "")


def cell(page: Page, text: str) -> Locator:
    """The cell of code or Markdown in whose editor that text stands."""
    return page.locator(".jp-Notebook .jp-Cell", has=page.locator(".cm-content", has_text=text)).first


def write(page: Page, where: str, text: str) -> None:
    """Replace a cell's text."""
    cell(page, where).locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def check(page: Page) -> None:
    """Run only the check of the drawing."""
    cell(page, 'check("diagram")').locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def test_a_check_judges_what_the_editor_shows(jupyter: Jupyter) -> None:
    """An answer that was typed, but neither run nor saved, is judged as it is in the editor."""
    copy = "application-platform/unsaved.ipynb"
    path = jupyter.folder / "notebooks" / copy
    shutil.copyfile(jupyter.folder / "notebooks" / NOTEBOOK, path)
    before = json.loads(path.read_text())
    with jupyter.notebook(copy) as page:
        write(page, "%%answer diagram", f"%%answer diagram\n{DRAWING}")
        check(page)
        page.locator(".workbook-card.pass").wait_for()
        assert "Judged: the answer" not in page.locator(".workbook-card").inner_text()
        write(page, "%%answer diagram", f"%%answer diagram\n{WITHOUT_CACHE}")
        check(page)
        page.locator(".workbook-card.fail").wait_for()
        write(page, "%%answer diagram", DRAWING)  # the magic's line is lost
        check(page)
        page.locator(".workbook-card.pass").wait_for()
        write(page, "digraph { client", f"%%answer diagram\n{WITHOUT_CACHE}")
        page.keyboard.press("Escape")
        page.keyboard.press("m")  # the cell is made Markdown
        check(page)
        page.locator(".workbook-card.fail").wait_for()
        jupyter.shoot(page, "unsaved")
        assert json.loads(path.read_text())["cells"] == before["cells"]


def restart(page: Page) -> None:
    """Restart the kernel by the menu, and wait until the new one is idle."""
    page.get_by_text("Kernel", exact=True).first.click()
    page.get_by_text("Restart Kernel…", exact=True).first.click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.locator(".jp-Dialog").wait_for(state="detached")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()


def test_a_kernel_that_was_restarted(jupyter: Jupyter) -> None:
    """A new kernel, also after a restart, knows %%answer and check before any other cell runs, and a mistyped magic as well."""
    copy = "application-platform/restarted.ipynb"
    shutil.copyfile(jupyter.folder / "notebooks" / NOTEBOOK, jupyter.folder / "notebooks" / copy)
    with jupyter.notebook(copy) as page:
        write(page, "%%answer diagram", f"%%anwser diagram\n{DRAWING}")
        page.keyboard.press("Control+Enter")
        page.get_by_text("its first line should be “%%answer diagram”").wait_for()
        restart(page)
        check(page)
        page.locator(".workbook-card.pass").wait_for()
        jupyter.shoot(page, "restarted")
