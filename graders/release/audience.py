"""Leave out the instructors' chapters of a document: a text between two marks isn't in the students' archive."""

from __future__ import annotations

import re

from cluster.errors import UsageError

BEGIN = "<!-- instructors: not in the students' archive, up to the next mark -->"
END = "<!-- end of instructors -->"

_MARKED = re.compile(rf"^{BEGIN}\n(.*?)^{END}\n+", re.MULTILINE | re.DOTALL)


def for_students(text: str, name: str) -> str:
    """Return a document without the marked chapters for instructors; messages call the document ``name``.

    Raises UsageError if a mark has no partner, so that no chapter is published by mistake.
    """
    chapters = [match[1] for match in _MARKED.finditer(text)]
    students = _MARKED.sub("", text)
    if any(mark in part for part in (*chapters, students) for mark in (BEGIN, END)):
        raise UsageError(
            f"{name} has an unpaired mark of the instructors' chapters.",
            f"Write “{BEGIN}” above them and “{END}” below, each on a line of its own.",
        )
    return students
