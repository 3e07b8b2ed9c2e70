"""Choices as a learner wrote them: a YAML mapping of items, each with what was chosen for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cluster.errors import AnswerError
from cluster.limits import CHOICES_ITEMS
from cluster.manifests import Document, Path, read
from cluster.unreadable import strange_beginning
from graders.answers.manifest import begun as anything_written
from graders.answers.text import shown


@dataclass(frozen=True, slots=True)
class Choices:
    """The one document of an answer, whose root is a mapping without doubled keys."""

    document: Document

    @property
    def items(self) -> Mapping[str, Any]:
        """What was written for each item, in the learner's order."""
        written: Mapping[str, Any] = self.document.data
        return written

    def written(self, *path: str | int) -> str:
        """The value at a path as it was written: ``no``, where YAML reads false."""
        return self.document.written(*path)

    def line(self, *path: str | int) -> int:
        """The learner's line of a path, or of its nearest ancestor."""
        return self.document.line(*path)

    @property
    def kept(self) -> str:
        """What was read, in a few words."""
        names = [shown(name, 40) for name in list(self.items)[:3]]
        more = len(self.items) - len(names)
        return ", ".join(names) + (f" and {more} more" if more else "")


_TIGHT = re.compile(r"^[ \t]*([\w-]{1,40}):([\w-]{1,40})", re.MULTILINE)
"""A name and a word with nothing between colon and word."""


def tight_colon(text: str) -> str:
    """How the first name and word of a text should stand that have nothing between colon and word; empty where none do."""
    tight = _TIGHT.search(text)
    return f"{tight[1]}: {tight[2]}" if tight else ""


def parse(text: str) -> Choices:
    """Read choices. Raises AnswerError where the text is no YAML, no mapping, or says something twice."""
    if strange := strange_beginning(text):
        raise strange
    documents = read(text)
    if not documents:
        raise AnswerError("Your answer holds no choices yet.", "Write each item's name, a colon, and what you choose.")
    if len(documents) > 1:
        raise _refused(
            f"Your answer has {len(documents)} documents; choices are one.", "Take out the line with ---.",
            text, documents[1].line(),
        )  # fmt: skip
    document = documents[0]
    if not isinstance(document.data, dict):
        what = "a list" if isinstance(document.data, list) else "plain text"
        hint = (
            f"YAML wants a blank after the colon: “{tight}”." if (tight := tight_colon(text))
            else "Write it in the form that stands above the cell: a name, a colon, a blank, and what you choose."
        )  # fmt: skip
        raise _refused(f"Your answer is {what}.", hint, text, document.line())
    for path, line in document.duplicates:
        empty = len(path) == 1 and any(value is None for value in document.data.values())
        way = (
            "Put two blanks before each line that belongs to the name above it."
            if empty
            else "Keep the one that you mean."
        )
        raise _refused(f"{_named(path)} is written twice; line {line} has it again.", way, text, line)
    if len(document.data) > CHOICES_ITEMS:
        raise AnswerError(
            f"Your answer has {len(document.data)} items; at most {CHOICES_ITEMS} are read.",
            "Keep those that the exercise asks for.",
        )
    return Choices(document)


def begun(text: str) -> bool:
    """Whether anything was chosen: a form of which no line is filled in isn't begun."""
    try:
        documents = read(text)
    except AnswerError:
        return anything_written(text)
    return any(_chosen(document.data) for document in documents)


def _chosen(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_chosen(v) for v in value.values())
    if isinstance(value, list):
        return any(_chosen(v) for v in value)
    return value is not None and value != ""


def _named(path: Path) -> str:
    last = f"“{shown(path[-1], 40)}”"
    return last if len(path) == 1 else f"{last} of “{shown(path[-2], 40)}”"


def _refused(problem: str, hint: str, text: str, line: int) -> AnswerError:
    lines = text.splitlines()
    written = lines[line - 1] if 0 < line <= len(lines) else ""
    return AnswerError(problem, hint, line=line, source_line=written)
