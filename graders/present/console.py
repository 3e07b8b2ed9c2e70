"""rich's console, which interprets no text as markup and makes everything printable except rich's own control codes."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from rich import console as rich_console
from rich.segment import Segment

from cluster.text import printable


class Console(rich_console.Console):  # noqa: TID251  here its texts are made printable
    """A console on standard output, or with ``stderr`` on standard error. It styles, but never interprets, a text."""

    def __init__(self, *, stderr: bool = False, **settings: Any) -> None:
        if stderr:
            # The stream that guards standard error would also remove rich's colors.
            settings["file"] = getattr(sys.stderr, "stream", sys.stderr)
        super().__init__(markup=False, emoji=False, highlight=False, **settings)

    def render(
        self, renderable: rich_console.RenderableType, options: rich_console.ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """The segments of a renderable, with printable texts. Layouts call this, so columns stay aligned."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=printable(segment.text, keep="\n"))
