"""What a phrase means, out of a few things that it may mean: “a Helm chart” is helm, and “anything but helm” is nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from graders.answers.phrase import plain, spelled
from graders.answers.places import bared

Names = Mapping[str, Collection[str]]
"""By what other names, bared, people call each thing."""

MOST_WORDS = 4
"""A name has at most so many words: ``infrastructure as code``, ``all at once``."""

_TOKEN = re.compile(r"[^\W_]+(?:['.][^\W_]+)*|[^\w\s,;:/+&().=–—\"“”„`'-]")
_RELEASE = re.compile(r"v?[0-9]+(?:\.[0-9]+)*")
_DENIALS = (
    re.compile(r"(?:not|no|without) (?P<denied>.+?)(?:,? but |, (?=(?:by|with|using) ))(?P<rest>.+)"),
    re.compile(r"(?P<rest>.+?),? (?:but |and )?(?:not|no|without) (?P<denied>.+)"),
)
"""How people say what they don't mean beside what they do."""


def meant(value: Any, among: Names, beside: str = "") -> str:
    """The one thing that a phrase means; empty where it means several, or a word in it isn't understood."""
    found = senses(value, among, beside)
    return next(iter(found)) if len(found) == 1 else ""


def senses(value: Any, among: Names, beside: str = "") -> frozenset[str]:
    """All that a phrase means; nothing where a word in it is neither a name nor one of those that may stand ``beside``."""
    of = {name: thing for thing, names in among.items() for name in (bared(thing), *names)}
    text = _phrase(value)
    for denial in _DENIALS:
        if said := denial.fullmatch(text):
            rest, denied = _named(said["rest"], of, beside), _named(said["denied"], of, beside)
            if rest and denied and not rest & denied:
                return rest
    return _named(text, of, beside)


def _phrase(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return plain(", ".join(value[:MOST_WORDS])) if len(value) <= MOST_WORDS else ""
    return plain(spelled(value))


def _named(text: str, of: Mapping[str, str], beside: str) -> frozenset[str]:
    words = _TOKEN.findall(text)
    known = beside.split()
    found: set[str] = set()
    at = 0
    while at < len(words):
        thing, taken = _longest_name(words[at : at + MOST_WORDS], of)
        if thing:
            found.add(thing)
        # A number behind a name is its release: PgBouncer 1.23.
        elif words[at] not in known and not (found and _RELEASE.fullmatch(words[at])):
            return frozenset()
        at += taken
    return frozenset(found)


def _longest_name(words: list[str], of: Mapping[str, str]) -> tuple[str, int]:
    for count in range(len(words), 0, -1):
        name = "".join(words[:count])
        if thing := of.get(name) or of.get(name.removesuffix("s")):
            return thing, count
    return "", 1
