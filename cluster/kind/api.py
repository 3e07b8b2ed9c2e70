"""The API server through the official client: JSON in, JSON out, and one error class when it doesn't answer.

The client's models aren't used: converting each answer costs more than the request, and a dry run also sends
documents that fit no model.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlencode

import urllib3
from kubernetes.client import ApiClient
from kubernetes.client.exceptions import OpenApiException
from kubernetes.config.config_exception import ConfigException

from cluster.errors import NotReadyError, WorldError
from cluster.kind.detect import NAME

CONNECT_SECONDS, READ_SECONDS = 4.0, 15.0
WATCHED_SECONDS = 20
"""How long one watch lasts before it is renewed, in seconds; a server that is silent for longer is unreachable."""

_AWAY = (urllib3.exceptions.HTTPError, OSError, OpenApiException, ConfigException, HTTPException, ValueError)
"""What a request raises without a complete answer: the client wraps some TLS errors in its own, and the answer may be
neither HTTP nor JSON."""

_NO_RIGHTS = re.compile(r'is forbidden: User "[^"]*" cannot ')


@dataclass(frozen=True, slots=True)
class Answer:
    """The server's answer: the HTTP status, the body as JSON (or else as text), and its warnings."""

    status: int
    body: Any
    warnings: tuple[str, ...] = field(default=())

    @property
    def good(self) -> bool:
        """Whether the request succeeded."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def message(self) -> str:
        """The server's own message."""
        return str(self.body.get("message", "")) if isinstance(self.body, dict) else str(self.body)[:200]


class Api:
    """One API server. Every method raises NotReadyError if it doesn't answer. Thread-safe."""

    def __init__(self, client: ApiClient, context: str) -> None:
        self.context = context
        self._client = client

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Return an object or a list. Raises WorldError also if the server refuses."""
        answer = self.ask("GET", path, query=query)
        if not answer.good or not isinstance(answer.body, dict):
            raise self.refusal(answer, path)
        return answer.body

    def create(
        self, path: str, thing: Mapping[str, Any], hint: str = "Try again.", refused: Callable[[Answer], None] | None = None
    ) -> dict[str, Any]:  # fmt: skip
        """Create an object; returns it as the server completed it.

        Raises WorldError with ``hint`` when the server refuses. ``refused`` gets the refusal first and may raise a more exact error.
        """
        answer = self.ask("POST", path, thing)
        if not answer.good or not isinstance(answer.body, dict):
            if refused is not None:
                refused(answer)
            problem = f"The API server could not create our {thing.get('kind')}: {answer.message}"
            raise self.trouble(answer) or WorldError(problem, hint)
        return answer.body

    def trouble(self, answer: Answer) -> WorldError | None:
        """Return the error if an answer isn't about the request itself; None if it is.

        A starting server refuses requests that it will grant a moment later: it has no storage yet (500, 503), or hasn't
        loaded the access rights yet (403); then a user seems to have no rights.
        """
        if answer.status == HTTPStatus.UNAUTHORIZED:
            return WorldError(
                f"The API server of {self.context} doesn't know the user of your kubeconfig.", self._out_of_date()
            )
        ready = f"The API server of {self.context} isn't ready"
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return NotReadyError(f"{ready}: {answer.message}", self._is_it_up())
        if answer.status == HTTPStatus.FORBIDDEN and _NO_RIGHTS.search(answer.message):
            return NotReadyError(f"{ready}, or you have no rights there: {answer.message}", self._is_it_up())
        if not isinstance(answer.body, dict) and answer.status != HTTPStatus.NOT_FOUND:
            return WorldError(
                f"The server at the address of {self.context} isn't an API server (status {answer.status}).",
                self._out_of_date(),
            )
        return None

    def refusal(self, answer: Answer, path: str) -> WorldError:
        """The error for an answer that isn't the object or list that was asked for."""
        problem = f"The API server of {self.context} refused {path}: {answer.message}"
        return self.trouble(answer) or WorldError(problem, self._is_it_up())

    def ask(
        self, method: str, path: str, body: Any = None, *, query: Mapping[str, Any] | None = None,
        content: str = "application/json", seconds: float = READ_SECONDS,
    ) -> Answer:  # fmt: skip
        """Send a request; a ``body`` that is a text is sent unchanged, everything else as JSON."""
        try:
            response = self._send(method, _with(path, query or {}), body, content, seconds)
            data = response.read() or b""
        except _AWAY as error:
            raise self._away(error) from error
        warnings = tuple(_warning(w) for w in response.response.headers.getlist("Warning"))
        return Answer(response.status, _parsed(data), warnings)

    def watch(self, path: str, since: str, **more: str) -> Iterator[dict[str, Any]]:
        """Yield the changes after a resource version as the server sends them, for at most ``WATCHED_SECONDS``.

        A version that the server no longer has leads to a change of type ERROR. Raises WorldError if it refuses.
        """
        query = {
            "watch": "true",
            "resourceVersion": since,
            "timeoutSeconds": WATCHED_SECONDS,
            "allowWatchBookmarks": "true",
        } | more
        try:
            response = self._send("GET", _with(path, query), None, "", WATCHED_SECONDS + READ_SECONDS)
            if response.status != HTTPStatus.OK:
                answer = Answer(response.status, _parsed(response.read() or b""))
                if answer.status != HTTPStatus.GONE:
                    raise self.refusal(answer, path)
                yield {"type": "ERROR", "object": answer.body}
                return
            rest = b""
            for chunk in response.response.stream(amt=None, decode_content=True):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    yield json.loads(line)
        except _AWAY as error:
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
        reason = getattr(error, "reason", None) or error
        if "CERTIFICATE_VERIFY_FAILED" in str(reason):
            return WorldError(
                f"The server at the address of {self.context} has a certificate that your kubeconfig doesn't trust.",
                self._out_of_date(),
            )
        name = reason.partition("\n")[0] if isinstance(reason, str) else type(reason).__name__
        return NotReadyError(f"The API server of {self.context} doesn't answer ({name}).", self._is_it_up())

    def _is_it_up(self) -> str:
        if self.context == NAME:
            return "Check with `workbook cluster status` whether it runs; `workbook cluster up` starts it."
        return f"Check whether it runs and you can reach it: `kubectl --context {self.context} get --raw /readyz`."

    def _out_of_date(self) -> str:
        if self.context == NAME:
            name = NAME.removeprefix("kind-")
            return f"If the cluster is the workbook's, `kind export kubeconfig --name {name}` updates your kubeconfig."
        return f"Update the context {self.context} in your kubeconfig."


def _with(path: str, query: Mapping[str, Any]) -> str:
    return quote(path, safe="/:") + (f"?{urlencode(query)}" if query else "")


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return data.decode(errors="replace")


def _warning(header: str) -> str:
    # 299 - "the text": the text is a quoted string in UTF-8, but Python decodes every header as Latin-1.
    # Source: NewWarningHeader in apimachinery's pkg/util/net/http.go.
    with contextlib.suppress(UnicodeError):
        header = header.encode("latin-1").decode()
    _, _, text = header.partition('"')
    return re.sub(r"\\(.)", r"\1", text.rstrip().removesuffix('"')) or header
