"""JupyterLab's pages: open a notebook in a theme, run it, read its output. All waits are for states of the page."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as StuckError

PATIENCE = 120_000
"""How long a state of the page may take to come about, in milliseconds; far longer than it does on a busy machine."""

EACH = 250.0
"""How often a page is asked for its state, in milliseconds. By itself, Playwright asks with each frame that is drawn."""

CLOSE = """() => {
    window.jupyterapp.shell.currentWidget.context.model.dirty = false;  // or JupyterLab asks whether to save
    return window.jupyterapp.commands.execute('application:close-all');
}"""

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}

REMEMBER = """() => {
    window.cards = [];
    const look = () => document.querySelectorAll('.workbook-card').forEach(card => {
        if (window.cards.at(-1) !== card.textContent) window.cards.push(card.textContent);
    });
    new MutationObserver(look).observe(document.body, {subtree: true, childList: true});
}"""
"""Has a page note the text of its card, each time that it changes."""


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
        """The token with which a browser logs in."""
        return self.url.rpartition("token=")[2]

    @contextmanager
    def page(self, path: str, *, theme: str = "light", width: int = 1280, height: int = 900) -> Iterator[Page]:
        """A page of the server in a JupyterLab theme, closed afterwards."""
        self._theme(theme)
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, extra_http_headers={"Authorization": f"token {self.token}"}
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        separator = "&" if "?" in path else "?"
        page.goto(f"{self.origin}/{path}{separator}token={self.token}")
        try:
            yield page
        finally:
            context.close()

    @contextmanager
    def notebook(self, path: str, *, theme: str = "light", width: int = 1280, height: int = 900) -> Iterator[Page]:
        """A notebook, open in JupyterLab without the side bar, with its kernel ready."""
        with self.page(
            f"lab/workspaces/{theme}-{width}/tree/{path}?reset", theme=theme, width=width, height=height
        ) as page:
            self._wait_for_the_notebook(page)
            yield page

    def open_next(self, page: Page, path: str) -> None:
        """Open another notebook in place of the open one, because loading JupyterLab again takes seconds."""
        page.evaluate(CLOSE)
        page.locator(".jp-Notebook").first.wait_for(state="detached")
        page.evaluate("path => window.jupyterapp.commands.execute('docmanager:open', {path})", path)
        self._wait_for_the_notebook(page)

    def _wait_for_the_notebook(self, page: Page) -> None:
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for(state="attached")
        self._wait_for_the_kernel()

    def change_theme(self, page: Page, theme: str) -> None:
        """Give an open page another theme, by the menu."""
        for entry in ("Settings", "Theme", THEMES[theme]):
            page.get_by_text(entry, exact=True).first.click()
        page.wait_for_function(
            f"document.body.dataset.jpThemeLight === '{str(theme == 'light').lower()}'", polling=EACH
        )

    def run_all(self, page: Page) -> None:
        """Run every cell, and wait until the kernel is idle with the last one numbered."""
        page.get_by_text("Run", exact=True).first.click()
        page.get_by_text("Run All Cells", exact=True).click()
        try:
            self._wait_for_every_cell(page)
        except StuckError:
            self.shoot(page, "stuck")
            raise

    def _wait_for_every_cell(self, page: Page) -> None:
        page.wait_for_function(
            """() => {
                const prompts = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')];
                const numbered = prompts.every(p => /\\[\\d+\\]/.test(p.textContent));
                const idle = document.querySelector('.jp-Notebook-ExecutionIndicator[data-status=idle]');
                return prompts.length > 0 && numbered && idle;
            }""",
            timeout=PATIENCE,
            polling=EACH,
        )

    def remember(self, page: Page) -> None:
        """From now on, keep each text of the page's one card, because a text that is replaced at once can't be waited for."""
        page.evaluate(REMEMBER)

    def remembered(self, page: Page) -> list[str]:
        """The card's texts since then, oldest first."""
        return [" ".join(text.split()) for text in page.evaluate("window.cards")]

    def shoot(self, page: Page, name: str, *, cards: bool = True) -> None:
        """If screenshots are wanted, save one of the page and of each card. A live card changes too fast for one."""
        if self.screenshots is not None:
            page.screenshot(path=self.screenshots / f"{name}.png", full_page=True)
            for index, card in enumerate(page.locator(".workbook-card").all() if cards else ()):
                card.screenshot(path=self.screenshots / f"{name}-card-{index}.png")

    def _wait_for_the_kernel(self) -> None:
        """Wait until the server reports the open notebook's kernel as idle."""
        asked = Request(f"{self.origin}/api/kernels", headers={"Authorization": f"token {self.token}"})  # noqa: S310
        deadline = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < deadline:
            with urlopen(asked) as answer:  # noqa: S310  our own server
                mine = [k for k in json.load(answer) if k["connections"]]
            if mine and all(k["execution_state"] == "idle" for k in mine):
                return
        raise AssertionError("the kernel never became idle")

    def _theme(self, theme: str) -> None:
        plugins = self.folder / "jupyter_config_dir/lab/user-settings/@jupyterlab"
        settings = {
            "apputils-extension/themes": {"theme": THEMES[theme]},
            "notebook-extension/tracker": {"windowingMode": "none"},
            "apputils-extension/notification": {"fetchNews": "false"},
            "docmanager-extension/plugin": {"autosave": False},
        }
        for plugin, values in settings.items():
            file = plugins / f"{plugin}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))
