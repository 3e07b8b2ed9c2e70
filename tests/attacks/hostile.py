"""Control sequences for a terminal, in every place where a learner writes; and a terminal that records."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import threading
import tty
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout, suppress
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from cluster.text.printable import _is_seen
from graders.cli.__main__ import main
from graders.judging import judge_process
from tests.attacks.strategies import _paths
from tests.support.patience import PATIENCE

ROOT = Path(__file__).parents[2]

ORDERS = {
    "writes to the clipboard": "\x1b]52;c;cm0gLXJmIC8=\x07",
    "renames the window": "\x1b]0;owned\x1b\\",
    "a hidden link": "\x1b]8;;https://evil.example\x1b\\",
    "clears the screen": "\x1b[2J\x1b[H",
    "black on black": "\x1b[30;40m",
    "resets the terminal": "\x1bc",
    "reports back": "\x1bP$qm\x1b\\\x1b[6n\x05",
    "C1": "\x9b2J\x9d52;c;cm0=\x9c\x85\x90",
    "bell, backspace, return, delete": "\x07\x08\x08\x08\rfull marks\x7f\x0b\x0c\x0e\x0f",
    "direction": "\u202e\u202d\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    "zero width": "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e",
    "tags": "\U000e0041\U000e007f",
    "lines": "\u2028\u2029\x85",
    "NUL": "\x00",
    "private use": "\ue000\U000f0000",
}
EVERYTHING = "a" + "b".join(ORDERS.values()) + "c"
"""One text with all of them."""

SOFT = f"a{ORDERS['direction']}{ORDERS['zero width']}{ORDERS['tags']}{ORDERS['lines']}c"
"""Those that may stand in a YAML or DOT text as they are."""

HOSTILE = {"everything": EVERYTHING, "what a text may hold": SOFT, "30,000 characters": "x" * 30_000}

NAME = EVERYTHING.replace("\0", "").replace("/", "|")
"""The same as the name of a file or a folder."""

OURS = re.compile(r"\x1b\[[0-9;]*m|\x1b\(B|\x1b\[\?25[hl]|\x1b\[2K|\x1b\[1A|\r(?=\x1b\[(?:2K|1A))|\n")
"""What rich and a log's colors say to a terminal: colors, the cursor shown or hidden, and its own lines written anew."""


JUDGING = judge_process.JudgeProcess(seconds=PATIENCE)
"""The process that judges for all commands in this one; it starts with the first."""


def unseen(text: str) -> set[str]:
    """The invisible characters of a text, without newlines."""
    return {character for character in text if character != "\n" and not _is_seen(character)}


def obeyed(text: str) -> set[str]:
    """The control sequences in a terminal's input that aren't rich's own."""
    return unseen(OURS.sub("", text))


def bent(solution: str, order: str) -> Iterator[str]:
    """Answers in YAML in which each value or key in turn is or contains a hostile text; three kinds of change take turns."""
    changes = (_with_value, _with_key, _with_another_key)
    for number, path in enumerate(_paths(yaml.safe_load(solution))):
        turns = islice(cycle(changes), number % 3, number % 3 + 3)
        made = (change(yaml.safe_load(solution), path, order) for change in turns)
        changed = next(answer for answer in made if answer is not None)
        yield yaml.dump(changed, Dumper=yaml.CSafeDumper, allow_unicode=False, sort_keys=False)


