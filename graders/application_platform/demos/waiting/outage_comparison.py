"""The same orders in both shops, during and after an outage of the worker or of the mail server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cluster.errors import UsageError
from cluster.shop.wiring import WORKER
from cluster.text.amounts import format_duration
from graders.application_platform.demos.missing import lesson
from graders.application_platform.demos.waiting.shops import WAYS, RunningShop, TimedOrder, Way, shop
from graders.core.shown import Shown
from graders.present.comparison import table

MAIL = "mail server"
ORDERS = 5
DOWN = {"worker": "stopped", MAIL: "refusing every email"}


@dataclass(frozen=True, slots=True)
class Outage:
    """The orders placed during an outage.

    ``kept`` is their number in the database; ``before`` emails were sent during the outage, and ``emails`` in all.
    """

    way: Way
    orders: tuple[TimedOrder, ...]
    kept: int
    before: int
    emails: int

    @property
    def accepted(self) -> int:
        """The number of accepted orders."""
        return sum(o.accepted for o in self.orders)


@lesson
def without(what: str) -> Shown:
    """Place orders in both shops while ``"worker"`` or ``"mail server"`` is down, start it again, and show the results."""
    if what not in DOWN:
        raise UsageError(f"“{what[:40]}” can't be stopped here.", f"Choose one of: {', '.join(DOWN)}.")
    return shown(what, [outage(way, what) for way in WAYS])


def outage(way: Way, what: str) -> Outage:
    """Return the results of orders in a shop with that wiring, during an outage and after. Raises WorldError."""
    with shop(way) as one:
        _down(one, what)
        orders = one.place(ORDERS, ORDERS)
        kept, before = one.seen()
        _back(one, what)
        return Outage(way, one.followed(orders), kept, before, one.seen()[1])


def _down(one: RunningShop, what: str) -> None:
    if what == MAIL:
        one.stage.mail_refuses(refuses=True)
    else:
        one.stage.take_away(WORKER)


def _back(one: RunningShop, what: str) -> None:
    if what == MAIL:
        one.stage.mail_refuses(refuses=False)
    else:
        one.stage.bring_back(WORKER)


def shown(what: str, outages: Sequence[Outage]) -> Shown:
    """Return a table with a row for each way."""
    rows = [
        (
            o.way.name, f"{o.accepted} yes, {len(o.orders) - o.accepted} no", f"within {format_duration(max(p.seconds for p in o.orders))}",
            str(o.kept), str(o.before), str(o.emails),
        )
        for o in outages
    ]  # fmt: skip
    headings = ("the email", "orders accepted", "answered", "orders kept", "emails so far", "in the end")
    return table(f"{ORDERS} orders each, with the {what} {DOWN[what]}, and then back again", headings, rows)
