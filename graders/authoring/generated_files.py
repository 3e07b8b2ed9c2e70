"""Write generated files: all or none, in the project's format."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from cluster.errors import UsageError
from cluster.python import python_module


def write_all(files: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """Write files with their folders, and return the paths. If one can't be written, undo the others and raise UsageError."""
    before: dict[Path, bytes | None] = {}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            before[path] = path.read_bytes() if path.is_file() else None
            path.write_bytes(content)
    except OSError as error:
        for path, old in before.items():
            if old is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(old)
        raise UsageError(
            f"{error.filename or 'A file'} can't be written: {error.strerror}.", "Nothing was changed."
        ) from None
    return tuple(files)


def formatted(paths: Iterable[Path]) -> None:
    """Format Python files as their project requires, if ruff is installed."""
    written = [str(path) for path in paths if path.suffix == ".py"]
    if importlib.util.find_spec("ruff") is None or not written:
        return
    for command in (("check", "--select", "I", "--fix"), ("format",)):
        subprocess.run(  # noqa: S603  our own words
            python_module("ruff", *command, "--quiet", "--force-exclude", *written),
            capture_output=True, check=False,
        )  # fmt: skip