def bent_text(solution: str, order: str) -> Iterator[str]:
    """Answers of any form with a hostile text in a line of its own, in a comment, and in the middle of a line."""
    lines = solution.split("\n")
    for at in range(0, len(lines), max(1, len(lines) // 6)):
        line = lines[at]
        for hostile in (
            order,
            f"# {order}",
            f"// {order}",
            line + order,
            line[: len(line) // 2] + order + line[len(line) // 2 :],
        ):
            yield "\n".join([*lines[:at], hostile, *lines[at + 1 :]])


def drawings(order: str) -> Iterator[str]:
    """Drawings with a hostile text for a name, a label, an edge's label, a port, a cluster and an attribute."""
    quoted = '"' + order.replace("\\", "\\\\").replace('"', '\\"') + '"'
    right = "client -> api -> postgres; api -> redis; api -> queue -> worker;"
    yield f"digraph {{ {right} api -> {quoted} }}"
    yield f"digraph {{ client -> {quoted}; {quoted} -> api }}"
    yield f"digraph {{ {right} api [label={quoted}] }}"
    yield f"digraph {{ {right} postgres -> api [label={quoted}] }}"
    yield f"digraph {{ {right} subgraph {quoted} {{ x [label=<<b>{order}</b>>] }} worker -> x }}"
    yield f'digraph {{ {right} y [shape=record label="<p> {order} | api"]; y:p -> redis }}'
    yield f'digraph {quoted} {{ client -> "api {order}" -> "postgres {order}"; "api {order}" -> "worker {order}" }}'
    yield f"digraph {{ {right} {quoted} [{quoted}={quoted}] }}"
    entities = "".join(f"&#{ord(c)};" for c in order)
    yield f'digraph {{ client -> api; api [label="api {entities}"]; api -> "{entities}" -> postgres }}'


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _with_value(answer: Any, path: tuple[Any, ...], order: str) -> Any:
    _at(answer, path[:-1])[path[-1]] = order
    return answer


def _with_key(answer: Any, path: tuple[Any, ...], order: str) -> Any:
    inside = _at(answer, path[:-1])
    if not isinstance(inside, dict):
        return None
    items = [(f"{order}{key}" if key == path[-1] else key, value) for key, value in inside.items()]
    inside.clear()
    inside.update(items)
    return answer


def _with_another_key(answer: Any, path: tuple[Any, ...], order: str) -> Any:
    inside = _at(answer, path)
    if not isinstance(inside, dict):
        return None
    inside[order] = order
    return answer


def in_terminal(*arguments: str | bytes, cwd: Path = ROOT, columns: int = 100) -> str:
    """All that a ``workbook`` command sends to a terminal, standard error included.

    The command runs in this process, and all commands share one judging process: starting a Python takes longer than most
    commands do.
    """
    variables = {"TERM": "xterm-256color", "COLUMNS": str(columns)}
    with (
        _terminal() as (theirs, said), Path(os.devnull).open() as nothing,
        open(theirs, "w", encoding="utf-8", newline="", closefd=False) as screen,
        chdir(cwd), patch.dict(os.environ, variables), patch.object(judge_process, "JudgeProcess", lambda: JUDGING),
        patch.object(sys, "argv", ["workbook", *map(os.fsdecode, arguments)]), patch.object(sys, "stdin", nothing),
        redirect_stdout(screen), redirect_stderr(screen), suppress(SystemExit),
    ):  # fmt: skip
        main()
    return b"".join(said).decode("utf-8")


def started_in_terminal(*arguments: str | bytes, cwd: Path = ROOT, program: str = "graders.cli.__main__") -> str:
    """All that a new process and those that it starts send to a terminal; by default it runs ``workbook``."""
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "PYTHONPATH": str(ROOT)}
    with _terminal() as (theirs, said):
        subprocess.run(
            [sys.executable, "-m", program, *arguments], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
            cwd=cwd, env=environment, check=False,
        )  # fmt: skip
    return b"".join(said).decode("utf-8")


@contextmanager
def _terminal() -> Iterator[tuple[int, list[bytes]]]:
    """A terminal for a program, and what it has received, which is complete after the block."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)  # or the terminal itself would put a return before each newline
    said: list[bytes] = []
    reader = threading.Thread(target=lambda: said.extend(iter(lambda: _read(ours), b"")))
    reader.start()
    try:
        yield theirs, said
    finally:
        os.close(theirs)
        reader.join()
        os.close(ours)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # so ends a terminal on Linux whose programs have ended
        return b""
