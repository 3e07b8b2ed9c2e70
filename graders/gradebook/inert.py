"""What learners wrote, as text: in the saved notebook, and so in formgrader, in feedback and in JupyterLab.

nbgrader shows a notebook's Markdown as the HTML that comes of it, and follows whatever a link says. There is no list of
what is dangerous in that: a learner's Markdown becomes one code block, in which nothing means anything. Code is escaped
where it is shown, so it only gets shorter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster.limits import (
    ANSWER_BYTES,
    COMMENT_CHARACTERS,
    SHOWN_CHARACTERS,
    SHOWN_COLUMNS,
    SHOWN_LINES,
)  # fmt: skip

ANSWER_CHARACTERS = ANSWER_BYTES + 1
"""How much of an answer is kept until it is judged: one more than it may have, so that too much stays too much."""

SHORTENED = "… (shortened)"
TEXT = {"name": "text", "pygments_lexer": "text"}
"""The language of a saved notebook: answers aren't Python, and each lexer but this one has texts that take it minutes."""

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What can't be seen, can't be saved, or turns the text around it."""
PLAIN = re.compile(r"[^\W\d_](?:[^\W_]|[ ,;:.!?()“”‘’'…–-])*")
"""A sentence in which no character means anything in Markdown."""


def block(text: str) -> str:
    """A Markdown cell that shows a text: a code block without a language, with a fence that isn't in the text.

    Long lines are broken, at a blank where there is one. Pages would break them within words; and nbconvert looks for
    links in what it made, which takes time with the third power of a line's length.
    """
    lines = [part for line in code(text).split("\n") for part in _broken(line)]
    if not any(lines):
        return ""
    fence = _fence("\n".join(lines), least=3)
    return "\n".join((fence, *lines, fence))


def line(text: str) -> str:
    """Markdown that shows a text in one line: as it is where that means nothing else, otherwise as code."""
    said = " ".join(_seen(text).split())
    if len(said) > COMMENT_CHARACTERS:
        said = f"{said[:COMMENT_CHARACTERS]} {SHORTENED}"
    if not said or PLAIN.fullmatch(said):
        return said
    fence = _fence(said, least=1)
    edge = " " if "`" in (said[0], said[-1]) else ""
    return f"{fence}{edge}{said}{edge}{fence}"


def code(text: str) -> str:
    """A text short enough to be shown, without what can't be seen; an ordinary one is as it was."""
    seen = _seen(text)
    short = "\n".join(seen[:SHOWN_CHARACTERS].split("\n")[:SHOWN_LINES])
    return seen if len(short) == len(seen) else f"{short}\n{SHORTENED}"


def answer(text: str) -> str:
    """An answer that is yet to be judged, no longer than an answer may be."""
    return text[:ANSWER_CHARACTERS]


def _seen(text: str) -> str:
    return UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def _broken(line: str) -> Iterator[str]:
    while len(line) > SHOWN_COLUMNS:
        end = line.rfind(" ", 0, SHOWN_COLUMNS) + 1 or SHOWN_COLUMNS
        yield line[:end]
        line = line[end:]
    yield line


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * max(least, longest + 1)
