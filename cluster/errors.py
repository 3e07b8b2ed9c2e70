"""The tree of all errors that the workbook raises on purpose.

::

    WorkbookError                 the root; has the problem and, apart from it, what to do
    ├── AnswerError               the learner's text can't be read: line, column and the line itself
    │   └── LimitError            it is larger, deeper or longer than our bounds; a server might accept it
    ├── NotJudgedError            the judge is broken, not the answer: neither zero nor full marks
    │   ├── WorldError            a cluster is unreachable, full or not ours
    │   │   └── NotReadyError     its API server doesn't answer or is still starting; waiting may help
    │   └── NoResultError         a child process broke a bound, died or failed
    └── UsageError                an exercise, file or option that doesn't exist
        └── NothingHandedInError  a class handed in nothing for this assignment

Callers show ``problem`` and ``hint``; no traceback reaches a learner. An error has its own class only if some code handles
it differently: an :class:`AnswerError` becomes a finding (but ``workbook admit`` makes no finding of a
:class:`LimitError`), a :class:`NotJudgedError` becomes a report that says so, a :class:`UsageError` one line and exit code 2.
"""

from __future__ import annotations

from cluster.limits import SENTENCE_CHARACTERS
from cluster.text import printable


class WorkbookError(Exception):
    """An error that the workbook can explain: ``problem`` in one sentence, ``hint`` says what to do.

    Both may quote a learner's text, so both are made printable and bounded here.
    """

    def __init__(self, problem: str, hint: str = "") -> None:
        self.problem = printable(problem, SENTENCE_CHARACTERS)
        self.hint = printable(hint, SENTENCE_CHARACTERS)
        super().__init__(self.problem)


class AnswerError(WorkbookError):
    """The learner's text can't be read. Lines and columns count from 1; 0 means unknown."""

    def __init__(self, problem: str, hint: str = "", *, line: int = 0, column: int = 0, source_line: str = "") -> None:
        super().__init__(problem, hint)
        self.line = line
        self.column = column
        self.source_line = source_line


class LimitError(AnswerError):
    """The text is larger, deeper or longer than our bounds. Its content may be right."""


class NotJudgedError(WorkbookError):
    """The judge is broken, not the answer."""


class WorldError(NotJudgedError):
    """The cluster that should judge is unreachable, full, or not the workbook's."""


class NotReadyError(WorldError):
    """A cluster doesn't answer or isn't ready yet, as after a reboot; it may be ready a moment later."""


class NoResultError(NotJudgedError):
    """A child process returned no result: it broke a bound and was killed, it died, or the workbook has a fault."""


class UsageError(WorkbookError):
    """An exercise, file or option that doesn't exist."""


class NothingHandedInError(UsageError):
    """A class handed in nothing for an assignment. It may have handed in another one of the course."""
