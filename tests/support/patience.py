"""How long a test waits for an event before it gives up."""

from __future__ import annotations

PATIENCE = 120.0
"""In seconds: far longer than anything takes on a busy machine. No test passes because of it."""
