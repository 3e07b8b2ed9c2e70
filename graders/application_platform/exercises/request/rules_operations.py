"""Rules for the rotation of a database's password, its patches and its alerts."""

from __future__ import annotations

from collections.abc import Mapping

from cluster.text.amounts import format_duration
from graders.application_platform.exercises.request import database_outcomes
from graders.application_platform.exercises.request.database_outcomes import REQUIREMENTS
from graders.application_platform.exercises.request.rules_provisioning import INTERVAL
from graders.families.form.criteria import Ladder, Rule, RuleResult, bad, goes_with, good
from graders.families.form.fields import INTEGER, WEEKLY, FieldType, choice
from graders.families.form.reading import Filled, Term

# --- rotation


def _rotate(every: float, _answer: Filled) -> RuleResult:
    if every > REQUIREMENTS.password_every:
        return bad(f"a stolen password works for up to {format_duration(every)}", "How old may a password become?")
    if every < REQUIREMENTS.reread_every:
        return bad(
            "a password is replaced before all pods have read it", "How often do the pods read the password again?"
        )
    return good(f"a stolen password is invalid after {format_duration(every)}")


def _overlap(overlap: float, answer: Filled) -> RuleResult:
    if shut := database_outcomes.shut_out(overlap):
        return bad(f"for up to {format_duration(shut)} a pod uses a password that is no longer valid",
                   "How long may it take until the last pod has read the new one?")  # fmt: skip
    if overlap > REQUIREMENTS.replaced_dead_after:
        return bad(f"a password that was replaced is still valid for {format_duration(overlap)}",
                   "When must a replaced password be invalid?")  # fmt: skip
    every = answer.value("rotation", "every")
    if every is not None and every < overlap:
        return bad("the next password comes while two older ones are still valid",
                   "Compare it with the time between two rotations.")  # fmt: skip
    return good(
        f"each pod reads the new password within {format_duration(REQUIREMENTS.reread_every)}, while the old one is still valid"
    )


# --- patching


def _patch(every: float, _answer: Filled) -> RuleResult:
    open_for = database_outcomes.open_for(every)
    # A round of patches restarts each server: the standby and the primary.
    if every < (least := 2 * REQUIREMENTS.restart):
        return bad(f"that isn't possible, because the restarts alone take {format_duration(least)}",
                   "How often is there a quiet time?")  # fmt: skip
    if open_for > REQUIREMENTS.fixed_within:
        return bad(f"a known vulnerability stays open for up to {format_duration(open_for)}",
                   "Within how many days must a fix be in place?")  # fmt: skip
    return good(f"a known vulnerability is fixed within {format_duration(open_for)}")


_QUIET = "When is it quiet?"


def _day(weekday: int, _answer: Filled) -> RuleResult:
    if weekday != REQUIREMENTS.quiet_weekday:
        return bad("on that day the shop is busy", _QUIET)
    return good("it is the quiet day")


def _from(begin: float, _answer: Filled) -> RuleResult:
    if not REQUIREMENTS.quiet_from <= begin < REQUIREMENTS.quiet_to:
        return bad("at that time customers are in the shop", _QUIET)
    return good("the shop is quiet at that time")


def _to(end: float, answer: Filled) -> RuleResult:
    begin = answer.value("patching", "window", "from")
    if (
        begin is not None
        and not REQUIREMENTS.quiet_from <= begin < REQUIREMENTS.quiet_to
        and end - begin >= REQUIREMENTS.restart
    ):
        return goes_with("window from", "the window is long enough, but it begins at the wrong time")
    if not REQUIREMENTS.quiet_from < end <= REQUIREMENTS.quiet_to:
        return bad("at that time customers are in the shop", _QUIET)
    if begin is not None and end <= begin:
        return bad("it ends before it begins", "Compare it with the field “from”.")
    if begin is not None and end - begin < REQUIREMENTS.restart:
        return bad(f"a restart takes {format_duration(REQUIREMENTS.restart)}, so the window is too short",
                   "How long does the restart of one server take?")  # fmt: skip
    return good("the shop is quiet until then")


def _first(first: str, answer: Filled) -> RuleResult:
    standbys = answer.value("provisioning", "standbys")
    off = database_outcomes.cut_off(first, 1 if standbys is None else standbys)
    if off <= REQUIREMENTS.cut_off:
        return good(f"clients are cut off for {format_duration(off)} at most")
    if first == "standby":
        return bad(
            f"without a standby, the database is down for {format_duration(off)}",
            "Which server could take over meanwhile?",
        )
    return bad(f"the database is down for {format_duration(off)}; at most {format_duration(REQUIREMENTS.cut_off)} is allowed",
               "Which server could take over meanwhile?")  # fmt: skip


# --- alerts


