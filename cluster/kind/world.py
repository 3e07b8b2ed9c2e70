"""The kind cluster as a world: admission by server-side dry run, and the release train in its own namespaces."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from cluster.admission.minor import KNOWN
from cluster.admission.response import Admission
from cluster.errors import NotReadyError, WorldError
from cluster.kind import guards
from cluster.kind.api import Api
from cluster.kind.capacity import need, room
from cluster.kind.context import connect
from cluster.kind.driver import KindDriver
from cluster.kind.dry_run import admitted, admitted_text
from cluster.kind.event_log import SharedLog, StoppedError
from cluster.kind.isolation import await_alone, enforces
from cluster.kind.job import JobRun
from cluster.kind.unsupported import job_not_here, not_here
from cluster.kubernetes import CURRENT, displayed
from cluster.manifests.documents import Document
from cluster.polling import wait_until
from cluster.simulated.world import SimulatedCluster
from cluster.train.script import LANES, Lane
from cluster.train.stops import Scenario
from cluster.train.timeline import Timeline, Watch

TESTED = displayed(CURRENT)

ENFORCED_WITHIN, LOOKED_AGAIN = 60.0, 0.1
"""How long the quota of a run's namespace may take until it is enforced, and how often that is checked, in seconds."""

ROOM_WITHIN = 60.0
"""How long a run waits until the pods of earlier runs are gone, in seconds."""


def untested(version: str) -> str:
    """Return the card's note on a run with another minor version than the tested one; empty for that one."""
    if version == TESTED:
        return ""
    return f"The workbook is tested on Kubernetes {TESTED}, but this cluster runs {version}"


class KindCluster:
    """A real cluster. ``context`` names it; without it only our own is used.

    If the network doesn't isolate runs, a run waits for other runs, unless ``together`` is true.
    """

    name = "kind"

    def __init__(self, context: str = "", *, together: bool = False) -> None:
        self._context = context
        self._together = together
        self._enforces: bool | None = None
        self._connected: Api | None = None
        self._version = ""

    @property
    def version(self) -> str:
        """The server's minor version, such as ``v1.37``; empty before the first request."""
        return self._version

    @property
    def api(self) -> Api:
        """The connection. Raises WorldError if the cluster doesn't exist or isn't ours."""
        if self._connected is None:
            api = connect(self._context)
            said = api.get("/version")
            self._version = f"v{said['major']}.{str(said['minor']).rstrip('+')}"
            self._connected = api
        return self._connected

    @property
    def _known(self) -> str:
        """The server's minor version if its admission is recorded, or else the current one. Needs a request before."""
        minor = self._version.removeprefix("v")
        return minor if minor in KNOWN else CURRENT

    def admit(self, documents: Sequence[Document]) -> tuple[Admission, ...]:
        """The server's verdict on each document in a strict dry run. Nothing is created."""
        api = self.api
        return tuple(admitted(api, document, self._known) for document in documents)

    def admit_text(self, text: str) -> tuple[Admission, ...]:
        """The server's verdict on each document of a text, or on a text that can't be read."""
        api = self.api
        return admitted_text(api, text, self._known)

    def run(self, scenario: Scenario, watch: Watch | None = None) -> Timeline:
        """Run the train's stops. ``watch`` gets the timeline as it grows. Raises WorldError if the cluster is broken."""
        document = scenario.deployment
        api = self.api
        if document is None:
            return Timeline(self.name, self._version)
        if reason := not_here(document, scenario.documents):
            simulated = SimulatedCluster().run(scenario)
            return replace(simulated, note=f"{reason}, so the train's stops were simulated")
        sweep(api)
        if not self._together:
            await_alone(api, self.network_enforces, ROOM_WITHIN + guards.LIVES, lambda: sweep(api))
        return replace(_Run(api, scenario, self._version, watch).run(), note=untested(self._version))

    def start_job(self, documents: Sequence[Document], watch: Watch | None = None) -> Timeline:
        """Start a Job from the CronJob, and follow it to its end. Raises WorldError if the cluster is broken."""
        document = next((d for d in documents if d.get("kind") == "CronJob"), None)
        api = self.api
        if document is None:
            return Timeline(self.name, self._version)
        if reason := job_not_here(document, documents):
            return Timeline(self.name, self._version, note=f"{reason}, so no Job was started")
        sweep(api)
        if not self._together:
            await_alone(api, self.network_enforces, ROOM_WITHIN + guards.LIVES, lambda: sweep(api))
        name = f"workbook-{secrets.token_hex(4)}-job"
        pod = document.get("spec", "jobTemplate", "spec", "template", "spec")
        with own_namespace(api, name, pod if isinstance(pod, dict) else None):
            timeline = JobRun(api, name, self._version, watch).follow(document, documents)
        return replace(timeline, note=untested(self._version))

    def network_enforces(self) -> bool:
        """Whether the network enforces policies. A canary tests it, once."""
        if self._enforces is None:
            self._enforces = enforces(self.api, own_namespace)
        return self._enforces


