"""JupyterLab by its pages: open a notebook in a theme, run it, read what it shows. Waits are for states of the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

PATIENCE = 60_000
"""How long a state of the page may take to come about, in milliseconds."""


@dataclass
class Jupyter:
    """A running JupyterLab: its address with the token, and the folder that it serves."""

    browser: Browser
    url: str
    folder: Path
    screenshots: Path | None = None

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def token(self) -> str:
        """What lets a browser in."""
        return self.url.rpartition("token=")[2]

    @contextmanager
    def page(self, path: str, *, theme: str = "light", width: int = 1280, height: int = 900) -> Iterator[Page]:
        """A page of the server in a theme of JupyterLab's, closed afterwards."""
        self._theme(theme)
        context = self.browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        separator = "&" if "?" in path else "?"
        page.goto(f"{self.origin}/{path}{separator}token={self.token}")
        try:
            yield page
        finally:
            context.close()

    @contextmanager
    def notebook(self, path: str, *, theme: str = "light", width: int = 1280) -> Iterator[Page]:
        """A notebook, open in JupyterLab with the side bar away, and its kernel ready."""
        with self.page(f"lab/workspaces/{theme}-{width}/tree/{path}?reset", theme=theme, width=width) as page:
            page.locator(".jp-Notebook .jp-Cell").first.wait_for()
            page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for(state="attached")
            yield page

    def run_all(self, page: Page) -> None:
        """Run every cell, and wait until the kernel is idle with the last one numbered."""
        page.get_by_text("Run", exact=True).first.click()
        page.get_by_text("Run All Cells", exact=True).click()
        page.wait_for_function(
            """() => {
                const prompts = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')];
                const numbered = prompts.every(p => /\\[\\d+\\]/.test(p.textContent));
                const idle = document.querySelector('.jp-Notebook-ExecutionIndicator[data-status=idle]');
                return prompts.length > 0 && numbered && idle;
            }""",
            timeout=PATIENCE,
        )

    def shoot(self, page: Page, name: str) -> None:
        """Keep a picture of the page, where pictures are wanted."""
        if self.screenshots is not None:
            page.screenshot(path=self.screenshots / f"{name}.png", full_page=True)

    def _theme(self, theme: str) -> None:
        wanted = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}[theme]
        plugins = self.folder / "jupyter_config_dir/lab/user-settings/@jupyterlab"
        settings = {
            "apputils-extension/themes": {"theme": wanted},
            "notebook-extension/tracker": {"windowingMode": "none"},
            "apputils-extension/notification": {"fetchNews": "false"},
        }
        for plugin, values in settings.items():
            file = plugins / f"{plugin}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))
