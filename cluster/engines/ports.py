"""Free ports of the loopback interface, outside the ranges from which systems assign ports.

The system may assign a port of its ranges to an outgoing connection at any time: before a program listens on it, or
while a part is stopped. Systems assign from 32768 (Linux, ip-sysctl's ip_local_port_range) or 49152
(the others, RFC 6335) upwards; a cluster's node ports begin at 30000.
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
    """Return ``count`` different free ports, chosen at random. Raises WorldError if there aren't enough."""
    found: list[int] = []
    with contextlib.ExitStack() as held:  # bind all until the last is found, so that no port is chosen twice
        for _ in range(TRIES + count):
            if len(found) == count:
                break
            with contextlib.suppress(OSError):
                listener = socket.create_server((LOOPBACK, LOWEST + secrets.randbelow(COUNT)))
                held.enter_context(listener)
                found.append(int(listener.getsockname()[1]))
    if len(found) < count:
        raise WorldError(
            f"No port is free on this machine between {LOWEST} and {LOWEST + COUNT}.",
            "End some programs, and try again.",
        )
    return tuple(found)


def free_port() -> int:
    """Return one free port."""
    return free_ports(1)[0]
