"""The pages that nbgrader makes of saved notebooks: feedback, and a submission in formgrader.

They are nbgrader's own. Two things are ours: a template in place of the one that loads MathJax from elsewhere, and
names that are escaped before nbgrader puts them into a page.
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
"""Where the templates are: ours first, then nbgrader's."""

NAMES = ("student", "first_name", "last_name", "notebook_path")
"""What formgrader puts into a submission's page besides the notebook, and a person chose."""


class EscapeNames(Preprocessor):  # type: ignore[misc]
    """Makes a person's name text: formgrader's template would have it as HTML."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Escape the names beside a notebook."""
        for name in NAMES:
            if isinstance(resources.get(name), str):
                resources[name] = escape(resources[name])
        return nb, resources
