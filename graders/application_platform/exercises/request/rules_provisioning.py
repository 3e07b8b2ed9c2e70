"""What comes of how a database is provisioned, backed up, and shared by the pods."""

from __future__ import annotations

from collections.abc import Mapping

from graders.application_platform.exercises.request import database
from graders.application_platform.exercises.request.database import REQUIREMENTS
from graders.families.form.criteria import Ladder, Rule, RuleResult, bad, good
from graders.families.form.fields import INTEGER, SIZE, TIME, Field, amount, choice, format_duration
from graders.families.form.reading import Filled, Term

GB = 10**9
TOO_MUCH = 10
"""So many times what was asked for is somebody's bill, or a slip."""

MOST_STANDBYS = 9
"""A server feeds ten by default, PostgreSQL's ``max_wal_senders``, and a backup takes one of them."""

INTERVAL = amount(TIME, "100 days")

# --- provisioning


def _by(way: str, _answer: Filled) -> RuleResult:
    if way == "by-hand":
        return bad("the next team asks for the same, and nobody remembers what was typed",
                   "How can the same database be made a second time, by somebody else?")  # fmt: skip
    return good("it can be made a second time, and read before it is")


def _version(version: int, _answer: Filled) -> RuleResult:
    if version != REQUIREMENTS.version:
        return bad(f"the team has tested with {REQUIREMENTS.version}; on {version} it is the first to find out",
                   "What did the team ask for?")  # fmt: skip
    return good("it is what the team tested with")


def _storage(size: float, _answer: Filled) -> RuleResult:
    if size < REQUIREMENTS.data:
        return bad(f"{size / GB:.3g} GB are full before all data is in, and a server whose disk is full stops",
                   "How much did the team ask for?")  # fmt: skip
    if size > TOO_MUCH * REQUIREMENTS.data:
        return bad("more than ten times what was asked for, and somebody pays for it", "How much did the team ask for?")
    return good("the data fits")


def _standbys(count: int, _answer: Filled) -> RuleResult:
    if count == 0:
        return bad("when the only server dies nobody takes over, and the shop is away until a backup is read in",
                   "“Highly available”: who goes on when the server dies?")  # fmt: skip
    if count > MOST_STANDBYS:
        return bad("nobody asked for that many standbys, and PostgreSQL serves ten by default (max_wal_senders)",
                   "How many may die at once?")  # fmt: skip
    return good("when a server dies another one goes on")


# --- backups


def _full(every: float, _answer: Filled) -> RuleResult:
    away, most = database.away(every), REQUIREMENTS.back_within
    if every < REQUIREMENTS.full_backup:
        return bad(f"making one takes {format_duration(REQUIREMENTS.full_backup)}: the next begins before the last has ended",
                   "How long does it take to make one?")  # fmt: skip
    if away > most:
        return bad(f"a restore takes up to {format_duration(away)}, and the shop may be away for {format_duration(most)}",
                   "Add up how long a restore takes: the full backup, and each day of log since.")  # fmt: skip
    return good(f"a restore takes up to {format_duration(away)}, of {format_duration(most)} that are allowed")


def _log(every: float, _answer: Filled) -> RuleResult:
    if database.lost(every) > REQUIREMENTS.may_lose:
        return bad(f"with the disks up to {format_duration(every)} of orders are gone; {format_duration(REQUIREMENTS.may_lose)} are allowed",
                   "How much may be lost? What hasn't been copied away is.")  # fmt: skip
    return good(f"at most {format_duration(every)} of orders can be lost" if every else "next to no order can be lost")


def _restore_test(every: float, _answer: Filled) -> RuleResult:
    if every < (least := database.away(0)):
        return bad(f"nobody can do that: a restore alone takes {format_duration(least)}", "How long does one try take?")
    if every > REQUIREMENTS.proof:
        return bad(f"the last proof may be {format_duration(every)} old; a backup that nobody has restored may be none",
                   "How old may the last proof be?")  # fmt: skip
    return good(f"that a restore works was seen {format_duration(every)} ago at most")


# --- pooling


