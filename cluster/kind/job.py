"""A Job started from a CronJob: all its pods, and the last line that its program logged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cluster.kind import observed, rewrite
from cluster.kind.api import Api
from cluster.kind.context import without_image
from cluster.kind.event_log import SharedLog
from cluster.kind.observed import PodSeen
from cluster.kind.watching import follow
from cluster.manifests.documents import Document
from cluster.shop.releases import REPORTER
from cluster.train.stops import JOB, JOB_WITHIN
from cluster.train.timeline import EventKind, Timeline, Watch

LINE = 400
"""How much of a log line is read at most, in bytes."""


class JobRun:
    """One Job in its own namespace."""

    def __init__(self, api: Api, namespace: str, version: str, watch: Watch | None) -> None:
        self._api = api
        self._namespace = namespace
        self._version = version
        self._watch = watch
        self._log = SharedLog(lambda: None)
        self._pods: dict[str, PodSeen] = {}
        self._ended = ""
        self._reported = 0

    def follow(self, cronjob: Document, documents: Sequence[Document]) -> Timeline:
        """Start it and follow it to its end, or for ``JOB_WITHIN`` seconds. Raises WorldError if the cluster is broken."""
        for path, thing in rewrite.beside_job(documents, self._namespace):
            self._api.create(path, thing)
        created = self._api.create(self._path("CronJob"), rewrite.cronjob(cronjob, self._namespace))
        log = self._log
        log.stop = JOB
        log.begin()
        log.tell(JOB, EventKind.BEGAN)
        try:
            job = self._api.create(self._path("Job"), rewrite.job(created))
            follow(self._api, f"/api/v1/namespaces/{self._namespace}/pods", self._pod, log)
            follow(self._api, self._path("Job"), self._changed, log)
            follow(self._api, f"/api/v1/namespaces/{self._namespace}/events", self._event, log)
            log.wait(JOB_WITHIN, self._over)
            for name in list(self._pods):
                self._last_line(name, job)
            log.tell(JOB, EventKind.ENDED, self._ended)
        finally:
            log.end()
        return self._timeline(live=False)

    def _over(self) -> bool:
        if self._watch is not None and len(self._log.events) != self._reported:
            self._reported = len(self._log.events)
            self._watch(self._timeline(live=True))
        return bool(self._ended) and all(pod.exit_code is not None or pod.gone for pod in self._pods.values())

    def _timeline(self, *, live: bool) -> Timeline:
        return Timeline("kind", self._version, tuple(self._log.events), live=live)

    def _path(self, kind: str) -> str:
        return rewrite.PATHS[kind].format(self._namespace)

    def _pod(self, change: str, pod: dict[str, Any]) -> None:
        name = pod["metadata"]["name"]
        with self._log.lock:
            events = list(self._pods.setdefault(name, PodSeen(name)).changed(pod, change))
        for kind, detail, value in events:
            if kind is EventKind.FAILED and detail.startswith("ErrImage") and REPORTER in detail:
                self._log.fail(without_image(self._api.context, REPORTER))
            self._log.tell(name, kind, detail, value)

    def _changed(self, _change: str, job: dict[str, Any]) -> None:
        conditions = (job.get("status") or {}).get("conditions") or ()
        ended = [c for c in conditions if c.get("status") == "True" and c.get("type") in ("Complete", "Failed")]
        if ended:
            with self._log.lock:
                self._ended = str(ended[0]["type"])
            self._log.wake()

    def _event(self, _change: str, event: dict[str, Any]) -> None:
        if (why := observed.not_created(event)) and not self._ended:
            self._log.tell(JOB, EventKind.FAILED_CREATE, why)  # first, or the run could end without it
            with self._log.lock:
                self._ended = "Failed"
            self._log.wake()

    def _last_line(self, pod: str, job: dict[str, Any]) -> None:
        container = job["spec"]["template"]["spec"]["containers"][0]["name"]
        path = f"/api/v1/namespaces/{self._namespace}/pods/{pod}/log"
        query = {"container": container, "tailLines": 1, "limitBytes": LINE}
        answer = self._api.ask("GET", path, query=query)
        if answer.good and answer.body:
            self._log.tell(pod, EventKind.LOGGED, _line(answer.body))


def _line(body: Any) -> str:
    # The client has already parsed the line of a program that logs JSON.
    if isinstance(body, dict) and "message" in body:
        rest = ", ".join(f"{k}: {v}" for k, v in body.items() if k not in ("time", "level", "logger", "message"))
        return f"{body['message']} ({rest})"[:LINE] if rest else str(body["message"])[:LINE]
    return str(body).strip()[:LINE]
