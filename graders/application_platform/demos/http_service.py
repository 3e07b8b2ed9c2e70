"""A small HTTP service of this process, for as long as a lesson needs it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = "127.0.0.1"

Reply = tuple[HTTPStatus, bytes, str]
"""The status, the body, and its media type; no type is said where that is empty."""


@contextmanager
def service(answer: Callable[[str, str], Reply]) -> Iterator[int]:
    """A service whose GET says what ``answer`` returns for a path and an Authorization header; its port.

    It is gone when this ends, whatever happens.
    """

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # a connection is kept for the next call
        disable_nagle_algorithm = True
        wbufsize = -1  # head and body go out together

        def do_GET(self) -> None:
            status, body, kind = answer(self.path, self.headers.get("Authorization", ""))
            self.send_response(status)
            if kind:
                self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the notebook isn't the place."""

    server = ThreadingHTTPServer((HERE, 0), Answering)
    server.daemon_threads = True
    listening = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    listening.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        listening.join()
