"""One engine: a process on its own port that reports its readiness and can be stopped and started again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from signal import SIGTERM, Signals

from cluster.engines.ports import LOOPBACK, free_port
from cluster.engines.supervision import Supervisor
from cluster.errors import WorldError
from cluster.polling import wait_until

READY_WITHIN = 30.0
"""How long an engine may take to be ready, in seconds; the slowest takes one, or a few on a busy machine."""

LOOKED_EACH = 0.005
PORTS_TRIED = 3


class EnginesError(WorldError):
    """An engine that should run here can't."""


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start an engine on a port: command line, environment, readiness check and address."""

    argv: Sequence[str]
    url: str
    ready: Callable[[], bool]
    env: Mapping[str, str] | None = None
    unprivileged: bool = False
    ends_by: Signals = SIGTERM


@dataclass
class Engine:
    """A running engine. ``stands_in`` names the stand-in, if the real engine can't be installed here."""

    name: str
    title: str
    prepare: Callable[[Supervisor], Callable[[int], Launch]]
    stands_in: str = ""
    _supervisor: Supervisor | None = None
    _launch: Launch | None = None
    _began: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def url(self) -> str:
        """The URL for clients, with the password that only this process knows."""
        if self._launch is None:
            raise EnginesError(f"{self.title} hasn't been started.")
        return self._launch.url

    @property
    def running(self) -> bool:
        """Whether its process runs."""
        return self._began and self._supervisor is not None and self._supervisor.code(self.name) is None

    def begin(self, supervisor: Supervisor) -> None:
        """Start it for the first time, on a free port. Raises EnginesError if it can't start."""
        with self._lock:
            self._supervisor = supervisor
            on = self.prepare(supervisor)
            for left in reversed(range(PORTS_TRIED)):
                self._launch = on(free_port())
                try:
                    self.start()
                except EnginesError:
                    if not left:  # another program may have taken the port meanwhile
                        raise
                else:
                    return

    def start(self) -> None:
        """Start it again with the same port and data, and wait until it is ready. Raises EnginesError if it can't start."""
        with self._lock:
            supervisor, launch = self._supervisor, self._launch
            if supervisor is None or launch is None:
                raise EnginesError(f"{self.title} hasn't been started.")
            if self.running:
                return
            supervisor.start(self.name, launch.argv, launch.env, unprivileged=launch.unprivileged)
            self._began = True
            if not wait_until(
                lambda: launch.ready() or supervisor.code(self.name) is not None, READY_WITHIN, LOOKED_EACH
            ):
                supervisor.stop(self.name)
                raise EnginesError(f"{self.title} wasn't ready within {READY_WITHIN:.0f} s.", "Try again.")
            if supervisor.code(self.name) is not None:
                raise EnginesError(f"{self.title} ended right after its start.", supervisor.last_words(self.name))

    def stop(self) -> None:
        """Stop it. Its data stays."""
        with self._lock:
            if self.running and self._supervisor and self._launch:
                self._supervisor.stop(self.name, self._launch.ends_by)


def greets(port: int, sends: bytes, expects: bytes) -> bool:
    """Whether the server on a port answers ``sends`` with ``expects`` (or greets with it)."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            if sends:
                connection.sendall(sends)
            return expects in connection.recv(256)
    except OSError:
        return False
