"""The workbook in JupyterLab, as a learner sees it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
import pytest
from playwright.sync_api import Page

from cluster.engines import missing as engines_missing
from tests.browser.jupyter import Jupyter
from tests.browser.notebooks import NOTEBOOK

ROOT = Path(__file__).resolve().parents[2]


def solved(jupyter: Jupyter, name: str, section: str = "06-hands-on") -> str:
    """A notebook with its solutions, beside the learners' one."""
    notebook = jupytext.read(ROOT / f"solutions/application-platform/{section}.py")
    path = f"application-platform/{name}.ipynb"
    nbformat.write(notebook, jupyter.folder / "notebooks" / path)
    return path


def test_not_begun_is_not_wrong(jupyter: Jupyter) -> None:
    """An untouched notebook opens without a dialog; run from top to bottom, it reports that nothing is started, and shows no error."""
    copy = "application-platform/untouched.ipynb"
    shutil.copyfile(jupyter.folder / "notebooks" / NOTEBOOK, jupyter.folder / "notebooks" / copy)
    with jupyter.notebook(copy) as page:
        assert page.locator(".jp-Dialog").count() == 0
        assert page.locator("h1", has_text="Hands-on").is_visible()
        jupyter.run_all(page)
        assert page.locator(".workbook-card.not-started").count() == 2
        assert page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
        jupyter.shoot(page, "untouched")


@pytest.fixture(scope="module")
def lab(jupyter: Jupyter) -> Iterator[Page]:
    """JupyterLab with a notebook open, in which others are opened."""
    with jupyter.notebook(NOTEBOOK) as page:
        yield page


@pytest.mark.parametrize(
    ("section", "passed", "drawn"),
    [
        ("00-start-here", 1, 0), ("01-monolith-or-microservices", 2, 2), ("02-kinds-of-service", 3, 2), ("03-databases", 2, 6), ("04-sync-or-async", 2, 4),
        ("05-contract", 3, 2), ("06-hands-on", 2, 4 + (0 if engines_missing() else 2)),  # the drawing and the timeline of its run
    ],
)  # fmt: skip
def test_solved(jupyter: Jupyter, lab: Page, section: str, passed: int, drawn: int) -> None:
    """In a solved notebook every check passes, figures have alt text, and nothing scrolls sideways, in both themes, wide and narrow."""
    jupyter.open_next(lab, solved(jupyter, f"solved-{section}", section))
    jupyter.run_all(lab)
    assert lab.locator(".workbook-card.pass").count() == passed
    figures = lab.locator(".workbook-figure img")
    assert figures.count() == drawn
    assert all(figures.nth(i).get_attribute("alt") for i in range(drawn))
    for theme in ("light", "dark"):
        jupyter.change_theme(lab, theme)
        for width in (1280, 800):
            lab.set_viewport_size({"width": width, "height": 900})
            jupyter.shoot(lab, f"solved-{section}-{theme}-{width}")
            assert wide(lab) == [], (theme, width)
        lab.set_viewport_size({"width": 1280, "height": 900})


def wide(page: Page) -> list[str]:
    """The prose and the cards that are wider than the page."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll('.jp-MarkdownOutput, .workbook-card, .workbook-progress, .workbook-story')]
           .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.slice(0, 60))"""
    )
    return found


def test_failed_check_is_one_line(jupyter: Jupyter) -> None:
    """A failed check shows its card and ends in one line, without a traceback; the run goes on."""
    path = jupyter.folder / "notebooks" / solved(jupyter, "failed")
    notebook = json.loads(path.read_text())
    notebook["cells"] = [cell for cell in notebook["cells"] if "run(" not in "".join(cell["source"])]
    for cell in notebook["cells"]:
        swapped = (
            "".join(cell["source"]).replace("path: /healthz", "path: ?").replace("path: /readyz", "path: /healthz")
        )
        cell["source"] = swapped.replace("path: ?", "path: /readyz")
    path.write_text(json.dumps(notebook))
    with jupyter.notebook("application-platform/failed.ipynb", height=1500) as page:
        jupyter.run_all(page)
        error = page.locator(
            "[data-mime-type='application/vnd.jupyter.stderr'], .jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']"
        )
        assert error.count() == 1
        assert len(error.first.inner_text().strip().splitlines()) == 1
        assert "Traceback" not in error.first.inner_text()
        assert page.locator(".workbook-progress").is_visible()
        jupyter.shoot(page, "failed")
