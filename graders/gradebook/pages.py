"""The pages that nbgrader makes from saved notebooks: feedback, and a submission in formgrader.

The workbook changes two things: a template replaces the one that loads MathJax from another site, and names are escaped
before nbgrader puts them into a page.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import nbgrader
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

TEMPLATES = [
    str(Path(__file__).parent / "templates"),
    str(Path(nbgrader.__file__).parent / "server_extensions/formgrader/templates"),
]
"""The folders of the templates: ours first, then nbgrader's."""

NAMES = ("student", "first_name", "last_name", "notebook_path")
"""Texts that people chose and that formgrader puts into a submission's page."""


class EscapeNames(Preprocessor):  # type: ignore[misc]
    """Escapes a person's name: formgrader's template would insert it as HTML."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Escape the names beside a notebook."""
        for name in NAMES:
            if isinstance(resources.get(name), str):
                resources[name] = escape(resources[name])
        return nb, resources
