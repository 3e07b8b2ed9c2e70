"""How a promise about a database is read, and what a rule may say of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from graders.answers import figures
from graders.answers.places import Term, Written, bared
from graders.answers.provision import UNITS, Provision

T = TypeVar("T")
LONGEST = 200
DIGITS = 9
_DENIED = frozenset(("not", "no", "never", "without"))
_COUNTED = {word: n for n, word in enumerate(("none", "one", "two", "three", "four", "five", "six"))} | {
    "no": 0,
    "zero": 0,
}
TELLING = 6
"""A name with so many letters is also told from within a longer word."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule says of one promise: whether it holds, what it leads to, and the next step where it doesn't."""

    holds: bool
    leads: str
    hint: str = ""


Rule = Callable[[Written, Provision], Told]
"""What is written for a term, with all that is promised besides, to what it leads to."""


def good(leads: str) -> Told:
    """The promise holds."""
    return Told(True, leads)


def bad(leads: str, hint: str) -> Told:
    """The promise doesn't."""
    return Told(False, leads, hint)


def meant(value: Any, among: Mapping[str, Iterable[str]]) -> str:
    """Which of several words a value means, by any of its other names: the one that is said first; empty for none."""
    bare = bared(value)
    if bare in (names := {bared(word): word for word in among}):
        return names[bare]
    of = {name: word for word, names in among.items() for name in (bared(word), *names)}
    said = [bared(word) for word in re.findall(r"[A-Za-z]+", str(value)[:LONGEST])]
    # “not session but transaction” means the second; “no” itself may be one of the names, and is never denied.
    first = next((of[w] for at, w in enumerate(said) if w in of and not _DENIED & set(said[max(at - 2, 0) : at])), "")
    if first or _DENIED & set(said):
        return first
    return next((word for name, word in of.items() if len(name) >= TELLING and name in bare), "")


def in_unit(written: Written) -> Any:
    """What is written, with the unit that its key ends in, as in ``slow-query-ms: 200``."""
    if isinstance(written.value, bool) or not isinstance(written.value, (int, float)):
        return written.value
    words = re.findall(r"[A-Za-z]+", written.key)
    return f"{written.value} {words[-1]}" if words and words[-1].casefold() in UNITS else written.value


def seconds(written: Written) -> float | None:
    """A time in seconds. None for what says no time."""
    return figures.duration(in_unit(written))


def whole(written: Any) -> int | None:
    """A whole number from 0 to a billion, also as the only one in a text, or as the length of a list; None for none."""
    if isinstance(written, list):
        return len(written)
    if isinstance(written, str):
        text = written[:LONGEST].rpartition("=")[2].strip().casefold()
        if text in _COUNTED:
            return _COUNTED[text]
        if product := re.fullmatch(r"([0-9]{1,4})\s*(?:x|\*|×|times)\s*([0-9]{1,4})", text):
            return int(product[1]) * int(product[2])
        found = re.findall(r"-?[0-9]+(?:\.[0-9]+)?", re.split(r"/|\bof\b", text, maxsplit=1)[0])
        written = float(found[0]) if len(found) == 1 and len(found[0]) <= DIGITS else None
    if isinstance(written, bool) or not isinstance(written, (int, float)):
        return None
    return int(written) if 0 <= written <= 10**DIGITS and written == int(written) else None


def timed(rule: Callable[[float, Provision], Told]) -> Rule:
    """A rule about a time, which it needs to be able to say anything."""

    def judge(written: Written, provision: Provision) -> Told:
        time = seconds(written)
        if time is None:
            return bad("nobody can tell what time that is", "Write a number and a unit, such as 3 h or 45 s.")
        return rule(time, provision)

    return judge


def promised(provision: Provision, term: Term, read: Callable[[Written], T]) -> T | None:
    """What is promised elsewhere, or None."""
    written = provision.terms.get(term)
    return None if written is None else read(written)
