"""What comes of each promise about a database: computed from the promise and from what the shop's team told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graders.answers.places import Term
from graders.answers.provision import TERMS, Provision
from graders.answers.text import shown
from graders.exercises import supply, upkeep
from graders.exercises.promises import Rule

_RULES: Mapping[Term, Rule] = {**supply.RULES, **upkeep.RULES}


@dataclass(frozen=True, slots=True)
class Owed:
    """One promise: whether it ``holds``, what was ``promised``, what it ``leads`` to, and the one next step."""

    term: Term
    holds: bool
    promised: str
    leads: str
    hint: str = ""
    line: int = 0
    missing: bool = False

    @property
    def name(self) -> str:
        """The term without its duty: ``full-every``."""
        return self.term[-1]


def owe(provision: Provision) -> tuple[Owed, ...]:
    """Every term of the form, in its order, with what comes of it."""
    return tuple(_owed(term, provision) for term in TERMS)


def _owed(term: Term, provision: Provision) -> Owed:
    written = provision.terms.get(term)
    if written is None:
        return Owed(term, False, "", "nobody promised anything", missing=True)
    told = _RULES[term](written, provision)
    return Owed(term, told.holds, shown(written.value), told.leads, told.hint, written.line)
