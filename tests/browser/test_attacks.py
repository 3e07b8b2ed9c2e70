"""A class of attackers, opened in feedback and in formgrader by a real browser: no text of theirs runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from nbconvert import HTMLExporter
from nbformat import from_dict
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, Route, expect
from playwright.sync_api import Error as BrowserError

from graders.classroom import grade
from tests.attacks.catalog import HONEST, honest
from tests.attacks.payloads import EVIL, MARK, NAMES, PAYLOADS, submissions
from tests.browser.jupyter import PATIENCE, Jupyter
from tests.browser.serving import served
from tests.support.course import ASSIGNMENT, SECTION, enrolled_course, grades, hand_in, released, students

TRY_EVERYTHING = """ours => {
    const theirs = '.rendered_html, .input_area, .output_html, .output_text';
    for (const element of document.querySelectorAll(`:is(${theirs}) *`)) {
        if (element.matches('.workbook-card a')) continue;
        if (element.matches('a') && ours.includes(element.getAttribute('href'))) continue;
        for (const name of ['mouseover', 'mousemove', 'pointerover', 'focusin', 'toggle'])
            element.dispatchEvent(new Event(name, {bubbles: true}));
        if (!element.matches('summary')) { element.focus?.(); element.click?.(); }
    }
    return new Promise(done => requestAnimationFrame(() => setTimeout(done)));
}"""
"""Does to whatever a learner wrote what a person could: moves over it, and clicks on it."""

LINKS = """() => [...document.querySelectorAll('[href]')]
    .filter(e => !e.matches('.workbook-card a[href^="https://kubernetes.io/docs/"]'))  // where a rubric says to read on
    .map(e => e.getAttribute('href'))"""


@dataclass
class Watched:
    """A browser's window: what ran in it, and its requests beyond the allowed addresses."""

    context: BrowserContext
    allowed: tuple[str, ...]
    ran: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tab: Page | None = None

    def __post_init__(self) -> None:
        self.context.expose_binding(MARK, lambda _source, *proof: self.ran.append(str(proof)))
        self.context.route("**/*", self._answer)
        self.context.on("page", self._look)

    def _look(self, page: Page) -> None:
        page.on("dialog", self._dismiss)
        page.on("request", self._note)

    def _dismiss(self, dialog: Dialog) -> None:
        self.ran.append(dialog.message)
        dialog.dismiss()

    def _note(self, request: Request) -> None:
        if not request.url.startswith(("data:", "about:")) and not self._may_ask(request):
            self.asked.append(f"{request.method} {request.url}")

    def _may_ask(self, request: Request) -> bool:
        return request.method == "GET" and request.url.startswith(self.allowed)

    def _answer(self, route: Route) -> None:
        """Let a page's allowed requests pass, and stop all others."""
        if self._may_ask(route.request):
            route.continue_()
        else:
            route.abort()

    def allow(self, *addresses: str) -> None:
        """From now on, allow only requests to addresses with one of these beginnings."""
        self.allowed = addresses

    def seen(self) -> tuple[list[str], list[str]]:
        """The scripts that ran and the requests since the last call."""
        seen = [*self.ran], [*self.asked]
        self.ran.clear()
        self.asked.clear()
        return seen

    def open(self, url: str) -> Page:
        """A page, loaded; formgrader's script has made the links that its page only names."""
        if self.tab is None:  # a tab for each page takes twice the time
            self.tab = self.context.new_page()
            self.tab.set_default_timeout(PATIENCE)
        self.tab.goto(url, wait_until="load")
        expect(self.tab.locator("[data-link]")).to_have_count(0, timeout=PATIENCE)
        return self.tab

    def links(self, url: str) -> list[str]:
        """Where the links and resources of a page lead."""
        found: list[str] = self.open(url).evaluate(LINKS)
        self._leave()
        return found

    def visit(self, url: str, ours: list[str]) -> list[str]:
        """Open a page, click everything that a learner wrote, and return the links that aren't ours."""
        found: list[str] = []
        try:
            page = self.open(url)
            found = page.evaluate(LINKS)
            page.evaluate(TRY_EVERYTHING, ours)
        except BrowserError as error:  # the page went elsewhere, by itself or by a click
            self.ran.append(f"left: {error.message}")
        self._leave()
        return [link for link in found if link not in ours]

    def _leave(self) -> None:
        """Close what the page has opened, and hear of everything that it asked for. A tab in which code ran isn't used again."""
        kept = None if self.ran else self.tab
        for other in self.context.pages:
            if other is not kept:
                other.close()
        self.tab = kept
        if kept is not None:
            kept.goto("about:blank")


