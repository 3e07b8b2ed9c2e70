"""Predict a command's outcome from its text: ``true``, ``false``, ``sleep``, and shell scripts of such commands.

Nothing is executed. A command that would have to run for an outcome has none here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cluster.shop.releases import MISSING_PROGRAMS, has_program

NOT_FOUND = 127
"""The exit code of a shell whose command doesn't exist."""

_LONGEST = 2000
_SHELLS = frozenset(("sh", "bash", "dash", "ash"))
_SLEEP = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)([smhd]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_PIECES = re.compile(r"\s*(?:(&&|\|\||;|\n)\s*)+")
_UNKNOWABLE = re.compile(r"[|&<>$`(){}\\\"'*?~!#=]")
_EXIT_CODES = 256
_WRITES = re.compile(r"(?:echo|printf)\b[^|&<>$`;()]*>>?\s*(/[\w./-]+)\s*")
_DOES_MORE = re.compile(r"[|&<>$`()]")
_NOT_WRITABLE = ("/usr/", "/etc/", "/bin/", "/sbin/", "/lib/", "/opt/", "/boot/", "/sys/", "/home/")
"""Folders where the image's user may not write (mounted volumes aside)."""
_LEAVES = re.compile(r"\b(?:exit|break|exec|kill)\b")
_WAITS_FOR = re.compile(r"\s*(?:until|while\s+!)\s+(\S+)")
_FOR_EVER = re.compile(r"\s*while\s+(?:true|:|sleep\s+\S+)\s*;?\s*do\b.*\bdone\s*;?\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CommandResult:
    """After how many seconds a command ends (``math.inf`` for never), and its exit code."""

    seconds: float
    code: int


AT_ONCE = CommandResult(0.0, 0)


def outcome(command: Sequence[Any]) -> CommandResult | None:
    """Predict the outcome of a command in an image of the shop; None if it can't be predicted."""
    words = [str(word)[:_LONGEST] for word in command[:20]]
    if not words:
        return None
    name = _name(words[0])
    if name in _SHELLS and len(words) == 1:
        return AT_ONCE  # a shell without a script reads an empty stdin
    if name in _SHELLS and (found := _script(words[1:])) is not None:
        return _of_script(*found)
    return _of_words([name, *words[1:]])


def missing_program(command: Sequence[Any]) -> str:
    """Return the command's program if the shop's image lacks it, or else an empty text."""
    first = str(command[0])[:_LONGEST] if command else ""
    return "" if not first or has_program(first) else first


def succeeds(command: Sequence[Any], within: float) -> bool:
    """Whether an exec probe's command can exit with 0 within ``within`` seconds. An unpredictable command counts as yes."""
    if not command or missing_program(command) or any(_uses_missing(word) for word in command[1:]):
        return False
    found = outcome(command)
    return found is None or (found.code == 0 and found.seconds <= within)


def _name(program: str) -> str:
    return program.rpartition("/")[2]


def _script(options: list[str]) -> tuple[str, bool] | None:
    """The script behind ``-c``, and whether ``-e`` ends it at its first failure."""
    for index, word in enumerate(options[:-1]):
        if re.fullmatch(r"-[a-z]*c", word):
            return options[index + 1], any("e" in option for option in options[: index + 1])
    return None


def _of_words(words: list[str]) -> CommandResult | None:
    name, *rest = words
    if name in ("true", ":", "echo", "printf") or (name == "cat" and not rest):
        return AT_ONCE
    if name in ("cat", "ls", "stat") and all(word.startswith("/tmp/") for word in rest):  # noqa: S108  it is empty in the image
        return CommandResult(0.0, 1)
    if name == "false":
        return CommandResult(0.0, 1)
    if name == "sleep":
        return _sleep(rest)
    return None


def _sleep(durations: list[str]) -> CommandResult:
    seconds = 0.0
    for word in durations:
        found = _SLEEP.fullmatch(word)
        if word in ("infinity", "inf"):
            seconds = math.inf
        elif found:
            seconds += float(found[1]) * _UNITS[found[2]]
        else:
            return CommandResult(0.0, 1)
    return CommandResult(seconds, 0) if durations else CommandResult(0.0, 1)


def _of_script(script: str, ends_early: bool) -> CommandResult | None:
    """Predict endless loops, and predictable pieces joined by ``;``, ``&&`` and ``||``."""
    script = re.sub(r"[^\S\n]+", " ", script)  # long runs of spaces would take quadratic time below
    waits = _WAITS_FOR.match(script)
    if (waits and _name(waits[1]) in MISSING_PROGRAMS) or (_FOR_EVER.fullmatch(script) and not _LEAVES.search(script)):
        return CommandResult(math.inf, 0)
    pieces = _PIECES.split(script.strip().rstrip(";"))
    seconds, code = 0.0, 0
    for before, piece in zip(["", *pieces[1::2]], pieces[::2], strict=False):
        if (before == "&&" and code) or (before == "||" and not code):
            continue
        if ends_early and code and before != "||":
            break
        found = _of_piece(piece, code)
        if found is None:
            return None
        seconds, code = seconds + found.seconds, found.code
        if piece.split()[:1] == ["exit"] or math.isinf(seconds):
            break
    return CommandResult(seconds, code)


def _of_piece(piece: str, code: int) -> CommandResult | None:
    """One command of a script; ``code`` is the exit code of the one before."""
    words = piece.removeprefix("exec ").split()
    if not words:
        return CommandResult(0.0, code)
    name = _name(words[0])
    if written := _WRITES.fullmatch(piece):
        return CommandResult(0.0, int(written[1].startswith(_NOT_WRITABLE)))
    if _UNKNOWABLE.search(piece) and not (name in ("echo", "printf") and not _DOES_MORE.search(piece)):
        return None
    if name == "exit":
        last = words[1] if len(words) > 1 else str(code)
        return CommandResult(0.0, int(last) % _EXIT_CODES) if re.fullmatch(r"\d{1,9}", last) else None
    if name in MISSING_PROGRAMS:
        return CommandResult(0.0, NOT_FOUND)
    return _of_words([name, *words[1:]])


def _uses_missing(word: Any) -> bool:
    programs = {part.rpartition("/")[2] for part in re.split(r"[\s;|&()]+", str(word)[:_LONGEST])}
    return bool(programs & MISSING_PROGRAMS)
