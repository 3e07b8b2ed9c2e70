"""Observations of a service from another platform: its start, its resources, its endpoints, and its end.

``SEEN`` has the figures of the service *tickets* in notebook 05: times in seconds, sizes in bytes, CPU in cores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MIB = 2**20


@dataclass(frozen=True, slots=True)
class ServiceBehavior:
    """The observed behavior of a service, and the limits of its new platform."""

    usual_cpu: float = 0.2
    most_cpu: float = 0.7
    usual_memory: float = 220 * MIB
    most_memory: float = 600 * MIB
    share_cpu: float = 1.0
    node_cpu: float = 4.0
    share_memory: float = 1024 * MIB
    longest_start: float = 70.0
    start_noticed: float = 300.0
    proxies_hear: float = 5.0
    accepts_for: float = 10.0
    slowest_request: float = 35.0
    closes_in: float = 2.0
    node_emptied: float = 120.0
    exit_code: int = 143
    interrupted_code: int = 130
    metrics: str = "/stats"
    metrics_port: int = 9100
    port: int = 8080
    paths: Mapping[str, str] = field(
        default_factory=lambda: {
            "/ping": "answers unless its process hangs, even while its database is down",
            "/state": "answers 503 while its plans are loading and while its database is down, else 200",
            "/loaded": "answers 503 until its plans are loaded, and then 200, even while the process hangs",
            "/seats": "reads seats from its database",
        }
    )

    @property
    def done_by(self) -> float:
        """The longest time of an orderly shutdown, from the signal to the exit, in seconds."""
        return self.accepts_for + self.slowest_request + self.closes_in


SEEN = ServiceBehavior()


def facts(seen: ServiceBehavior = SEEN) -> tuple[str, ...]:
    """The observations in the notebook's words."""
    return (
        f"{seen.usual_cpu:g} CPU cores and {seen.usual_memory / MIB:g}Mi", f"{seen.most_cpu:g} cores and {seen.most_memory / MIB:g}Mi",
        f"{4 * seen.share_cpu:g} cores and {4 * seen.share_memory / MIB / 1024:g}Gi of memory, for four such pods", f"second {seen.longest_start:g}",
        f"within {seen.start_noticed / 60:g} minutes", f"within {seen.proxies_hear:g} s that", f"for another {seen.accepts_for:g} s",
        f"takes {seen.slowest_request:g} s", f"database within {seen.closes_in:g} s", f"empty within {seen.node_emptied / 60:g} minutes",
        f"exits with code {seen.exit_code}", f"`GET {seen.metrics}` at port {seen.metrics_port}", f"at port {seen.port}",
        *(f"`GET {path}`" for path in seen.paths),
    )  # fmt: skip