@contextmanager
def watched(browser: Browser, *allowed: str) -> Iterator[Watched]:
    """A new window that may request only addresses with one of these beginnings."""
    context = browser.new_context()
    try:
        yield Watched(context, allowed)
    finally:
        context.close()


@contextmanager
def published(folder: Path) -> Iterator[str]:
    """A folder on an ordinary web server; its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
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


def pages(course: Path) -> dict[tuple[str, str], str]:
    """The submitted notebooks: student and section, and formgrader's name for it."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            (submission.student_id, notebook.name): notebook.id
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
            for notebook in submission.notebooks
            if (course / "autograded" / submission.student_id / ASSIGNMENT / f"{notebook.name}.ipynb").exists()
        }


def theirs(course: Path) -> dict[tuple[str, str], str]:
    """Those of the attackers."""
    return {about: entry for about, entry in pages(course).items() if about[0] not in HONEST}


Found = dict[tuple[str, str], tuple[list[str], list[str], list[str]]]
"""Page by page the links, what ran, and what was asked for."""


def told(found: Found) -> str:
    """The same in lines."""
    kinds = ("link", "ran", "asked")
    return "\n".join(
        f"{page}: {kind} {what}"
        for page, lists in found.items()
        for kind, whats in zip(kinds, lists, strict=True)
        for what in whats
    )


