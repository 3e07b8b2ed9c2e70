"""What a platform promises for a database, as a learner wrote it: the terms of six duties, by whatever names.

The form is a small one of our own::

    provisioning:   by, version, storage, standbys
    backups:        full-every, log-every, restore-test-every
    pooling:        by, mode, client-connections, server-connections
    rotation:       every, overlap
    patching:       every, window, first
    alerts:         replication-lag, slow-query, connections
"""

from __future__ import annotations

from collections.abc import Mapping

from graders.answers.places import Filled, Form, Term

Provision = Filled

TERMS: tuple[Term, ...] = (
    ("provisioning", "by"), ("provisioning", "version"), ("provisioning", "storage"), ("provisioning", "standbys"),
    ("backups", "full-every"), ("backups", "log-every"), ("backups", "restore-test-every"),
    ("pooling", "by"), ("pooling", "mode"), ("pooling", "client-connections"), ("pooling", "server-connections"),
    ("rotation", "every"), ("rotation", "overlap"),
    ("patching", "every"), ("patching", "window"), ("patching", "first"),
    ("alerts", "replication-lag"), ("alerts", "slow-query"), ("alerts", "connections"),
)  # fmt: skip
INSTANCES = ("instances", "nodes", "servers", "members")
"""Words for how many servers there are in all: one more than the standbys."""

_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "provisioning": ("provision", "database", "server"),
    "backups": ("backup",),
    "pooling": ("pool", "pooler", "connectionpooling", "connectionpool"),
    "rotation": ("secrets", "secretrotation", "secretsrotation", "passwordrotation", "password", "credentials"),
    "patching": ("patches", "patch", "updates", "maintenance"),
    "alerts": ("monitoring", "alerting", "alert"),
    "by": ("with", "tool", "using"),
    "version": ("postgresql", "postgres", "engine", "postgresversion", "postgresqlversion"),
    "storage": ("disk", "size", "volume", "storagesize"),
    "standbys": ("standby", "replicas", "replica", "readreplicas", *INSTANCES),
    "full-every": ("full", "fullbackup", "fullbackupevery", "base", "basebackup", "basebackupevery", "fullbackups"),
    "log-every": ("log", "logs", "wal", "walevery", "archive", "walarchive", "logarchiveevery", "pitr", "incremental"),
    "restore-test-every": ("restoretest", "restoretests", "testrestore", "testrestoreevery", "testevery", "test", "tested"),
    "mode": ("poolmode", "poolingmode"),
    "client-connections": ("clients", "maxclientconn", "maxclientconnections", "clientconnection"),
    "server-connections": ("poolsize", "defaultpoolsize", "maxserverconnections", "maxdbconnections", "size", "server"),
    "every": ("interval", "rotateevery", "patchevery", "within", "period"),
    "overlap": ("grace", "graceperiod", "oldvalidfor", "keepold", "bothvalidfor"),
    "window": ("maintenancewindow", "at", "when"),
    "first": ("order", "begin", "beginwith", "startwith"),
    "replication-lag": ("lag", "replicationdelay", "standbylag"),
    "slow-query": ("slowqueries", "slow", "query", "querytime", "latency"),
    "connections": ("connection", "conns", "connectionsused"),
}  # fmt: skip

UNITS = ("ms", "milliseconds", "seconds", "minutes", "min", "hours", "days", "weeks", "months", "gb", "gi", "gib")
"""Units that may end a key, as in ``slow-query-ms``."""

parse = Form("provision", TERMS, _OTHER_NAMES, units=UNITS).read

__all__ = ["INSTANCES", "TERMS", "UNITS", "Provision", "parse"]
