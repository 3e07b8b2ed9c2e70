"""What comes of running a database in one way or another: how much is lost, for how long nobody is served, who is refused.

``REQUIREMENTS`` is what the shop's team told of its database. The rest are the consequences, computed; times are in seconds.
What is modelled: backups as full ones and the log since, replayed at a steady pace; a pooler in front of one server; a
password that pods read again from time to time; patches that go in at a weekly hour. What isn't: two failures at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

SECOND, MINUTE, HOUR, DAY = 1.0, 60.0, 3600.0, 86_400.0
WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a team tells of its database when it is asked: sizes in bytes, times in seconds."""

    version: int = 15
    data: float = 100e9
    may_lose: float = 5 * MINUTE
    back_within: float = 4 * HOUR
    full_backup: float = HOUR
    replay_of_a_day: float = HOUR
    proof: float = 90 * DAY
    pods: int = 15
    opened_by_a_pod: int = 20
    server_takes: int = 200
    reserved: int = 10
    usually_at_work: int = 40
    most_at_work: int = 60
    password_every: float = 30 * DAY
    replaced_dead_after: float = DAY
    reread_every: float = 10 * MINUTE
    fixed_within: float = 14 * DAY
    quiet_weekday: int = 1
    quiet_from: float = 2 * HOUR
    quiet_to: float = 4 * HOUR
    restart: float = 4 * MINUTE
    switch_over: float = 5 * SECOND
    cut_off: float = MINUTE
    page_gives_up: float = 0.5
    usual_query: float = 0.02

    @property
    def clients(self) -> int:
        """How many connections all pods open together, while an update runs."""
        return self.pods * self.opened_by_a_pod

    @property
    def room(self) -> int:
        """How many connections the server has for applications."""
        return self.server_takes - self.reserved


REQUIREMENTS = Requirements()


def facts(told: Requirements = REQUIREMENTS) -> tuple[str, ...]:
    """The same in the notebook's words."""
    return (
        f"**last {told.may_lose / MINUTE:.0f} minutes**", f"**{told.back_within / HOUR:.0f} hours** at most", "not longer ago than 90 days",
        f"and {told.pods} while an update runs. Each opens {told.opened_by_a_pod} connections",
        f"{told.usually_at_work} transactions are at work at one time, in the busiest hour {told.most_at_work}",
        f"takes {told.server_takes} connections, and keeps {told.reserved} of them", "at least every 30 days", "within 14 days",
        "Pods read theirs anew every 10 minutes", "away for 4 minutes", "takes 5 seconds", "more than 60 seconds",
        "a usual query takes 20 ms, and a page gives up after 500 ms", "Tuesdays from 02:00 to 04:00 UTC",
    )  # fmt: skip


def lost(log_every: float) -> float:
    """How much of the newest work is gone when the disks are: what wasn't copied away since the last time."""
    return log_every


def away(full_every: float, told: Requirements = REQUIREMENTS) -> float:
    """How long the shop is away, at worst, when it is restored: the full backup is read in, then the log since."""
    return told.full_backup + full_every / DAY * told.replay_of_a_day


def waiting(server: int, told: Requirements = REQUIREMENTS) -> int:
    """How many transactions wait for a connection of the server's in the busiest hour."""
    return max(told.most_at_work - server, 0)


def shut_out(overlap: float, told: Requirements = REQUIREMENTS) -> float:
    """For how long a pod has a password that is no longer good, at worst."""
    return max(told.reread_every - overlap, 0.0)


def open_for(patch_every: float) -> float:
    """How long a hole stays open, at worst, when patches go in at one hour of the week: until the next such hour."""
    return math.ceil(round(patch_every / WEEK, 9)) * WEEK


def cut_off(first: str, standbys: float, told: Requirements = REQUIREMENTS) -> float:
    """How long nobody is served while a patch goes in: a switch-over if a standby can take over, else a restart."""
    return told.switch_over if first == "standby" and standbys >= 1 else told.restart
