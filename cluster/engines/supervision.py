"""The parent's side of the keeper (:mod:`cluster.engines.supervisor`): processes that never outlive this one."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cluster.errors import WorldError
from cluster.python import python_script

STOPPED_WITHIN = 5.0
"""How long a process may take to end when it is asked to, in seconds."""

SAID, LINE = 4_000, 200
"""How much of what a process said last is looked at, and how much of its last line is quoted, in characters."""

_PROGRAM = Path(__file__).with_name("supervisor.py")


class Keeper:
    """Processes under one keeper, and a ``folder`` for their files, which goes with them. Safe to share among threads."""

    def __init__(self) -> None:
        """Start the keeper. Raises WorldError where no process can be started."""
        self._lock = threading.Lock()
        self._asked = 0
        try:
            self._process = subprocess.Popen(  # noqa: S603  this Python, with a program of ours
                python_script(_PROGRAM),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                start_new_session=True,  # Ctrl-C in a terminal is for the parent to handle
            )  # fmt: skip
            self.folder = Path(self._read()["folder"])
        except OSError as error:
            raise WorldError(f"No process can be started here: {error}.", "Free some memory, and try again.") from error

    def start(
        self, name: str, argv: Sequence[str], env: Mapping[str, str] | None = None, *, nobody: bool = False
    ) -> int:
        """Start a process; its process id. ``nobody`` runs it as that user where this process is root's.

        Raises WorldError where the program can't be run, or one of that name runs.
        """
        wanted = {"argv": list(argv), "env": dict(os.environ if env is None else env), "log": str(self.log(name))}
        return int(self._ask("start", name=name, nobody=nobody, **wanted)["pid"])

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM, within: float = STOPPED_WITHIN) -> int:
        """End a process, by force where it takes longer than ``within`` seconds; its exit code."""
        return int(self._ask("stop", name=name, signal=int(how), within=within)["code"])

    def forget(self, name: str) -> None:
        """End a process outright, if it runs, and remove what it wrote."""
        self._ask("forget", name=name)
        self.log(name).unlink(missing_ok=True)

    def code(self, name: str) -> int | None:
        """A process' exit code; None while it runs."""
        code = self._ask("code", name=name)["code"]
        return None if code is None else int(code)

    def give_to_nobody(self, path: Path) -> None:
        """Make a file or folder nobody's, where this process is root's."""
        self._ask("give", path=str(path))

    def log(self, name: str) -> Path:
        """Where a process of that name writes."""
        return self.folder / f"{name}.log"

    def said(self, name: str) -> str:
        """What a process said last."""
        with contextlib.suppress(OSError):
            return self.log(name).read_text(encoding="utf-8", errors="replace")[-SAID:].strip()
        return ""

    def last_words(self, name: str) -> str:
        """What a process said last, in a sentence: its log's own words where it writes JSON."""
        said = self.said(name).splitlines()[-1:]
        if not said:
            return "It said nothing."
        with contextlib.suppress(ValueError, AttributeError):
            line = json.loads(said[0])
            said = [str(line.get("error") or line.get("message") or said[0])]
        return f"It said last: {said[0][:LINE]}"

    def close(self) -> None:
        """End every process and remove the folder."""
        with contextlib.suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        try:
            self._process.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def alive(self) -> bool:
        """Whether the keeper itself still runs."""
        return self._process.poll() is None

    def _ask(self, what: str, **about: Any) -> dict[str, Any]:
        with self._lock:
            try:
                assert self._process.stdin is not None  # noqa: S101  for the type checker
                self._asked += 1
                self._process.stdin.write(json.dumps({"do": what, "number": self._asked, **about}) + "\n")
                self._process.stdin.flush()
                answer = self._read()
                while answer.get("number") != self._asked:  # of a command whose wait for an answer was interrupted
                    answer = self._read()
            except (OSError, ValueError) as error:
                raise WorldError("The engines were ended from outside.", "Try again: they are started anew.") from error
        if "error" in answer:
            raise WorldError(f"{about.get('name', what)} can't be run: {answer['error']}.")
        return answer

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101  for the type checker
        line = self._process.stdout.readline()
        if not line:
            raise OSError("the keeper is gone")
        answer: dict[str, Any] = json.loads(line)
        return answer
