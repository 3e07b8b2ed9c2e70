"""Read a file of any kind safely: only regular files, and only up to a bound.

Opening a named pipe waits for a writer; reading a device may never end, and opening one may have an effect. So the kind of
file is checked before it is opened, and again afterward, because the file may have been replaced in between.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from cluster.errors import LimitError, UsageError
from cluster.text.amounts import format_size
from graders.reading.text import shown

HANDED_OVER = re.compile(r"/dev/(?:fd/(?P<fd>[0-9]{1,6})|(?P<stdin>stdin))|/proc/self/fd/(?P<proc>[0-9]{1,6})")
"""The names of files that a shell opened, such as ``<(helm template .)``; they are read like standard input."""

KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
NO_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def read_bounded(path: Path, most: int, *, name: str = "", follow: bool = True) -> bytes:
    """The content of a file of at most ``most`` bytes; ``name`` is its name in messages, by default the path's name.

    Only regular files are opened, and files that a shell opened (``/dev/stdin``, ``/dev/fd/63``). Without ``follow``
    the path may not be a symbolic link, and files that a shell opened aren't read; the folders above it may be links.
    Raises LimitError for a larger file, UsageError for anything else that can't be read.
    """
    name = shown(name or path.name, 200)
    try:
        opened = _open(path, name, follow=follow)
        try:
            data = _read(opened, most + 1)
        finally:
            os.close(opened)
    except FileNotFoundError:
        raise UsageError(f"There is no file {name}.", "Check its name, and the current folder.") from None
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        raise UsageError(f"{name} can't be opened: {getattr(error, 'strerror', '') or 'no such name'}.") from None
    if len(data) > most:
        raise LimitError(
            f"{name} is larger than {format_size(most)}.",
            "To make a notebook smaller, clear its outputs and save it.",
        )
    return data


def _open(path: Path, name: str, *, follow: bool) -> int:
    """A descriptor of a regular file, or of a file that a shell opened."""
    ours = HANDED_OVER.fullmatch(os.path.abspath(path)) if follow else None  # noqa: PTH100  resolving would follow the link
    if ours is not None:
        # The descriptor itself: opening its name again could wait for a writer.
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
        "Name the file in it that contains the answer."
        if stat.S_ISDIR(found.st_mode)
        else "Save its content in a file."
    )
    raise UsageError(f"{name} is {kind}, not a file.", hint)


def _read(opened: int, most: int) -> bytes:
    pieces, size = [], 0
    while size < most and (piece := os.read(opened, min(most - size, 1 << 20))):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)
