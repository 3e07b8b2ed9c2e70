"""The driver that carries out the release train on a real cluster: a Deployment in its own namespace."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from cluster.errors import WorldError
from cluster.kind import rewrite
from cluster.kind.api import Answer, Api
from cluster.kind.capacity import need, room
from cluster.kind.event_log import SharedLog
from cluster.kind.observed import PodSeen
from cluster.kind.observer import Observer
from cluster.kind.rewrite import LOAD, LOAD_PORT
from cluster.shop.releases import FAULT_PORT, LEAK_MOST, PORT, REQUEST_IN_FLIGHT
from cluster.train.stops import LEAK, ROLLOUT_WITHIN, SETTLED_WITHIN, Scenario
from cluster.train.timeline import EventKind

LOAD_READY_WITHIN = 60.0
PROXIES_KNOW_WITHIN = 10.0
"""The time limits, in seconds, for the load client's start, and for the first second without a failed request."""

FAULT_TAKEN_WITHIN = 10.0
"""How long a pod may take to accept a fault, in seconds: its container runs before its program listens."""

SLOW = "slow"
"""The fault that makes requests slow."""


class KindDriver(Observer):
    """One lane's Deployment, pods and load. Waiting blocks until the watches see the condition.

    Every method may raise WorldError if the cluster is broken, and StoppedError if the run was ended.
    """

    def __init__(self, api: Api, namespace: str, scenario: Scenario, log: SharedLog) -> None:
        super().__init__(api, namespace, scenario, log)
        self._beside = scenario.documents
        self._release = ""
        self._service_address = ""

    def prepare(self, stop: str) -> None:
        """Create the objects beside the Deployment, and start the watches. Refusals are logged for ``stop``."""
        for path, thing in rewrite.beside(self._beside, self.namespace):
            answer = self.api.ask("POST", path, thing)
            if not answer.good:
                self._still_there(answer)
                what = f"{thing.get('kind')} {thing['metadata'].get('name')}"
                self.log.tell(what, EventKind.FAILED_CREATE, answer.message[:300], stop=stop)
        self._service_address = self._created("services", rewrite.service(self.document))["spec"]["clusterIP"]
        self.follow()
        self.log.begin()

    def wait(self, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Wait at most ``seconds`` for a condition; return whether it holds. The watches wake it."""
        return self.log.wait(seconds, until)

    # --- the Deployment

    def start(self, release: str = "") -> None:
        """Create the Deployment, with another release if one is named."""
        self._stuck = {}
        self._release = release
        answer = self.api.ask("POST", self._deployments, rewrite.deployment(self.document, self.namespace, release))
        if answer.good:
            self._name = str(answer.body["metadata"]["name"])
            self._uid = str(answer.body["metadata"]["uid"])
            return
        self._still_there(answer)
        self.log.tell(self.spec.name, EventKind.FAILED_CREATE, answer.message[:300])
        with self.log.lock:
            self._stuck[self.spec.name] = self.log.now

    def update(self, release: str) -> None:
        """Update the Deployment to another release."""
        self._release = release
        thing = rewrite.deployment(self.document, self.namespace, release)
        thing["metadata"]["name"] = self._name
        answer = self.api.ask("PUT", f"{self._deployments}/{self._name}", thing)
        if not answer.good:
            self._still_there(answer)
            raise WorldError(f"The API server could not update the Deployment: {answer.message}", "Try again.")
        with self.log.lock:
            self._deployment = answer.body

    def replace(self, release: str) -> None:
        """Delete the Deployment with its pods, and create it again with another release."""
        self._uid = ""
        self.api.ask("DELETE", f"{self._deployments}/{self._name}", {"propagationPolicy": "Background"})
        for pod in self.alive():
            self.delete(pod, grace=1)
        self.wait(SETTLED_WITHIN, lambda: not self.alive())
        with self.log.lock:
            self._deployment = {}
        self.start(release)

    def wait_for_rollout(self) -> bool:
        """Wait for the rollout; return whether it is complete and stays so. Return early if nothing will change."""
        if self.spec.paused or self.spec.replicas < 1:
            return False
        self._complete_since = None
        self.wait(ROLLOUT_WITHIN, lambda: self.stays_complete() or self._hopeless())
        return self.stays_complete()

    def check_capacity(self) -> None:
        """Raise WorldError if a pod that an empty node could hold found no room: the cluster is full."""
        if not room(self.api).could_hold(need(self.document)):
            return
        full = ("Insufficient", "Too many pods")
        unscheduled = [
            e for e in self.log.events if e.kind is EventKind.FAILED_SCHEDULING and any(why in e.detail for why in full)
        ]
        waiting = {p.name for p in self.alive()} & {e.subject for e in unscheduled}
        if waiting and not any(e.subject in waiting and e.kind is EventKind.SCHEDULED for e in self.log.events):
            raise WorldError(
                f"The cluster is full: {unscheduled[0].detail[:200]}", "Try again when other runs are over."
            )

    def _still_there(self, answer: Answer) -> None:
        """Raise WorldError if the server refuses for its own reasons, or because the run's namespace is being deleted."""
        if trouble := self.api.trouble(answer):
            raise trouble
        if answer.status == HTTPStatus.NOT_FOUND or "being terminated" in answer.message:
            raise self._taken_away()

    @property
    def _deployments(self) -> str:
        return rewrite.PATHS["Deployment"].format(self.namespace)

    def _created(self, collection: str, thing: dict[str, Any]) -> dict[str, Any]:
        path = f"/api/v1/namespaces/{self.namespace}/{collection}"
        return self.api.create(path, thing, refused=self._still_there)

    # --- the pods

    def old(self) -> list[PodSeen]:
        """The pods of an earlier release than the Deployment's."""
        return [p for p in self.alive() if p.release != self._release]

    def delete(self, pod: PodSeen, grace: int | None = None) -> None:
        """Delete a pod, with its own grace period unless ``grace`` is given."""
        body = {} if grace is None else {"gracePeriodSeconds": grace}
        self.api.ask("DELETE", f"/api/v1/namespaces/{self.namespace}/pods/{pod.name}", body)

    def takes_faults(self) -> bool:
        """Whether a ready pod answers on its fault port within the time that its program needs to listen."""
        found = self._poll(FAULT_TAKEN_WITHIN, lambda: any(self._faults(pod) for pod in self.ready()))
        if not found:
            self.check_capacity()
        return found

    def break_pod(self, pod: PodSeen, fault: str, detail: str) -> float:
        """Turn on a fault in a pod and log it. Returns 0: it takes effect at once."""
        pod.leaks = fault == LEAK
        self._put_fault(pod, fault)
        self.log.tell(pod.name, EventKind.FAULT, detail)
        return 0.0

    def mend_pod(self, pod: PodSeen, fault: str) -> None:
        """Turn off a fault in a pod."""
        self._fault("DELETE", pod, fault)

    def end_leak(self, pod: PodSeen, *, restarted: bool) -> float | None:
        """Stop a leak; return the leaked bytes, or None if the process ended before it was asked."""
        taken = None
        if not restarted:
            state = self._faults(pod)
            taken = float(state["leak"]["taken_bytes"] if state else LEAK_MOST)
            self.mend_pod(pod, LEAK)
        pod.leaks = False
        return taken

    def _put_fault(self, pod: PodSeen, fault: str, **query: Any) -> None:
        # Without a readiness probe a pod is ready before its program listens.
        self._poll(FAULT_TAKEN_WITHIN, lambda: pod.gone or self._fault("PUT", pod, fault, **query))

    def _fault(self, method: str, pod: PodSeen, fault: str, **query: Any) -> bool:
        """Turn a fault of a pod on (PUT) or off (DELETE); return whether the pod accepted it."""
        return self._proxied(method, f"{pod.name}:{FAULT_PORT}", f"/faults/{fault}", query).good

    def _faults(self, pod: PodSeen) -> dict[str, Any] | None:
        """Return the state of a pod's faults; None if it doesn't answer."""
        answer = self._proxied("GET", f"{pod.name}:{FAULT_PORT}", "/faults")
        return answer.body["faults"] if answer.good else None

    def _poll(self, seconds: float, done: Callable[[], bool]) -> bool:
        """Poll a condition that no watch reports; return whether it holds."""
        until = self.log.now + seconds
        while not (found := done()) and self.log.now < until:
            self.wait(0.1)
        return found

    def _proxied(
        self, method: str, at: str, path: str, query: Mapping[str, Any] | None = None, seconds: float = 10.0
    ) -> Answer:
        """Send a request to a pod through the API server; ``at`` is its name and port, such as ``orders-1:8080``."""
        where = f"/api/v1/namespaces/{self.namespace}/pods/{at}/proxy{path}"
        return self.api.ask(method, where, query=query, seconds=seconds)

    # --- requests

    def request_in_flight(self, pod: PodSeen) -> Callable[[], bool]:
        """Send a pod a request that takes ``REQUEST_IN_FLIGHT``, in a thread; return a function that says if it was answered."""
        self._put_fault(pod, SLOW, seconds=REQUEST_IN_FLIGHT)
        statuses: list[int] = []

        def ask() -> None:
            with contextlib.suppress(WorldError):
                answer = self.orders(pod, REQUEST_IN_FLIGHT + 30)
                with self.log.lock:
                    statuses.append(answer.status)

        def answered() -> bool:
            asking.join(REQUEST_IN_FLIGHT + 5)
            with self.log.lock:
                return HTTPStatus.OK in statuses

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        self._poll(5.0, lambda: bool((self._faults(pod) or {}).get(SLOW, {}).get("waiting")))
        return answered

    def orders(self, pod: PodSeen, seconds: float) -> Answer:
        """GET /orders from one pod, on the port that the answer configures for the shop."""
        return self._proxied(
            "GET", f"{pod.name}:{self.spec.pod.main.program.listens or PORT}", "/orders", seconds=seconds
        )

    def prepare_load(self) -> None:
        """Create the load client's pod."""
        self._created("pods", rewrite.load_client())

    def begin_load(self, rate: float) -> None:
        """Make the load client send ``rate`` requests a second to the Service; returns a second later. Raises WorldError if it can't.

        A node's proxy learns of endpoints later than the API server, and refuses until then. Counting begins once no
        request has failed for a second.
        """
        query = {"host": self._service_address, "port": 80, "rate": rate}

        def begun() -> bool:
            return self._load("PUT", query).good

        def quiet() -> bool:
            answer = self._load("GET")
            return answer.good and answer.body["sent"] > 0 and not answer.body["failed"]

        until = self.log.now + LOAD_READY_WITHIN
        while not begun():
            if self.log.now > until:
                raise WorldError(
                    "The client that sends requests never started.", "Try again; `workbook cluster status` shows more."
                )
            self.wait(0.5)
        until = self.log.now + PROXIES_KNOW_WITHIN
        self.wait(1)
        while not quiet() and self.log.now < until:
            begun()
            self.wait(1)
        begun()
        self.wait(1)

    def end_load(self) -> tuple[int, int, str]:
        """Stop the load; return how many requests were sent, how many failed, and why."""
        answer = self._load("DELETE", seconds=20)
        if not answer.good:
            raise WorldError(f"The client that sends requests was lost: {answer.message}", "Try again.")
        reasons = ", ".join(f"{count} {reason}" for reason, count in answer.body["reasons"].items())
        return int(answer.body["sent"]), int(answer.body["failed"]), reasons

    def _load(self, method: str, query: Mapping[str, Any] | None = None, seconds: float = 10.0) -> Answer:
        return self._proxied(method, f"{LOAD}:{LOAD_PORT}", "/load", query, seconds)
