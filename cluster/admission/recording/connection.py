"""Requests of a recording to an API server, over any connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Ask = Callable[[str, str, Any], tuple[int, Any]]
"""Send a request (method, path, body as JSON or None) and return the answer's status and body.

The answer's body is JSON, or else a text. The path begins with a slash. A POST has the query
``cluster.admission.response.STRICT``. Raises OSError or WorldError if the server doesn't answer.
"""

Progress = Callable[[str, int, int], object]
"""Called with the current subject, the number of finished requests, and their total."""


def get(ask: Ask, path: str) -> Any:
    """Return a document of the server. Raises OSError if it has none."""
    status, body = ask("GET", path, None)
    if status >= 400:  # noqa: PLR2004
        raise OSError(f"the server answered {status} to GET {path}")
    return body


def create(ask: Ask, kind: Mapping[str, Any], gvk: str, fields: Mapping[str, Any]) -> tuple[int, Any]:
    """Create an object in the namespace ``default``, as a dry run; return the status, and the object or the refusal."""
    api_version, _, name = gvk.rpartition("/")
    scope = "/namespaces/default" if kind["namespaced"] else ""
    body = {"apiVersion": api_version, "kind": name, **fields}
    return ask("POST", f"/{kind['path']}{scope}/{kind['plural']}", body)
