"""Half a sale on PostgreSQL: a program sells a seat in three steps and crashes between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cluster.errors import UsageError
from graders.application_platform.demos.databases.tenant import one_line, sandbox
from graders.application_platform.demos.missing import lesson
from graders.core.shown import Shown
from graders.present.turns import Turn, turned

if TYPE_CHECKING:
    from graders.application_platform.demos.databases.tenant import Connection

PROGRAM = "the program"
TABLES = """
CREATE TABLE seats (seat int, sold boolean);     INSERT INTO seats VALUES (12, false);
CREATE TABLE bookings (seat int, price numeric);
CREATE TABLE vouchers (name text, used boolean); INSERT INTO vouchers VALUES ('V-7', false);
"""
PARTS = {
    "seat": "SELECT bool_or(sold) FROM seats",
    "booking": "SELECT count(*) > 0 FROM bookings",
    "voucher": "SELECT bool_or(used) FROM vouchers",
}
"""The parts of a sale, each with a query that returns whether it is stored."""


@lesson
def crash(steps: Sequence[str], *, after: int, transaction: bool = False) -> Shown:
    """Run ``after`` steps of a sale, crash, and show what other clients see after each step.

    With ``transaction`` all steps are one transaction, and the commit is one more step.
    """
    turns = sell(steps, after=after, transaction=transaction)
    return turned(turns, (PROGRAM,), "A program sells a seat, and crashes", "what others see", _outcome(turns))


def sell(steps: Sequence[str], *, after: int, transaction: bool = False) -> tuple[Turn, ...]:
    """Return the program's turns. Raises EnginesError, and UsageError for a statement that PostgreSQL refuses."""
    turns = []
    with sandbox("database") as it, it.connection() as observer:
        import psycopg  # noqa: PLC0415  a sandbox exists only if psycopg is installed

        observer.execute(TABLES.encode())
        observer.execute("SET lock_timeout = '200ms'")
        with it.connection(autocommit=not transaction) as connection:
            for step in steps[: max(after, 0)]:
                try:
                    connection.execute(step.encode())
                except psycopg.Error as error:
                    raise UsageError(f"PostgreSQL refuses the step: {one_line(error)}", "Change the step, and run the cell again.") from error  # fmt: skip
                turns.append(Turn(PROGRAM, step, _seen(observer)))
            if transaction and after > len(steps):
                connection.commit()
                turns.append(Turn(PROGRAM, "commits", _seen(observer)))
            connection.close()  # a process that crashes doesn't end its session either
        turns.append(Turn(PROGRAM, "⚡ crashes", _seen(observer)))
    return tuple(turns)


def _seen(observer: Connection) -> str | None:
    import psycopg  # noqa: PLC0415

    parts = []
    for part, question in PARTS.items():
        try:
            row = observer.execute(question.encode()).fetchone()
        except psycopg.errors.LockNotAvailable:  # another client has locked the whole table
            return None
        if row and row[0]:
            parts.append(part)
    return ", ".join(parts) or "nothing"


def _outcome(turns: Sequence[Turn]) -> str:
    seen = str(turns[-1].seen)
    if seen == "nothing":
        return "✔ Nothing of the sale is stored. The program can safely try the sale again."
    if seen == ", ".join(PARTS):
        return "✔ The whole sale is stored."
    return f"✘ Only part of the sale is stored: {seen}."
