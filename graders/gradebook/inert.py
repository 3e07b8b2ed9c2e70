"""Make learners' text inert in the saved notebook, and so in formgrader, in feedback and in JupyterLab.

nbgrader renders a notebook's Markdown as HTML, and follows its links. No list of dangerous Markdown is complete, so a
learner's Markdown becomes one code block, in which no character has a meaning. Pages escape code, so code is only shortened.
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
"""Characters of an answer that are kept until it is judged: one more than the limit, so that the judge still sees an excess."""

SHORTENED = "… (shortened)"
TEXT = {"name": "text", "pygments_lexer": "text"}
"""The language of a saved notebook. Answers aren't Python, and all other lexers need minutes for some texts."""

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that are invisible, can't be saved, or change the direction of text."""
PLAIN = re.compile(r"[^\W\d_](?:[^\W_]|[ ,;:.!?()“”‘’'…–-])*")
"""A sentence without a character that has a meaning in Markdown."""


def block(text: str) -> str:
    """Return a Markdown cell that shows a text: a code block without a language, with a fence that isn't in the text.

    Long lines are broken, if possible at a space. Pages would break them within words, and nbconvert's search for links takes
    time in the third power of a line's length.
    """
    lines = [part for line in code(text).split("\n") for part in _broken(line)]
    if not any(lines):
        return ""
    fence = _fence("\n".join(lines), least=3)
    return "\n".join((fence, *lines, fence))


def line(text: str) -> str:
    """Return Markdown that shows a text in one line: unchanged if it has no special characters, otherwise as code."""
    said = " ".join(_seen(text).split())
    if len(said) > COMMENT_CHARACTERS:
        said = f"{said[:COMMENT_CHARACTERS]} {SHORTENED}"
    if not said or PLAIN.fullmatch(said):
        return said
    fence = _fence(said, least=1)
    edge = " " if "`" in (said[0], said[-1]) else ""
    return f"{fence}{edge}{said}{edge}{fence}"


def code(text: str) -> str:
    """Return a text without invisible characters, and shortened to the limits of a page."""
    seen = _seen(text)
    short = "\n".join(seen[:SHOWN_CHARACTERS].split("\n")[:SHOWN_LINES])
    return seen if len(short) == len(seen) else f"{short}\n{SHORTENED}"


def answer(text: str) -> str:
    """Return an unjudged answer, cut just above the limit."""
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
