"""How a recording asks an API server, so that it works over any connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Ask = Callable[[str, str, Any], tuple[int, Any]]
"""Send a request: the method, the path and the body as JSON or None. The answer's status and its body.

The answer's body is JSON, or a text where it is none. The path begins with a slash. A POST carries the query
``cluster.admission.response.STRICT``. Raises OSError or WorldError where the server doesn't answer.
"""

Progress = Callable[[str, int, int], object]
"""Told what is being recorded, how many of its questions are answered, and how many there are."""


def get(ask: Ask, path: str) -> Any:
    """A document of the server's. Raises OSError where it has none."""
    status, body = ask("GET", path, None)
    if status >= 400:  # noqa: PLR2004
        raise OSError(f"the server answered {status} to GET {path}")
    return body


def create(ask: Ask, kind: Mapping[str, Any], gvk: str, fields: Mapping[str, Any]) -> tuple[int, Any]:
    """Ask to create an object, as a dry run, in the namespace ``default``. The status, and the object or the refusal."""
    api_version, _, name = gvk.rpartition("/")
    scope = "/namespaces/default" if kind["namespaced"] else ""
    body = {"apiVersion": api_version, "kind": name, **fields}
    return ask("POST", f"/{kind['path']}{scope}/{kind['plural']}", body)
