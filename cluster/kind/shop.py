"""The shop as pods in its own namespace: engines and programs, each with a Service and a NetworkPolicy."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cluster.errors import WorldError
from cluster.kind import guards
from cluster.kind.api import Api
from cluster.kind.capacity import room
from cluster.kind.context import without_image
from cluster.kind.event_log import SharedLog
from cluster.kind.isolation import await_alone
from cluster.kind.shop_objects import (
    CONTROL_PORT,
    ENGINES,
    PORT,
    SINK,
    SMTP_PORT,
    VISITOR,
    callers,
    engine_pod,
    policy,
    program_pod,
    service,
)
from cluster.kind.watching import follow
from cluster.kind.world import ROOM_WITHIN, KindCluster, own_namespace, renew, sweep, untested
from cluster.pods.requests import Amount
from cluster.shop import story
from cluster.shop.story import Story, Watch
from cluster.shop.wiring import API, RELAY, WORKER, Wiring

WAY = "kind"
NO_SERVER = "http://127.0.0.1:9"
"""The address for a missing part: connections to it are refused."""

READY_WITHIN = 60.0
PROXIES_KNOW_WITHIN, LOOKED_EACH = 10.0, 0.2
ENFORCED = "The network enforces NetworkPolicies: connections without an arrow are refused."
NOT_ENFORCED = (
    "This cluster's network doesn't enforce NetworkPolicies (a canary tried): a part doesn't get "
    "the address of a part to which it has no arrow, but isn't kept from it."
)
NEEDS = Amount(0.02 * 8, 700 * 2**20)
"""The requests of all pods of a shop."""


class KindShop:
    """A shop of pods, for one wiring at a time. ``context`` names a kubeconfig context; without it only our cluster is used."""

    way = WAY

    def __init__(self, context: str = "") -> None:
        self._cluster = KindCluster(context)

    @property
    def version(self) -> str:
        """The cluster's minor version of Kubernetes; empty before the first request."""
        return self._cluster.version

    def run(self, wiring: Wiring, watch: Watch | None = None) -> Story:
        """Start the wiring's parts, run the story and remove everything. Raises WorldError if the shop can't run."""
        with self.stage(wiring) as it:
            return story.tell(it, wiring, watch)

    @contextmanager
    def stage(self, wiring: Wiring) -> Iterator[KindStage]:
        """Run a shop until the block ends, ready from the start."""
        api = self._cluster.api
        sweep(api)
        enforced = self._cluster.network_enforces()
        if not enforced:
            await_alone(api, lambda: False, ROOM_WITHIN + guards.LIVES, lambda: sweep(api))
        if not NEEDS.fits(room(api).empty):
            raise WorldError(
                "The cluster is too small for the shop.", f"It needs {NEEDS.memory / 2**20:.0f} Mi of memory."
            )
        name = f"workbook-{secrets.token_hex(4)}-shop"
        with own_namespace(api, name):
            it = KindStage(api, name, wiring, enforced=enforced, version=self.version)
            try:
                it.start()
                yield it
            finally:
                it.close()


