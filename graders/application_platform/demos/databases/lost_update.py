"""A lost update on PostgreSQL: two buyers read the number of sold seats, and both write that number plus one."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from cluster.errors import UsageError
from graders.application_platform.demos.databases.interleaving import Player, ended, play
from graders.application_platform.demos.databases.tenant import sandbox
from graders.application_platform.demos.missing import lesson
from graders.core.shown import Shown
from graders.present.turns import Turn, turned

BEFORE = 40
"""The number of sold seats before the two buyers come."""

BUYERS = ("buyer A", "buyer B")
LOOK = "SELECT sold FROM seats WHERE film = 1"
LEVELS = ("read committed", "repeatable read", "serializable")
"""The isolation levels of PostgreSQL; the first is its default. Source: postgresql.org/docs, "Transaction Isolation"."""


@dataclass(frozen=True, slots=True)
class Sale:
    """The turns of two buyers, the number of buyers who bought, and the number of sold seats in the table."""

    turns: tuple[Turn, ...]
    bought: int
    counted: int

    @property
    def lost(self) -> int:
        """The number of sales that the table doesn't count."""
        return BEFORE + self.bought - self.counted


@lesson
def two_buyers(read: str, write: str, *, transaction: bool | str = False) -> Shown:
    """Let two buyers read and then write, in turn; show each turn and the number of sold seats in the table.

    ``{read}`` in ``write`` is the number that this buyer has read. With ``transaction`` both steps are one
    transaction, at PostgreSQL's default isolation level or at the named one. A transaction that PostgreSQL refuses
    because of the other one is tried again, at most three times in all.
    """
    sale = sell(read, write, transaction)
    return turned(sale.turns, BUYERS, "Two buyers take turns", "the table says", _outcome(sale))


def sell(read: str, write: str, transaction: bool | str = False) -> Sale:
    """Return the sale. Raises EnginesError, and UsageError for statements that PostgreSQL refuses."""
    level = LEVELS[0] if isinstance(transaction, bool) else transaction.strip().lower()
    if level not in LEVELS:
        raise UsageError(f"There is no isolation level “{level[:40]}”.", f"Choose one of: {', '.join(LEVELS)}.")
    with sandbox("database") as it, it.connection() as observer, ExitStack() as stack:
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
        are = "is" if sale.lost == 1 else "are"
        return f"✘ {sold} instead of {BEFORE + sale.bought}: {sale.lost} of {sale.bought} sales {are} lost."
    if sale.lost < 0:
        return f"✘ {sold} instead of {BEFORE + sale.bought}: it counts seats that weren't sold."
    return f"✔ {sold}: no sale is lost."
