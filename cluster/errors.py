"""The one tree of errors that the workbook raises on purpose.

::

    WorkbookError                 everything below; carries the problem and, apart from it, the way on
    ├── AnswerError               the learner's text can't be read: line, column and the line itself
    │   └── LimitError            it is larger, deeper or longer than is read here, whatever a server would say of it
    ├── NotJudgedError            the judge is broken, not the answer: neither zero nor full marks
    │   ├── WorldError            a cluster is away, full or not ours
    │   │   └── NotReadyError     its API server doesn't answer, or is still starting: it may be waited for
    │   └── NoResultError         work in a child broke a bound, died, or has a fault
    └── UsageError                an exercise, file or option that there isn't
        └── NothingHandedInError  a class handed in nothing of an assignment: of another one of the course it may have

Whoever shows an error shows ``problem`` and ``hint``; no traceback reaches a learner. A class of its own
exists only where somebody handles it differently: an :class:`AnswerError` becomes a finding, which ``workbook admit``
doesn't make of a :class:`LimitError`; a :class:`NotJudgedError` becomes a report that says so, a :class:`UsageError` one line and exit code 2.
"""

from __future__ import annotations

from cluster.limits import SENTENCE_CHARACTERS
from cluster.text import printable


class WorkbookError(Exception):
    """Something that the workbook can explain: ``problem`` in one sentence, ``hint`` as the way on.

    Both may quote what somebody wrote: they are printable and bounded, whoever shows them.
    """

    def __init__(self, problem: str, hint: str = "") -> None:
        self.problem = printable(problem, SENTENCE_CHARACTERS)
        self.hint = printable(hint, SENTENCE_CHARACTERS)
        super().__init__(self.problem)


class AnswerError(WorkbookError):
    """The learner's text can't be read. Lines and columns count from 1; 0 says that there is none."""

    def __init__(self, problem: str, hint: str = "", *, line: int = 0, column: int = 0, source_line: str = "") -> None:
        super().__init__(problem, hint)
        self.line = line
        self.column = column
        self.source_line = source_line


class LimitError(AnswerError):
    """The text is larger, deeper or longer than is read: a bound of ours, which says nothing of what is in it."""


class NotJudgedError(WorkbookError):
    """The judge is broken, not the answer."""


class WorldError(NotJudgedError):
    """The cluster that should judge is away, full, or not the workbook's."""


class NotReadyError(WorldError):
    """A cluster doesn't answer, or says that it isn't ready: a moment later it may be, as after a reboot."""


class NoResultError(NotJudgedError):
    """Work in a child came to no result: it broke a bound and was ended, its process died, or the workbook has a fault."""


class UsageError(WorkbookError):
    """An exercise, file or option that there isn't."""


class NothingHandedInError(UsageError):
    """A class handed in nothing of an assignment."""