class KindStage:
    """The pods of one shop."""

    way = WAY

    def __init__(self, api: Api, namespace: str, wiring: Wiring, *, enforced: bool, version: str) -> None:
        self._api = api
        self._namespace = namespace
        self._wiring = wiring
        self._log = SharedLog(lambda: None)
        self._addresses: dict[str, str] = {}
        self._ready: dict[str, bool] = {}
        self._there: set[str] = set()
        self._password = secrets.token_hex(16)
        self._renewed = time.monotonic()
        other = untested(version)
        self.notes = (ENFORCED if enforced else NOT_ENFORCED, *([f"{other}."] if other else []))

    def start(self) -> None:
        """Create everything, and wait until each part is ready. Raises WorldError if one isn't."""
        parts = [*(p for p in ENGINES if p in self._wiring.parts), SINK, VISITOR]
        parts += [p for p in (API, WORKER, RELAY) if p in self._wiring.parts]
        for part in parts:
            self._addresses[part] = str(self._create("services", service(part))["spec"]["clusterIP"])
            allowed = policy(part, callers(part, self._wiring))
            self._api.create(f"/apis/networking.k8s.io/v1/namespaces/{self._namespace}/networkpolicies", allowed)
        follow(self._api, f"{self._inside}/pods", self._pod, self._log)
        for part in parts:
            self._start(part)
        self._await_ready()

    def close(self) -> None:
        """Stop the watch. Everything is deleted with the namespace."""
        self._log.end()

    def visit(self, method: str, query: Mapping[str, Any] | None = None, within: float = 30.0) -> Any:
        """Return the visitor's answer. Raises WorldError if it can't be reached."""
        return self._asked(VISITOR, PORT, method, "/orders", query, within)

    def take_away(self, part: str) -> None:
        """Stop a part and wait for its end."""
        if part in ENGINES:
            self._asked(part, CONTROL_PORT, "PUT", "/running", {"on": "false"}, 20)
            self._await(lambda: not self._ready.get(part), f"The shop's {part} didn't stop.")
        else:
            self._api.ask("DELETE", f"{self._inside}/pods/{part}", {})
            self._await(lambda: part not in self._ready, f"The shop's {part} didn't stop.")
        self._there.discard(part)

    def bring_back(self, part: str) -> None:
        """Start a part again with its data, and wait until every part is ready."""
        if part in ENGINES:
            self._asked(part, CONTROL_PORT, "PUT", "/running", {"on": "true"}, 40)
            self._there.add(part)
        else:
            self._start(part)
        self._await_ready()

    def mail_takes(self, seconds: float) -> None:
        """Make the mail server take this long for each email."""
        self._asked(SINK, PORT, "PUT", "/mood", {"delay": seconds}, 10)

    def rewire(self, wiring: Wiring) -> None:
        """Restart API and worker with the connections of another wiring."""
        self._wiring = wiring
        for part in (API, WORKER):
            self._api.ask("DELETE", f"{self._inside}/pods/{part}", {"gracePeriodSeconds": 0})
        self._await(lambda: not {API, WORKER} & self._ready.keys(), "The shop's API didn't stop.")
        policies = f"/apis/networking.k8s.io/v1/namespaces/{self._namespace}/networkpolicies"
        for part in self._addresses:
            allowed = policy(part, callers(part, wiring))
            self._api.ask("PATCH", f"{policies}/{part}", allowed, content="application/merge-patch+json")
        for part in (API, WORKER):
            self._start(part)
        self._await_ready()

    # --- pods

    @property
    def _inside(self) -> str:
        return f"/api/v1/namespaces/{self._namespace}"

    def _start(self, part: str) -> None:
        if part in ENGINES:
            self._create("pods", engine_pod(part, self._password))
        else:
            self._create("pods", program_pod(part, self._given(part), ""))
        self._there.add(part)

    def _given(self, part: str) -> dict[str, str]:
        """Return the environment with a program's connections: exactly those of its arrows."""
        urls = {
            name: (engine.variable, engine.url.format(password=self._password, at=self._addresses[name]))
            for name, engine in ENGINES.items()
            if name in self._wiring.parts
        }
        if part == VISITOR:
            mail = f"smtp://{self._addresses[SINK]}:{SMTP_PORT}"
            others = {"API_URL": API, "SINK_URL": SINK, "WORKER_URL": WORKER}
            known = {name: self._url(other) for name, other in others.items() if other in self._addresses}
            return {"API_URL": self._url(API), "SMTP_URL": mail} | dict(urls.values()) | known
        given = dict(urls[name] for name in ENGINES if self._wiring.joined(part, name))
        if part == WORKER:
            given["SMTP_URL"] = f"smtp://{self._addresses[SINK]}:{SMTP_PORT}"
        if self._wiring.joined(part, WORKER):
            given["WORKER_URL"] = self._url(WORKER)
        return given

    def _url(self, part: str) -> str:
        return f"http://{self._addresses[part]}:{PORT}" if part in self._addresses else NO_SERVER

    def _pod(self, change: str, pod: dict[str, Any]) -> None:
        part = str(pod["metadata"]["name"])
        status = pod.get("status", {})
        for one in status.get("containerStatuses") or ():
            waiting = (one.get("state") or {}).get("waiting") or {}
            if str(waiting.get("reason", "")).startswith("ErrImage"):
                self._log.fail(without_image(self._api.context, str(one.get("image"))))
        with self._log.lock:
            if change == "DELETED":
                self._ready.pop(part, None)
            else:
                conditions = {c["type"]: c["status"] for c in status.get("conditions") or ()}
                self._ready[part] = conditions.get("Ready") == "True" and not pod["metadata"].get("deletionTimestamp")
        self._log.wake()

    def _await_ready(self) -> None:
        def ready() -> bool:
            return all(self._ready.get(part) for part in self._there)

        self._await(ready, "The shop wasn't ready")
        # A node's proxy learns of endpoints later than the API server, and refuses until then.
        until = time.monotonic() + PROXIES_KNOW_WITHIN
        while not self._reached() and time.monotonic() < until:
            self._log.wait(LOOKED_EACH)

    def _reached(self) -> bool:
        seen = self._asked(VISITOR, PORT, "GET", "/reached", None, 10)
        return all(seen.get(part, True) for part in self._there)

    def _await(self, holds: Any, problem: str) -> None:
        if not self._log.wait(READY_WITHIN, holds):
            lacking = sorted(part for part in self._there if not self._ready.get(part))
            raise WorldError(
                f"{problem.rstrip('.')} within {READY_WITHIN:.0f} s{f' ({lacking[0]})' if lacking else ''}.",
                "Try again; `workbook cluster status` shows more.",
            )
        self._renew()

    # --- the API server

    def _create(self, collection: str, thing: dict[str, Any]) -> dict[str, Any]:
        return self._api.create(f"{self._inside}/{collection}", thing)

    def _asked(  # noqa: PLR0917  the parts of a request
        self, part: str, port: int, method: str, path: str, query: Mapping[str, Any] | None, within: float
    ) -> Any:
        self._renew()
        where = f"{self._inside}/pods/{part}:{port}/proxy{path}"
        answer = self._api.ask(method, where, query=query, seconds=within)
        if not answer.good:
            raise WorldError(f"The shop's {part} doesn't answer ({answer.message[:120]}).", "Try again.")
        return answer.body

    def _renew(self) -> None:
        if time.monotonic() - self._renewed > guards.RENEWED:
            self._renewed = time.monotonic()
            renew(self._api, self._namespace)
