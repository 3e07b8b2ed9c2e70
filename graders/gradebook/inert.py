"""What learners wrote around their answers, made harmless to show: in feedback, and in an instructor's browser.

nbgrader shows a submission's markdown and raw cells as the HTML that they hold, scripts included. Here every
character that could begin a tag, an entity or an attachment is shown as itself. Code is escaped where it is
shown, so it only gets shorter.
"""

from __future__ import annotations

import re

from cluster.limits import ANSWER_BYTES

MARKDOWN_CHARACTERS = 20_000
"""A markdown cell's length that is shown: what reads it takes more than twice as long for twice as much."""

CODE_CHARACTERS = ANSWER_BYTES + 1
"""A code cell's length that is kept: one more than an answer may have, so that too much stays too much."""

SHORTENED = "\n\n… (shortened)"
TAG = re.compile(r"<(?=[A-Za-z/!?])")
ENTITY = re.compile(r"&(?=#|\w+;)")
ATTACHMENT = re.compile(r"(?i)attachment(?=\\*:)")


def markdown(text: str) -> str:
    """Markdown that shows no HTML and fetches no attachment."""
    text = _shortened(text, MARKDOWN_CHARACTERS)
    return ATTACHMENT.sub("attached file ", TAG.sub("&lt;", ENTITY.sub("&amp;", text)))


def code(text: str) -> str:
    """Code, or an answer, no longer than an answer may be."""
    return text[:CODE_CHARACTERS]


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + SHORTENED
