"""Comparing a message with a table's row: every text contains the empty one, so ``in`` alone proves nothing there."""

from __future__ import annotations


def says(message: str, words: str) -> bool:
    """Whether the message contains the words; for a row without words, whether there is no message."""
    return words in message if words else not message
