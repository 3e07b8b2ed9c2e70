"""A lost update, on PostgreSQL: two buyers read how many seats are sold, and both write what they make of it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from cluster.errors import UsageError
from graders.application_platform.demos.databases.interleaving import Player, ended, play
from graders.application_platform.demos.databases.tenant import room
from graders.application_platform.demos.missing import lesson
from graders.core.shown import Shown
from graders.present.turns import Turn, turned

BEFORE = 40
"""How many seats are sold when the two come."""

BUYERS = ("buyer A", "buyer B")
LOOK = "SELECT sold FROM seats WHERE film = 1"
LEVELS = ("read committed", "repeatable read", "serializable")
"""The isolation levels of PostgreSQL; the first is its default. Source: postgresql.org/docs, "Transaction Isolation"."""


@dataclass(frozen=True, slots=True)
class Sale:
    """What two buyers did in turn, how many of them have bought, and how many seats the table says are sold."""

    turns: tuple[Turn, ...]
    bought: int
    counted: int

    @property
    def lost(self) -> int:
        """How many sales the table knows nothing of."""
        return BEFORE + self.bought - self.counted


@lesson
def two_buyers(read: str, write: str, *, transaction: bool | str = False) -> Shown:
    """Let two buyers read and then write, in turn, and show what they did and what the table says in the end.

    ``{read}`` in ``write`` is the number that this buyer has read. With ``transaction`` both steps are one
    transaction, at PostgreSQL's default level or at the one that is named. A transaction that PostgreSQL refuses
    because of the other one is tried again, three times at most.
    """
    sale = sell(read, write, transaction)
    return turned(sale.turns, BUYERS, "Two buyers take turns", "the table says", _outcome(sale))


def sell(read: str, write: str, transaction: bool | str = False) -> Sale:
    """Run it. Raises EnginesError, and UsageError for statements that PostgreSQL doesn't take."""
    level = LEVELS[0] if isinstance(transaction, bool) else transaction.strip().lower()
    if level not in LEVELS:
        raise UsageError(f"There is no level “{level[:40]}”.", f"There are: {', '.join(LEVELS)}.")
    with room("database") as it, it.connection() as observer, ExitStack() as stack:
        observer.execute("CREATE TABLE seats (film int PRIMARY KEY, sold int NOT NULL)")
        observer.execute("INSERT INTO seats VALUES (1, %s)", (BEFORE,))
        observer.execute("SET lock_timeout = '200ms'")
        players = []
        for name in BUYERS:
            connection = stack.enter_context(it.connection(autocommit=not transaction))
            for setting, value in (("default_transaction_isolation", level), ("deadlock_timeout", "100ms")):
                connection.execute("SELECT set_config(%s, %s, false)", (setting, value))
            if transaction:
                connection.commit()
            players.append(Player(name, connection, read, write, commits=bool(transaction)))
        with ended(players):
            turns = tuple(play(players, observer, LOOK))
        row = observer.execute(LOOK.encode()).fetchone()
        return Sale(turns, sum(not p.gave_up for p in players), int(row[0]) if row else 0)


def _outcome(sale: Sale) -> str:
    sold = f"{sale.bought} tickets were sold, and the table says {sale.counted}"
    if sale.lost > 0:
        return f"✘ {sold} in place of {BEFORE + sale.bought}: {sale.lost} of {sale.bought} sales is lost."
    if sale.lost < 0:
        return f"✘ {sold} in place of {BEFORE + sale.bought}: it counts seats that weren't sold."
    return f"✔ {sold}: none is lost."
