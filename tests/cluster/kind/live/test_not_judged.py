"""A broken environment differs from a wrong answer, in the card, the exit code and the gradebook."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from cluster.kind import capacity, lifecycle, world
from cluster.kind.api import Api
from cluster.kind.lifecycle import NODE
from cluster.kind.world import KindCluster, own_namespace, sweep
from cluster.train.stops import Scenario
from cluster.train.timeline import EventKind, Timeline, Watch
from graders.cli.commands import _code
from graders.cli.exit_codes import ENVIRONMENT
from graders.core.registry import exercise
from graders.core.report import Report
from graders.gradebook.outputs import outputs
from graders.present import card
from tests.cluster.kind.live.watching import awaited, namespaces
from tests.support.course import class_course
from tests.support.manifests import DEPLOYMENT

JSON_MERGE = "application/merge-patch+json"


def judged() -> Report:
    return exercise("deployment").judge(DEPLOYMENT, KindCluster())


def not_judged(report: Report, said: str) -> None:
    """The answer isn't judged: no score anywhere, a reason, a hint, and the exit code of a broken environment."""
    assert not report.judged
    assert said in report.problem
    assert report.hint
    assert _code(report) == ENVIRONMENT
    html = str(card.html(report))
    assert "not judged" in html
    assert "✘" not in html
    *_, last = outputs(report, report.max)
    assert (last["output_type"], last["ename"]) == ("error", "NotJudged")


@contextmanager
def paused() -> Iterator[None]:
    """The node's container is paused: nothing in it answers."""
    subprocess.run(["docker", "pause", NODE], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["docker", "unpause", NODE], check=True, capture_output=True)
        lifecycle.up(lifecycle.node_image(), lambda _: None)


def test_the_api_server_is_down() -> None:
    """If the API server doesn't answer, an answer isn't judged."""
    with paused():
        not_judged(judged(), "doesn't answer")


def test_the_gradebook_has_no_score_then(tmp_path: Path) -> None:
    """While the cluster is down, `workbook check` exits with 3, and `workbook grade` gives no score and says why."""
    root, answer = class_course(tmp_path), tmp_path / "answer.yaml"
    answer.write_text(DEPLOYMENT)
    command = [sys.executable, "-m", "graders.cli.__main__"]
    with paused():
        check = subprocess.run(
            [*command, "check", "deployment", str(answer), "--on", "kind"], capture_output=True, text=True, check=False
        )
        grade = subprocess.run(
            [*command, "grade", "--on", "kind", "--student", "ada", "--format", "json"],
            cwd=root, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert (check.returncode, "not judged" in check.stdout) == (ENVIRONMENT, True)
    row = json.loads(grade.stdout)
    scores = {s["exercise"]: s["score"] for s in row["exercises"]}
    assert (row["outcome"], scores["deployment"], grade.returncode) == ("not judged", None, 1)


def test_it_goes_down_in_the_middle(api: Api) -> None:
    """If the cluster is lost during a run, the answer isn't judged."""
    with ExitStack() as until_judged:
        lost: list[Timeline] = []

        def lose(timeline: Timeline) -> None:
            if not lost:
                lost.append(timeline)
                until_judged.enter_context(paused())

        report = exercise("deployment").judge(DEPLOYMENT, _Watched(lose))
    not_judged(report, "doesn't answer")
    sweep(api, now=lambda: 10.0**11)


def test_the_node_takes_no_pods(api: Api) -> None:
    """If a node is drained or isn't ready, an answer isn't judged."""
    path = f"/api/v1/nodes/{NODE}"
    assert api.ask("PATCH", path, {"spec": {"unschedulable": True}}, content=JSON_MERGE).good
    try:
        not_judged(judged(), "No node of the cluster is ready")
    finally:
        api.ask("PATCH", path, {"spec": {"unschedulable": None}}, content=JSON_MERGE)


def test_the_image_is_missing_on_the_node() -> None:
    """If the node lacks the exercise's image, the hint names the repair: `workbook cluster load`."""
    subprocess.run(
        ["docker", "exec", NODE, "ctr", "--namespace", "k8s.io", "images", "rm", "docker.io/shop/orders:1.0.0"],
        check=True, capture_output=True,
    )  # fmt: skip
    try:
        missing = lifecycle.status().missing_images
        report = judged()
    finally:
        lifecycle.load(lambda _: None)
    assert missing == ("shop/orders:1.0.0",)
    not_judged(report, "doesn't have the image shop/orders:1.0.0")
    assert "workbook cluster load" in report.hint
    assert lifecycle.status().missing_images == ()


def test_the_cluster_is_full(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a node is full of other pods, an answer that fits on an empty node isn't judged."""
    monkeypatch.setattr(world, "ROOM_WITHIN", 0.0)
    free = f"{int(capacity.room(api).free.cpu * 1000) - 100}m"
    container = {"name": "a", "image": "shop/orders:1.0.0", "resources": {"requests": {"cpu": free}}}
    spec = {"containers": [container], "terminationGracePeriodSeconds": 0}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "someone-elses"}, "spec": spec}
    assert api.ask("POST", "/api/v1/namespaces/default/pods", pod).good
    try:
        awaited(api, "/api/v1/namespaces/default/pods", lambda p: bool(p["spec"].get("nodeName")))
        not_judged(judged(), "The cluster is full")
    finally:
        api.ask("DELETE", "/api/v1/namespaces/default/pods/someone-elses", {"gracePeriodSeconds": 0})


@pytest.mark.parametrize("after", [EventKind.BEGAN, EventKind.READY], ids=["at once", "in the middle"])
def test_the_namespace_is_taken_away(after: EventKind, api: Api) -> None:
    """If a run's namespace is deleted, the answer isn't judged."""

    def take(timeline: Timeline) -> None:
        for name in namespaces(api) if any(e.kind is after for e in timeline.events) else ():
            api.ask("DELETE", f"/api/v1/namespaces/{name}", {})

    not_judged(exercise("deployment").judge(DEPLOYMENT, _Watched(take)), "was deleted during the run")


def test_a_stuck_namespace_does_not_stop_a_run(api: Api) -> None:
    """A namespace that a finalizer keeps alive doesn't stop the next run."""
    with own_namespace(api, "workbook-test-stuck"):
        kept = {
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kept", "finalizers": ["example.com/never"]},
        }  # fmt: skip
        assert api.ask("POST", "/api/v1/namespaces/workbook-test-stuck/configmaps", kept).good
    path = "/api/v1/namespaces/workbook-test-stuck/configmaps/kept"
    try:
        assert sweep(api, now=lambda: 10.0**11) == ()
        with own_namespace(api, "workbook-test-next"):
            assert "workbook-test-next" in namespaces(api)
    finally:
        api.ask("PATCH", path, {"metadata": {"finalizers": None}}, content=JSON_MERGE)


class _Watched(KindCluster):
    """A kind cluster whose runs a test watches."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._told = watch

    def run(self, scenario: Scenario, watch: Watch | None = None) -> Timeline:
        return super().run(scenario, self._told)
