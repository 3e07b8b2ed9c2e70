"""The lesson's contract between platform and application: the figures by which exercises grade."""

from __future__ import annotations

from typing import Final

IMAGE: Final = "shop/orders"
RELEASE: Final = "1.0.0"
PORT: Final = 8080
REPLICAS: Final = 3
LIVENESS: Final = "/healthz"
READINESS: Final = "/readyz"
REQUESTS: Final = {"cpu": "100m", "memory": "128Mi"}
LIMITS: Final = {"cpu": "500m", "memory": "512Mi"}
STARTUP: Final = "/startupz"
METRICS: Final = "/metrics"
