"""Manifests as the API server reads them: YAML 1.1 or JSON to JSON values, with the line of every value.

First cut; to be completed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]
"""Where in a document: keys and indices from its root, such as ``("spec", "containers", 0, "image")``."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of an answer: its JSON value, its index in the file from 0, and the line of each path, from 1.

    ``duplicates`` are keys that stand twice in one mapping, which the server's strict decoding refuses.
    """

    index: int
    data: Any
    lines: Mapping[Path, int] = field(default_factory=dict, repr=False)
    duplicates: tuple[tuple[Path, int], ...] = ()

    def get(self, *path: str | int, default: Any = None) -> Any:
        """The value at a path, or the default where any step of it is missing or of another type."""
        value = self.data
        for step in path:
            if isinstance(value, dict) and step in value:
                value = value[step]
            elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
                value = value[step]
            else:
                return default
        return value

    def line(self, *path: str | int) -> int:
        """The line of a path, or of its nearest ancestor that was written; 0 where there is none."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 0
