"""A small HTTP service in this process, for the duration of a demo."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = "127.0.0.1"

Reply = tuple[HTTPStatus, bytes, str]
"""The status, the body, and its media type; without a media type, the response has no Content-Type header."""


@contextmanager
def service(answer: Callable[[str, str], Reply]) -> Iterator[int]:
    """Run a service that responds to GET with ``answer(path, authorization header)``; yields its port.

    The service ends with the block, also after an exception.
    """

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # keeps the connection open for the next call
        disable_nagle_algorithm = True
        wbufsize = -1  # sends headers and body together

        def do_GET(self) -> None:
            status, body, kind = answer(self.path, self.headers.get("Authorization", ""))
            self.send_response(status)
            if kind:
                self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing: the log would appear in the notebook."""

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
