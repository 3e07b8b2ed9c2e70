"""Ports for the workbook's programs are different, free, and never handed out by the system itself."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from cluster.engines import ports
from cluster.engines.ports import COUNT, LOOPBACK, LOWEST, free_port, free_ports
from cluster.errors import WorldError

HANDED_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_different_ones() -> None:
    """Ports that are requested at the same time differ, and a program can listen on each."""
    found = free_ports(50)
    assert len(set(found)) == 50
    with ExitStack() as held:
        for port in found:
            held.enter_context(socket.create_server((LOOPBACK, port)))


def test_never_one_that_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port with a listener isn't free; if no other port exists, that is an error of the world."""
    monkeypatch.setattr(ports, "COUNT", 1)
    monkeypatch.setattr(ports, "LOWEST", free_port())
    with (
        socket.create_server((LOOPBACK, ports.LOWEST)),
        pytest.raises(WorldError, match="No port is free"),
    ):
        free_port()


@pytest.mark.skipif(not HANDED_OUT.exists(), reason="only Linux says which ports it hands out")
def test_none_that_the_system_hands_out() -> None:
    """No outgoing connection of the machine gets one of these ports, even while a part is stopped."""
    first, last = map(int, HANDED_OUT.read_text(encoding="ascii").split())
    assert not set(range(LOWEST, LOWEST + COUNT)) & set(range(first, last + 1))
