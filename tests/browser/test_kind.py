"""A Deployment in a notebook, run on the real cluster before the learner's eyes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page

from cluster.kubernetes import CURRENT, displayed
from tests.browser.jupyter import Jupyter
from tests.browser.notebooks import drawings, orders_are_taken
from tests.browser.serving import ROOT, served
from tests.support.live import cluster_in_sight, missing
from tests.support.manifests import CRON_JOB, DEPLOYMENT

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "a cluster is up")

ON_KIND = f"kind cluster, Kubernetes {displayed(CURRENT)}"
A_RUN = 300_000
"""How long a run on the cluster may take, in milliseconds."""

EAGER = DEPLOYMENT.replace("            httpGet:\n              path: /healthz\n", (
    "            periodSeconds: 2\n            failureThreshold: 3\n            httpGet:\n              path: /healthz\n"
))  # fmt: skip


@pytest.fixture
def on_kind(browser: Browser, tmp_path: Path) -> Iterator[Jupyter]:
    """JupyterLab whose kernels see the cluster."""
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    with cluster_in_sight(), served(tmp_path, browser) as jupyter:
        yield jupyter


def written(jupyter: Jupyter, name: str, manifest: str, exercise: str = "deployment") -> str:
    """A notebook with one answer and its check."""
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    )
    notebook.cells = [
        nbformat.v4.new_code_cell("%load_ext graders.notebook"),
        nbformat.v4.new_code_cell(f"%%answer {exercise}\n{manifest}"),
        nbformat.v4.new_code_cell(f'check("{exercise}")'),
    ]
    path = f"application-platform/{name}.ipynb"
    nbformat.write(notebook, jupyter.folder / "notebooks" / path)
    return path


def begin(page: Page) -> None:
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).click()


def test_an_eager_probe_and_its_fix(on_kind: Jupyter) -> None:
    """The simulated verdict comes first; then a too eager probe kills the slow start on the real cluster, and the card says why."""
    with on_kind.notebook(written(on_kind, "eager", EAGER), height=1600) as page:
        on_kind.remember(page)
        begin(page)
        page.locator(".workbook-card.waiting").wait_for(timeout=A_RUN)
        first = on_kind.remembered(page)[0]
        assert "on the kind cluster" in first
        assert "Judged by the simulated cluster" in first
        restart = page.locator(".workbook-card.waiting .workbook-figure img[alt*='restarted at']")
        restart.first.wait_for(state="attached", timeout=A_RUN)
        on_kind.shoot(page, "kind-eager-live", cards=False)
        page.locator(".workbook-card.fail", has_text=ON_KIND).wait_for(timeout=A_RUN)
        on_kind.shoot(page, "kind-eager")
        card = page.locator(".workbook-card").inner_text()
        assert "its liveness probe failed; it needs 20 s to start" in card
        assert "a startup probe" in card
    with on_kind.notebook(written(on_kind, "mended", DEPLOYMENT), theme="dark", height=1600) as page:
        begin(page)
        page.locator(".workbook-card.pass", has_text=ON_KIND).wait_for(timeout=A_RUN)
        on_kind.shoot(page, "kind-mended")


def test_a_job_is_started(on_kind: Jupyter) -> None:
    """A CronJob's card reports the Job that was started from it on the real cluster."""
    with on_kind.notebook(written(on_kind, "report", CRON_JOB, "daily-report"), height=1200) as page:
        begin(page)
        card = page.locator(".workbook-card.pass", has_text=ON_KIND)
        card.get_by_text("The Job is complete, with one pod.").wait_for(state="attached", timeout=A_RUN)
        on_kind.shoot(page, "kind-report")


def test_a_drawing_that_takes_orders_on_kind(on_kind: Jupyter) -> None:
    """On the real cluster, a drawing without an arrow to the queue sends no email, and with the arrow it does."""
    with on_kind.notebook(drawings(on_kind, "kind"), height=2600) as page:
        begin(page)
        told = page.locator(".workbook-story").nth(1).locator("img[alt*='✔ orders accepted']")
        told.first.wait_for(state="attached", timeout=2 * A_RUN)
        on_kind.shoot(page, "kind-run", cards=False)
        orders_are_taken(page)
