"""rich's console, to which a text is neither markup nor a command: what isn't rich's own control leaves printable."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from rich import console as rich_console
from rich.segment import Segment

from cluster.text import printable


class Console(rich_console.Console):  # noqa: TID251  here its texts are made printable
    """A console on standard output, or with ``stderr`` on standard error. Colors and the like are rich's; texts are texts."""

    def __init__(self, *, stderr: bool = False, **settings: Any) -> None:
        if stderr:
            # What guards standard error would take out rich's colors, too.
            settings["file"] = getattr(sys.stderr, "stream", sys.stderr)
        super().__init__(markup=False, emoji=False, highlight=False, **settings)

    def render(
        self, renderable: rich_console.RenderableType, options: rich_console.ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """The segments of something, their texts printable. What lays them out asks here, so columns stay in place."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=printable(segment.text, keep="\n"))
