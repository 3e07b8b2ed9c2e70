"""The event log of one lane: the script writes the stops, a driver writes what happens to pods."""

from __future__ import annotations

from collections.abc import Callable

from cluster.train.timeline import Event, EventKind


class EventLog:
    """Events in order, in seconds of the lane's clock ``now``, rounded to ``digits`` digits.

    ``stop_of`` names the stop that watches a pod while another stop is the current one.
    """

    def __init__(self, now: Callable[[], float], digits: int = 3) -> None:
        self.events: list[Event] = []
        self.stop = ""
        self.stop_of: dict[str, str] = {}
        self._now = now
        self._digits = digits

    @property
    def now(self) -> float:
        """Seconds since the lane began."""
        return self._now()

    def tell(self, subject: str, kind: EventKind, detail: str = "", value: float | None = None, stop: str = "") -> None:
        """Log an event; it belongs to the stop that watches its subject, or else to the current stop."""
        belongs = stop or self.stop_of.get(subject, self.stop)
        self.events.append(Event(round(self.now, self._digits), belongs, subject, kind, detail, value))

    def begin_stop(self, stop: str) -> None:
        """Begin a stop and make it the current one."""
        self.stop = stop
        self.tell(stop, EventKind.BEGAN, stop=stop)

    def end_stop(self, stop: str) -> None:
        """End a stop."""
        self.tell(stop, EventKind.ENDED, stop=stop)

    def skip_stops(self, reason: str, *stops: str) -> None:
        """Log that stops are left out, and why."""
        for stop in stops:
            self.tell(stop, EventKind.SKIPPED, reason, stop=stop)
