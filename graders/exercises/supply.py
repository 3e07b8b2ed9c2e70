"""What comes of how a database is provisioned, backed up, and shared by the pods."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from graders.answers import figures
from graders.answers.figures import spoken
from graders.answers.phrase import plain, spelled, without
from graders.answers.places import Term, Written, bared
from graders.answers.provision import INSTANCES, Provision
from graders.exercises import wording
from graders.exercises.promises import AT_LEAST, Rule, Told, bad, good, in_unit, promised, seconds, timed, whole
from graders.exercises.senses import meant, senses
from graders.exercises.wording import (
    BY_HAND,
    HELM,
    IN_THE_POD,
    NONE,
    OPERATOR,
    PGBOUNCER,
    PROXYSQL,
    SESSION,
    STATEMENT,
    TERRAFORM,
    TRANSACTION,
)
from graders.plans import database
from graders.plans.database import TOLD

_RELEASE = re.compile(r"v?([0-9]{1,6})(?:\.(?:[0-9]{1,6}|x|\*)){0,2}")
_WITH_EACH_BACKUP = re.compile(
    r"(?:we )?(?:(?:with|after|of|on|test|restore|try) )?(?:each|every) (?:new )?(?:full )?(?:base ?)?backup(?: is (?:tested|restored))?"
)
GB = 10**9
TOO_MUCH = 10
"""So many times what was asked for is somebody's bill, or a slip."""

_NAME = re.compile(r"(?!(?:no|not|non|none|never|nothing|zero|without)\b)[A-Za-z][A-Za-z0-9-]*")
MOST_STANDBYS = 9
"""A server feeds ten by default, PostgreSQL's ``max_wal_senders``, and a backup takes one of them."""

# --- provisioning


def _by(written: Written, _provision: Provision) -> Told:
    # An operator that Helm installs is two ways at once, and both can be walked again.
    ways = senses(written.value, wording.WAYS, wording.BESIDE_A_WAY)
    if ways == {BY_HAND}:
        return bad("the next team asks for the same, and nobody remembers what was typed",
                   "How can the same database be made a second time, by somebody else?")  # fmt: skip
    if not ways or BY_HAND in ways:
        return bad(
            "we can't tell which tool that is", f"Write one of {OPERATOR}, {HELM} and {TERRAFORM}, and nothing else."
        )
    return good("it can be made a second time, and read before it is")


def _version(written: Written, _provision: Provision) -> Told:
    said = "" if isinstance(written.value, bool) else plain(spelled(written.value))
    said = re.sub(r"[:,/ ]+|-(?=[a-z])|(?<=[a-z])-|(?<=\bpg)(?=[0-9])", " ", said)
    found = _RELEASE.fullmatch(without(said, wording.BESIDE_A_RELEASE))
    if not found:
        return bad("nobody can tell which version that is", "Write the number of one version, and nothing else.")
    if int(found[1]) != TOLD.version:
        return bad(f"the team has tested with {TOLD.version}; on {found[1]} it is the first to find out",
                   "What did the team ask for?")  # fmt: skip
    return good("it is what the team tested with")


def _storage(written: Written, _provision: Provision) -> Told:
    size = figures.size(in_unit(written))
    if size is None or size <= 0:
        return bad(
            "nobody can tell how much that is", "Write a number and a unit and no other word, such as 30 GB or 30Gi."
        )
    if size < 10**6:
        return bad(
            "that many bytes hold no table at all: the unit is missing", "Write a unit behind it, such as GB or Gi."
        )
    if size < TOLD.data:
        return bad(f"{size / GB:.3g} GB are full before all data is in, and a server whose disk is full stops",
                   "How much did the team ask for?")  # fmt: skip
    if size > TOO_MUCH * Decimal(TOLD.data):
        return bad("more than ten times what was asked for, and somebody pays for it", "How much did the team ask for?")
    return good("the data fits")


def standbys(written: Written) -> int | None:
    """How many servers stand by; of so many in all, one is the primary. None for what says no number."""
    count = _names(written.value) or whole(written.value, wording.BESIDE_STANDBYS)
    return count - 1 if count and bared(written.key) in INSTANCES else count


def _names(value: object) -> int | None:
    """How many servers a list names; None for what names none, such as a list of one number."""
    names = (
        [str(one.get("name", "")) if isinstance(one, dict) else one for one in value] if isinstance(value, list) else []
    )
    if not names or any(not isinstance(name, str) or not _NAME.fullmatch(name) for name in names):
        return None
    return len(names)


def _standby(written: Written, _provision: Provision) -> Told:
    count = standbys(written)
    if count is None or count < 0:
        return bad("nobody can tell how many that is", "Write how many servers stand by, as one number.")
    if count == 0:
        return bad("when the only server dies nobody takes over, and the shop is away until a backup is read in",
                   "“Highly available”: who goes on when the server dies?")  # fmt: skip
    if count > MOST_STANDBYS:
        return bad("so many copies nobody asked for, and a server feeds ten by default", "How many may die at once?")
    return good("when a server dies another one goes on")


# --- backups


def _full(every: float, _provision: Provision) -> Told:
    away, most = database.away(every), TOLD.back_within
    if every < TOLD.full_backup:
        return bad(f"making one takes {spoken(TOLD.full_backup)}: the next begins before the last has ended",
                   "How long does it take to make one?")  # fmt: skip
    if away > most:
        return bad(f"a restore takes up to {spoken(away)}, and the shop may be away for {spoken(most)}",
                   "Add up how long a restore takes: the full backup, and each day of log since.")  # fmt: skip
    return good(f"a restore takes up to {spoken(away)}, of {spoken(most)} that are allowed")