def _lag(lag: float, _answer: Filled) -> RuleResult:
    if lag >= REQUIREMENTS.may_lose:
        return bad(f"when the alert comes, {format_duration(lag)} of orders are on one server only; at most {format_duration(REQUIREMENTS.may_lose)} may be lost",
                   "The alert must come before too much can be lost. How much may be lost?")  # fmt: skip
    if lag < database_outcomes.SECOND:
        return bad("a standby is always a little behind, so the alert comes all night, and people ignore it",
                   "How far is a standby usually behind?")  # fmt: skip
    return good(
        f"the alert comes early enough, at {format_duration(lag)}; {format_duration(REQUIREMENTS.may_lose)} may be lost"
    )


def _slow(time: float, _answer: Filled) -> RuleResult:
    if time >= REQUIREMENTS.page_gives_up:
        return bad(f"when the alert comes, pages have already given up, after {format_duration(REQUIREMENTS.page_gives_up)}",
                   "The alert must come before a page gives up.")  # fmt: skip
    if time <= REQUIREMENTS.usual_query:
        return bad(f"a usual query takes {format_duration(REQUIREMENTS.usual_query)}, so the alert comes all night, and people ignore it",
                   "How long does a usual query take?")  # fmt: skip
    return good(f"the alert comes before a page gives up, after {format_duration(REQUIREMENTS.page_gives_up)}")


def _connections(count: int, answer: Filled) -> RuleResult:
    server = answer.value("pooling", "server-connections")
    most = min(server, REQUIREMENTS.room) if server else REQUIREMENTS.room
    if count > most:
        return bad(
            f"there are never more than {most}, so the alert never comes", "How many connections can there be at most?"
        )
    if count == most:
        return bad(f"when the alert comes, all {most} are in use, and the next transaction waits",
                   "The alert must come before all are in use.")  # fmt: skip
    if count <= REQUIREMENTS.usually_at_work:
        return bad(f"{REQUIREMENTS.usually_at_work} are in use on a usual day, so the alert comes all night, and people ignore it",
                   "How many are in use on a usual day?")  # fmt: skip
    return good(f"the alert comes at {count} of {most}, before all are in use")


TERMS: Mapping[Term, tuple[FieldType, Rule]] = {
    ("rotation", "every"): (INTERVAL, _rotate),
    ("rotation", "overlap"): (INTERVAL, _overlap),
    ("patching", "every"): (INTERVAL, _patch),
    **{
        ("patching", "window", name): (field, rule)
        for (name, field), rule in zip(WEEKLY.items(), (_day, _from, _to), strict=True)
    },
    ("patching", "first"): (choice("standby", "primary", "all-at-once"), _first),
    ("alerts", "replication-lag"): (INTERVAL, _lag),
    ("alerts", "slow-query"): (INTERVAL, _slow),
    ("alerts", "connections"): (INTEGER, _connections),
}

LADDERS: Mapping[Term, Ladder] = {
    ("rotation", "every"): (
        "The team has a rule for the age of a password.",
        "It is at most that age, and longer than the pods need to read the new one."),
    ("rotation", "overlap"): (
        "A pod that hasn't read the new password yet still uses the old one. For how long can that be?",
        "It is at least the time between two reads of a pod, and at most the time after which a replaced password must be invalid."),
    ("patching", "every"): (
        "A fix that is published just after a round of patches waits for the next round.",
        "It is at most the time within which a fix must be in place. Count in weeks: each week has one quiet time."),
    ("patching", "window", "day"): (
        "The team says when the shop is quiet: a day and two times.",
        "The team names one day of the week."),
    ("patching", "window", "from"): (
        "The team says when the shop is quiet, in UTC.",
        "It is at or after the first of the two times that the team names, and before the second."),
    ("patching", "window", "to"): (
        "The team says until when the shop is quiet, in UTC. A restart has to end before that.",
        "It is after your “from”, and not after the second of the two times that the team names."),
    ("patching", "first"): (
        "A patched server restarts, and that takes longer than the allowed interruption. Which server works during that time?",
        "Begin with the server that has no clients. When it is back, it can take over while the other one restarts."),
    ("alerts", "replication-lag"): (
        "Data that the standby doesn't have yet is lost with the primary. How much may be lost, and which lag is usual?",
        "It is longer than a usual lag, and shorter than the time whose data may be lost."),
    ("alerts", "slow-query"): (
        "Compare two times: that of a usual query, and that after which a page gives up.",
        "It lies between the two."),
    ("alerts", "connections"): (
        "Compare three numbers of connections: in use on a usual day, opened by your pooler, and available on the server.",
        "It is above the number of a usual day, and below the “server-connections” that you promised."),
}  # fmt: skip
"""The second and the third hint on each field."""
