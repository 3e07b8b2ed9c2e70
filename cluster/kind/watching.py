"""Watches: a thread for each kind of object, from the list to every change after it, until its lane is over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cluster.errors import WorldError
from cluster.kind.api import Api
from cluster.kind.event_log import Record

Handle = Callable[[str, dict[str, Any]], None]
"""Takes the type of a change (ADDED, MODIFIED, DELETED) and the object."""


def follow(api: Api, path: str, handle: Handle, record: Record, **query: str) -> None:
    """Have ``handle`` told of every object in a collection and every change to one, in a thread of its own."""
    threading.Thread(target=_Follower(api, path, handle, record, query).run, daemon=True).start()


@dataclass(frozen=True, slots=True)
class _Follower:
    api: Api
    path: str
    handle: Handle
    record: Record
    query: dict[str, str]

    def run(self) -> None:
        try:
            while not self.record.ended:
                listing = self.api.get(self.path, **self.query)
                for item in listing["items"]:
                    self.handle("ADDED", item)
                since = str(listing["metadata"]["resourceVersion"])
                while since and not self.record.ended:
                    since = self._watch(since)
        except WorldError as trouble:
            self.record.fail(trouble)

    def _watch(self, since: str) -> str:
        """Watch once; the resource version to go on from, or nothing where the list has to be taken anew."""
        for change in self.api.watch(self.path, since, **self.query):
            if self.record.ended:
                break
            if change["type"] == "ERROR":
                return ""
            since = str(change["object"]["metadata"]["resourceVersion"])
            if change["type"] != "BOOKMARK":
                self.handle(change["type"], change["object"])
        return since
