"""A learner's text is text on every page, with any of nbconvert's templates.

Formgrader and feedback render the saved notebook, so the pages here are stock nbconvert's and nbgrader's.
``tests/browser/test_attacks.py`` opens the same payloads in a browser.
"""

from __future__ import annotations

import base64
import copy
import re
import time
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat import NotebookNode
from nbgrader.server_extensions.formgrader.handlers import static_path, template_path
from tornado.httputil import HTTPConnection, HTTPHeaders, HTTPServerRequest

from cluster import world
from cluster.limits import ANSWER_BYTES, SHOWN_CHARACTERS
from graders.core.registry import exercise, exercises
from graders.core.report import Finding, Report, State
from graders.gradebook import GradeAnswers, inert
from graders.gradebook.course import course
from graders.gradebook.outputs import outputs
from graders.gradebook.restore import Released, ReleasedNotebook, restored
from graders.notebook.lab_server import NO_PAGE, PAGE, Policy
from graders.present import card
from graders.reading.notebook_cells import grade_id
from tests.attacks.payloads import FAMILIES, PAYLOADS, WORDS, Payload, answers
from tests.support.course import Notebook, answered, new_course
from tests.support.released_cells import RELEASE, RELEASED

TEMPLATES = ("formgrade", "feedback", "classic", "lab")
RESOURCES = {"index": 0, "total": 1, "nbgrader": {"notebook": "x", "score": 1, "max_score": 1, "late_penalty": 0}}
BOOTSTRAP = str(Path(static_path) / "node_modules/bootstrap/dist/css")

CARD = {
    "style", "section", "header", "footer", "b", "span", "meter", "p", "pre", "ul", "li", "details", "summary", "div", "a",
    "figure", "figcaption", "img", "table", "caption", "thead", "tbody", "tr", "th", "td", "code", "em", "br",
}  # fmt: skip
ATTRIBUTES = {
    "class", "style", "open", "alt", "src", "href", "target", "rel", "aria-label", "min", "max", "value", "scope", "colspan",
}  # fmt: skip
DRAWING = {
    "svg", "g", "path", "polygon", "polyline", "ellipse", "text", "tspan", "title", "rect", "line", "circle", "style", "desc",
    "defs", "marker", "!", "lineargradient", "stop", "pattern", "clippath",
}  # fmt: skip
PICTURE = re.compile(r"data:image/svg\+xml;base64,[A-Za-z0-9+/=]*")


