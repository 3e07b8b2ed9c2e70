"""A model checker in small: from a beginning, everything that can happen, and the shortest way to each thing that mustn't.

Breadth first, so that the first way found is a shortest one; exhaustive, since what can happen from a state depends on the
state alone and there are finitely many.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from cluster.errors import NotJudgedError
from cluster.limits import PLAN_STATES

State = TypeVar("State", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happens: who does it, to whom (empty where it is to oneself), and what, in a few words.

    ``crash`` is true where a process ends in the middle.
    """

    who: str
    whom: str
    what: str
    crash: bool = False


@dataclass(frozen=True, slots=True)
class Explored:
    """What came of a plan: how many states there are, and for each wrong that can happen the shortest way to it."""

    states: int
    wrongs: Mapping[str, tuple[Happening, ...]]


Moves = Callable[[State], Iterable[tuple[Happening, State]]]
"""What can happen next in a state, and what the state is then."""

Wrongs = Callable[[State], Iterable[str]]
"""The names of what is wrong with a state."""


def explore(beginning: State, moves: Moves[State], wrongs: Wrongs[State]) -> Explored:
    """Everything that can happen. Raises NotJudgedError where there are more than ``PLAN_STATES`` states."""
    came_from: dict[State, tuple[Happening, State] | None] = {beginning: None}
    found: dict[str, State] = {}
    ahead = [beginning]
    while ahead:
        behind, ahead = ahead, []
        for state in behind:
            for wrong in wrongs(state):
                found.setdefault(wrong, state)
            for happening, after in moves(state):
                if after not in came_from:
                    came_from[after] = (happening, state)
                    ahead.append(after)
        if len(came_from) > PLAN_STATES:
            raise NotJudgedError("The plan has too many states to explore them all.", "Make it shorter.")
    return Explored(len(came_from), {wrong: _way(state, came_from) for wrong, state in found.items()})


def _way(state: State, came_from: Mapping[State, tuple[Happening, State] | None]) -> tuple[Happening, ...]:
    way: list[Happening] = []
    step = came_from[state]
    while step is not None:
        happening, before = step
        way.append(happening)
        step = came_from[before]
    return tuple(reversed(way))
