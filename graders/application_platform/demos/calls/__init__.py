"""The same call by REST and by gRPC, on a small service of this machine; and a contract that grows, read by an old client."""

from __future__ import annotations

from graders.application_platform.demos.calls.compare import both, old_client

__all__ = ["both", "old_client"]
