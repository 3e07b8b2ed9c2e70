"""The worker's model, against an interpreter that tries every schedule by brute force."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.application_platform.exercises.worker_plan import model
from graders.application_platform.exercises.worker_plan.model import AGAIN, LOST, STEPS, TWICE, WorkersState, check

OTHERS = [step for step in STEPS if step != "receive"]


class World:
    """The shop as an object with mutable state, in place of the model's tuples."""

    def __init__(self, crashes: int) -> None:
        self.queue = ["m"]
        self.spare = 1
        self.crashes = crashes
        self.workers: list[dict[str, Any] | None] = [None, None]
        self.database: set[str] = set()
        self.keys: set[str] = set()
        self.emails = 0

    def key(self) -> str:
        return repr((len(self.queue), self.spare, self.crashes, self.workers, self.database, self.keys, self.emails))


def brute_force(plan: list[str], crashes: int) -> set[str]:  # noqa: C901  naive, and read in one go
    """Every kind of bad end that any schedule leads to."""
    found: set[str] = set()
    seen: set[str] = set()

    def go(world: World) -> None:  # noqa: C901  the same
        if world.key() in seen:
            return
        seen.add(world.key())
        if world.emails > 1:
            found.add(TWICE)
            return
        if not world.queue and world.workers == [None, None] and world.emails == 0:
            found.add(LOST)
        if world.spare:
            after = copy.deepcopy(world)
            after.spare -= 1
            after.queue.append("m")
            go(after)
        for index in (0, 1):
            mine = world.workers[index]
            if mine is None:
                if world.queue:
                    after = copy.deepcopy(world)
                    after.workers[index] = {"left": plan[1:], "message": after.queue.pop()}
                    go(after)
                continue
            if world.crashes:
                after = copy.deepcopy(world)
                after.crashes -= 1
                if mine["message"]:
                    after.queue.append("m")
                after.workers[index] = None
                go(after)
            after = copy.deepcopy(world)
            if carry_on(after, index):
                go(after)
            else:
                found.add(AGAIN)

    go(World(crashes))
    return found


def carry_on(world: World, index: int) -> bool:
    """Carry out one step of a worker; false if its plan is over and the message is still its own."""
    mine = world.workers[index]
    assert mine is not None
    if not mine["left"]:
        world.workers[index] = None
        return not mine["message"]
    step, *rest = mine["left"]
    mine["left"] = rest
    if step == "ack":
        mine["message"] = ""
    elif step == "record":
        world.database.add("order")
    elif step == "send":
        world.emails += 1
    elif step == "send-with-key" and "order" not in world.keys:
        world.keys.add("order")
        world.emails += 1
    elif step == "skip-if-recorded" and "order" in world.database:
        while mine["left"] and mine["left"][0] != "ack":
            mine["left"] = mine["left"][1:]
    return True


@given(st.lists(st.sampled_from(OTHERS), max_size=6, unique=True), st.integers(0, 2))
@settings(max_examples=60, deadline=None)
def test_the_model_finds_what_brute_force_finds(steps: list[str], crashes: int) -> None:
    """For any plan, the model finds exactly the same bad ends as a search through every schedule."""
    plan = ["receive", *steps]
    assert set(check(plan, WorkersState(crashes=crashes)).wrongs) == brute_force(plan, crashes)


@pytest.mark.parametrize(
    ("plan", "wrongs"),
    [
        ("receive send-with-key ack", set()),
        ("receive send-with-key record ack", set()),
        ("receive skip-if-recorded send-with-key record update-order ack", set()),
        ("receive send ack", {TWICE}),
        ("receive skip-if-recorded send record ack", {TWICE}),
        ("receive ack send-with-key", {LOST}),
        ("receive skip-if-recorded record send-with-key ack", {LOST}),
        ("receive send-with-key", {AGAIN}),
        ("receive ack", {LOST}),
    ],
)
def test_classic_plans(plan: str, wrongs: set[str]) -> None:
    """Common first plans lead to the results that the lesson names."""
    assert set(check(plan.split()).wrongs) == wrongs


@given(st.permutations(OTHERS))
@settings(max_examples=30, deadline=None)
def test_few_states(steps: list[str]) -> None:
    """A plan with every step has a few hundred states, so any plan takes only some milliseconds."""
    assert check(["receive", *steps]).states < 2_000


def test_ways_name_who_takes_part() -> None:
    """Each participant on the way to a bad end has a line in the diagram."""
    for plan in ("receive send ack", "receive ack send", "receive send"):
        for way in check(plan.split()).wrongs.values():
            assert {who for h in way for who in (h.who, h.whom) if who} <= set(model.LIFELINES)
