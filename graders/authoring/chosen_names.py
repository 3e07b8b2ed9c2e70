"""Names that an author chooses, held to what folders, notebooks and Python take."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Collection

from cluster.errors import UsageError
from graders.reading.notebook_cells import ANSWER
from graders.reading.text import shown

LONGEST = 40
"""How many characters a name may have."""
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)


def module_of(name: str) -> str:
    """The Python name of a folder: ``daily-report`` is in ``daily_report``."""
    return name.replace("-", "_")


def allowed(name: str, what: str, taken: Collection[str]) -> str:
    """The same name. Raises UsageError where it is taken, or no name for ``what``: a lesson or an exercise."""
    if name in taken:
        raise UsageError(f"There is {_a(what)} called “{shown(name)}” already.", "Choose another name.")
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        raise UsageError(
            f"“{shown(name)}” is no name for {_a(what)}.",
            f"A name has small letters, digits and single dashes, begins with a letter, and has at most {LONGEST} characters.",
        )
    if keyword.iskeyword(module_of(name)) or module_of(name) in sys.stdlib_module_names:
        raise UsageError(f"“{name}” is a name of Python's own.", "Choose another name, or add a word to it.")
    if name.endswith(ANSWER):
        raise UsageError(f"“{name}” ends as the name of an answer cell does.", f"Choose a name without “{ANSWER}”.")
    return name


def _a(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"
