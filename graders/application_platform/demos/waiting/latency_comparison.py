"""The same orders in both shops, without an outage: how long customers and messages wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cluster.errors import UsageError
from cluster.percentile import percentile
from cluster.text.amounts import format_duration
from graders.application_platform.demos.missing import lesson
from graders.application_platform.demos.waiting.shops import BY_QUEUE, INSIDE, WAYS, TimedOrder, Way, shop
from graders.core.shown import Shown
from graders.present.comparison import together
from graders.present.svg.bars import Bar, figure
from graders.present.svg.steps import Counted, counted
from graders.present.svg.steps import figure as over_time

ORDERS, AT_ONCE = 24, 4
MAIL = 0.1
ORDERS_MOST, MAIL_MOST = 200, 1.0


@dataclass(frozen=True, slots=True)
class Sold:
    """The orders of one shop."""

    way: Way
    orders: tuple[TimedOrder, ...]

    @property
    def waits(self) -> list[float]:
        """The customers' waiting times in seconds, the shortest first."""
        return sorted(o.seconds for o in self.orders)

    @property
    def p50(self) -> float:
        """The median: half of the customers waited no longer."""
        return percentile(self.waits, 50)

    @property
    def p99(self) -> float:
        """99 of 100 customers waited no longer; of fewer than a hundred customers, the longest time."""
        return percentile(self.waits, 99)

    @property
    def rate(self) -> float:
        """The answered orders a second."""
        return len(self.orders) / (max(o.answered for o in self.orders) - min(o.at for o in self.orders))

    def waiting(self) -> Counted:
        """The number of waiting customers, or of waiting messages, over time in seconds after the first order."""
        first = min(o.at for o in self.orders)
        if self.way.waits:
            spans = [(o.at, o.answered) for o in self.orders]
        else:
            spans = [(o.at, o.emailed) for o in self.orders if o.emailed is not None]
        what = "waiting customers, the email inside the request" if self.way.waits else "waiting messages, by the queue"
        return counted(what, [change for began, ended in spans for change in ((began - first, 1), (ended - first, -1))])


@lesson
def beside(orders: int = ORDERS, mail: float = MAIL) -> Shown:
    """Place orders in both shops, with ``mail`` seconds for each email, and draw the waiting times."""
    if not 4 <= orders <= ORDERS_MOST or not 0 <= mail <= MAIL_MOST or orders * mail > 4 * ORDERS * MAIL:  # noqa: PLR2004
        raise UsageError(
            "These are too few orders, or they would take too long.",
            f"Try 4 to {ORDERS_MOST} orders and a mail server that takes up to {MAIL_MOST:g} s, at most "
            f"{4 * ORDERS * MAIL:.0f} s for all emails together.",
        )  # fmt: skip
    return shown([sell(way, orders, mail) for way in WAYS], mail)


def sell(way: Way, orders: int, mail: float) -> Sold:
    """Place orders in a shop with that wiring. Raises WorldError."""
    with shop(way) as one:
        one.stage.mail_takes(mail)
        return Sold(way, one.followed(one.place(orders, AT_ONCE)))


def shown(sold: Sequence[Sold], mail: float) -> Shown:
    """Draw the customers' waiting times, and the waiting customers and messages over time."""
    amounts = [Bar(s.way.name, s.p50, s.p99, f"{format_duration(s.p50)}, p99 {format_duration(s.p99)}") for s in sold]
    rates = ", ".join(f"{s.rate:.0f} orders a second {s.way.name}" for s in sold)
    caption = f"{len(sold[0].orders)} orders each, {AT_ONCE} customers at a time, {format_duration(mail)} for each email. Answered: {rates}."
    return together(
        figure(amounts, what="How long a customer waits for an answer", caption=caption, powers=True),
        over_time([s.waiting() for s in sold], what="Who waits", caption="Waiting customers and messages over time. Each line ends when the last email is sent."),
    )  # fmt: skip


__all__ = ["BY_QUEUE", "INSIDE", "Sold", "beside", "sell", "shown"]
