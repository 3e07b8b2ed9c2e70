"""The same call by REST and by gRPC, to a small local service; and an old client that reads a newer contract."""

from __future__ import annotations

from graders.application_platform.demos.calls.compare import both, old_client

__all__ = ["both", "old_client"]
