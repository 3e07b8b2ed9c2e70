"""Programs that stand in for Docker and kind, and log their calls."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

from cluster.kind import lifecycle
from cluster.shop import images

CALLS = "calls.txt"


def put(folder: Path, name: str, body: str = "") -> None:
    """Create a program of that name that logs its arguments and then runs ``body``, in Python."""
    path = folder / name
    log = folder.parent / CALLS
    path.write_text(
        f"#!{sys.executable}\nimport sys\nwords = sys.argv[1:]\n"
        f"open({str(log)!r}, 'a').write(' '.join([{name!r}, *words]) + '\\n')\n{body}\n"
    )
    path.chmod(path.stat().st_mode | stat.S_IEXEC)


def called(folder: Path) -> list[str]:
    log = folder.parent / CALLS
    return log.read_text().splitlines() if log.exists() else []


MARKER = (200, {"data": {lifecycle.MADE_OF: images.context_hash()}})
