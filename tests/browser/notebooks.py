"""Notebooks that several tests open, and what their pages show."""

from __future__ import annotations

import nbformat
from playwright.sync_api import Page

from tests.browser.jupyter import Jupyter

NOTEBOOK = "application-platform/06-hands-on.ipynb"


def drawings(jupyter: Jupyter, on: str = "") -> str:
    """A notebook that runs a drawing without an arrow to the queue, and then with it."""
    whole = "digraph { client -> api; api -> postgres; api -> redis; api -> queue -> worker }"
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    )
    notebook.cells = [nbformat.v4.new_code_cell("%load_ext graders.notebook")]
    for drawing in (whole.replace("api -> queue -> worker", "queue -> worker"), whole):
        notebook.cells += [
            nbformat.v4.new_code_cell(f"%%answer diagram\n{drawing}"),
            nbformat.v4.new_code_cell(f'run("diagram", on="{on}")'),
        ]
    path = f"application-platform/run{on}.ipynb"
    nbformat.write(notebook, jupyter.folder / "notebooks" / path)
    return path


def orders_are_taken(page: Page) -> None:
    """The first story has orders and no email, the second has both."""
    broken, mended = page.locator(".workbook-story").all()
    assert "20 accepted, 20 stored, 20 cached, none announced, none confirmed by email" in broken.inner_text()
    assert "20 announced, 20 confirmed by email" in mended.inner_text()
    assert "✔ orders accepted" in (mended.locator("img").first.get_attribute("alt") or "")
