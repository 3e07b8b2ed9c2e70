"""The workbook's version. The number is in ``pyproject.toml``; everything else reads it from the installed package."""

from __future__ import annotations

from functools import cache
from importlib import metadata

PACKAGE = "application-platform-workbook"


@cache
def version() -> str:
    """Return the version of the installed workbook, such as ``1.2.3``, or ``unknown`` if only its files are here."""
    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return "unknown"
