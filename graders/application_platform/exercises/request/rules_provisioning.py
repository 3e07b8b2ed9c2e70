"""Rules for how a database is provisioned, backed up, and shared by the pods."""

from __future__ import annotations

from collections.abc import Mapping

from cluster.text.amounts import format_duration
from graders.application_platform.exercises.request import database_outcomes
from graders.application_platform.exercises.request.database_outcomes import REQUIREMENTS
from graders.families.form.criteria import Ladder, Rule, RuleResult, bad, good
from graders.families.form.fields import INTEGER, SIZE, TIME, FieldType, amount, choice
from graders.families.form.reading import Filled, Term

GB = 10**9
TOO_MUCH = 10
"""More than this many times the requested size is a mistake or a waste of money."""

MOST_STANDBYS = 9
"""PostgreSQL serves ten by default (``max_wal_senders``), and a backup uses one of them."""

INTERVAL = amount(TIME, "100 days")

# --- provisioning


def _by(way: str, _answer: Filled) -> RuleResult:
    if way == "by-hand":
        return bad("the commands aren't recorded, and the next team wants the same database",
                   "How can another person make the same database again?")  # fmt: skip
    return good("people can review it first, and make it again")


def _version(version: int, _answer: Filled) -> RuleResult:
    if version != REQUIREMENTS.version:
        return bad(f"the team has tested with {REQUIREMENTS.version}, not with {version}",
                   "What did the team ask for?")  # fmt: skip
    return good("the team has tested with it")


def _storage(size: float, _answer: Filled) -> RuleResult:
    if size < REQUIREMENTS.data:
        return bad(f"{size / GB:.3g} GB are too little for all data, and a server with a full disk stops",
                   "How much did the team ask for?")  # fmt: skip
    if size > TOO_MUCH * REQUIREMENTS.data:
        return bad("it is more than ten times the requested size, which costs money", "How much did the team ask for?")
    return good("the data fits")


def _standbys(count: int, _answer: Filled) -> RuleResult:
    if count == 0:
        return bad("when the only server dies, the shop is down until a backup is restored",
                   "“Highly available”: which server takes over when one dies?")  # fmt: skip
    if count > MOST_STANDBYS:
        return bad("the request doesn't need that many standbys; PostgreSQL serves ten by default (max_wal_senders)",
                   "How many may die at once?")  # fmt: skip
    return good("when a server dies, another one takes over")


# --- backups


def _full(every: float, _answer: Filled) -> RuleResult:
    away, most = database_outcomes.away(every), REQUIREMENTS.back_within
    if every < REQUIREMENTS.full_backup:
        return bad(f"a full backup takes {format_duration(REQUIREMENTS.full_backup)}, so the next one begins before the last one ends",
                   "How long does a full backup take?")  # fmt: skip
    if away > most:
        return bad(f"a restore takes up to {format_duration(away)}, but the shop may be down for {format_duration(most)} at most",
                   "Add up the time of a restore: the full backup, and each day of log since.")  # fmt: skip
    return good(f"a restore takes up to {format_duration(away)}; {format_duration(most)} are allowed")


def _log(every: float, _answer: Filled) -> RuleResult:
    if database_outcomes.lost(every) > REQUIREMENTS.may_lose:
        return bad(f"up to {format_duration(every)} of orders are lost with the disks; at most {format_duration(REQUIREMENTS.may_lose)} may be lost",
                   "How much may be lost? Data that hasn't been copied is lost.")  # fmt: skip
    return good(f"at most {format_duration(every)} of orders can be lost" if every else "almost no order can be lost")


def _restore_test(every: float, _answer: Filled) -> RuleResult:
    if every < (least := database_outcomes.away(0)):
        return bad(
            f"that isn't possible, because one restore takes {format_duration(least)}",
            "How long does one restore take?",
        )
    if every > REQUIREMENTS.proof:
        return bad(f"the last restore test may be {format_duration(every)} ago; at most {format_duration(REQUIREMENTS.proof)} are allowed",
                   "How long ago may the last test be?")  # fmt: skip
    return good(f"the last restore test was {format_duration(every)} ago at most")


# --- pooling


def _pooler(pooler: str, _answer: Filled) -> RuleResult:
    over = REQUIREMENTS.clients - REQUIREMENTS.room
    both = f"{REQUIREMENTS.pods} pods open {REQUIREMENTS.clients} connections, but the server has {REQUIREMENTS.room}"
    if pooler == "none":
        return bad(f"{both}, so it refuses {over}", "What could stand between the pods and the server?")
    if pooler == "in-each-pod":
        return bad(f"the pool in one pod doesn't know the other pods; {both}",
                   "What could stand between all pods and the server?")  # fmt: skip
    return good("the pods connect to it, and it connects to the server")


