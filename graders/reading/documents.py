"""Read the one YAML document of an answer. One policy for all: a key that is written twice is an error.

Most YAML readers silently keep the last of two equal keys, and the learner may not mean that one. Manifests are the
only exception: an answer may contain several, and the API server refuses such a key with its own message, to which
``cluster.admission.pointers`` adds both lines.
"""

from __future__ import annotations

from collections.abc import Sequence

from cluster.errors import AnswerError
from cluster.manifests.documents import Document, DoubledKey, read
from cluster.manifests.streams import BREAK
from cluster.manifests.yaml_errors import strange_beginning
from graders.reading.text import shown

KEEP = "Keep the one that you mean."


def one_document(text: str, hint: str) -> Document:
    """Read the one document of an answer. Raises AnswerError as ``documents`` and ``only`` do."""
    return only(documents(text), text, hint)


def documents(text: str) -> tuple[Document, ...]:
    """Read all documents of an answer. Raises AnswerError for a text that isn't YAML or is above a bound."""
    if strange := strange_beginning(text):
        raise strange
    return read(text)


def only(found: Sequence[Document], text: str, hint: str) -> Document:
    """Return the one document of an answer, in which no key is written twice.

    Raises AnswerError for no document, with ``hint`` as the next step, for several, and for a key that is written twice,
    with both its lines. Lines count from 1, as in the editor: the text has an empty line for each line above the answer.
    """
    if not found:
        raise AnswerError("Your answer is empty.", hint)
    if len(found) > 1:
        raise refused(
            f"Your answer has {len(found)} documents; the exercise asks for one.", "Delete the line with ---.", text, found[1].line()
        )  # fmt: skip
    (document,) = found
    for doubled in document.duplicates:
        raise refused(
            f"{_named(doubled)} is written twice, {doubled.where}.", _way(document, doubled), text, doubled.line
        )
    return document


def refused(problem: str, hint: str, text: str, line: int) -> AnswerError:
    """The error at a line of an answer, with the line itself."""
    lines = BREAK.split(text)  # as the lines of a document are counted
    written = lines[line - 1] if 0 < line <= len(lines) else ""
    return AnswerError(problem, hint, line=line, source_line=written)


def _named(doubled: DoubledKey) -> str:
    *above, last = doubled.path
    name = f"“{shown(last, 40)}”"
    return name if not above or isinstance(above[-1], int) else f"{name} of “{shown(above[-1], 40)}”"


def _way(document: Document, doubled: DoubledKey) -> str:
    top = document.data
    if isinstance(doubled.path[0], int):
        return f"{KEEP} If they are two items, begin each with a dash of its own."
    if isinstance(top, dict) and len(doubled.path) == 1 and None in top.values():
        return "Put two spaces before each line that belongs to the name above it."
    return KEEP
