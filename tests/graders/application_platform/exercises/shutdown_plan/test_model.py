"""The model of a shutdown, against an interpreter that tries every moment by brute force."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.application_platform.exercises.shutdown_plan.model import CODE, CUT, KILLED, LEFT, REFUSED, STEPS, check

RIGHT = "turn-not-ready serve-on stop-accepting finish-requests close-database exit-0"


def brute_force(plan: tuple[str, ...]) -> set[str]:  # noqa: C901  naive, and read in one go
    """Every kind of bad end to which any order of steps, requests and the balancer's notice leads."""
    found: set[str] = set()

    def go(  # noqa: C901, PLR0912, PLR0917  the same
        left: tuple[str, ...], clock: int, down: bool, heard: bool, door: bool, request: bool, store: bool, fuel: int
    ) -> None:  # fmt: skip
        if request and not store:
            found.add(CUT)
        if not heard and not door:
            found.add(REFUSED)
        if fuel:
            if down and not heard:
                go(left, clock, down, True, door, request, store, fuel - 1)
            if request and store:
                go(left, clock, down, heard, door, False, store, fuel - 1)
            if not request and not heard and door:
                go(left, clock, down, heard, door, True, store, fuel - 1)
        if not left:
            dead(heard)
            return
        step, rest = left[0], left[1:]
        if step == "turn-not-ready":
            go(rest, clock, True, heard, door, request, store, fuel)
        elif step == "stop-accepting":
            go(rest, clock, down, heard, False, request, store, fuel)
        elif step == "close-database":
            go(rest, clock, down, heard, door, request, False, fuel)
        elif step.startswith("exit"):
            if request:
                found.add(CUT)
            elif not heard:
                found.add(REFUSED)
            if step == "exit-1":
                found.add(CODE)
        else:
            clock += {"serve-on": 5, "serve-on-a-minute": 60, "finish-requests": 10}[step]
            heard = heard or (down and step != "finish-requests")
            if clock > 30:
                dead(heard)
            else:
                done = step == "finish-requests" and store
                go(rest, clock, down, heard, door, request and not done, store, fuel)

    def dead(heard: bool) -> None:
        found.update({KILLED, CODE} | (set() if heard else {LEFT}))

    go(plan, 0, False, False, True, True, True, 4)
    return found


@given(st.lists(st.sampled_from(list(STEPS)), min_size=1, max_size=7, unique=True))
@settings(max_examples=150, deadline=None)
def test_the_model_finds_what_brute_force_finds(steps: list[str]) -> None:
    """For any plan, the model finds exactly the same bad ends as a search through every moment."""
    assert set(check(steps).wrongs) == brute_force(tuple(steps))


@pytest.mark.parametrize(
    ("plan", "wrongs"),
    [
        (RIGHT, set()),
        (RIGHT.replace(" close-database", ""), set()),
        (RIGHT.replace("turn-not-ready ", ""), {REFUSED}),
        (RIGHT.replace("serve-on ", ""), {REFUSED}),
        (RIGHT.replace("serve-on ", "serve-on-a-minute "), {KILLED, CODE}),
        (RIGHT.replace(" finish-requests", ""), {CUT}),
        (RIGHT.replace("finish-requests close-database", "close-database finish-requests"), {CUT}),
        (RIGHT.replace(" exit-0", ""), {KILLED, CODE}),
        (RIGHT.replace("exit-0", "exit-1"), {CODE}),
    ],
)
def test_classic_plans(plan: str, wrongs: set[str]) -> None:
    """Each of the usual mistakes leads to its own bad end, and the right plans lead to none."""
    assert set(check(plan.split()).wrongs) == wrongs
