"""The shared engines of this process: started when first needed, ended with the process."""

from __future__ import annotations

import atexit
import os
import threading
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cluster.engines import broker, cache, database
from cluster.engines.engine import Engine, EnginesError
from cluster.engines.supervision import Supervisor
from cluster.errors import UsageError

KINDS = {kind.NAME: kind for kind in (database, cache, broker)}
"""Every kind of engine, by the name of its part in the shop."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """Names for one run on shared engines: the database's schema, and the prefix of keys, streams and subjects."""

    schema: str
    prefix: str


@dataclass
class Engines:
    """Engines under one supervisor."""

    supervisor: Supervisor = field(default_factory=Supervisor)
    started: dict[str, Engine] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Guards ``started``: engines that start in parallel are put there by their threads."""

    @property
    def database(self) -> Engine:
        """PostgreSQL."""
        return self._of(database.NAME)

    @property
    def cache(self) -> Engine:
        """Redis, or its stand-in."""
        return self._of(cache.NAME)

    @property
    def broker(self) -> Engine:
        """NATS with JetStream."""
        return self._of(broker.NAME)

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """One sentence for each engine that can't be installed here and has a stand-in."""
        return tuple(engine.stands_in for engine in self.started.values() if engine.stands_in)

    def tenant(self) -> Tenant:
        """Return names that no other run has."""
        name = f"w{uuid.uuid4().hex[:12]}"
        return Tenant(name, f"{name}-")

    def close(self) -> None:
        """End every engine, with its data."""
        self.supervisor.close()

    def bring(self, names: Iterable[str]) -> None:
        """Start the engines that aren't running, in parallel. Raises EnginesError, or UsageError for an unknown name."""
        wanted = dict.fromkeys(names)
        if unknown := sorted(wanted.keys() - KINDS.keys()):
            raise UsageError(f"There is no engine called “{unknown[0]}”.", f"There are {', '.join(KINDS)}.")
        lacking = [name for name in wanted if not (name in self.started and self.started[name].running)]
        _at_once([_Start(self, name) for name in lacking])

    def _of(self, name: str) -> Engine:
        if name not in self.started:
            raise UsageError(f"The {name} hasn't been started.", f'warm("{name}") starts it.')
        return self.started[name]


@dataclass
class _Start:
    engines: Engines
    name: str
    trouble: Exception | None = None

    def run(self) -> None:
        try:
            if self.name in self.engines.started:
                self.engines.started[self.name].start()
                return
            engine = KINDS[self.name].engine()
            engine.begin(self.engines.supervisor)
            with self.engines.lock:
                self.engines.started[self.name] = engine
        except Exception as error:  # raised again in the waiting thread
            self.trouble = error


def _at_once(starts: Sequence[_Start]) -> None:
    threads = [threading.Thread(target=start.run, daemon=True) for start in starts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for start in starts:
        if start.trouble is not None:
            raise start.trouble


_lock = threading.Lock()
_engines: Engines | None = None
_owner = 0


def warm(*names: str) -> Engines:
    """Return the engines of this process, with the named ones running (by default all).

    Raises EnginesError if one isn't installed or can't start.
    """
    global _engines, _owner
    with _lock:
        if _engines is None or _owner != os.getpid() or not _engines.supervisor.alive:
            _engines, _owner = Engines(), os.getpid()
            atexit.unregister(close)  # it was registered for engines that have ended
            atexit.register(close)
        try:
            _engines.bring(names or tuple(KINDS))
        except KeyboardInterrupt:  # some may still be starting in other threads
            _engines.close()
            _forget()
            raise
        return _engines


def close() -> None:
    """End this process' engines, with their data, if there are any."""
    with _lock:
        if _engines is not None and _owner == os.getpid():
            _engines.close()
        _forget()


def _forget() -> None:
    global _engines  # noqa: PLW0603
    _engines = None
    atexit.unregister(close)


def missing() -> tuple[str, ...]:
    """The products' names of the engines that can't be installed on this platform with this Python."""
    return tuple(kind.TITLE for kind in KINDS.values() if not kind.there())


__all__ = ["Engines", "EnginesError", "Tenant", "close", "missing", "warm"]
