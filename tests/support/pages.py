"""The parts of an HTML page that can run code."""

from __future__ import annotations

import html.parser
from collections import Counter


class LiveElements(html.parser.HTMLParser):
    """Count the parts of a page that can run code: scripts, handlers, and links with a scheme that runs code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.live: Counter[str] = Counter()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count the live parts of a tag."""
        if tag in ("script", "iframe", "object", "embed", "base", "form", "svg", "math", "link", "meta"):
            self.live[f"{tag} {dict(attrs).get('src')}"] += 1
        for name, value in attrs:
            scheme = "".join(c for c in value or "" if c > " ").lower()
            if name.startswith("on") or scheme.startswith(("javascript:", "vbscript:", "data:text")):
                self.live[f"{tag} {name}={value}"] += 1
