"""Log records without what a terminal would obey: names of folders and files, and errors that quote an answer, are in them."""

from __future__ import annotations

import logging

from cluster.text import printable

_TRACEBACKS = logging.Formatter()


class Printable(logging.Filter):
    """Lets every record through, and makes it printable.

    A record's further lines are indented, so that no name with a newline in it poses as a record of its own. A logger
    applies its filters to its own records only; a handler to all that it is given.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Make the record's message and traceback printable. True."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # arguments that don't fit: whoever logs is told so otherwise by a traceback
            message = f"{record.msg} {record.args}"
        record.msg, record.args = _indented(message), ()
        if record.exc_info:
            record.exc_text = _indented(record.exc_text or _TRACEBACKS.formatException(record.exc_info))
        return True


def guard_log(logger: logging.Logger) -> None:
    """Make all printable that is logged to a logger from now on. Once is enough; more often does no harm."""
    if not any(isinstance(each, Printable) for each in logger.filters):
        logger.addFilter(Printable())


def _indented(text: str) -> str:
    return printable(text, keep="\n").replace("\n", "\n    ")
