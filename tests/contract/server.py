"""The API server that is recorded: the connection to it, and the version that it gives itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cluster.errors import WorldError
from cluster.kind.api import Api
from cluster.kind.context import connect

_VERSION = re.compile(r"v(\d+)\.(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers. ``version`` is its own word, such as ``v1.37.2``; ``context`` names it, empty for ours."""

    api: Api
    version: str
    context: str = ""

    @classmethod
    def reach(cls, context: str = "") -> Server:
        """The workbook's own cluster, or the one of a context. Raises WorldError where it doesn't answer."""
        api = connect(context)
        return cls(api, str(api.get("/version").get("gitVersion", "")), context)

    @property
    def minor(self) -> str:
        """The minor alone: ``1.37``. Raises WorldError for a version that can't be read."""
        return minor_of(self.version)


def minor_of(version: str) -> str:
    """The minor of a version. Raises WorldError for one that can't be read."""
    found = _VERSION.match(version)
    if found is None:
        raise WorldError(f"The server gives itself the version “{version}”, which isn't one of Kubernetes'.")
    return f"{found[1]}.{found[2]}"
