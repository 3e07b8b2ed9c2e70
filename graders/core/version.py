"""The workbook's version. The number is in ``pyproject.toml``; everything else reads it from the installed package."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

PACKAGE = "application-platform-workbook"


@cache
def version() -> str:
    """Return the version of the installed workbook, such as ``1.2.3``, or ``unknown`` if only its files are here."""
    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return "unknown"


def code_digest(folders: Iterable[Path]) -> str:
    """Return a digest of all files in these folders: of code, templates and recorded data, without what Python compiles."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                content = path.read_bytes()
                digest.update(f"{path.relative_to(folder)}\n{len(content)}\n".encode())
                digest.update(content)
    return digest.hexdigest()
