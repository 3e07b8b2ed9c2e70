"""The parent's side of the supervisor (:mod:`cluster.engines.supervisor`): processes that never outlive this one."""

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
"""How long a process may take to end after its signal, in seconds."""

SAID, LINE = 4_000, 200
"""How much of a log's end is read, and how much of its last line is quoted, in characters."""

_PROGRAM = Path(__file__).with_name("supervisor.py")


class Supervisor:
    """Processes under one supervisor, and a ``folder`` for their files, removed with them. Thread-safe."""

    def __init__(self) -> None:
        """Start the supervisor. Raises WorldError if no process can be started."""
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
            raise WorldError(f"A process couldn't be started: {error}.", "Free some memory, and try again.") from error

    def start(
        self, name: str, argv: Sequence[str], env: Mapping[str, str] | None = None, *, unprivileged: bool = False
    ) -> int:
        """Start a process and return its id. With ``unprivileged`` a process of root starts it as another user.

        Raises WorldError if the program can't run, or if one of that name runs already.
        """
        wanted = {"argv": list(argv), "env": dict(os.environ if env is None else env), "log": str(self.log(name))}
        return int(self._ask("start", name=name, unprivileged=unprivileged, **wanted)["pid"])

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM, within: float = STOPPED_WITHIN) -> int:
        """End a process, by force if it takes longer than ``within`` seconds; return its exit code."""
        return int(self._ask("stop", name=name, signal=int(how), within=within)["code"])

    def forget(self, name: str) -> None:
        """Kill a process, if it runs, and remove its log."""
        self._ask("forget", name=name)
        self.log(name).unlink(missing_ok=True)

    def code(self, name: str) -> int | None:
        """Return a process' exit code; None while it runs."""
        code = self._ask("code", name=name)["code"]
        return None if code is None else int(code)

    def give_to_unprivileged(self, path: Path) -> None:
        """If this process is root's, make the unprivileged user the owner of a file or folder."""
        self._ask("give", path=str(path))

    def log(self, name: str) -> Path:
        """Return the log file of a process."""
        return self.folder / f"{name}.log"

    def said(self, name: str) -> str:
        """Return the end of a process' log."""
        with contextlib.suppress(OSError):
            return self.log(name).read_text(encoding="utf-8", errors="replace")[-SAID:].strip()
        return ""

    def last_words(self, name: str) -> str:
        """Return the last line of a process' log in a sentence; of a JSON line its error or message."""
        said = self.said(name).splitlines()[-1:]
        if not said:
            return "Its log is empty."
        with contextlib.suppress(ValueError, AttributeError):
            line = json.loads(said[0])
            said = [str(line.get("error") or line.get("message") or said[0])]
        return f"Its last log line: {said[0][:LINE]}"

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
        """Whether the supervisor itself still runs."""
        return self._process.poll() is None

    def _ask(self, what: str, **about: Any) -> dict[str, Any]:
        with self._lock:
            try:
                assert self._process.stdin is not None  # noqa: S101  for the type checker
                self._asked += 1
                self._process.stdin.write(json.dumps({"do": what, "number": self._asked, **about}) + "\n")
                self._process.stdin.flush()
                answer = self._read()
                while answer.get("number") != self._asked:  # an answer to an earlier, interrupted command
                    answer = self._read()
            except (OSError, ValueError) as error:
                raise WorldError(
                    "Another program ended the engines.", "Try again: they will be started again."
                ) from error
        if "error" in answer:
            raise WorldError(f"{about.get('name', what)} can't be run: {answer['error']}.")
        return answer

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101  for the type checker
        line = self._process.stdout.readline()
        if not line:
            raise OSError("the supervisor is gone")
        answer: dict[str, Any] = json.loads(line)
        return answer
