"""Two programs that take turns at one database, one statement at a time, always in the same order.

Each program has its own connection, and a thread that waits for its statement. PostgreSQL reports which connection
blocks which (``pg_blocking_pids``), so the order doesn't depend on timing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cluster.engines import EnginesError
from cluster.errors import UsageError
from cluster.polling import wait_until
from graders.application_platform.demos.databases.tenant import STATEMENT_SECONDS, one_line
from graders.present.turns import Turn

if TYPE_CHECKING:
    from graders.application_platform.demos.databases.tenant import Connection

TRIES = 3
PATIENCE = STATEMENT_SECONDS + 10
"""The longest time of a turn, in seconds: longer than PostgreSQL's time limit for a statement."""

CHECKED_EVERY = 0.002
AGAIN = ("40001", "40P01")
"""PostgreSQL's error codes after which a program should try again. Source: postgresql.org/docs, "PostgreSQL Error Codes"."""

READ, WRITE, COMMIT = "read", "write", "commit"
READ_HERE = "{read}"
"""The placeholder in a statement for the number that the program read."""


@dataclass
class Player:
    """A program that reads and then writes; with ``commits`` both steps are one transaction."""

    name: str
    connection: Connection
    read: str
    write: str
    commits: bool
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _next: int = 0
    _value: int = 0
    _tries: int = 1
    running: Future[str] | None = None
    """The running statement, or None."""

    gave_up: bool = False

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of the program, in order."""
        return (READ, WRITE, COMMIT) if self.commits else (READ, WRITE)

    @property
    def step(self) -> str:
        """The current step."""
        return self.steps[self._next]

    @property
    def finished(self) -> bool:
        """Whether the program has ended: it has done all steps, or gave up."""
        return self.running is None and (self.gave_up or self._next == len(self.steps))

    def send(self) -> None:
        """Send the next statement."""
        does: dict[str, Callable[[], str]] = {READ: self._reads, WRITE: self._writes, COMMIT: self._commits}
        self.running = self._thread.submit(does[self.step])

    def result(self) -> str:
        """Return the result of the finished statement. Raises UsageError for a statement that PostgreSQL refuses."""
        import psycopg  # noqa: PLC0415

        if self.running is None:
            return ""
        done, self.running = self.running, None
        try:
            did = done.result()
        except psycopg.Error as error:
            return self._refused(error)
        self._next += 1
        return did

    def end(self) -> None:
        """Cancel the running statement, and end the thread."""
        if self.running is not None:
            self.connection.cancel_safe()
        self._thread.shutdown()

    def _reads(self) -> str:
        row = self.connection.execute(self.read.encode()).fetchone()
        if row is None or not isinstance(row[0], int):
            raise UsageError("The read must return one whole number.", "Begin with: SELECT sold FROM seats")
        self._value = row[0]
        return f"reads {self._value}"

    def _writes(self) -> str:
        statement = self.write.replace(READ_HERE, str(self._value))
        self.connection.execute(statement.encode())
        return statement

    def _commits(self) -> str:
        self.connection.commit()
        return "commits"

    def _refused(self, error: Any) -> str:
        if error.sqlstate not in AGAIN:
            raise UsageError(f"PostgreSQL refuses that statement: {one_line(error)}", "Change the statement, and run the cell again.") from error  # fmt: skip
        self.connection.rollback()
        self._next, self._tries = 0, self._tries + 1
        self.gave_up = self._tries > TRIES
        return f"is refused ({one_line(error)}), and {'gives up' if self.gave_up else 'begins again'}"


def play(players: Sequence[Player], observer: Connection, look: str) -> Iterator[Turn]:
    """Run the next step of each program in turn until all have ended. A blocked program continues later."""
    while not all(player.finished for player in players):
        moved = False
        for player in players:
            if player.finished or player.running is not None:
                continue
            moved = True
            player.send()
            yield from _finished_or_blocked(player, players, observer, look)
            for other in players:
                if other is not player and other.running is not None:
                    yield from _finished_or_blocked(other, (), observer, look)
        if not moved:
            yield from _after_deadlock(players, observer, look)


def _finished_or_blocked(player: Player, others: Sequence[Player], observer: Connection, look: str) -> Iterator[Turn]:
    """Yield the result of a program's running statement, or which of the ``others`` blocks it."""
    running = player.running
    if running is None:
        return
    if not wait_until(lambda: running.done() or bool(_blocking(player, observer)), PATIENCE, CHECKED_EVERY):
        raise EnginesError(f"{player.name}'s statement didn't end.", "Run the cell again.")
    if running.done():
        yield Turn(player.name, player.result(), _look(observer, look))
    elif others:
        whom = next(
            (o.name for o in others if o.connection.info.backend_pid in _blocking(player, observer)), "another client"
        )
        yield Turn(player.name, f"wants to {player.step}, and waits for {whom}", _look(observer, look))


def _after_deadlock(players: Sequence[Player], observer: Connection, look: str) -> Iterator[Turn]:
    """Yield the turns after a deadlock: PostgreSQL detects it and refuses one of the statements."""
    waiting = [player for player in players if player.running is not None]
    wait_until(lambda: any(p.running is not None and p.running.done() for p in waiting), PATIENCE, CHECKED_EVERY)
    for player in waiting:
        if player.running is not None and player.running.done():
            yield Turn(player.name, player.result(), _look(observer, look))


def _blocking(player: Player, observer: Connection) -> Sequence[int]:
    row = observer.execute("SELECT pg_blocking_pids(%s)", (player.connection.info.backend_pid,)).fetchone()
    return row[0] if row else ()


def _look(observer: Connection, look: str) -> int | None:
    import psycopg  # noqa: PLC0415

    try:
        row = observer.execute(look.encode()).fetchone()
    except psycopg.errors.LockNotAvailable:  # another client has locked the whole table
        return None
    return int(row[0]) if row else None


@contextmanager
def ended(players: Sequence[Player]) -> Iterator[None]:
    """End all statements and threads of the programs after a block."""
    try:
        yield
    finally:
        for player in players:
            player.end()
