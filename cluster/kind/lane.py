"""What both lanes of the train share on a real cluster: a namespace, a Deployment in it, and eyes on its pods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar

from cluster.errors import WorldError
from cluster.kind import observed
from cluster.kind import rewrite as prepared
from cluster.kind.api import Answer, Api
from cluster.kind.capacity import need, room
from cluster.kind.context import without_image
from cluster.kind.event_log import Record
from cluster.kind.observed import PodSeen
from cluster.kind.rewrite import LOAD, LOAD_PORT, SERVICE
from cluster.kind.watching import follow
from cluster.pods.podspec import read_deployment
from cluster.shop.releases import FAULT_PORT, PORT, release_of
from cluster.train.stops import MOST_REASONS, ROLLOUT_WITHIN, SETTLED_WITHIN, Scenario
from cluster.train.timeline import Kind

HOPELESS_AFTER = 12.0
"""A rollout is given up when something has kept a pod from being ready for so many seconds that nothing will change."""

LOAD_READY_WITHIN = 60.0
PROXIES_KNOW_WITHIN = 10.0
"""How long it is waited for a first second without a failed request, in seconds."""


class Lane:
    """One lane. ``ride`` is its stops; the rest is how it sees and touches the cluster."""

    STOPS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, api: Api, namespace: str, scenario: Scenario, record: Record) -> None:
        assert scenario.deployment is not None  # noqa: S101  for the type checker: without one there is no run
        self.api = api
        self.namespace = namespace
        self.scenario = scenario
        self.document = scenario.deployment
        self.spec = read_deployment(self.document)
        self.record = record
        self.pods: dict[str, PodSeen] = {}
        self._deployment: dict[str, Any] = {}
        self._slices: dict[str, dict[str, Any]] = {}
        self._stuck: dict[str, float] = {}
        self._complete_since: float | None = None
        self._name = ""
        self._uid = ""
        self._service_address = ""

    def run(self) -> None:
        """Set the namespace up and ride. Raises WorldError where the cluster is broken, StoppedError when ended."""
        for path, thing in prepared.beside(self.scenario.documents, self.namespace):
            answer = self.api.ask("POST", path, thing)
            if not answer.good:
                self._still_there(answer)
                what = f"{thing.get('kind')} {thing['metadata'].get('name')}"
                self.record.tell(what, Kind.FAILED_CREATE, answer.message[:300], stop=self.STOPS[0])
        self._service_address = self._created("services", prepared.service(self.document))["spec"]["clusterIP"]
        self._follow()
        self.ride()

    def ride(self) -> None:
        """The stops, in order."""
        raise NotImplementedError

    # --- the Deployment

    def start(self, release: str = "") -> None:
        """Create the Deployment, in a release where one is named."""
        self._stuck = {}
        thing = prepared.deployment(self.document, self.namespace, release)
        answer = self.api.ask("POST", self._deployments, thing)
        if answer.good:
            self._name = str(answer.body["metadata"]["name"])
            self._uid = str(answer.body["metadata"]["uid"])
            return
        self._still_there(answer)
        self.record.tell(self.spec.name, Kind.FAILED_CREATE, answer.message[:300])
        with self.record.lock:
            self._stuck[self.spec.name] = self.record.now

    def update(self, release: str) -> None:
        """Put another release into the Deployment."""
        thing = prepared.deployment(self.document, self.namespace, release)
        thing["metadata"]["name"] = self._name
        answer = self.api.ask("PUT", f"{self._deployments}/{self._name}", thing)
        if not answer.good:
            self._still_there(answer)
            raise WorldError(f"The API server could not update the Deployment: {answer.message}", "Try again.")
        with self.record.lock:
            self._deployment = answer.body

    def replace(self, release: str) -> None:
        """Take the Deployment away with its pods, and create it anew in another release."""
        self._uid = ""
        self.api.ask("DELETE", f"{self._deployments}/{self._name}", {"propagationPolicy": "Background"})
        for pod in self.alive():
            self.delete(pod, grace=1)
        self.record.wait(SETTLED_WITHIN, lambda: not self.alive())
        with self.record.lock:
            self._deployment = {}
        self.start(release)

    def complete(self) -> bool:
        """Whether the rollout is done, and the Service sends requests to every new pod."""
        done = bool(self._deployment) and observed.complete(self._deployment)
        return done and len(self.ready()) >= self.spec.replicas

    def stays_complete(self) -> bool:
        """Whether the rollout is done, and not only for a moment between two crashes."""
        with self.record.lock:
            if not self.complete():
                self._complete_since = None
                return False
            self._complete_since = since = self.record.now if self._complete_since is None else self._complete_since
            return self.record.now - since >= max((pod.steady for pod in self.alive()), default=0.0)

    def rolled_out(self) -> bool:
        """Wait for the rollout; whether it was done within its time."""
        if self.spec.paused or self.spec.replicas < 1:
            return False
        self._complete_since = None
        self.record.wait(ROLLOUT_WITHIN, lambda: self.stays_complete() or self._hopeless())
        if not (done := self.stays_complete()):
            self.sound()
            self._tell_obstacles()
        return done

    def any_release_could(self) -> bool:
        """Whether another release of the shop could become ready, where this one didn't."""
        with self.record.lock:
            unready = [p.obstacles() for p in self.alive() if not p.ready]
            kept = self.spec.name in self._stuck or any(p.evicted for p in self.pods.values())
        return not kept and (not unready or any(all(o.of_shop for o in every) for every in unready))

    def _tell_obstacles(self) -> None:
        """Tell what keeps pods from being ready: each sentence once, of the oldest pod that it is true of."""
        with self.record.lock:
            told = self._sentences(ready_too=False) or self._sentences(ready_too=True)
        for sentence, name in list(told.items())[:MOST_REASONS]:
            self.record.tell(name, Kind.WAITING, self._named(sentence))

    def _sentences(self, *, ready_too: bool) -> dict[str, str]:
        """What keeps pods from being ready, each sentence with the oldest pod that it is true of."""
        told: dict[str, str] = {}
        for pod in self.pods.values():
            for obstacle in pod.obstacles(ready_too=ready_too) if not pod.deleted else ():
                told.setdefault(obstacle.sentence, pod.name)
        told.pop("", None)
        return told

    def settle(self) -> bool:
        """Wait until every replica serves again."""
        settled = self.record.wait(SETTLED_WITHIN, lambda: len(self.ready()) >= self.spec.replicas)
        if not settled:
            self.sound()
        return settled

    def _hopeless(self) -> bool:
        there = {self.spec.name, *(pod.name for pod in self.alive())}
        since = min((at for name, at in self._stuck.items() if name in there), default=self.record.now)
        return self.record.now - since >= HOPELESS_AFTER and not self.ready()

    def _still_there(self, answer: Answer) -> None:
        """Raises WorldError where the server says no for a reason of its own, or as the run's namespace is going."""
        if trouble := self.api.trouble(answer):
            raise trouble
        if answer.status == HTTPStatus.NOT_FOUND or "being terminated" in answer.message:
            raise self._taken_away()

    def _taken_away(self) -> WorldError:
        return WorldError(
            f"The run's namespace {self.namespace} was taken away while it went on.",
            "Nothing is wrong with the answer. Try again.",
        )

    @property
    def _deployments(self) -> str:
        return prepared.PATHS["Deployment"].format(self.namespace)

    def _created(self, collection: str, thing: dict[str, Any]) -> dict[str, Any]:
        answer = self.api.ask("POST", f"/api/v1/namespaces/{self.namespace}/{collection}", thing)
        if not answer.good:
            self._still_there(answer)
            raise WorldError(f"The API server could not create our {thing['kind']}: {answer.message}", "Try again.")
        body: dict[str, Any] = answer.body
        return body

    # --- the pods

    def alive(self) -> list[PodSeen]:
        """The pods that aren't being deleted and aren't over, oldest first."""
        return [p for p in self.pods.values() if not p.deleted and not p.gone]

    def ready(self) -> list[PodSeen]:
        """The pods that the Service sends requests to."""
        return [p for p in self.alive() if p.ready]

    def delete(self, pod: PodSeen, grace: int | None = None) -> None:
        """Delete a pod, with the grace period that it asks for unless another is named."""
        body = {} if grace is None else {"gracePeriodSeconds": grace}
        self.api.ask("DELETE", f"/api/v1/namespaces/{self.namespace}/pods/{pod.name}", body)

    def proxied(
        self, method: str, at: str, path: str, query: Mapping[str, Any] | None = None, seconds: float = 10.0
    ) -> Answer:
        """A request to a pod, ``at`` its name and port as in ``orders-1:8080``, by way of the API server."""
        where = f"/api/v1/namespaces/{self.namespace}/pods/{at}/proxy{path}"
        return self.api.ask(method, where, query=query, seconds=seconds)

    def fault(self, method: str, pod: PodSeen, name: str, **query: Any) -> bool:
        """Turn a fault of a pod on (PUT) or off (DELETE); whether the pod took it."""
        return self.proxied(method, f"{pod.name}:{FAULT_PORT}", f"/faults/{name}", query).good

    def faults(self, pod: PodSeen) -> dict[str, Any] | None:
        """The state of a pod's faults; None where it doesn't answer."""
        answer = self.proxied("GET", f"{pod.name}:{FAULT_PORT}", "/faults")
        return answer.body["faults"] if answer.good else None

    def orders(self, pod: PodSeen, seconds: float) -> Answer:
        """GET /orders of one pod, at the port at which the answer has the shop listen."""
        return self.proxied(
            "GET", f"{pod.name}:{self.spec.pod.main.program.listens or PORT}", "/orders", seconds=seconds
        )

    # --- the load client

    def bring_load_client(self) -> None:
        """Create the pod that will send requests."""
        self._created("pods", prepared.load_client())

    def begin_load(self, rate: float) -> None:
        """Have it send requests to the Service, so many a second. Raises WorldError where it can't.

        Every node's proxy learns of endpoints after the API server does, and refuses until then. What is counted begins
        when nothing has failed for a second.
        """
        query = {"host": self._service_address, "port": 80, "rate": rate}

        def begun() -> bool:
            return self.proxied("PUT", f"{LOAD}:{LOAD_PORT}", "/load", query).good

        def quiet() -> bool:
            answer = self.proxied("GET", f"{LOAD}:{LOAD_PORT}", "/load")
            return answer.good and answer.body["sent"] > 0 and not answer.body["failed"]

        until = self.record.now + LOAD_READY_WITHIN
        while not begun():
            if self.record.now > until:
                raise WorldError(
                    "The client that sends requests never started.", "Try again; `workbook cluster status` tells more."
                )
            self.record.wait(0.5)
        until = self.record.now + PROXIES_KNOW_WITHIN
        self.record.wait(1)
        while not quiet() and self.record.now < until:
            begun()
            self.record.wait(1)
        begun()

    def end_load(self) -> tuple[int, int, str]:
        """Stop it; how many requests were sent, how many failed, and of what."""
        answer = self.proxied("DELETE", f"{LOAD}:{LOAD_PORT}", "/load", seconds=20)
        if not answer.good:
            raise WorldError(f"The client that sends requests was lost: {answer.message}", "Try again.")
        reasons = ", ".join(f"{count} {reason}" for reason, count in answer.body["reasons"].items())
        return int(answer.body["sent"]), int(answer.body["failed"]), reasons

    # --- the stops

    def begin(self, stop: str) -> None:
        """Begin a stop."""
        self.record.stop = stop
        self.record.tell(stop, Kind.BEGAN, stop=stop)

    def over(self, stop: str) -> None:
        """End a stop."""
        self.record.tell(stop, Kind.ENDED, stop=stop)

    def skip(self, reason: str, *stops: str) -> None:
        """Leave stops out, and say why."""
        for stop in stops:
            self.record.tell(stop, Kind.SKIPPED, reason, stop=stop)

    def sound(self) -> None:
        """Before an answer is blamed for what didn't happen: see that the cluster could have done it.

        Raises WorldError where it couldn't.
        """
        if not room(self.api).could_hold(need(self.document)):
            return
        full = ("Insufficient", "Too many pods")
        unscheduled = [
            e for e in self.record.events if e.kind is Kind.FAILED_SCHEDULING and any(why in e.detail for why in full)
        ]
        waiting = {p.name for p in self.alive()} & {e.subject for e in unscheduled}
        if waiting and not any(e.subject in waiting and e.kind is Kind.SCHEDULED for e in self.record.events):
            raise WorldError(
                f"The cluster is full: {unscheduled[0].detail[:200]}", "Try again when other runs are over."
            )

    # --- what the watches see

    def _follow(self) -> None:
        inside = f"/api/v1/namespaces/{self.namespace}"
        slices = f"/apis/discovery.k8s.io/v1/namespaces/{self.namespace}/endpointslices"
        follow(self.api, f"{inside}/pods", self._pod, self.record)
        follow(self.api, f"{inside}/events", self._event, self.record)
        follow(self.api, slices, self._endpoints, self.record, labelSelector=f"kubernetes.io/service-name={SERVICE}")
        follow(self.api, self._deployments, self._deployed, self.record)

    def _tell_all(self, name: str, told: Callable[[PodSeen], Any]) -> None:
        with self.record.lock:
            pod = self.pods.setdefault(name, PodSeen(name))
            events = list(told(pod))
            if any(obstacle.lasting for obstacle in pod.obstacles()):
                self._stuck.setdefault(name, self.record.now)
            else:
                self._stuck.pop(name, None)  # as where others made room
        for kind, detail, value in events:
            if kind is Kind.FAILED:
                self._missing_image(detail)
            self.record.tell(name, kind, self._named(detail), value)
        self.record.wake()

    def _pod(self, change: str, pod: dict[str, Any]) -> None:
        if not observed.is_load_client(pod):
            self._tell_all(pod["metadata"]["name"], lambda seen: seen.changed(pod, change))
            self._endpoints_again()

    def _endpoints(self, change: str, one: dict[str, Any]) -> None:
        with self.record.lock:
            self._slices[one["metadata"]["name"]] = {} if change == "DELETED" else one
        self._endpoints_again()

    def _endpoints_again(self) -> None:
        with self.record.lock:
            serving = observed.ready_pods(list(self._slices.values()))
            turned = [(p.name, p.name in serving) for p in self.pods.values() if p.ready != (p.name in serving)]
        for name, now in turned:
            self._tell_all(name, partial(PodSeen.endpoint, ready=now))

    def _event(self, _change: str, event: dict[str, Any]) -> None:
        about = event.get("involvedObject", {})
        name = str(about.get("name", ""))
        if about.get("kind") == "Pod" and name in self.pods:
            self._tell_all(name, lambda seen: seen.heard(event))
        elif why := observed.not_created(event):
            with self.record.lock:
                is_new = self.spec.name not in self._stuck
                self._stuck.setdefault(self.spec.name, self.record.now)
            if is_new:
                self.record.tell(self.spec.name, Kind.FAILED_CREATE, self._named(why))

    def _deployed(self, change: str, deployment: dict[str, Any]) -> None:
        if change == "DELETED" and deployment["metadata"]["uid"] == self._uid:
            self.record.fail(self._taken_away())
            return
        with self.record.lock:
            mine = not self._name or deployment["metadata"]["name"] == self._name
            newer = _generation(deployment) >= _generation(self._deployment)
            if mine and newer:
                self._deployment = deployment
        self.record.wake()

    def _named(self, detail: str) -> str:
        """The cluster's words without the run's namespace, which says nothing to a learner."""
        return detail.replace(f"{self.namespace}/", "")

    def _missing_image(self, detail: str) -> None:
        reason, _, image = detail.partition(": ")
        if reason.startswith("ErrImage") and release_of(image) is not None:
            self.record.fail(without_image(self.api.context, image))


def _generation(deployment: dict[str, Any]) -> int:
    return int(deployment["metadata"].get("generation", 0)) if deployment else -1
