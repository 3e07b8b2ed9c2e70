"""Names that an author chooses: valid for folders, notebooks and Python."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Collection

from cluster.errors import UsageError
from graders.reading.notebook_cells import ANSWER
from graders.reading.text import shown

LONGEST = 40
"""The most characters of a name."""
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)


def module_of(name: str) -> str:
    """The Python name of a folder: ``daily-report`` is in ``daily_report``."""
    return name.replace("-", "_")


def allowed(name: str, what: str, taken: Collection[str]) -> str:
    """Return the name. Raises UsageError if it is taken, or not allowed for ``what``: a lesson or an exercise."""
    if name in taken:
        raise UsageError(f"{_a(what).capitalize()} called “{shown(name)}” already exists.", "Choose another name.")
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        raise UsageError(
            f"“{shown(name)}” isn't a valid name for {_a(what)}.",
            f"A name has small letters, digits and single dashes, begins with a letter, and has at most {LONGEST} characters.",
        )
    if keyword.iskeyword(module_of(name)) or module_of(name) in sys.stdlib_module_names:
        raise UsageError(f"“{name}” is a name that Python itself uses.", "Choose another name, or add a word to it.")
    if name.endswith(ANSWER):
        raise UsageError(f"“{name}” ends like the name of an answer cell.", f"Choose a name without “{ANSWER}”.")
    return name


def _a(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"
