"""The API server, by the official client: JSON in, JSON out, and one error when it doesn't answer.

The client's models are left out: turning each answer into them costs more than the requests do, and a dry run is
about documents that no model fits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import urllib3
from kubernetes.client import ApiClient

from cluster.errors import WorldError

CONNECT_SECONDS, READ_SECONDS = 4.0, 15.0
WATCHED_SECONDS = 20
"""How long one watch lasts before it is taken up again; a server that is silent for longer is away."""

_HINT = "Is it running? `workbook cluster status` tells; `workbook cluster up` brings it up."


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered: the HTTP status, the body as JSON (or as text where it is none), and its warnings."""

    status: int
    body: Any
    warnings: tuple[str, ...] = field(default=())

    @property
    def good(self) -> bool:
        """Whether the server did what it was asked."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def message(self) -> str:
        """The server's own words."""
        return str(self.body.get("message", "")) if isinstance(self.body, dict) else str(self.body)[:200]


class Api:
    """One API server. Every method raises WorldError when it doesn't answer. Safe to share among threads."""

    def __init__(self, client: ApiClient, context: str) -> None:
        self.context = context
        self._client = client

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """An object or a list. Raises WorldError also when the server refuses."""
        answer = self.ask("GET", path, query=query)
        if not answer.good or not isinstance(answer.body, dict):
            raise WorldError(f"The API server of {self.context} refused {path}: {answer.message}", _HINT)
        return answer.body

    def ask(
        self, method: str, path: str, body: Any = None, *, query: Mapping[str, Any] | None = None,
        content: str = "application/json", seconds: float = READ_SECONDS,
    ) -> Answer:  # fmt: skip
        """Send a request; a ``body`` that is a text goes as it is, everything else as JSON."""
        try:
            response = self._send(method, _with(path, query or {}), body, content, seconds)
            data = response.read() or b""
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._away(error) from error
        warnings = tuple(_warning(w) for w in response.response.headers.getlist("Warning"))
        return Answer(response.status, _parsed(data), warnings)

    def watch(self, path: str, since: str, **more: str) -> Iterator[dict[str, Any]]:
        """The changes after a resource version, as the server tells them, for at most ``WATCHED_SECONDS``."""
        query = {
            "watch": "true",
            "resourceVersion": since,
            "timeoutSeconds": WATCHED_SECONDS,
            "allowWatchBookmarks": "true",
        } | more
        try:
            response = self._send("GET", _with(path, query), None, "", WATCHED_SECONDS + READ_SECONDS)
            rest = b""
            for chunk in response.response.stream(amt=None, decode_content=True):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    yield json.loads(line)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._away(error) from error

    def _send(self, method: str, path: str, body: Any, content: str, seconds: float) -> Any:
        configuration = self._client.configuration
        headers = dict(self._client.default_headers) | {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = content
        if token := configuration.get_api_key_with_prefix("authorization"):
            headers["authorization"] = token
        return self._client.call_api(
            method, f"{configuration.host}{path}", headers, body=body, _request_timeout=(CONNECT_SECONDS, seconds)
        )

    def _away(self, error: Exception) -> WorldError:
        why = getattr(error, "reason", None) or error
        return WorldError(f"The API server of {self.context} doesn't answer ({type(why).__name__}).", _HINT)


def _with(path: str, query: Mapping[str, Any]) -> str:
    return quote(path, safe="/:") + (f"?{urlencode(query)}" if query else "")


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return data.decode(errors="replace")


def _warning(header: str) -> str:
    # 299 - "the text": the text is a quoted string
    _, _, text = header.partition('"')
    return text.rstrip().removesuffix('"').replace('\\"', '"') or header
