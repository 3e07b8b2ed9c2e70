"""A program of the shop as a process of its own, watched by its log."""

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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

for module in ("starlette", "uvicorn", "prometheus_client", "opentelemetry.sdk"):
    pytest.importorskip(module, reason="the shop's own requirements aren't installed")

WITHIN = 20.0
"""How long anything may take here before the test gives up, in seconds."""

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
    """One request on a connection of its own. Raises OSError."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WITHIN)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return Answer(response.status, response.read().decode(), {k.lower(): v for k, v in response.getheaders()})
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
        """The first line of the log with that message and those fields, waited for if need be."""
        wanted = {"message": message, **about}
        for line in self.lines:
            if wanted.items() <= line.items():
                return line
        deadline = time.monotonic() + WITHIN
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

    def terminate(self) -> float:
        """Send SIGTERM; the moment when."""
        self.process.send_signal(signal.SIGTERM)
        return time.monotonic()

    def ends(self) -> tuple[int, float]:
        """The exit code, and the moment of the exit."""
        return self.process.wait(WITHIN), time.monotonic()


@contextmanager
def running(module: str = "api", **environ: str) -> Iterator[Running]:
    """The program, until the block is left."""
    it = Running(module, environ)
    try:
        yield it
    finally:
        it.process.kill()
        it.process.wait(WITHIN)


def until(condition: Any, within: float = WITHIN) -> None:
    """Ask again and again until the condition holds."""
    deadline, pause = time.monotonic() + within, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        pause.wait(0.02)
