"""Who a chapter of a document is for: what stands between two marks isn't in the archive for students."""

from __future__ import annotations

import re

from cluster.errors import UsageError

BEGIN = "<!-- instructors: not in the students' archive, up to the next mark -->"
END = "<!-- end of instructors -->"

_MARKED = re.compile(rf"^{BEGIN}\n(.*?)^{END}\n+", re.MULTILINE | re.DOTALL)


def for_students(text: str, name: str) -> str:
    """A document without what is marked as the instructors'; ``name`` is how messages call it.

    Raises UsageError where a mark has no partner, so that nothing is handed out by a slip.
    """
    chapters = [match[1] for match in _MARKED.finditer(text)]
    students = _MARKED.sub("", text)
    if any(mark in part for part in (*chapters, students) for mark in (BEGIN, END)):
        raise UsageError(
            f"{name} has a mark of the instructors' chapters without its partner.",
            f"Write “{BEGIN}” above them and “{END}” below, each on a line of its own.",
        )
    return students
