"""The live tests' requests to the cluster: the namespaces of runs, and an object once a condition holds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from cluster.kind import guards
from cluster.kind.api import Api


def namespaces(api: Api) -> set[str]:
    """The namespaces of runs that aren't on their way out."""
    every = api.get("/api/v1/namespaces", labelSelector=guards.SELECTOR)["items"]
    return {n["metadata"]["name"] for n in every if n["status"].get("phase") != "Terminating"}


def awaited(
    api: Api, path: str, done: Callable[[dict[str, Any]], bool], seconds: float = 60.0, **query: str
) -> dict[str, Any]:
    """The first object of a collection that meets a condition, now or within so many seconds."""
    until = time.monotonic() + seconds
    listing = api.get(path, **query)
    for item in listing["items"]:
        if done(item):
            found: dict[str, Any] = item
            return found
    since = listing["metadata"]["resourceVersion"]
    while time.monotonic() < until:
        for change in api.watch(path, since, **query):
            since = change["object"]["metadata"].get("resourceVersion", since)
            if change["type"] != "BOOKMARK" and done(change["object"]):
                return dict(change["object"])
    raise AssertionError(f"nothing in {path} came to that within {seconds} s")
