"""Log records without terminal control characters: they contain file names and errors that quote an answer."""

from __future__ import annotations

import logging

from cluster.text import printable

_TRACEBACKS = logging.Formatter()


class Printable(logging.Filter):
    """Passes every record, and makes it printable.

    The second and later lines of a record are indented, so that a name with a newline in it can't imitate another record.
    A logger applies its filters to its own records only; a handler applies them to all records that it gets.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Make the record's message and traceback printable. True."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # the arguments don't fit the message; logging would print a traceback
            message = f"{record.msg} {record.args}"
        record.msg, record.args = _indented(message), ()
        if record.exc_info:
            record.exc_text = _indented(record.exc_text or _TRACEBACKS.formatException(record.exc_info))
        return True


def guard_log(logger: logging.Logger) -> None:
    """Make everything printable that this logger logs from now on. Calling it again has no effect."""
    if not any(isinstance(each, Printable) for each in logger.filters):
        logger.addFilter(Printable())


def _indented(text: str) -> str:
    return printable(text, keep="\n").replace("\n", "\n    ")
