"""The consequences of how a database is run: how much data is lost, how long it is down, which clients it refuses.

``REQUIREMENTS`` is what the shop's team says about its database; the functions compute consequences. Times are in seconds.
The model has full backups and the log since then, which is replayed at a constant rate; a pooler in front of one server;
a password that pods read again from time to time; patches at a weekly hour. It doesn't have two failures at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

SECOND, MINUTE, HOUR, DAY = 1.0, 60.0, 3600.0, 86_400.0
WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a team answers about its database: sizes in bytes, times in seconds."""

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
        """The number of connections that all pods open together during an update."""
        return self.pods * self.opened_by_a_pod

    @property
    def room(self) -> int:
        """The number of connections that the server has for applications."""
        return self.server_takes - self.reserved


REQUIREMENTS = Requirements()


def facts(needs: Requirements = REQUIREMENTS) -> tuple[str, ...]:
    """The requirements in the notebook's words."""
    return (
        f"**last {needs.may_lose / MINUTE:.0f} minutes**", f"**{needs.back_within / HOUR:.0f} hours** at most", "not longer ago than 90 days",
        f"and {needs.pods} while an update runs. Each opens {needs.opened_by_a_pod} connections",
        f"{needs.usually_at_work} transactions are at work at one time, in the busiest hour {needs.most_at_work}",
        f"takes {needs.server_takes} connections, and keeps {needs.reserved} of them", "at least every 30 days", "within 14 days",
        "Pods read theirs anew every 10 minutes", "away for 4 minutes", "takes 5 seconds", "more than 60 seconds",
        "a usual query takes 20 ms, and a page gives up after 500 ms", "Tuesdays from 02:00 to 04:00 UTC",
    )  # fmt: skip


def lost(log_every: float) -> float:
    """The newest data that is lost with the disks, in seconds: the data written since the last copy of the log."""
    return log_every


def away(full_every: float, needs: Requirements = REQUIREMENTS) -> float:
    """The longest time of a restore, in seconds: read the full backup, then replay the log since."""
    return needs.full_backup + full_every / DAY * needs.replay_of_a_day


def waiting(server: int, needs: Requirements = REQUIREMENTS) -> int:
    """The number of transactions that wait for a server connection in the busiest hour."""
    return max(needs.most_at_work - server, 0)


def shut_out(overlap: float, needs: Requirements = REQUIREMENTS) -> float:
    """The longest time that a pod has an invalid password, in seconds."""
    return max(needs.reread_every - overlap, 0.0)


def open_for(patch_every: float) -> float:
    """The longest time that a vulnerability stays open, in seconds; patches go in at one hour of the week."""
    return math.ceil(round(patch_every / WEEK, 9)) * WEEK


def cut_off(first: str, standbys: float, needs: Requirements = REQUIREMENTS) -> float:
    """The interruption by a patch, in seconds: a switch-over if a standby can take over, else a restart."""
    return needs.switch_over if first == "standby" and standbys >= 1 else needs.restart
