"""The consequences of different ways to run a database."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graders.application_platform.exercises.request.database_outcomes import (
    DAY,
    HOUR,
    MINUTE,
    REQUIREMENTS,
    WEEK,
    away,
    cut_off,
    lost,
    open_for,
    shut_out,
    waiting,
)

TIMES = st.floats(min_value=0, max_value=365 * DAY)


def test_what_the_team_told() -> None:
    """The pods open more connections than the server has room for, and need fewer at one time, so a pooler helps."""
    assert (REQUIREMENTS.clients, REQUIREMENTS.room) == (300, 190)
    assert REQUIREMENTS.usually_at_work < REQUIREMENTS.most_at_work < REQUIREMENTS.room < REQUIREMENTS.clients


def test_restore() -> None:
    """A restore reads the full backup and replays the log since then: two hours after one day, four after three."""
    assert [away(days * DAY) / HOUR for days in (0, 1, 3)] == [1, 2, 4]


@given(TIMES, TIMES)
def test_rarer_is_never_better(one: float, other: float) -> None:
    """The rarer the backups, the copies of the log and the patches, the greater the loss and the longer the wait."""
    often, rarely = sorted((one, other))
    assert away(often) <= away(rarely)
    assert lost(often) <= lost(rarely)
    assert open_for(often) <= open_for(rarely)


@given(TIMES)
def test_patches_wait_for_the_hour(every: float) -> None:
    """Patches go in at one hour of the week, so a vulnerability stays open for whole weeks."""
    assert open_for(every) % WEEK == 0
    assert every - 1 <= open_for(every) < every + WEEK


@given(TIMES)
def test_overlap(overlap: float) -> None:
    """A pod that reads the password every ten minutes is shut out exactly if the overlap is shorter."""
    assert (shut_out(overlap) > 0) == (overlap < 10 * MINUTE)


@given(st.integers(min_value=0, max_value=10**6))
def test_waiting(server: int) -> None:
    """Transactions wait exactly if there are fewer connections than transactions at one time."""
    assert waiting(server) == max(60 - server, 0)


def test_cut_off() -> None:
    """Only an existing standby can take over; everything else is a restart."""
    restart, switch = REQUIREMENTS.restart, REQUIREMENTS.switch_over
    assert [cut_off(first, 1) for first in ("standby", "primary", "all-at-once")] == [switch, restart, restart]
    assert cut_off("standby", 0) == restart
