"""A page of feedback: a graded notebook with its cards, scores and comments, as HTML that loads nothing and runs no script.

``workbook grade`` and ``nbgrader generate_feedback`` write the same pages. The notebook is the saved one, in which a
learner's Markdown is a block of text already; code and all other texts are escaped by the template.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from graders.gradebook.outputs import JUDGMENT, judged_in
from graders.present.templating import templates_beside
from graders.reading.notebook_cells import grade_id, source

render = templates_beside(__file__)
STAMP_BYTES = 200
"""The stamp is in this many bytes at the beginning of a page."""
REMEMBERED, REMEMBERED_CHARACTERS = 512, 20_000
"""So many texts of at most that length are rendered once: all students have the same prose."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the gradebook says about a submitted notebook, by the names of its cells.

    A score is a pair: the points and the maximum. ``comments`` are Markdown. ``penalty`` is for a late submission.
    """

    scores: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    penalty: float = 0.0


@dataclass(frozen=True, slots=True)
class Output:
    """An output of a check: a card as HTML, or a text."""

    html: Markup | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as a page shows it; ``prose`` is HTML, and None for code. ``points`` is None for a cell without points."""

    name: str
    label: str
    code: str
    prose: Markup | None
    outputs: tuple[Output, ...]
    score: float
    points: float | None
    comment: Markup | None


def page(notebook: Mapping[str, Any], title: str, marks: Marks) -> str:
    """Return the page of a saved notebook; ``title`` is the notebook's name."""
    total = math.fsum(score for score, _ in marks.scores.values()) - marks.penalty
    most = math.fsum(points for _, points in marks.scores.values())
    cells = [_cell(cell, marks) for cell in notebook["cells"]]
    about = notebook["metadata"].get(JUDGMENT, {})
    return render(
        "feedback.html", stamp=stamp(about.get("digest", ""), judged_in(notebook), marks), title=title, cells=cells,
        score=round(total, 2) + 0.0, most=round(most, 2), penalty=round(marks.penalty, 2),
    )  # fmt: skip


def stamp(digest: str, judged: Mapping[str, Any], marks: Marks) -> str:
    """Return a digest of all that a page shows: the submitted file's digest, the judgments, the marks, and the template."""
    said = json.dumps([_own_digest(), digest, judged, asdict(marks)], sort_keys=True, default=str)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def stamp_of(path: Path) -> str:
    """Return the stamp of a written page, or "" if there is none."""
    try:
        with path.open("rb") as file:
            start = file.read(STAMP_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
    return start.partition("<!-- ")[2].partition(" -->")[0]


def _cell(cell: Mapping[str, Any], marks: Marks) -> Cell:
    about, name, text = cell["metadata"].get("nbgrader", {}), grade_id(cell), source(cell)
    score, points = marks.scores.get(name, (0.0, None)) if about else (0.0, None)
    is_code, comment = cell["cell_type"] == "code", marks.comments.get(name, "") if about.get("solution") else ""
    label = (
        "Answer" if about.get("solution") else "Task" if about.get("task") else "Check" if about.get("grade") else ""
    )
    return Cell(
        name if label else "", f"{label} {name}".strip() if label else "", text if is_code else "", None if is_code else markdown(text),
        tuple(_outputs(cell)), round(score, 2), points, markdown(comment) if comment else None,
    )  # fmt: skip


def _outputs(cell: Mapping[str, Any]) -> Iterator[Output]:
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if "text/html" in data:
            yield Output(Markup("".join(data["text/html"])))  # noqa: S704  the judge's card, which escapes
        elif output.get("output_type") == "error":
            yield Output(None, "\n".join(output.get("traceback", ())))
        else:
            yield Output(None, "".join(data.get("text/plain", output.get("text", ""))))


def markdown(text: str) -> Markup:
    """Return the HTML of released prose, of a comment, or of a learner's text that is one block of code."""
    return _remembered(text) if len(text) <= REMEMBERED_CHARACTERS else _rendered(text)


@lru_cache(maxsize=REMEMBERED)
def _remembered(text: str) -> Markup:
    return _rendered(text)


def _rendered(text: str) -> Markup:
    return Markup(_reader().render(text))  # noqa: S704  a learner's text is inert before it is saved


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


@cache
def _own_digest() -> str:
    here = Path(__file__)
    return hashlib.sha256(here.read_bytes() + here.with_suffix(".html").read_bytes()).hexdigest()
