"""``workbook release``: make learners' notebooks from authors' sources.

An author's notebook is py:percent text in ``solutions/``, with its solutions. It becomes an ``.ipynb`` beside the source,
which nbgrader needs. From that, ``nbgrader generate_assignment`` makes the learners' notebook in ``notebooks/``. The same
text always gives the same bytes.
"""

from __future__ import annotations

from graders.release.archive import archive, not_packed
from graders.release.generate import enrol, release
from graders.release.source import SourceExporter

__all__ = ["SourceExporter", "archive", "enrol", "not_packed", "release"]
