"""Wait for a starting cluster, for example after a reboot: until it answers, and until Kubernetes' own pods run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from cluster.errors import NotReadyError
from cluster.kind.api import Api
from cluster.kind.unready import is_true

Found = TypeVar("Found")

LOOKED_AGAIN = 1.0
"""The time between two checks, in seconds: nothing notifies us when an API server begins to answer."""

SYSTEM = "kube-system"
_OVER = ("Succeeded", "Failed")
_STILL_STARTING = (
    "Wait a moment and try again. If that doesn't help: `workbook cluster down`, then `workbook cluster up`."
)


def awaited(look: Callable[[], Found], within: float, waiting: Callable[[], None]) -> Found:
    """Call ``look`` until it doesn't raise NotReadyError, and return its result; ``waiting`` is called before the first wait.

    After ``within`` seconds the NotReadyError is raised. Other errors are raised at once.
    """
    again, until, announced = threading.Event(), time.monotonic() + within, False  # never set: only its timeout is used
    while True:
        try:
            return look()
        except NotReadyError:
            if time.monotonic() >= until:
                raise
        if not announced:
            announced = True
            waiting()
        again.wait(LOOKED_AGAIN)


def require_running(api: Api, began: float) -> None:
    """Raise NotReadyError if the node or one of Kubernetes' own pods isn't ready, or has no report since the node started.

    ``began`` is in seconds since the epoch. The server keeps the last reports on nodes and pods, so after a reboot
    all of them seem ready until the kubelet reports again. But no running container is older than its node.
    """
    if not any(_ready(node) for node in api.get("/api/v1/nodes")["items"]):
        raise NotReadyError("The cluster's node isn't ready.", _STILL_STARTING)
    pods = api.get(f"/api/v1/namespaces/{SYSTEM}/pods")["items"]
    late = sorted(str(pod["metadata"]["name"]) for pod in pods if not (_over(pod) or _running(pod, began)))
    if late or not pods:
        what = late[0] if late else "a pod that Kubernetes needs"
        more = f" and {len(late) - 1} more" if late[1:] else ""
        raise NotReadyError(f"In the cluster, {what}{more} of {SYSTEM} doesn't run yet.", _STILL_STARTING)


def seconds(written: Any) -> float:
    """Parse a time as Docker and Kubernetes write it, in whole seconds since the epoch; 0 if it isn't one."""
    try:
        return datetime.fromisoformat(f"{str(written)[:19]}+00:00").timestamp()
    except ValueError:
        return 0.0


def _over(pod: dict[str, Any]) -> bool:
    return "deletionTimestamp" in pod["metadata"] or pod["status"].get("phase") in _OVER


def _running(pod: dict[str, Any], began: float) -> bool:
    containers = pod["status"].get("containerStatuses") or ()
    since = [seconds((one.get("state", {}).get("running") or {}).get("startedAt")) for one in containers]
    return _ready(pod) and bool(since) and min(since) >= began


def _ready(one: dict[str, Any]) -> bool:
    return is_true(one["status"], "Ready")
