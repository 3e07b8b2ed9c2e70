"""The type checker over the whole project, whose cache serves the copies of the project as well."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.environment import ROOT

CACHE = ROOT / ".mypy_cache/whole"
"""A cache of its own: one that runs over single files share with it has misled it."""


def check() -> subprocess.CompletedProcess[str]:
    """Check the whole project."""
    with _alone():
        return _check()


def copy_cache(folder: Path) -> None:
    """Copy the cache to another folder, made first if it doesn't exist. mypy compares contents, so it's valid in a copy."""
    with _alone():
        if not CACHE.is_dir():
            _check()
        shutil.copytree(CACHE, folder)


def _check() -> subprocess.CompletedProcess[str]:
    mypy = [str(Path(sys.executable).with_name("mypy")), "--cache-dir", str(CACHE.relative_to(ROOT))]
    return subprocess.run(mypy, cwd=ROOT, capture_output=True, text=True, check=False)


@contextmanager
def _alone() -> Iterator[None]:
    """Wait for another process of the tests that checks."""
    CACHE.parent.mkdir(exist_ok=True)
    with (CACHE.parent / "tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
