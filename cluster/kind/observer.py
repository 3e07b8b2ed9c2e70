"""One lane's Deployment and its pods on a real cluster, as the API server reports them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from cluster.errors import WorldError
from cluster.kind import observed, rewrite
from cluster.kind.api import Api
from cluster.kind.context import without_image
from cluster.kind.event_log import SharedLog
from cluster.kind.observed import PodSeen
from cluster.kind.rewrite import SERVICE
from cluster.kind.watching import follow
from cluster.pods.podspec import read_deployment
from cluster.shop.releases import release_of
from cluster.train.stops import Scenario
from cluster.train.timeline import EventKind

HOPELESS_AFTER = 12.0
"""A rollout is given up if a lasting obstacle has kept a pod from being ready for this many seconds."""


class Observer:
    """The observed state of a lane's objects. Watches write it, each in its own thread, under the log's lock."""

    def __init__(self, api: Api, namespace: str, scenario: Scenario, log: SharedLog) -> None:
        assert scenario.deployment is not None  # noqa: S101  for the type checker: without one there is no run
        self.api = api
        self.namespace = namespace
        self.document = scenario.deployment
        self.spec = read_deployment(self.document)
        self.log = log
        self.pods: dict[str, PodSeen] = {}
        self._deployment: dict[str, Any] = {}
        self._slices: dict[str, dict[str, Any]] = {}
        self._stuck: dict[str, float] = {}
        self._complete_since: float | None = None
        self._name = ""
        self._uid = ""

    # --- the Deployment

    def complete(self) -> bool:
        """Whether the rollout is complete, and the Service sends requests to every new pod."""
        done = bool(self._deployment) and observed.complete(self._deployment)
        return done and len(self.ready()) >= self.spec.replicas

    def stays_complete(self) -> bool:
        """Whether the rollout is complete, and not only for a moment between two crashes."""
        with self.log.lock:
            if not self.complete():
                self._complete_since = None
                return False
            self._complete_since = since = self.log.now if self._complete_since is None else self._complete_since
            return self.log.now - since >= max((pod.steady for pod in self.alive()), default=0.0)

    def any_release_could(self) -> bool:
        """Whether another release of the shop could become ready although this one didn't."""
        with self.log.lock:
            unready = [p.obstacles() for p in self.alive() if not p.ready]
            kept = self.spec.name in self._stuck or any(p.evicted for p in self.pods.values())
        return not kept and (not unready or any(all(o.of_shop for o in every) for every in unready))

    def obstacles(self) -> dict[str, str]:
        """What keeps pods from being ready: each sentence with the oldest pod that it applies to.

        If nothing does now, return what repeatedly keeps pods from being ready.
        """
        with self.log.lock:
            return self._sentences(ready_too=False) or self._sentences(ready_too=True)

    def _sentences(self, *, ready_too: bool) -> dict[str, str]:
        found: dict[str, str] = {}
        for pod in self.pods.values():
            for obstacle in pod.obstacles(ready_too=ready_too) if not pod.deleted else ():
                if obstacle.sentence:
                    found.setdefault(self._named(obstacle.sentence), pod.name)
        return found

    def _hopeless(self) -> bool:
        there = {self.spec.name, *(pod.name for pod in self.alive())}
        since = min((at for name, at in self._stuck.items() if name in there), default=self.log.now)
        return self.log.now - since >= HOPELESS_AFTER and not self.ready()

    # --- the pods

    def alive(self) -> list[PodSeen]:
        """The pods that aren't being deleted and aren't over, oldest first."""
        return [p for p in self.pods.values() if not p.deleted and not p.gone]

    def ready(self) -> list[PodSeen]:
        """The pods that the Service sends requests to."""
        return [p for p in self.alive() if p.ready]

    # --- the watches

    def follow(self) -> None:
        """Watch the lane's objects from now on."""
        inside = f"/api/v1/namespaces/{self.namespace}"
        slices = f"/apis/discovery.k8s.io/v1/namespaces/{self.namespace}/endpointslices"
        follow(self.api, f"{inside}/pods", self._pod, self.log)
        follow(self.api, f"{inside}/events", self._event, self.log)
        follow(self.api, slices, self._endpoints, self.log, labelSelector=f"kubernetes.io/service-name={SERVICE}")
        follow(self.api, rewrite.PATHS["Deployment"].format(self.namespace), self._deployed, self.log)

    def _tell_all(self, name: str, events_of: Callable[[PodSeen], Any]) -> None:
        with self.log.lock:
            pod = self.pods.setdefault(name, PodSeen(name))
            events = list(events_of(pod))
            if any(obstacle.lasting for obstacle in pod.obstacles()):
                self._stuck.setdefault(name, self.log.now)
            else:
                self._stuck.pop(name, None)  # the obstacle is gone, as when others made room
        for kind, detail, value in events:
            if kind is EventKind.FAILED:
                self._missing_image(detail)
            self.log.tell(name, kind, self._named(detail), value)
        self.log.wake()

    def _pod(self, change: str, pod: dict[str, Any]) -> None:
        if not observed.is_load_client(pod):
            self._tell_all(pod["metadata"]["name"], lambda seen: seen.changed(pod, change))
            self._endpoints_again()

    def _endpoints(self, change: str, one: dict[str, Any]) -> None:
        with self.log.lock:
            self._slices[one["metadata"]["name"]] = {} if change == "DELETED" else one
        self._endpoints_again()

    def _endpoints_again(self) -> None:
        with self.log.lock:
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
            with self.log.lock:
                is_new = self.spec.name not in self._stuck
                self._stuck.setdefault(self.spec.name, self.log.now)
            if is_new:
                self.log.tell(self.spec.name, EventKind.FAILED_CREATE, self._named(why))

    def _deployed(self, change: str, deployment: dict[str, Any]) -> None:
        if change == "DELETED" and deployment["metadata"]["uid"] == self._uid:
            self.log.fail(self._taken_away())
            return
        with self.log.lock:
            mine = not self._name or deployment["metadata"]["name"] == self._name
            newer = _generation(deployment) >= _generation(self._deployment)
            if mine and newer:
                self._deployment = deployment
        self.log.wake()

    def _taken_away(self) -> WorldError:
        return WorldError(
            f"The run's namespace {self.namespace} was deleted during the run.",
            "Nothing is wrong with the answer. Try again.",
        )

    def _named(self, detail: str) -> str:
        """Return the cluster's words without the run's namespace, which means nothing to a learner."""
        return detail.replace(f"{self.namespace}/", "")

    def _missing_image(self, detail: str) -> None:
        reason, _, image = detail.partition(": ")
        if reason.startswith("ErrImage") and release_of(image) is not None:
            self.log.fail(without_image(self.api.context, image))


def _generation(deployment: dict[str, Any]) -> int:
    return int(deployment["metadata"].get("generation", 0)) if deployment else -1
