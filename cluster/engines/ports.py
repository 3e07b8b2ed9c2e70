"""Ports of the loopback interface that nobody uses, taken where no system hands ports out by itself.

A port that the system names when it is asked for any is one that it also gives to the next outgoing connection, so it may be
gone by the time a program listens there, or while a part is away. Systems hand out from 32768 (Linux, ip-sysctl's
ip_local_port_range) or 49152 (the others, RFC 6335); from 30000 on are a cluster's node ports.
"""

from __future__ import annotations

import contextlib
import secrets
import socket

from cluster.errors import WorldError

LOOPBACK = "127.0.0.1"
LOWEST, COUNT = 20_000, 10_000
TRIES = 200


def free_ports(count: int) -> tuple[int, ...]:
    """As many different ports that nobody uses at the moment, by chance. Raises WorldError where there are none."""
    found: list[int] = []
    with contextlib.ExitStack() as held:  # each is held until the last is found: no port comes twice
        for _ in range(TRIES + count):
            if len(found) == count:
                break
            with contextlib.suppress(OSError):
                listener = socket.create_server((LOOPBACK, LOWEST + secrets.randbelow(COUNT)))
                held.enter_context(listener)
                found.append(int(listener.getsockname()[1]))
    if len(found) < count:
        raise WorldError(
            f"No port is free here between {LOWEST} and {LOWEST + COUNT}.", "End some programs, and try again."
        )
    return tuple(found)


def free_port() -> int:
    """One of them."""
    return free_ports(1)[0]
