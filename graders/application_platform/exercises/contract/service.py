"""What was seen of a service that runs elsewhere: how it starts, what it takes, where it answers, and how it ends.

``SEEN`` is what notebook 05 tells of the service *tickets*; times are in seconds, sizes in bytes, processor time in cores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Seen:
    """What a service was seen to do, and what the platform that takes it in has to give."""

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
            "/ping": "answers unless its process hangs, whatever its database does",
            "/state": "answers 503 while its plans are loading and while its database is away, else 200",
            "/loaded": "answers 503 until its plans are loaded, and 200 from then on, even while the process hangs",
            "/seats": "reads seats from its database",
        }
    )

    @property
    def done_by(self) -> float:
        """How long an orderly end takes at most, from the signal to the exit."""
        return self.accepts_for + self.slowest_request + self.closes_in


SEEN = Seen()