def _mode(mode: str, _answer: Filled) -> RuleResult:
    if mode == "session":
        return bad(f"each of {REQUIREMENTS.clients} open connections holds a server connection, in use or not; the server has {REQUIREMENTS.room}",
                   "For how long does a pod need a server connection?")  # fmt: skip
    if mode == "statement":
        return bad("an order is several statements that belong together, but the pooler may send them over different connections",
                   "Which statements must stay together?")  # fmt: skip
    return good("a pod holds a server connection for one transaction")


def _clients(count: int, _answer: Filled) -> RuleResult:
    if count < REQUIREMENTS.clients:
        return bad(f"{REQUIREMENTS.pods} pods open {REQUIREMENTS.clients} during an update, so the pooler refuses {REQUIREMENTS.clients - count} of them",
                   "Multiply: the pods during an update, and the connections of each.")  # fmt: skip
    return good(f"{REQUIREMENTS.pods} pods open {REQUIREMENTS.clients}, and the pooler accepts all")


def _server(count: int, _answer: Filled) -> RuleResult:
    if count > REQUIREMENTS.room:
        return bad(f"the server has {REQUIREMENTS.room} for applications, so it refuses {count - REQUIREMENTS.room} of them in the busiest hour",
                   "How many does the server accept, and how many of these does it reserve for itself?")  # fmt: skip
    if wait := database_outcomes.waiting(count):
        return bad(f"in the busiest hour {wait} transactions wait for a connection",
                   "How many transactions run at one time?")  # fmt: skip
    return good(
        f"it is enough for {REQUIREMENTS.most_at_work} transactions at one time, and the server has {REQUIREMENTS.room}"
    )


TERMS: Mapping[Term, tuple[FieldType, Rule]] = {
    ("provisioning", "by"): (choice("operator", "helm", "terraform", "by-hand"), _by),
    ("provisioning", "version"): (INTEGER, _version),
    ("provisioning", "storage"): (amount(SIZE, "30 GB"), _storage),
    ("provisioning", "standbys"): (INTEGER, _standbys),
    ("backups", "full-every"): (INTERVAL, _full),
    ("backups", "log-every"): (INTERVAL, _log),
    ("backups", "restore-test-every"): (INTERVAL, _restore_test),
    ("pooling", "by"): (choice("pgbouncer", "proxysql", "in-each-pod", "none"), _pooler),
    ("pooling", "mode"): (choice("session", "transaction", "statement"), _mode),
    ("pooling", "client-connections"): (INTEGER, _clients),
    ("pooling", "server-connections"): (INTEGER, _server),
}

LADDERS: Mapping[Term, Ladder] = {
    ("provisioning", "by"): (
        "Which commands made it? Where are they recorded, so that people can read them and run them again?",
        "Three of the four words are tools that keep the description in a file. Each of the three is right."),
    ("provisioning", "version"): (
        "A newer version isn't better here: look at the team's first message.",
        "It is the number after “PostgreSQL” in the request."),
    ("provisioning", "storage"): (
        "The team's first message has a size.",
        "It is at least the size in the request, and at most ten times that."),
    ("provisioning", "standbys"): (
        "A standby is another server that has the same data. How many does “highly available” need at least?",
        "If one server may die, at least one other must exist; more than nine are too many."),
    ("backups", "full-every"): (
        "The longer the time between two full backups, the more log there is to replay. How long may a restore take?",
        "Subtract the time of the full backup from the time that the shop may be down. How many days of log can be replayed in the rest?"),
    ("backups", "log-every"): (
        "If the disks are lost, everything since the last copy is lost, too.",
        "It is at most the time whose orders may be lost."),
    ("backups", "restore-test-every"): (
        "A backup that was never restored may not work. How often does the team want proof?",
        "The team says how old the last proof may be; it is at most that."),
    ("pooling", "by"): (
        "The pods together open more than the server has. A pool inside one pod knows only that pod.",
        "Two of the words are separate programs, which run between all pods and the server."),
    ("pooling", "mode"): (
        "The mode says how long a pod holds a server connection: for a whole connection, for one command, or for something between.",
        "An order is several commands that belong together. It needs one connection for all of them, and no longer."),
    ("pooling", "client-connections"): (
        "During an update there are more pods than usual. Each of them opens its connections.",
        "Multiply the pods during an update by the connections of each: it is at least that."),
    ("pooling", "server-connections"): (
        "Two facts limit it: the transactions at one time in the busiest hour, and the connections that the server has for applications.",
        "It is at least the number of transactions at one time, and at most what the server accepts minus what it reserves for itself."),
}  # fmt: skip
"""The second and the third hint on each field."""
