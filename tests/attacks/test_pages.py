"""What a learner writes is text on every page that nbconvert makes of it, whoever's templates it uses.

The saved notebook is what formgrader and feedback render, so the pages here are stock nbconvert's and nbgrader's.
``tests/browser/test_attacks.py`` opens the same payloads in a browser.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbgrader.server_extensions.formgrader.handlers import static_path, template_path

from graders.gradebook.restore import restored
from tests.attacks.payloads import FAMILIES, PAYLOADS, Payload
from tests.course import Notebook
from tests.graders.gradebook.test_restore import RELEASE

TEMPLATES = ("formgrade", "feedback", "classic", "lab")
RESOURCES = {"index": 0, "total": 1, "nbgrader": {"notebook": "x", "score": 1, "max_score": 1, "late_penalty": 0}}
BOOTSTRAP = str(Path(static_path) / "node_modules/bootstrap/dist/css")


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
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:  # as nbgrader's GetGrades does
            cell.metadata.nbgrader.update(score=1, points=1)
    made, _ = exporter(template).from_notebook_node(notebook, resources=copy.deepcopy(RESOURCES))
    return str(made)


def handed_in(*payloads: Payload) -> Notebook:
    """A submission with payloads in it."""
    metadata: dict[str, Any] = {}
    for payload in payloads:
        metadata |= payload.top
    return {"cells": [payload.cell for payload in payloads], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def harmless(notebook: Mapping[str, Any]) -> Notebook:
    """The same submission, of somebody who wrote an x in each cell."""
    kinds = ["code" if cell.get("cell_type") == "code" else "markdown" for cell in notebook["cells"]]
    return {"cells": [{"cell_type": kind, "source": "x", "metadata": {}} for kind in kinds]}


@pytest.mark.parametrize("name", PAYLOADS)
def test_payload_is_text(name: str) -> None:
    """Formgrader's page of a payload has the tags and attributes that it has for an x, and no others."""
    written = handed_in(PAYLOADS[name])
    hostile, honest = (restored(notebook, RELEASE) for notebook in (written, harmless(written)))
    assert Tags(page(hostile, "formgrade")).found == Tags(page(honest, "formgrade")).found


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("family", FAMILIES)
def test_family_is_text(family: str, template: str) -> None:
    """So have the pages of a whole family of payloads, whatever the template: one can't help another."""
    written = handed_in(*(payload for payload in PAYLOADS.values() if payload.family == family))
    hostile, honest = (restored(notebook, RELEASE) for notebook in (written, harmless(written)))
    assert Tags(page(hostile, template)).found == Tags(page(honest, template)).found
