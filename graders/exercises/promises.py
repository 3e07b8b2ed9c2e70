"""How a promise about a database is read, and what a rule may say of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from graders.answers import figures
from graders.answers.phrase import alone, plain, without
from graders.answers.places import Term, Written
from graders.answers.provision import UNITS, Provision

T = TypeVar("T")
DIGITS = 9
AT_LEAST = r"at least|min(?:imum|\.)?|(?:>=|≥)(?= [0-9])|or more"
UP_TO = r"at most|max(?:imum|\.)?|up to"
"""Words beside a number that keep its meaning where the number is the least, or the most, that is promised."""

_COUNTED = {word: n for n, word in enumerate(("none", "one", "two", "three", "four", "five", "six"))} | {
    "no": 0,
    "zero": 0,
    "a": 1,
    "an": 1,
    "single": 1,
}
_PRODUCT = re.compile(r"([0-9]{1,4}) ?(?:x|\*|×|times) ?([0-9]{1,4})")
_EACH = r"per pod|a pod|each|pods?|connections?|conns?"
_OF_ALL = re.compile(r"([0-9]{1,9}) ?(?:/|(?:out )?of) ?(?:the |all )?([0-9]{1,9})")


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


def in_unit(written: Written) -> Any:
    """What is written, with the unit that its key ends in, as in ``slow-query-ms: 200``."""
    if isinstance(written.value, bool) or not isinstance(written.value, (int, float)):
        return written.value
    words = re.findall(r"[A-Za-z]+", written.key)
    return f"{written.value} {words[-1]}" if words and words[-1].casefold() in UNITS else written.value


def seconds(written: Written, beside: str = figures.AT_MOST) -> float | None:
    """A time in seconds, with only such words beside it as don't change it. None for what says no time."""
    return figures.duration(in_unit(written), beside)


def whole(written: Any, beside: str) -> int | None:
    """A whole number from 0 to a billion, also in words or as a product, and ``beside`` it words that don't change it."""
    value = alone(written)
    if isinstance(value, str):
        text = re.sub(r"(?<=[0-9])\+$", " or more", value.strip().replace("/pod", " per pod"))
        text = without(plain(text), beside).removeprefix("= ")
        # “15*20 = 300” says the same twice; what doesn't is two figures, and nobody knows which is meant.
        sides = {_figure(side, beside) for side in text.split(" = ")}
        return sides.pop() if len(sides) == 1 else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if 0 <= value <= 10**DIGITS and value == int(value) else None


def _figure(text: str, beside: str) -> int | None:
    if product := _PRODUCT.fullmatch(without(text, _EACH)):
        return int(product[1]) * int(product[2])
    if share := _OF_ALL.fullmatch(text):
        return int(share[1])
    if re.fullmatch(rf"[0-9]{{1,{DIGITS}}}(?:\.0+)?", text):
        return whole(float(text), beside)
    return _COUNTED.get(text)


def timed(rule: Callable[[float, Provision], Told], beside: str) -> Rule:
    """A rule about a time, which it needs to be able to say anything; ``beside`` the time may stand such words."""

    def judge(written: Written, provision: Provision) -> Told:
        time = seconds(written, beside)
        if time is None:
            return bad(
                "nobody can tell what time that is",
                "Write a number and a unit and no other word, such as 3 h or 45 s.",
            )
        return rule(time, provision)

    return judge


def promised(provision: Provision, term: Term, read: Callable[[Written], T]) -> T | None:
    """What is promised elsewhere, or None."""
    written = provision.terms.get(term)
    return None if written is None else read(written)
