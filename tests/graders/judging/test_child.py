"""A child that breaks a bound is ended, and the next call gets a new one."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from cluster.errors import NoResultError, UsageError
from graders.judging.child import Budget, Child
from tests.support.exits import at_exit

MIB = 2**20
CPU, MEMORY, SECONDS = 30.0, 400 * MIB, 120.0


def spin() -> None:
    """Use the processor forever."""
    while True:
        pass


def grow() -> int:
    """Allocate more memory than the bound."""
    return len(bytearray(2 * MEMORY))


def grow_slowly() -> int:
    """Allocate more memory than the bound, in small objects."""
    kept = [[number] for number in range(MEMORY // 20)]
    return len(kept)


def wait() -> None:
    """Wait forever."""
    read, _write = os.pipe()
    os.read(read, 1)


def die() -> None:
    """End the process without a message."""
    os._exit(0)


def refuse() -> None:
    """Raise a WorkbookError."""
    raise UsageError("No.", "Yes.")


def stumble() -> None:
    """Raise an unexpected error."""
    raise ZeroDivisionError("by zero")


@pytest.fixture
def child() -> Iterator[Child]:
    child = Child(__name__)
    yield child
    child.end()


def budget(**other: float) -> Budget:
    return Budget(CPU, MEMORY, other.get("seconds", SECONDS))


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (grow, "It took more than 0.391 GiB of memory and was ended."),
        (grow_slowly, "It took more than 0.391 GiB of memory and was ended."),
        (die, "It ended before it had a result."),
    ],
)
def test_a_call_that_breaks_a_bound(child: Child, function: object, said: str) -> None:
    """A call that takes too much time or memory, or dies, ends with one sentence, and the next call works."""
    with pytest.raises(NoResultError) as error:
        child.call(function, budget=budget(), what="It")  # type: ignore[arg-type]
    assert error.value.problem == said
    assert child.call(os.getcwd, budget=budget(), what="It") == os.getcwd()  # noqa: PTH109


def test_a_call_that_hangs(child: Child) -> None:
    """A call that waits forever is ended after its time."""
    child.call(os.getpid, budget=budget(), what="It")
    with pytest.raises(NoResultError, match=r"It took longer than 0\.5 s and was ended\."):
        child.call(wait, budget=budget(seconds=0.5), what="It")


def test_a_budget_is_for_all_calls_together(child: Child) -> None:
    """Calls share one budget; a call that uses it up is ended, and the child is replaced."""
    purse = Budget(3, MEMORY, SECONDS)
    with pytest.raises(NoResultError, match=r"It took more than 1 s of processor time and was ended\."):
        child.call(spin, budget=purse, what="It", at_most=1)
    assert purse.left == 2
    with pytest.raises(NoResultError, match="It took more than 2 s of processor time"):
        child.call(spin, budget=purse, what="It")
    assert purse.left == 0
    assert child.call(os.getcwd, budget=budget(), what="It") == os.getcwd()  # noqa: PTH109


def test_errors_come_back(child: Child) -> None:
    """A WorkbookError is raised again in the parent; any other error becomes one sentence about a bug."""
    with pytest.raises(UsageError) as raised:
        child.call(refuse, budget=budget(), what="It")
    assert (raised.value.problem, raised.value.hint) == ("No.", "Yes.")
    with pytest.raises(
        NoResultError, match=r"It failed, and that is a bug in the workbook: ZeroDivisionError: by zero"
    ):
        child.call(stumble, budget=budget(), what="It")


def test_what_it_cost_is_known(child: Child) -> None:
    """A budget records the processor time spent and the largest size of the process."""
    purse = budget()
    before = time.process_time()
    child.call(sum, range(2_000_000), budget=purse, what="It")
    assert 0 < purse.spent < CPU
    assert time.process_time() - before < CPU
    assert purse.peak > 5 * MIB


def test_nothing_is_left_for_the_exit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child is ended when Python exits, unless it has ended before, also after it was replaced."""
    due = at_exit(monkeypatch)
    child = Child(__name__)
    child.start()
    assert due == [child.end]
    with pytest.raises(NoResultError):
        child.call(die, budget=budget(), what="It")
    assert due == []
    child.start()
    assert due == [child.end]
    child.end()
    assert due == []