class Tags(HTMLParser):
    """The tags of a page in their order, with their attributes, and without the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one."""
        self.found.append((tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Note one."""
        self.found.append((f"/{tag}", ()))

    def handle_comment(self, data: str) -> None:
        """A comment is what hides the rest of a page."""
        self.found.append(("!", ((data, None),)))


@cache
def exporter(template: str) -> HTMLExporter:
    """Stock nbconvert with one of its own templates, or one of nbgrader's."""
    places = {"extra_template_basedirs": [template_path], "extra_template_paths": [BOOTSTRAP]}
    return HTMLExporter(template_name=template, **places)


def page(notebook: NotebookNode, template: str) -> str:
    """The page that nbconvert makes of a saved notebook."""
    made, _ = exporter(template).from_notebook_node(graded(notebook), resources=copy.deepcopy(RESOURCES))
    return str(made)


def graded(notebook: NotebookNode) -> NotebookNode:
    """The notebook with scores, as nbgrader's GetGrades puts them into it."""
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.update(score=1, points=1)
    return notebook


def handed_in(*payloads: Payload) -> Notebook:
    """A submission with payloads in it."""
    metadata: dict[str, Any] = {}
    for payload in payloads:
        metadata |= payload.top
    return {"cells": [payload.cell for payload in payloads], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def harmless(notebook: Mapping[str, Any]) -> Notebook:
    """The same submission with an x in each cell."""
    kinds = ["code" if cell.get("cell_type") == "code" else "markdown" for cell in notebook["cells"]]
    return {"cells": [{"cell_type": kind, "source": "x", "metadata": {}} for kind in kinds]}


@pytest.mark.parametrize("name", PAYLOADS)
def test_payload_is_text(name: str) -> None:
    """Formgrader's page of a payload has the same tags and attributes as the page of an x."""
    written = handed_in(PAYLOADS[name])
    hostile, honest = (restored(notebook, RELEASE) for notebook in (written, harmless(written)))
    assert Tags(page(hostile, "formgrade")).found == Tags(page(honest, "formgrade")).found


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("family", FAMILIES)
def test_family_is_text(family: str, template: str) -> None:
    """The pages of a whole family of payloads have the same tags as well, with any template."""
    written = handed_in(*(payload for payload in PAYLOADS.values() if payload.family == family))
    hostile, honest = (restored(notebook, RELEASE) for notebook in (written, harmless(written)))
    assert Tags(page(hostile, template)).found == Tags(page(honest, template)).found


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("code", "\n "), ("code", "\t"), ("code", "%%perl\n"), ("code", 'x = """'), ("code", "(("), ("code", "&"),
        ("markdown", " "), ("markdown", "\n "), ("markdown", "[x](files/"), ("markdown", "<a "), ("markdown", "`"),
    ],
)  # fmt: skip
def test_pages_are_cheap(kind: str, text: str) -> None:
    """Showing the largest notebook of any text takes a few seconds of processor time."""
    long, short = ({"cell_type": kind, "source": text * count} for count in (300_000, 40))
    notebook = restored({"cells": [long] * 15 + [short] * 600}, RELEASE)
    began = time.process_time()
    made = page(notebook, "formgrade")
    assert time.process_time() - began < 5
    assert len(made) < 10_000_000


def test_prose_of_the_release_stays_markdown() -> None:
    """Released text is shown as released; with one additional word it is shown as a learner's text."""
    texts = ["# Ours\n\n[on](https://kubernetes.io)", "# Ours\n\n[on](https://kubernetes.io) and mine"]
    written = {"cells": [{"cell_type": "markdown", "source": text} for text in texts]}
    ours, theirs = (
        cell.source for cell in restored(written, ReleasedNotebook(RELEASED, prose=frozenset(texts[:1]))).cells[:2]
    )
    assert ours == texts[0]
    assert theirs == f"```\n{texts[1]}\n```"


def test_an_answer_in_prose() -> None:
    """A written answer is shown as a block of text, and an unchanged cell as released."""
    essay = Released("essay", "markdown", "*Yours*", False, "", solution=True, grade=True, task=False, points=5.0)
    about = {"nbgrader": {"grade_id": "essay"}}
    for text, shown in (("*Yours*", "*Yours*"), ("<b>x</b>", "```\n<b>x</b>\n```")):
        written = {"cells": [{"cell_type": "markdown", "source": text, "metadata": about}]}
        assert restored(written, ReleasedNotebook((essay,))).cells[0].source == shown


@pytest.mark.parametrize("text", ["# a\n" * 100_000, "kind: Deployment\n# \x1b]52;c;x\x07\u202e"])
def test_answers_are_shortened_once_they_are_judged(text: str) -> None:
    """A long answer is judged as a whole; the saved notebook has only as much of it as a page shows."""
    written = restored(answered(deployment=text), RELEASE)
    judged, _ = GradeAnswers().preprocess(copy.deepcopy(written), {})
    before, after = (next(c.source for c in nb.cells if grade_id(c) == "deployment-answer") for nb in (written, judged))
    assert before == f"%%answer deployment\n{text}"[: ANSWER_BYTES + 1]
    assert after == inert.code(before)
    assert len(after) <= SHOWN_CHARACTERS + 20
    assert not inert.UNSEEN.search(after)


@pytest.mark.parametrize("way", answers())
@pytest.mark.parametrize("name", [exercise.name for exercise in exercises()])
def test_card(name: str, way: str) -> None:
    """The card of a hostile answer has only a card's tags, the workbook's addresses, and real pictures."""
    report = exercise(name).judge(answers()[way][name], world())
    for tag, attributes in Tags(card.html(report)).found:
        assert tag.removeprefix("/") in CARD
        for attribute, value in attributes:
            assert attribute in ATTRIBUTES
            if attribute == "href":
                assert str(value).startswith("https://kubernetes.io/")
            if attribute == "src":
                assert PICTURE.fullmatch(str(value))
                drawn = Tags(base64.b64decode(str(value).partition(",")[2]).decode()).found
                assert {tag.removeprefix("/") for tag, _ in drawn} <= DRAWING
                assert not [key for _, about in drawn for key, _ in about if key.startswith("on") or "href" in key]


def test_comment() -> None:
    """The gradebook's message on an answer that isn't judged is one paragraph, with any names from the learner."""
    for word in WORDS:
        report = Report(
            "x", "simulated", (Finding("c", State.NOT_JUDGED, 1, 0),), problem=f"No file {word}.", hint=word
        )
        comment = outputs(report, 1)[0]["metadata"]["workbook"]["comment"]
        assert [tag for tag, _ in Tags(markdown2html_mistune(comment)).found] == ["p", "code", "/code", "/p"]


def test_our_pages_load_nothing(tmp_path: Path) -> None:
    """With this course's configuration, feedback and formgrader's page load nothing from another machine."""
    config = course(new_course(tmp_path)).config
    for template in ("formgrade", "feedback"):
        made = HTMLExporter(config=config, template_name=template, extra_template_paths=[BOOTSTRAP])
        text, _ = made.from_notebook_node(graded(restored(answered(), RELEASE)), resources=copy.deepcopy(RESOURCES))
        loaded = [
            v for tag, about in Tags(text).found if tag != "a" for k, v in about if k in {"src", "href", "srcset"}
        ]
        assert not [address for address in loaded if "//" in str(address)]
        assert not re.findall(r"@import|url\(['\"]?(?!data:|\.\./fonts/)", text)
        assert ("Content-Security-Policy" in text) is (template == "feedback")


def test_names_are_text(tmp_path: Path) -> None:
    """A student's name is text on formgrader's page of a submission."""
    made = HTMLExporter(config=course(new_course(tmp_path)).config, template_name="formgrade")
    names = ("student", "first_name", "last_name", "notebook_path")
    hostile, honest = (
        made.from_notebook_node(restored(answered(), RELEASE), resources=RESOURCES | dict.fromkeys(names, name))[0]
        for name in ('"><img src=x onerror=pwned(1)>', "x")
    )
    assert [tag for tag, _ in Tags(hostile).found] == [tag for tag, _ in Tags(honest).found]


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/formgrader/manage_students/x", PAGE),
        ("/base/formgrader/submissions/0a/", PAGE),
        ("/formgrader/submissions/0a/x.html", NO_PAGE),
        ("/formgrader/api/students", NO_PAGE),
        ("/lab/tree/notebooks", None),
        ("/files/feedback/x.html", None),
    ],
)
def test_policy(path: str, policy: str | None) -> None:
    """In ``workbook lab``, formgrader's pages are isolated, and its data and files aren't pages; nothing else changes."""
    headers = HTTPHeaders({"Content-Security-Policy": "frame-ancestors 'self'"})
    request = HTTPServerRequest("GET", path, connection=HTTPConnection())
    _, made, _ = Policy(request).transform_first_chunk(200, headers, b"", finishing=True)
    assert made.get_list("Content-Security-Policy") == ["frame-ancestors 'self'", *filter(None, [policy])]
