"""An API server that records its requests, and a kubeconfig that leads to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

Answers = Mapping[tuple[str, str], tuple[int, Any] | list[tuple[int, Any]]]
"""What is answered to a method and a path, or to a watch of it (``PATH?watch``); everything else is 404.

A text goes as it is, everything else as JSON. A list has the answers to one request after the other; the last one stays.
"""
ABSENT = (404, {"kind": "Status", "status": "Failure", "reason": "NotFound", "message": "not found", "code": 404})


@dataclass
class FakeServer:
    """Its address, every request so far as ``METHOD /path``, and the requests' bodies."""

    url: str
    asked: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


@contextmanager
def api_server(answers: Answers) -> Iterator[FakeServer]:
    """A server on a free port, for as long as the context lasts."""
    served: FakeServer

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            path = self.path.split("?")[0]
            served.asked.append(f"{self.command} {path}")
            served.bodies.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            watched = f"{path}?watch" if "watch=true" in self.path else path
            said = answers.get((self.command, watched)) or answers.get((self.command, path), ABSENT)
            status, body = (said.pop(0) if said[1:] else said[0]) if isinstance(said, list) else said
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815  the base class' names

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served = FakeServer(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield served
        finally:
            server.shutdown()


def kubeconfig(path: Path, contexts: Mapping[str, str], current: str) -> Path:
    """A kubeconfig with a context for each name, which leads to its address."""
    path.write_text(
        yaml.safe_dump({
            "apiVersion": "v1", "kind": "Config", "current-context": current,
            "clusters": [{"name": name, "cluster": {"server": url}} for name, url in contexts.items()],
            "users": [{"name": "someone", "user": {"token": "secret"}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": "someone"}} for name in contexts],
        })
    )  # fmt: skip
    return path
