"""Watches: one thread for each kind of object lists it and follows every change, until its lane is over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cluster.errors import WorldError
from cluster.kind.api import Api
from cluster.kind.event_log import SharedLog

Handle = Callable[[str, dict[str, Any]], None]
"""Called with the type of a change (ADDED, MODIFIED, DELETED) and the object."""


def follow(api: Api, path: str, handle: Handle, log: SharedLog, **query: str) -> None:
    """Call ``handle`` with every object in a collection and every change to one, in its own thread."""
    threading.Thread(target=_Follower(api, path, handle, log, query).run, daemon=True).start()


@dataclass(frozen=True, slots=True)
class _Follower:
    api: Api
    path: str
    handle: Handle
    log: SharedLog
    query: dict[str, str]

    def run(self) -> None:
        try:
            while not self.log.ended:
                listing = self.api.get(self.path, **self.query)
                for item in listing["items"]:
                    self.handle("ADDED", item)
                since = str(listing["metadata"]["resourceVersion"])
                while since and not self.log.ended:
                    since = self._watch(since)
        except WorldError as trouble:
            self.log.fail(trouble)

    def _watch(self, since: str) -> str:
        """Watch once; return the resource version to continue from, or an empty text if the list must be read again."""
        for change in self.api.watch(self.path, since, **self.query):
            if self.log.ended:
                break
            if change["type"] == "ERROR":
                return ""
            since = str(change["object"]["metadata"]["resourceVersion"])
            if change["type"] != "BOOKMARK":
                self.handle(change["type"], change["object"])
        return since