def _pooler(pooler: str, _answer: Filled) -> RuleResult:
    over = REQUIREMENTS.clients - REQUIREMENTS.room
    both = f"{REQUIREMENTS.pods} pods open {REQUIREMENTS.clients} connections, and the server has {REQUIREMENTS.room} for them"
    if pooler == "none":
        return bad(f"{both}: {over} are refused", "What could stand between the pods and the server?")
    if pooler == "in-each-pod":
        return bad(f"a pool in each pod knows nothing of the others: {both}",
                   "What could stand between all pods and the server?")  # fmt: skip
    return good("the pods connect to it, and it to the server")


def _mode(mode: str, _answer: Filled) -> RuleResult:
    if mode == "session":
        return bad(f"each of {REQUIREMENTS.clients} open connections holds one of the server's, whether it works or not; there are {REQUIREMENTS.room}",
                   "For how long does a pod need a connection of the server's?")  # fmt: skip
    if mode == "statement":
        return bad("an order is several statements that belong together, and the pooler deals them out to several connections",
                   "What must not be torn apart?")  # fmt: skip
    return good("a connection of the server's is lent for as long as a transaction takes")


def _clients(count: int, _answer: Filled) -> RuleResult:
    if count < REQUIREMENTS.clients:
        return bad(f"{REQUIREMENTS.pods} pods open {REQUIREMENTS.clients}, so the pooler refuses {REQUIREMENTS.clients - count} of them while an update runs",
                   "Multiply: pods during an update, and what each of them opens.")  # fmt: skip
    return good(f"{REQUIREMENTS.pods} pods open {REQUIREMENTS.clients}, and all find a place")


def _server(count: int, _answer: Filled) -> RuleResult:
    if count > REQUIREMENTS.room:
        return bad(f"the server has {REQUIREMENTS.room} for applications, and refuses {count - REQUIREMENTS.room} of them when it matters",
                   "How many does the server take, and how many of these does it keep for itself?")  # fmt: skip
    if wait := database.waiting(count):
        return bad(f"in the busiest hour {wait} transactions wait for a connection",
                   "How many transactions are at work at one time?")  # fmt: skip
    return good(f"{REQUIREMENTS.most_at_work} transactions at a time find one, and the server has {REQUIREMENTS.room}")


TERMS: Mapping[Term, tuple[Field, Rule]] = {
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
        "What did the person type who made it? Where does that stand, so that it can be read and run again?",
        "Three of the four words are tools that keep what was done in a file. Any of the three will do."),
    ("provisioning", "version"): (
        "A newer one isn't better here: look at the team's first message.",
        "It is the number behind “PostgreSQL” in the request."),
    ("provisioning", "storage"): (
        "The first message of the team has a size in it.",
        "It is at least the size that they asked for, and less than ten times that."),
    ("provisioning", "standbys"): (
        "A standby is another server that has the same data. How many does “highly available” need at least?",
        "If one server may die, at least one other must be there; more than nine nobody asked for."),
    ("backups", "full-every"): (
        "The longer the time between two full backups, the more log there is to replay. How long may a restore take?",
        "Take the time that the shop may be away, and take off what the full backup needs. How many days of log can be replayed in the rest?"),
    ("backups", "log-every"): (
        "If the disks are gone, what wasn't copied since the last time is gone with them.",
        "It is at most what may be lost of the orders."),
    ("backups", "restore-test-every"): (
        "A backup that nobody has restored may be none. How long does the team want to believe in it?",
        "The team says how old the last proof may be: it is at most that."),
    ("pooling", "by"): (
        "The pods together open more than the server has. A pool inside of one pod knows only that pod.",
        "Two of the words are programs of their own, which stand between all pods and the server."),
    ("pooling", "mode"): (
        "The word says for how long a pod keeps a connection of the server's: as long as it is connected, for one command, or for something between.",
        "An order is several commands that belong together. It needs one connection for all of them, and not a moment longer."),
    ("pooling", "client-connections"): (
        "While an update runs there are more pods than usual. Each of them opens its connections at once.",
        "Multiply the pods during an update with what each opens: it is at least that."),
    ("pooling", "server-connections"): (
        "Two facts bound it: what works at one time in the busiest hour, and what the server has for applications.",
        "It is at least the transactions at one time, and at most what the server takes without those that it keeps for itself."),
}  # fmt: skip
"""The second and the third hint on each field."""
