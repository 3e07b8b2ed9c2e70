"""An engine in a container: ``python3 engine.py postgres | redis | nats``, with the standard library alone.

It starts the engine as its child, on the engine's usual port and behind the password in ``ENGINE_PASSWORD``, with its files
in ``/data``. The program that runs the shop stops the engine and starts it again with its data::

    PUT /running?on=false      stop it; answers after it has stopped
    PUT /running?on=true       start it again; answers once it is ready
    GET /healthz               200 while this program lives

on ``CONTROL_PORT`` (8081). SIGTERM stops both, with exit code 0.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

DATA = Path(os.environ.get("ENGINE_DATA", "/data"))
CONTROL_PORT = 8081
READY_WITHIN, STOPPED_WITHIN = 30.0, 10.0
LOOKED_EACH = 0.02


@dataclass(frozen=True)
class EngineKind:
    """A kind of engine: how to prepare its files, its command line, its port, and the signal that stops it."""

    prepare: Callable[[Path, str], None]
    command: Callable[[Path], list[str]]
    port: int
    stops_by: signal.Signals = signal.SIGTERM


def postgres_files(data: Path, password: str) -> None:
    """Create a fresh database cluster, open to every pod that knows the password."""
    secret = _private(data / "password", password)
    initdb = ["initdb", "--no-sync", "--auth=scram-sha-256", "--username=postgres", f"--pwfile={secret}",
              "--encoding=UTF8", "--locale=C", f"--pgdata={data / 'db'}"]  # fmt: skip
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  a fixed program, no shell
    with (data / "db" / "pg_hba.conf").open("a") as rules:
        rules.write("host all all all scram-sha-256\n")


def postgres_command(data: Path) -> list[str]:
    """Return the command line of PostgreSQL, on every address of the pod. Data dies with the pod, so no write waits for a disk."""
    settings = {"listen_addresses": "*", "unix_socket_directories": "", "fsync": "off", "synchronous_commit": "off",
                "full_page_writes": "off", "shared_buffers": "32MB", "jit": "off"}  # fmt: skip
    return ["postgres", "-D", str(data / "db"), *(part for k, v in settings.items() for part in ("-c", f"{k}={v}"))]


def redis_files(data: Path, password: str) -> None:
    """Write Redis' settings: in memory only."""
    _private(data / "redis.conf", f'bind * -::*\nrequirepass {password}\nsave ""\nappendonly no\nmaxmemory 96mb\n')


def nats_files(data: Path, password: str) -> None:
    """Write NATS' settings, with JetStream on files."""
    _private(
        data / "nats.conf",
        f'authorization {{ user: shop, password: "{password}" }}\njetstream {{ store_dir: "{data}/jetstream" }}\n',
    )


def _private(path: Path, text: str) -> Path:
    path.touch(0o600)
    path.write_text(text)
    return path


KINDS: Mapping[str, EngineKind] = {
    "postgres": EngineKind(postgres_files, postgres_command, 5432, signal.SIGINT),
    "redis": EngineKind(redis_files, lambda data: ["redis-server", str(data / "redis.conf")], 6379),
    "nats": EngineKind(nats_files, lambda data: ["nats-server", "--config", str(data / "nats.conf")], 4222),
}


class EngineProcess:
    """One engine, running or stopped."""

    def __init__(self, kind: EngineKind) -> None:
        self.kind = kind
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start it and wait until it answers. Raises OSError if it doesn't."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._process = subprocess.Popen(self.kind.command(DATA))  # noqa: S603  a fixed program, no shell
            until, again = time.monotonic() + READY_WITHIN, threading.Event()  # never set: only its timeout is used
            while not self._answers():
                if self._process.poll() is not None or time.monotonic() > until:
                    raise OSError(f"the engine isn't ready (exit code {self._process.poll()})")
                again.wait(LOOKED_EACH)

    def stop(self) -> None:
        """Stop it, by force if it takes too long."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                return
            self._process.send_signal(self.kind.stops_by)
            try:
                self._process.wait(STOPPED_WITHIN)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _answers(self) -> bool:
        # PostgreSQL opens its port before it accepts clients; this file has its status.
        said = DATA / "db" / "postmaster.pid"
        if said.exists() and said.read_text().split()[-1:] != ["ready"]:
            return False
        try:
            socket.create_connection(("127.0.0.1", self.kind.port), timeout=1).close()
        except OSError:
            return False
        return True


def control(engine: EngineProcess, port: int) -> ThreadingHTTPServer:
    """Return the server that stops and starts the engine, not serving yet."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200 if self.path == "/healthz" else 404, {"alive": True})

        def do_PUT(self) -> None:
            asked = urlsplit(self.path)
            wanted = parse_qs(asked.query).get("on", [""])[0]
            if asked.path != "/running" or wanted not in ("true", "false"):
                self._answer(404, {"error": "Unknown request: use PUT /running?on=true or ?on=false."})
                return
            try:
                (engine.start if wanted == "true" else engine.stop)()
            except OSError as error:
                self._answer(503, {"error": str(error)})
            else:
                self._answer(200, {"running": wanted == "true"})

        def _answer(self, status: int, body: Mapping[str, object]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    return ThreadingHTTPServer(("", port), Handler)


def main(name: str) -> int:
    """Run an engine until SIGTERM; return the exit code."""
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    engine = EngineProcess(KINDS[name])
    engine.kind.prepare(DATA, os.environ["ENGINE_PASSWORD"])
    engine.start()
    server = control(engine, int(os.environ.get("CONTROL_PORT") or CONTROL_PORT))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    asked.wait()
    server.shutdown()
    engine.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
