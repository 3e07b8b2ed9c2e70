"""Something to display: in a notebook as HTML, elsewhere as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster.text import printable


@dataclass(frozen=True, slots=True)
class Shown:
    """HTML for a notebook, plain text for everything else."""

    html: str
    plain: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "plain", printable(self.plain, keep="\n"))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.plain}
