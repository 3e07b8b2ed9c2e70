"""Two programs that take turns at one database, one statement at a time, always in the same order.

Each has its own connection, and a thread that waits for its statement. PostgreSQL says which one waits for which
(``pg_blocking_pids``), so no timing is needed.
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
"""How long a turn may take, in seconds: longer than a statement is allowed to."""

LOOKED_EACH = 0.002
AGAIN = ("40001", "40P01")
"""PostgreSQL's error codes after which a program should try again. Source: postgresql.org/docs, "PostgreSQL Error Codes"."""

READ, WRITE, COMMIT = "read", "write", "commit"
READ_HERE = "{read}"
"""What stands in a statement for the number that was read before."""


@dataclass
class Player:
    """One who reads and then writes; with ``commits`` both belong to one transaction."""

    name: str
    connection: Connection
    read: str
    write: str
    commits: bool
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _next: int = 0
    _value: int = 0
    _tries: int = 1
    out: Future[str] | None = None
    """The statement that is on its way, if one is."""

    gave_up: bool = False

    @property
    def steps(self) -> tuple[str, ...]:
        """What it does, in this order."""
        return (READ, WRITE, COMMIT) if self.commits else (READ, WRITE)

    @property
    def step(self) -> str:
        """What it is at."""
        return self.steps[self._next]

    @property
    def finished(self) -> bool:
        """Whether it has nothing left to do."""
        return self.out is None and (self.gave_up or self._next == len(self.steps))

    def go(self) -> None:
        """Send the next statement."""
        does: dict[str, Callable[[], str]] = {READ: self._reads, WRITE: self._writes, COMMIT: self._commits}
        self.out = self._thread.submit(does[self.step])

    def come(self) -> str:
        """Return the result of the finished statement. Raises UsageError for a statement that PostgreSQL refuses."""
        import psycopg  # noqa: PLC0415

        if self.out is None:
            return ""
        done, self.out = self.out, None
        try:
            did = done.result()
        except psycopg.Error as error:
            return self._refused(error)
        self._next += 1
        return did

    def end(self) -> None:
        """Let go of the thread and of what it waits for."""
        if self.out is not None:
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
    """Let each do its next step in turn, until all are finished; one that waits for another gets its turn later."""
    while not all(player.finished for player in players):
        moved = False
        for player in players:
            if player.finished or player.out is not None:
                continue
            moved = True
            player.go()
            yield from _settled(player, players, observer, look)
            for other in players:
                if other is not player and other.out is not None:
                    yield from _settled(other, (), observer, look)
        if not moved:
            yield from _untangled(players, observer, look)


def _settled(player: Player, others: Sequence[Player], observer: Connection, look: str) -> Iterator[Turn]:
    """The turn of one whose statement is on its way: it is through, or, where there are ``others``, waits for one."""
    out = player.out
    if out is None:
        return
    if not wait_until(lambda: out.done() or bool(_blocking(player, observer)), PATIENCE, LOOKED_EACH):
        raise EnginesError(f"{player.name}'s statement didn't come to an end.", "Run the cell again.")
    if out.done():
        yield Turn(player.name, player.come(), _look(observer, look))
    elif others:
        whom = next(
            (o.name for o in others if o.connection.info.backend_pid in _blocking(player, observer)), "somebody"
        )
        yield Turn(player.name, f"wants to {player.step}, and waits for {whom}", _look(observer, look))


def _untangled(players: Sequence[Player], observer: Connection, look: str) -> Iterator[Turn]:
    """All wait for each other: PostgreSQL notices by itself, and refuses one of them."""
    waiting = [player for player in players if player.out is not None]
    wait_until(lambda: any(p.out is not None and p.out.done() for p in waiting), PATIENCE, LOOKED_EACH)
    for player in waiting:
        if player.out is not None and player.out.done():
            yield Turn(player.name, player.come(), _look(observer, look))


def _blocking(player: Player, observer: Connection) -> Sequence[int]:
    row = observer.execute("SELECT pg_blocking_pids(%s)", (player.connection.info.backend_pid,)).fetchone()
    return row[0] if row else ()


def _look(observer: Connection, look: str) -> int | None:
    import psycopg  # noqa: PLC0415

    try:
        row = observer.execute(look.encode()).fetchone()
    except psycopg.errors.LockNotAvailable:  # somebody keeps the whole table for himself
        return None
    return int(row[0]) if row else None


@contextmanager
def ended(players: Sequence[Player]) -> Iterator[None]:
    """See to it that no statement and no thread of theirs is left."""
    try:
        yield
    finally:
        for player in players:
            player.end()
