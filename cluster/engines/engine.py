"""One engine: a process on a port of its own, ready when it says so itself, that can be taken away and brought back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from signal import SIGTERM, Signals

from cluster.engines.ports import LOOPBACK, free_port
from cluster.engines.supervision import Keeper
from cluster.errors import WorldError
from cluster.polling import holds

READY_WITHIN = 30.0
"""How long an engine may take to be ready, in seconds; the slowest takes one, on a machine that is busy a few."""

LOOKED_EACH = 0.005
PORTS_TRIED = 3


class EnginesError(WorldError):
    """An engine that should run here can't."""


@dataclass(frozen=True, slots=True)
class Launch:
    """How an engine is started on a port: the program, its environment, how to see that it is ready, and its address."""

    argv: Sequence[str]
    url: str
    ready: Callable[[], bool]
    env: Mapping[str, str] | None = None
    nobody: bool = False
    ends_by: Signals = SIGTERM


@dataclass
class Engine:
    """A running engine. ``stands_in`` says what stands in for the real one where that can't be had."""

    name: str
    title: str
    prepare: Callable[[Keeper], Callable[[int], Launch]]
    stands_in: str = ""
    _keeper: Keeper | None = None
    _launch: Launch | None = None
    _began: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def url(self) -> str:
        """Where clients find it, with the password that only this process knows."""
        if self._launch is None:
            raise EnginesError(f"{self.title} hasn't been started.")
        return self._launch.url

    @property
    def running(self) -> bool:
        """Whether its process runs."""
        return self._began and self._keeper is not None and self._keeper.code(self.name) is None

    def begin(self, keeper: Keeper) -> None:
        """Start it for the first time, on a free port. Raises EnginesError."""
        with self._lock:
            self._keeper = keeper
            on = self.prepare(keeper)
            for left in reversed(range(PORTS_TRIED)):
                self._launch = on(free_port())
                try:
                    self.start()
                except EnginesError:
                    if not left:  # a port may be taken between the moment it was free and now
                        raise
                else:
                    return

    def start(self) -> None:
        """Bring it back, with the same port and data, and wait until it is ready. Raises EnginesError."""
        with self._lock:
            keeper, launch = self._keeper, self._launch
            if keeper is None or launch is None:
                raise EnginesError(f"{self.title} hasn't been started.")
            if self.running:
                return
            keeper.start(self.name, launch.argv, launch.env, nobody=launch.nobody)
            self._began = True
            if not holds(lambda: launch.ready() or keeper.code(self.name) is not None, READY_WITHIN, LOOKED_EACH):
                keeper.stop(self.name)
                raise EnginesError(f"{self.title} wasn't ready within {READY_WITHIN:.0f} s.", "Try again.")
            if keeper.code(self.name) is not None:
                raise EnginesError(f"{self.title} ended as soon as it began.", keeper.last_words(self.name))

    def stop(self) -> None:
        """Take it away. Its data stays."""
        with self._lock:
            if self.running and self._keeper and self._launch:
                self._keeper.stop(self.name, self._launch.ends_by)


def greets(port: int, sends: bytes, expects: bytes) -> bool:
    """Whether what listens on the port says ``expects`` when it is sent ``sends``, or at once."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            if sends:
                connection.sendall(sends)
            return expects in connection.recv(256)
    except OSError:
        return False
