"""The lessons' drawings: SVG files in ``pictures/``, shown as figures.

A drawing's ``<desc>`` is its alt text and its ``<title>`` its caption, so that one file holds all three.
"""

from __future__ import annotations

import html
import re

from cluster.errors import UsageError
from cluster.text.names import nearest
from graders.core.registry import lessons
from graders.core.shown import Shown
from graders.present.templating import picture


def pictured(name: str) -> Shown:
    """The drawing with that name as a figure. Raises UsageError for an unknown name."""
    every = {name: path for lesson in lessons() for name, path in lesson.pictures().items()}
    if name not in every:
        near = nearest(name, every)
        meant = f"Did you mean “{near}”? " if near else ""
        raise UsageError(f"There is no picture called “{name[:60]}”.", f"{meant}There are: {', '.join(every)}.")
    svg = every[name].read_text(encoding="utf-8")
    caption, alt = (html.unescape(_element(svg, tag)) for tag in ("title", "desc"))
    return Shown(picture(svg, alt, caption), f"{caption}. {alt}")


def _element(svg: str, tag: str) -> str:
    found = re.search(rf"<{tag}>(.*?)</{tag}>", svg, re.DOTALL)
    return " ".join(found[1].split()) if found else ""
