"""The email inside the request, or by the queue: the same orders in two real shops, normally and during an outage."""

from __future__ import annotations

from graders.application_platform.demos.waiting.latency_comparison import beside
from graders.application_platform.demos.waiting.outage_comparison import without

__all__ = ["beside", "without"]
