"""A program of the shop as a separate process, watched by its log."""

from __future__ import annotations

import http.client
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from cluster.polling import wait_until
from tests.support.patience import PATIENCE

for module in ("starlette", "uvicorn", "prometheus_client", "opentelemetry.sdk"):
    pytest.importorskip(module, reason="the shop's own requirements aren't installed")

SOON = 0.3
"""SHOP_SERVES_ON where a test needn't see the whole 5 seconds."""


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def ask(port: int, path: str, method: str = "GET", body: str | bytes | None = None, **headers: str) -> Answer:
    """One request on its own connection. Raises OSError."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return Answer(response.status, response.read().decode(), {k.lower(): v for k, v in response.getheaders()})
    finally:
        connection.close()


def sent(port: int, path: str) -> http.client.HTTPConnection:
    """A connection with a sent GET request whose answer isn't read yet. Raises OSError."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path)
    return connection


def status(connection: http.client.HTTPConnection) -> int:
    """Wait for the status of the answer, and close the connection. Raises OSError."""
    try:
        return connection.getresponse().status
    finally:
        connection.close()


class Running:
    """A process and what it has logged."""

    def __init__(self, module: str, environ: Mapping[str, str]) -> None:
        self.began = time.monotonic()
        self.lines: list[dict[str, Any]] = []
        self._news: queue.Queue[str] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"cluster.shop.app.{module}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PORT": "0", "SHOP_FAULT_PORT": "0", **environ},
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self._news.put(line)

    def told(self, message: str, **about: object) -> dict[str, Any]:
        """Wait for the first line of the log with that message and those fields."""
        wanted = {"message": message, **about}
        for line in self.lines:
            if wanted.items() <= line.items():
                return line
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.lines.append(json.loads(self._news.get(timeout=deadline - time.monotonic())))
            except (queue.Empty, ValueError):
                pytest.fail(f"never told: {wanted}; only: {self.lines}")
            if wanted.items() <= self.lines[-1].items():
                return self.lines[-1]

    @property
    def port(self) -> int:
        return int(self.told("listening")["port"])

    @property
    def fault_port(self) -> int:
        return int(self.told("fault port open")["port"])

    def get(self, path: str) -> Answer:
        return ask(self.port, path)

    def post(self, body: object) -> Answer:
        return ask(self.port, "/orders", "POST", json.dumps(body))

    def fault(self, method: str, path: str) -> Answer:
        return ask(self.fault_port, path, method)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    def ends(self) -> int:
        """Wait for the exit and return the exit code."""
        return self.process.wait(PATIENCE)


@contextmanager
def running(module: str = "api", **environ: str) -> Iterator[Running]:
    """Run the program until the block ends."""
    it = Running(module, environ)
    try:
        yield it
    finally:
        it.process.kill()
        it.process.wait(PATIENCE)


def until(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds."""
    assert wait_until(condition, PATIENCE, 0.02), "it never held"
