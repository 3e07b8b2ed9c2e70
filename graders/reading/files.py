"""Opening a file that may be anything: only what has an end is read, and no more of it than a bound.

Opening a named pipe waits until somebody writes into it, reading a device may never end, and opening one may do
something. So what a name stands for is looked at before it is opened, and again afterwards: it may have been
exchanged meanwhile.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from cluster.errors import LimitError, UsageError
from graders.reading.text import shown

HANDED_OVER = re.compile(r"/dev/(?:fd/(?P<fd>[0-9]{1,6})|(?P<stdin>stdin))|/proc/self/fd/(?P<proc>[0-9]{1,6})")
"""How a shell names what it opened for us, such as ``<(helm template .)``: that is read as standard input is."""

KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
NO_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def read_bounded(path: Path, most: int, *, name: str = "", follow: bool = True) -> bytes:
    """What is in a file, of at most ``most`` bytes; ``name`` is how messages call it, unless the path's own name.

    Only regular files are opened, and what a shell handed over (``/dev/stdin``, ``/dev/fd/63``). Without ``follow``
    the path itself is no symbolic link, and nothing handed over is read; the folders above it may be links.
    Raises LimitError for a file that is larger, UsageError for all else that can't be read.
    """
    name = shown(name or path.name, 200)
    try:
        opened = _open(path, name, follow=follow)
        try:
            data = _read(opened, most + 1)
        finally:
            os.close(opened)
    except FileNotFoundError:
        raise UsageError(f"There is no file {name}.", "Look at its name, and at the folder you are in.") from None
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        raise UsageError(f"{name} can't be opened: {getattr(error, 'strerror', '') or 'no such name'}.") from None
    if len(data) > most:
        raise LimitError(
            f"{name} is larger than {_size(most)}.",
            "A notebook gets smaller without its outputs: clear them, and save it.",
        )
    return data


def _open(path: Path, name: str, *, follow: bool) -> int:
    """A descriptor of a regular file, or of what the shell handed over."""
    ours = HANDED_OVER.fullmatch(os.path.abspath(path)) if follow else None  # noqa: PTH100  resolving would lead away
    if ours is not None:
        # The descriptor itself: opening its name anew could wait for a writer.
        return os.dup(int(ours["fd"] or ours["proc"] or 0))
    _refuse_other_kinds(path.stat() if follow else path.lstat(), name)
    opened = os.open(path, os.O_RDONLY | NO_WAITING | (0 if follow else getattr(os, "O_NOFOLLOW", 0)))
    try:
        _refuse_other_kinds(os.fstat(opened), name)
    except BaseException:
        os.close(opened)
        raise
    return opened


def _refuse_other_kinds(found: os.stat_result, name: str) -> None:
    if stat.S_ISREG(found.st_mode):
        return
    if stat.S_ISLNK(found.st_mode):
        raise UsageError(f"{name} is a symbolic link, and links aren't followed.", "Give the file itself.")
    kind = next((what for is_one, what in KINDS if is_one(found.st_mode)), "something else")
    hint = (
        "Name the file in it that holds the answer." if stat.S_ISDIR(found.st_mode) else "Save what it holds in a file."
    )
    raise UsageError(f"{name} is {kind}, not a file.", hint)


def _read(opened: int, most: int) -> bytes:
    pieces, size = [], 0
    while size < most and (piece := os.read(opened, min(most - size, 1 << 20))):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _size(most: int) -> str:
    for unit, name in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if most >= unit:
            return f"{most // unit} {name}"
    return f"{most} bytes"
