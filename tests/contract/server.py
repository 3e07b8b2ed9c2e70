"""The recorded API server: the connection to it, and its full version."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cluster.errors import WorldError
from cluster.kind.api import Api
from cluster.kind.context import connect

_VERSION = re.compile(r"v(\d+)\.(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers. ``version`` is its full version, such as ``v1.37.2``; ``context`` names it, empty for ours."""

    api: Api
    version: str
    context: str = ""

    @classmethod
    def reach(cls, context: str = "") -> Server:
        """Connect to the workbook's own cluster, or to a context's. Raises WorldError if it doesn't answer."""
        api = connect(context)
        return cls(api, str(api.get("/version").get("gitVersion", "")), context)

    @property
    def minor(self) -> str:
        """The minor version: ``1.37``. Raises WorldError if the version can't be parsed."""
        return minor_of(self.version)


def minor_of(version: str) -> str:
    """Return the minor version of a version. Raises WorldError if it can't be parsed."""
    found = _VERSION.match(version)
    if found is None:
        raise WorldError(f"The server gives itself the version “{version}”, which isn't one of Kubernetes'.")
    return f"{found[1]}.{found[2]}"