def _log(every: float, _provision: Provision) -> Told:
    if database.lost(every) > TOLD.may_lose:
        return bad(f"with the disks up to {spoken(every)} of orders are gone; {spoken(TOLD.may_lose)} are allowed",
                   "How much may be lost? What hasn't been copied away is.")  # fmt: skip
    return good(f"at most {spoken(every)} of orders can be lost" if every else "next to no order can be lost")


def _restore_test(written: Written, provision: Provision) -> Told:
    every = seconds(written, wording.BESIDE_TEST)
    if isinstance(written.value, str) and _WITH_EACH_BACKUP.fullmatch(plain(written.value)):
        every = promised(provision, ("backups", "full-every"), lambda full: seconds(full, wording.BESIDE_FULL))
    if every is None:
        return bad(
            "nobody can tell when a restore is tried",
            "Write how far apart two tries are and no other word, such as 10 weeks.",
        )
    if every == 0:
        return bad("nobody restores all the time", "Write how far apart two tries are, such as 10 weeks.")
    if every < (least := database.away(0)):
        return bad(f"nobody can do that: a restore alone takes {spoken(least)}", "How long does one try take?")
    if every > TOLD.proof:
        return bad(f"the last proof may be {spoken(every)} old; a backup that nobody has restored may be none",
                   "How old may the last proof be?")  # fmt: skip
    return good(f"that a restore works was seen {spoken(every)} ago at most")


# --- pooling


def _pooler(written: Written, _provision: Provision) -> Told:
    pooler = meant(written.value, wording.POOLERS, wording.BESIDE_A_POOLER)
    over = TOLD.clients - TOLD.room
    both = f"{TOLD.pods} pods open {TOLD.clients} connections, and the server has {TOLD.room} for them"
    if pooler == NONE:
        return bad(f"{both}: {over} are refused", "What could stand between the pods and the server?")
    if pooler == IN_THE_POD:
        return bad(
            f"a pool in each pod knows nothing of the others: {both}",
            "What could stand between all pods and the server?",
        )
    if not pooler:
        return bad(
            "we can't tell which pooler that is", f"Write one of {PGBOUNCER}, {PROXYSQL} and {NONE}, and nothing else."
        )
    return good("the pods connect to it, and it to the server")


def _mode(written: Written, _provision: Provision) -> Told:
    mode = meant(written.value, wording.MODES, wording.BESIDE_A_MODE)
    if mode == SESSION:
        return bad(f"each of {TOLD.clients} open connections holds one of the server's, whether it works or not; there are {TOLD.room}",
                   "For how long does a pod need a connection of the server's?")  # fmt: skip
    if mode == STATEMENT:
        return bad("an order is several statements that belong together, and the pooler deals them out to several connections",
                   "What must not be torn apart?")  # fmt: skip
    if not mode:
        return bad(
            "we can't tell which mode that is",
            f"Write one of {SESSION}, {TRANSACTION} and {STATEMENT}, and nothing else.",
        )
    return good("a connection of the server's is lent for as long as a transaction takes")


def _clients(written: Written, _provision: Provision) -> Told:
    # Who takes at least so many takes so many; of the server's connections “at least” may be too many.
    count = whole(written.value, f"{wording.BESIDE_CONNECTIONS}|{AT_LEAST}")
    if count is None:
        return bad("nobody can tell how many that is", "Write one whole number, and nothing else.")
    if count < TOLD.clients:
        return bad(f"{TOLD.pods} pods open {TOLD.clients}, so the pooler refuses {TOLD.clients - count} of them while an update runs",
                   "Multiply: pods during an update, and what each of them opens.")  # fmt: skip
    return good(f"{TOLD.pods} pods open {TOLD.clients}, and all find a place")


def opened(written: Written) -> int | None:
    """How many connections the pooler opens to the server; None for what says no number."""
    return whole(written.value, wording.BESIDE_CONNECTIONS)


def _server(written: Written, _provision: Provision) -> Told:
    count = opened(written)
    if count is None:
        return bad("nobody can tell how many that is", "Write one whole number, and nothing else.")
    if count > TOLD.room:
        return bad(f"the server has {TOLD.room} for applications, and refuses {count - TOLD.room} of them when it matters",
                   "How many does the server take, and how many of these does it keep for itself?")  # fmt: skip
    if wait := database.waiting(count):
        return bad(
            f"in the busiest hour {wait} transactions wait for a connection",
            "How many transactions are at work at one time?",
        )
    return good(f"{TOLD.most_at_work} transactions at a time find one, and the server has {TOLD.room}")


RULES: Mapping[Term, Rule] = {
    ("provisioning", "by"): _by,
    ("provisioning", "version"): _version,
    ("provisioning", "storage"): _storage,
    ("provisioning", "standbys"): _standby,
    ("backups", "full-every"): timed(_full, wording.BESIDE_FULL),
    ("backups", "log-every"): timed(_log, wording.BESIDE_LOG),
    ("backups", "restore-test-every"): _restore_test,
    ("pooling", "by"): _pooler,
    ("pooling", "mode"): _mode,
    ("pooling", "client-connections"): _clients,
    ("pooling", "server-connections"): _server,
}
