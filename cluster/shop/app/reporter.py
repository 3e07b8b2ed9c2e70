"""The reporter: ``python -m shop.reporter [--day DAY]``. It adds up the orders of one day, logs one line, and ends.

It exits with 0, or with 1 when the database is away: its starter may start it again. Without a database there are
no orders to add up, and the line says so.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from . import json_logs
from .settings import SettingsError, read

ENDED = 128 + signal.SIGTERM
"""The exit code of a program after SIGTERM."""

_log = logging.getLogger(f"{__package__}.reporter")  # ``__name__`` differs when it runs as a program


def main(arguments: Sequence[str] | None = None) -> int:
    """Make one report; the exit code."""
    # Half a report doesn't count: after a kill it must not look finished.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(ENDED))
    json_logs.configure()
    said = _parser().parse_args(arguments)
    try:
        settings = read(os.environ)
    except SettingsError as error:
        _log.error("can't run", extra={"error": str(error)})
        return 1
    about: dict[str, object] = {"day": said.day.isoformat()}
    if settings.database is None:
        _log.info("report", extra=about | {"orders": 0, "items": 0, "database": "none"})
        return 0
    from .sales import DatabaseAwayError, sales  # noqa: PLC0415  loading the driver takes as long as everything else

    try:
        orders, items = sales(settings.database, settings.schema, said.day)
    except DatabaseAwayError as error:
        _log.error("the database is away", extra=about | {"error": str(error)})
        return 1
    _log.info("report", extra=about | {"orders": orders, "items": items})
    return 0


def day(text: str) -> date:
    """Parse a day in UTC: ``today``, ``yesterday`` or YYYY-MM-DD. Raises ValueError for anything else."""
    days = {"today": 0, "yesterday": 1}
    if text in days:
        return datetime.now(UTC).date() - timedelta(days=days[text])
    return date.fromisoformat(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="shop.reporter", description="Add up the orders of one day.")
    parser.add_argument("--day", type=day, default="yesterday", help="today, yesterday or YYYY-MM-DD, in UTC")
    return parser


if __name__ == "__main__":
    sys.exit(main())
