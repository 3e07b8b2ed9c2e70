"""What comes of how a database's password is rotated, how it is patched, and of what it raises an alert."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from graders.answers import figures
from graders.answers.figures import spoken
from graders.answers.phrase import alone, plain, spelled, without
from graders.answers.places import Term, Written
from graders.answers.provision import Provision
from graders.answers.window import Window, window
from graders.exercises import wording
from graders.exercises.promises import Rule, Told, bad, good, promised, seconds, timed, whole
from graders.exercises.senses import meant, senses
from graders.exercises.supply import opened, standbys
from graders.exercises.wording import ALL, PRIMARY, STANDBY
from graders.plans import database
from graders.plans.database import TOLD

_THEN = re.compile(r",? (?:and )?then |[,;] ?| before |-? > |→")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?) ?(?:%|percent|per cent)(?: ?(?:of|/) ?([0-9]{1,9}))?")

# --- rotation


def _rotate(every: float, _provision: Provision) -> Told:
    if every > TOLD.password_every:
        return bad(f"a stolen password opens the door for {spoken(every)}", "How old may a password become?")
    if every < TOLD.reread_every:
        return bad("no password lives long enough to be read", "How often do the pods read theirs anew?")
    return good(f"a stolen password is worth nothing after {spoken(every)}")


def _overlap(overlap: float, provision: Provision) -> Told:
    if shut := database.shut_out(overlap):
        return bad(f"for up to {spoken(shut)} a pod knocks with a password that is no longer good",
                   "How long may it take until the last pod has read the new one?")  # fmt: skip
    if overlap > TOLD.replaced_dead_after:
        return bad(
            f"a password that was replaced still opens for {spoken(overlap)}", "When must a replaced password be dead?"
        )
    every = promised(provision, ("rotation", "every"), lambda other: seconds(other, wording.BESIDE_ROTATION))
    if every is not None and every < overlap:
        return bad(
            "the next password comes while the one before the last still opens",
            "Compare it with how often it is replaced.",
        )
    return good(f"each pod reads the new password within {spoken(TOLD.reread_every)}, while the old one still opens")


# --- patching


def _patch(every: float, _provision: Provision) -> Told:
    open_for = database.open_for(every)
    # A round of patches is a restart of each server: the standby's, and the primary's.
    if every < (least := 2 * TOLD.restart):
        return bad(f"nobody can do that: the restarts alone take {spoken(least)}", "How often is there a quiet time?")
    if open_for > TOLD.fixed_within:
        return bad(
            f"a known hole stays open for up to {spoken(open_for)}", "Within how many days must a fix be in place?"
        )
    return good(f"a known hole is closed within {spoken(open_for)}")


def _window(written: Written, _provision: Provision) -> Told:
    when = window(written.value)
    if when is None:
        return bad(
            "nobody can tell when that is",
            "Write a day of the week and two times in UTC, and no other word, such as Fri 20:00-21:00 UTC.",
        )
    return _within(when)


def _within(when: Window) -> Told:
    hint = "When is it quiet, and by whose clock?"
    if not when.utc:
        there = when.in_utc()
        held = _within(there) if there else bad("", hint)
        return held if held.holds else bad("that is another clock than the quiet time's", "Write it in UTC.")
    if when.weekdays != (TOLD.quiet_weekday,):
        return bad(
            "on that day the shop is busy" if len(when.weekdays) == 1 else "on other days the shop is busy", hint
        )
    end = when.begin if when.end is None else when.end
    if when.begin < TOLD.quiet_from or when.begin >= TOLD.quiet_to or not when.begin <= end <= TOLD.quiet_to:
        return bad("part of it is outside the quiet time, with customers in the shop", hint)
    if when.end is not None and end - when.begin < TOLD.restart:
        return bad(
            f"it is over before a server is: a restart takes {spoken(TOLD.restart)}", "How long does one server take?"
        )
    return good("it is the quiet time")


def _first(written: Written, provision: Provision) -> Told:
    first = _first_of(written.value)
    there = promised(provision, ("provisioning", "standbys"), standbys)
    off = database.cut_off(first, 1 if there is None else there)
    if not first:
        return bad(
            "we can't tell which server that is", f"Write one of {STANDBY}, {PRIMARY} and {ALL}, and nothing else."
        )
    if off > TOLD.cut_off:
        if first == STANDBY:
            return bad(f"there is no standby: nobody is served for {spoken(off)}", "Who could take over meanwhile?")
        return bad(
            f"nobody is served for {spoken(off)}; {spoken(TOLD.cut_off)} are allowed", "Who could take over meanwhile?"
        )
    return good(f"nobody is cut off for longer than {spoken(off)}")


def _first_of(value: object) -> str:
    """Which server is first, also of several in their order; empty where a part of it isn't understood."""
    # “not all at once, but the standby” is one thing, and is no order.
    if one := meant(value, wording.FIRSTS, wording.BESIDE_A_FIRST):
        return one
    said = [part for part in _THEN.split(plain(spelled(value))) if part.strip() not in wording.BETWEEN_SERVERS]
    parts = [senses(part, wording.FIRSTS, wording.BESIDE_A_FIRST) for part in said]
    if all(parts) and any(ALL in part for part in parts):
        return ALL
    return next(iter(parts[0])) if parts and all(parts) and len(parts[0]) == 1 else ""


