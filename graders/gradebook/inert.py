"""What learners wrote around their answers, made harmless to show: in feedback, and in an instructor's browser.

nbgrader shows a submission's markdown and raw cells as the HTML that they hold, scripts and all, and follows
whatever a link says. Here what could begin a tag or an entity is shown as itself, and a link that isn't an
address is no link. Code is escaped where it is shown, so it only gets shorter.
"""

from __future__ import annotations

import re

from cluster.limits import ANSWER_BYTES

SHOWN_CHARACTERS = 20_000
"""How long a cell of a learner's own is shown: what reads it takes more than twice as long for twice as much."""

ANSWER_CHARACTERS = ANSWER_BYTES + 1
"""How much of an answer is kept: one more than it may have, so that too much stays too much."""

SHORTENED = "\n\n… (shortened)"
# A missing attachment stops nbgrader's feedback; the others run something. A backslash may stand before the colon.
SCHEME = re.compile(r"(attachment|data|javascript|vbscript)(?=\\*:)", re.IGNORECASE)


def markdown(text: str) -> str:
    """Markdown that shows no HTML, runs nothing and fetches no attachment."""
    return SCHEME.sub(r"\1 ", code(text).replace("&", "&amp;").replace("<", "&lt;"))


def code(text: str) -> str:
    """Text of a learner's own, short enough to be shown."""
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + SHORTENED


def answer(text: str) -> str:
    """An answer, no longer than an answer may be."""
    return text[:ANSWER_CHARACTERS]