class _Run:
    """One run: two lanes, each in its own namespace, because the learner's names and selectors stay."""

    def __init__(self, api: Api, scenario: Scenario, version: str, watch: Watch | None) -> None:
        self._api = api
        self._scenario = scenario
        self._version = version
        self._watch = watch
        self._id = secrets.token_hex(4)
        self._logs: list[SharedLog] = []
        self._namespaces: list[str] = []
        self._trouble: list[BaseException] = []
        self._lock = threading.Lock()  # of _trouble, which both lanes' threads write
        self._changed = threading.Event()

    def run(self) -> Timeline:
        for turn in self._turns():
            self._run_turn(turn)
            if self._trouble:
                raise self._trouble[0]
        return self._timeline(live=False)

    def _turns(self) -> list[tuple[Lane, ...]]:
        """Return both lanes in one turn if there is room for both, or else in two."""
        assert self._scenario.deployment is not None  # noqa: S101  for the type checker
        needed = need(self._scenario.deployment)
        one = needed.at_once
        both = one.times(len(LANES))
        until = time.monotonic() + ROOM_WITHIN
        while True:
            now = room(self._api)
            if both.fits(now.free):
                return [LANES]
            if not both.fits(now.empty) and one.fits(now.free):
                return [(lane,) for lane in LANES]
            if not now.could_hold(needed):
                return [(LANES[0],), (LANES[1],)]  # the scheduler's message becomes a finding
            if time.monotonic() > until:
                if one.fits(now.free):
                    return [(lane,) for lane in LANES]
                raise WorldError(
                    f"The cluster is full: this answer requests {one.cpu:.2f} CPU and {one.memory / 2**20:.0f} Mi at once, "
                    f"but only {now.free.cpu:.2f} CPU and {now.free.memory / 2**20:.0f} Mi are free.",
                    "Try again when other runs are over; `workbook cluster status` lists them.",
                )
            self._changed.wait(1)

    def _run_turn(self, lanes: Sequence[Lane]) -> None:
        with contextlib.ExitStack() as namespaces:
            threads = []
            for lane in lanes:
                log = SharedLog(self._changed.set)
                self._logs.append(log)
                name = f"workbook-{self._id}-{lane.name}"
                namespaces.enter_context(own_namespace(self._api, name, self._scenario.pod))
                self._namespaces.append(name)
                driver = KindDriver(self._api, name, self._scenario, log)
                threads.append(threading.Thread(target=self._run_stops, args=(lane, driver), daemon=True))
            for thread in threads:
                thread.start()
            try:
                self._await(threads)
            finally:
                for log in self._logs:
                    log.end()

    def _run_stops(self, lane: Lane, driver: KindDriver) -> None:
        try:
            driver.prepare(lane.stops[0])
            lane.run_stops(driver)
        except StoppedError:
            pass
        except Exception as error:  # raised again in the waiting thread
            with self._lock:
                self._trouble.append(error)
            for log in self._logs:
                log.end()
        finally:
            self._changed.set()

    def _await(self, threads: Sequence[threading.Thread]) -> None:
        renewed = time.monotonic()
        while any(thread.is_alive() for thread in threads):
            self._changed.wait(1)
            self._changed.clear()
            if time.monotonic() - renewed > guards.RENEWED:
                renewed = time.monotonic()
                self._renew()
            if self._watch and not self._trouble:
                self._watch(self._timeline(live=True))

    def _renew(self) -> None:
        for name in self._namespaces:
            with contextlib.suppress(WorldError):  # the next request reports that the API server doesn't answer
                renew(self._api, name)

    def _timeline(self, *, live: bool) -> Timeline:
        events = []
        for log in self._logs:
            with log.lock:
                events += log.events
        return Timeline(KindCluster.name, self._version, tuple(events), live=live)


@contextlib.contextmanager
def own_namespace(api: Api, name: str, pod: guards.Object | None = None) -> Iterator[None]:
    """Create a namespace with its policies for such a pod, and delete it in any case, without waiting for the deletion."""
    began = time.monotonic()
    api.create("/api/v1/namespaces", guards.namespace(name, time.time()))
    try:
        for path, policy in guards.namespace_policies(name, pod):
            made = api.ask("POST", path, policy)
            if not made.good and made.status == 409:  # the controller has created it already  # noqa: PLR2004
                made = api.ask(
                    "PATCH", f"{path}/{policy['metadata']['name']}", policy, content="application/merge-patch+json"
                )
            if not made.good:
                raise WorldError(f"The API server could not protect the namespace: {made.message}", "Try again.")
        quota = f"/api/v1/namespaces/{name}/resourcequotas/{guards.QUOTA}"
        if not wait_until(lambda: guards.enforced(api.get(quota)), ENFORCED_WITHIN, LOOKED_AGAIN):
            raise NotReadyError(
                "The cluster doesn't enforce quotas, so no answer may run in it: its controller manager isn't working.",
                "If it has just been started, try again in a minute.",
            )
        if time.monotonic() - began > guards.RENEWED:
            renew(api, name)  # the wait used some of its time
        yield
    finally:
        with contextlib.suppress(WorldError):
            remove(api, name)


def renew(api: Api, name: str) -> None:
    """Renew a run's namespace. Raises WorldError if the server doesn't answer."""
    path = f"/api/v1/namespaces/{name}"
    api.ask("PATCH", path, guards.renewal(time.time()), content="application/merge-patch+json")


def remove(api: Api, name: str) -> None:
    """Delete a namespace and, before it, its pods without grace: no client is left."""
    at_once = {"gracePeriodSeconds": 0, "propagationPolicy": "Background"}
    api.ask("DELETE", f"/api/v1/namespaces/{name}", {"propagationPolicy": "Background"})
    api.ask("DELETE", f"/api/v1/namespaces/{name}/pods", at_once)


def sweep(api: Api, now: Callable[[], float] = time.time) -> tuple[str, ...]:
    """Delete the expired namespaces of killed runs; return their names."""
    left = [
        str(one["metadata"]["name"])
        for one in api.get("/api/v1/namespaces", labelSelector=guards.SELECTOR)["items"]
        if guards.expired(one, now()) and one["status"].get("phase") != "Terminating"
    ]
    for name in left:
        remove(api, name)
    return tuple(left)