# --- alerts


def _lag(lag: float, _provision: Provision) -> Told:
    if lag >= TOLD.may_lose:
        return bad(f"when it rings, {spoken(lag)} of orders are on one server only; {spoken(TOLD.may_lose)} may be lost",
                   "It has to ring while something can still be done. How much may be lost?")  # fmt: skip
    if lag < database.SECOND:
        return bad(
            "a standby is always a little behind: it rings all night, until nobody listens",
            "A standby is always a little behind.",
        )
    return good(f"it rings while there is time: {spoken(lag)} behind, of {spoken(TOLD.may_lose)} that may be lost")


def _slow(time: float, _provision: Provision) -> Told:
    if time >= TOLD.page_gives_up:
        return bad(f"when it rings, pages have already given up, after {spoken(TOLD.page_gives_up)}",
                   "It has to ring before a page gives up.")  # fmt: skip
    if time <= TOLD.usual_query:
        return bad(f"a usual query takes {spoken(TOLD.usual_query)}: it rings all night, until nobody listens",
                   "How long does a query take on a good day?")  # fmt: skip
    return good(f"it rings before a page gives up, after {spoken(TOLD.page_gives_up)}")


def _connections(written: Written, provision: Provision) -> Told:
    server = promised(provision, ("pooling", "server-connections"), opened)
    most = min(server, TOLD.room) if server else TOLD.room
    count = _share(written.value, most)
    if count is None:
        return bad("nobody can tell how many that is", "Write one number of connections, or a share such as 75 %.")
    if count > most:
        return bad(f"there are never more than {most}, so it never rings", "How many connections can there be at most?")
    if count == most:
        return bad(
            f"when it rings all {most} are taken, and the next transaction waits",
            "It has to ring before all are taken.",
        )
    if count <= TOLD.usually_at_work:
        return bad(f"{TOLD.usually_at_work} are at work on a usual day: it rings all night, until nobody listens",
                   "How many are at work on a usual day?")  # fmt: skip
    return good(f"it rings at {count} of {most}, before all are taken")


def _share(value: Any, of: int) -> int | None:
    """A count; a share is one of the connections that there can be; of “120 of 150” the first is it."""
    value = alone(value)
    if isinstance(value, float) and 0 < value < 1:
        return int(value * of)
    if not isinstance(value, str):
        return whole(value, "")
    text = re.sub(r"(?<=[0-9%])\+$", " or more", value.strip())
    text = without(figures.LASTING.sub("", plain(text)), wording.BESIDE_TAKEN)
    if share := _SHARE.fullmatch(text):
        return int(float(share[1]) / 100 * int(share[2] or of))
    if re.fullmatch(r"0?\.[0-9]{1,9}", text):
        return int(float(text) * of)
    return whole(text, "")


RULES: Mapping[Term, Rule] = {
    ("rotation", "every"): timed(_rotate, wording.BESIDE_ROTATION),
    ("rotation", "overlap"): timed(_overlap, wording.BESIDE_OVERLAP),
    ("patching", "every"): timed(_patch, wording.BESIDE_PATCHES),
    ("patching", "window"): _window,
    ("patching", "first"): _first,
    ("alerts", "replication-lag"): timed(_lag, wording.BESIDE_A_LAG),
    ("alerts", "slow-query"): timed(_slow, wording.BESIDE_A_QUERY),
    ("alerts", "connections"): _connections,
}
