"""Text that everything else needs: what is safe to print, names, and amounts. Imports nothing of the project but the limits."""

from __future__ import annotations

from cluster.text.printable import ELLIPSIS, UNSEEN, json_text, printable

__all__ = ["ELLIPSIS", "UNSEEN", "json_text", "printable"]
