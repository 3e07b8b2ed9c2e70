"""How a promise about a database is read, and what a rule may say of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from graders.answers import figures
from graders.answers.denied import affirmed, denied, folded, unsure
from graders.answers.places import Term, Written, bared
from graders.answers.provision import UNITS, Provision

T = TypeVar("T")
LONGEST = 200
DIGITS = 9
_FLOOR = re.compile(
    r"[>≥]|(?<!\bno )(?<!\bnot )\b(?:at least|or more|more than|over|above|longer than)\b", re.IGNORECASE
)
_THRESHOLD = re.compile(
    r"^(?:p[0-9]{2,3} )?(?:is )?(?:over|above|more than|longer than|slower than|at|when|from|>=?|≥) ?"
)
_THOUSANDS = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,.])")
_PRODUCT = re.compile(r"([0-9]{1,4})[a-z ]{0,30}(?:\bx|\*|×|\btimes)\s*([0-9]{1,4})[a-z ]{0,30}")
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
    text = str(value)[:LONGEST]
    # “not session but transaction” means the second; who writes “a or b” hasn't chosen.
    said = [of[word] for word in map(bared, re.findall(r"[a-z]+", affirmed(text))) if word in of]
    if len(set(said)) > 1 and re.search(r"\bor\b", folded(text)):
        return ""
    if said:
        return said[0]
    if denied(text):  # “no” itself may be one of the names
        return of.get(next(iter(re.findall(r"[a-z]+", folded(text))), ""), "")
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
        if unsure(text):
            return None
        text = _THOUSANDS.sub(lambda number: number[0].replace(",", ""), folded(text))
        if product := _PRODUCT.fullmatch(text.strip()):
            return int(product[1]) * int(product[2])
        found = re.findall(r"-?[0-9]+(?:\.[0-9]+)?", re.split(r"/|\bof\b", text, maxsplit=1)[0])
        if not re.search(r"[0-9]", text):
            return _in_words(text)
        written = float(found[0]) if len(found) == 1 and len(found[0]) <= DIGITS else None
    if isinstance(written, bool) or not isinstance(written, (int, float)):
        return None
    return int(written) if 0 <= written <= 10**DIGITS and written == int(written) else None


def _in_words(text: str) -> int | None:
    """A number that a text begins with, as in “one standby”, where no other follows."""
    numbers = {**_COUNTED, "a": 1, "an": 1}
    first, *rest = re.findall(r"[a-z]+", text) or [""]
    return numbers[first] if first in numbers and rest and not _COUNTED.keys() & set(rest) else None


def above(written: Written) -> Written:
    """A threshold without the words that say that it is one, as in “over 200 ms” or “p95 above 200 ms for 5 min”."""
    if not isinstance(written.value, str):
        return written
    text = re.sub(r"\bfor\b.*", "", " ".join(written.value.casefold()[:LONGEST].split()))
    return replace(written, value=_THRESHOLD.sub("", text))


def timed(rule: Callable[[float, Provision], Told], *, most: bool = False) -> Rule:
    """A rule about a time, which it needs to be able to say anything. One that is promised at ``most`` has no lower bound."""

    def judge(written: Written, provision: Provision) -> Told:
        time = seconds(written)
        if time is None or (most and isinstance(written.value, str) and _FLOOR.search(written.value[:LONGEST])):
            return bad("nobody can tell what time that is", "Write a number and a unit, such as 3 h or 45 s.")
        return rule(time, provision)

    return judge


def promised(provision: Provision, term: Term, read: Callable[[Written], T]) -> T | None:
    """What is promised elsewhere, or None."""
    written = provision.terms.get(term)
    return None if written is None else read(written)
