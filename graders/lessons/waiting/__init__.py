"""The email inside the request, or by the queue: the same orders in two real shops, and both while something is down."""

from __future__ import annotations

from graders.lessons.waiting.beside import beside
from graders.lessons.waiting.without import without

__all__ = ["beside", "without"]
