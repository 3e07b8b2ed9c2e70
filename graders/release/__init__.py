"""From what authors write to what learners open: ``workbook release``.

An author's notebook is py:percent text in ``solutions/``, with its solutions. It becomes an ``.ipynb`` beside it,
for nbgrader to find, and from that ``nbgrader generate_assignment`` makes the learners' notebook in
``notebooks/``. The same text always gives the same bytes.
"""

from __future__ import annotations

from graders.release.archive import archive, not_packed
from graders.release.generate import enrol, release
from graders.release.source import SourceExporter

__all__ = ["SourceExporter", "archive", "enrol", "not_packed", "release"]
