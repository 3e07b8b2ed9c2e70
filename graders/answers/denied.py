"""Words that turn a promise around, or leave it open: who writes “not daily” or “15 or 16” has promised neither."""

from __future__ import annotations

import re

LONGEST = 200
_AT_MOST = re.compile(
    r"\b(?:not|no) (?:more|longer|later|older|fewer|less) than\b|\bor (?:less|more|fewer|sooner|earlier|later)\b"
    r"|\bat (?:most|least)\b|\bnothing but\b|[<>]="
)
_DENYING = re.compile(
    r"\b(?:not|non|no|never|neither|nor|none|nobody|nothing|without|except|unless|hardly|rarely|seldom|cannot|forget|skip)\b"
    r"|\b(?:anything|everything|all) but\b|\b(?:instead of|rather than|other than)\b"
)
_OPEN = re.compile(r"\b(?:less|fewer|under|below|older|newer|more than|or|either|maybe|perhaps|sometimes)\b|[<>]")


def folded(text: str) -> str:
    """A text in small letters, blanks single, ``n't`` as ``not``, and without the words that only say “at most”."""
    text = " ".join(text.casefold()[:LONGEST].split())
    text = re.sub(r"(?:\b(ca|wo|sha))?n['’]?t\b(?<=['’]t)", r"\1 not", text)
    return _AT_MOST.sub(" ", text)


def denied(text: str) -> bool:
    """Whether something is denied in a text."""
    return bool(_DENYING.search(folded(text)))


def unsure(text: str) -> bool:
    """Whether a text denies something, or leaves open what it says."""
    return denied(text) or bool(_OPEN.search(folded(text)))


def affirmed(text: str) -> str:
    """What is left of a text without the words that are denied: each denial reaches as far as its part of the sentence."""
    parts = re.split(r"[,;:.()]|\bbut\b(?<!thing but)(?<!all but)|\bwith\b|\band\b", folded(text))
    return " , ".join(_DENYING.split(part, maxsplit=1)[0] for part in parts)
