"""A small model checker: explores every state from a beginning, and finds the shortest way to each wrong state.

The search is breadth-first, so the first way found is a shortest one. It is complete, because the moves depend on the state
alone and the number of states is finite.
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
    """One event: who acts, on whom (empty if on itself), and what happens, in a few words.

    ``crash`` is true if a process crashes.
    """

    who: str
    whom: str
    what: str
    crash: bool = False


@dataclass(frozen=True, slots=True)
class Explored:
    """The result of an exploration: the number of states, and the shortest way to each wrong that can happen."""

    states: int
    wrongs: Mapping[str, tuple[Happening, ...]]


Moves = Callable[[State], Iterable[tuple[Happening, State]]]
"""The possible events in a state, each with the state after it."""

Wrongs = Callable[[State], Iterable[str]]
"""The names of what is wrong with a state."""


def explore(beginning: State, moves: Moves[State], wrongs: Wrongs[State]) -> Explored:
    """Explore every state. Raises NotJudgedError if there are more than ``PLAN_STATES`` states."""
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