def test_payloads_work(browser: Browser, tmp_path: Path) -> None:
    """On an unprotected page the payloads run and send requests, and the tests detect both."""
    cells = [from_dict(p.cell) for p in PAYLOADS.values() if p.family not in {"metadata", "output", "code"}][::3]
    for cell in cells:
        notebook = from_dict({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        page, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
        (tmp_path / f"{cell.id}.html").write_bytes(page.encode("utf-8", "replace"))
    with published(tmp_path) as origin, watched(browser, *(f"{origin}/{cell.id}.html" for cell in cells)) as window:
        for cell in cells:
            window.visit(f"{origin}/{cell.id}.html", [])
    assert len({proof for proof in window.ran if "left" not in proof}) >= 10
    assert len({url for url in window.asked if EVIL in url}) >= 7
    assert len({url for url in window.asked if f"/{MARK}-" in url}) >= 2


def test_honest_scores(attacked: Jupyter) -> None:
    """Three honest students among the attackers have the same scores as in a class without attackers."""
    scores = grades(attacked.folder)
    for student in students():
        if student.name in HONEST:
            assert {name: score for name, (score, _) in scores[student.name].items()} == student.scores


@pytest.mark.parametrize("way", ["web server", "file", "jupyter"])
def test_feedback(attacked: Jupyter, browser: Browser, way: str) -> None:
    """No attacker's feedback runs code, links or sends a request, whether published, opened as a file, or served by Jupyter."""
    folder = attacked.folder / "feedback"
    found: Found = {}
    with published(folder) as origin, watched(browser) as window:
        place = {"web server": origin, "file": folder.as_uri(), "jupyter": f"{attacked.origin}/files/feedback"}[way]
        token = f"?token={attacked.token}" if way == "jupyter" else ""

        def look(student: str, section: str) -> str:
            """Allow the window only one student's page, and return its address."""
            url = f"{place}/{student}/{ASSIGNMENT}/{section}.html{token}"
            # Of bootstrap's font, which no page uses, Chromium says that the policy forbids it, as if it had asked.
            window.allow(url, f"{place}/{student}/fonts/")
            return url

        @cache
        def ours(section: str) -> list[str]:
            return window.links(look("ada", section))

        for number, (student, section) in enumerate(theirs(attacked.folder)):
            if way != "web server" and (section != SECTION or number % 2):
                continue  # they are the same pages
            links = ours(section)
            found[student, section] = window.visit(look(student, section), links), *window.seen()
    assert window.seen() == ([], [])
    assert len(found) >= (30 if way == "web server" else 7)
    assert not any(map(any, found.values())), told(found)


def test_formgrader(attacked: Jupyter, browser: Browser) -> None:
    """No attacker's submission runs code, links or sends a request in formgrader, and the instructor stays logged in."""
    entries = pages(attacked.folder)
    found: Found = {}
    with instructor(attacked, browser) as window:

        @cache
        def ours(section: str) -> list[str]:
            return window.links(f"{attacked.origin}/formgrader/submissions/{entries['ada', section]}/")

        for (student, section), entry in theirs(attacked.folder).items():
            links = ours(section)
            own = [link.replace(entries["ada", section], entry).replace("/ada/", f"/{student}/") for link in links]
            url = f"{attacked.origin}/formgrader/submissions/{entry}/"
            found[student, section] = window.visit(url, own), *window.seen()
        assert len(found) >= 30
        assert not any(map(any, found.values())), told(found)
        assert_logged_in(window, attacked)


def test_formgrader_still_works(attacked: Jupyter, browser: Browser) -> None:
    """A submission in formgrader has its styles, its cards with pictures, and a name that a click shows."""
    entry = pages(attacked.folder)["ben", "06-hands-on"]
    with instructor(attacked, browser) as window:
        page = window.open(f"{attacked.origin}/formgrader/submissions/{entry}/")
        page.locator(".workbook-figure img").first.wait_for()
        assert page.evaluate("() => [...document.images].every(image => image.naturalWidth)")
        page.locator(".glyphicon-eye-open").click()
        assert page.locator("a.name-shown").inner_text() == f"{NAMES[0]}, {NAMES[0]}"
        attacked.shoot(page, "attacks-formgrader")
        assert (window.ran, window.asked) == ([], [])


def test_lists_of_formgrader(attacked: Jupyter, browser: Browser) -> None:
    """Formgrader's lists show a folder's name as text, also after every click."""
    for name in NAMES:
        hand_in(attacked.folder, name, "{}")
    own = (*NAMES, "ben", "trudy-keys")
    sections = sorted({section for _, section in pages(attacked.folder)})
    lists = ["manage_students", "manage_assignments", f"manage_submissions/{ASSIGNMENT}", "gradebook"]
    lists += [f"gradebook/{ASSIGNMENT}", *(f"gradebook/{ASSIGNMENT}/{section}" for section in sections)]
    lists += ["api/students", "api/assignments", f"api/submissions/{ASSIGNMENT}"]
    lists += [f"manage_students/{quote(name, safe='')}" for name in own]
    for name in own[::4]:
        lists += [f"manage_students/{quote(name, safe='')}/{ASSIGNMENT}", f"gradebook/{quote(name, safe='')}"]
    found: Found = {}
    with instructor(attacked, browser) as window:
        for path in lists:
            page = window.open(f"{attacked.origin}/formgrader/{path}")
            page.wait_for_load_state("networkidle")
            found[path, ""] = [], *window.seen()
        assert not any(map(any, found.values())), told(found)
        page = window.open(f"{attacked.origin}/formgrader/manage_students")
        page.locator("td.id").first.wait_for()
        ids = page.locator("td.id").all_inner_texts()
        assert {" ".join(name.split()) for name in NAMES} <= {" ".join(name.split()) for name in ids}
        for number, name in enumerate(ids):
            if name in own:
                page.locator("td.name a").nth(number).click()
                page.wait_for_load_state("networkidle")
                page.goto(f"{attacked.origin}/formgrader/manage_students")
                page.locator("td.id").nth(len(ids) - 1).wait_for()
        attacked.shoot(page, "attacks-students")
        assert (window.ran, window.asked) == ([], [])
        assert_logged_in(window, attacked)


@contextmanager
def instructor(jupyter: Jupyter, browser: Browser) -> Iterator[Watched]:
    """A window that is logged in by its cookie and may open formgrader."""
    with watched(browser, f"{jupyter.origin}/formgrader/") as window:
        window.open(f"{jupyter.origin}/formgrader/manage_students?token={jupyter.token}")
        yield window


def assert_logged_in(window: Watched, jupyter: Jupyter) -> None:
    """Assert that the cookie still logs in, and that no terminal, kernel or session was started."""
    answer = window.context.request.get(f"{jupyter.origin}/formgrader/manage_students", max_redirects=0)
    assert answer.status == 200
    for kind in ("terminals", "kernels", "sessions"):
        is_started = window.context.request.get(f"{jupyter.origin}/api/{kind}?token={jupyter.token}")
        assert (is_started.status, is_started.json()) == (200, [])
