"""A namespace's protection is enforced before it gets any object of an answer."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from cluster.errors import NotReadyError
from cluster.kind import guards, world
from cluster.kind.api import Api
from cluster.kind.context import CONTEXT, connect
from cluster.kind.world import own_namespace
from cluster.limits import MANIFEST_DOCUMENTS
from cluster.manifests.documents import read
from cluster.train.timeline import Timeline
from tests.cluster.kind.fake import Answers, api_server, kubeconfig
from tests.support.manifests import CRON_JOB
from tests.support.patience import PATIENCE

INSIDE = "/api/v1/namespaces/run"
HARD = {"pods": "60"}


def answers(quota: dict[str, Any]) -> dict[tuple[str, str], tuple[int, Any]]:
    made: dict[tuple[str, str], tuple[int, Any]] = {
        ("POST", path): (201, {}) for path, _ in guards.namespace_policies("run")
    }
    return {("POST", "/api/v1/namespaces"): (201, {}), **made, ("GET", f"{INSIDE}/resourcequotas/run"): (200, quota)}


def connected(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Api:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(folder / "config", {CONTEXT: url}, CONTEXT)))
    return connect(CONTEXT)


def test_a_run_waits_until_its_quota_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of an answer is created before the namespace's quota is enforced, which takes a while after a reboot."""
    quota: dict[str, Any] = {"spec": {"hard": HARD}, "status": {}}
    told: Answers = answers(quota)
    inside = threading.Event()
    with api_server(told) as server:
        api = connected(server.url, tmp_path, monkeypatch)
        asked = threading.Event()
        looked = api.get

        def get(path: str, **query: Any) -> dict[str, Any]:
            asked.set()
            return looked(path, **query)

        monkeypatch.setattr(api, "get", get)

        def run() -> None:
            with own_namespace(api, "run"):
                inside.set()

        running = threading.Thread(target=run)
        running.start()
        assert asked.wait(PATIENCE)
        assert not inside.is_set()
        quota["status"]["hard"] = HARD
        running.join(PATIENCE)
    assert inside.is_set()


def test_a_cluster_without_quotas_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If quotas are never enforced, the world isn't ready: nothing runs, and the namespace is deleted."""
    monkeypatch.setattr(world, "ENFORCED_WITHIN", 0)
    with api_server(answers({"spec": {"hard": HARD}, "status": {}})) as server:
        api = connected(server.url, tmp_path, monkeypatch)
        with pytest.raises(NotReadyError, match="doesn't enforce quotas"), own_namespace(api, "run"):
            pytest.fail("it ran")
        assert f"DELETE {INSIDE}" in server.asked


def limit_range(pod: dict[str, Any]) -> dict[str, Any]:
    """The defaults for a container without resources, in a namespace for such a pod."""
    found = [
        thing["spec"]["limits"] for path, thing in guards.namespace_policies("run", pod) if path.endswith("limitranges")
    ]
    return found[0][0] if found else {}


def asking(**resources: Any) -> dict[str, Any]:
    return {"name": "a", "resources": resources}


@pytest.mark.parametrize(
    ("pod", "limit"),
    [
        ({"containers": [{"name": "a"}]}, 2**30),
        ({"containers": [asking(requests={"memory": "3Gi"})]}, 3 * 2**30),
        ({"containers": [{"name": "a"}], "initContainers": [asking(requests={"memory": "1.5Gi"})]}, 3 * 2**29),
        ({"containers": [asking(requests={"memory": "1073741824500m"})]}, 2**30 + 1),
        ({"containers": [asking(requests={"cpu": "2"}, limits={"memory": "64Mi"})]}, 2**30),
    ],
)
def test_a_default_limit_is_never_below_a_request(pod: dict[str, Any], limit: int) -> None:
    """A container with a large memory request and no limit gets a limit that the API server accepts beside the request."""
    given = limit_range(pod)
    assert given["default"] == {"memory": str(limit)}
    assert given["defaultRequest"] == {"cpu": "20m", "memory": str(32 * 2**20)}


def test_resources_of_the_pod_go_first() -> None:
    """If the pod has its own resources, no container gets a limit above them, or a request beyond them."""
    containers = [{"name": "a"}]
    limited = {"requests": {"cpu": "10m"}, "limits": {"memory": "512Mi"}}
    assert limit_range({"containers": containers, "resources": limited}) == {}
    given = limit_range({"containers": containers, "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}}})
    assert given["defaultRequest"] == {"memory": "0"}
    assert given["default"] == {"memory": str(2**30)}


def test_the_quota_has_room_for_an_answer() -> None:
    """An answer with the largest allowed number of documents fits into the namespace's quota, with any applied kind."""
    (quota,) = (thing for path, thing in guards.namespace_policies("run") if path.endswith("resourcequotas"))
    for counted in ("services", "configmaps", "secrets", "count/serviceaccounts"):
        assert int(quota["spec"]["hard"][counted]) >= MANIFEST_DOCUMENTS


def test_a_job_is_fenced_in_for_its_own_pod(monkeypatch: pytest.MonkeyPatch) -> None:
    """The namespace of a Job fits the pods of its CronJob, so that no default contradicts their fields."""
    fenced: list[Any] = []

    @contextlib.contextmanager
    def namespace(_api: Api, _name: str, pod: Any = None) -> Iterator[None]:
        fenced.append(pod)
        yield

    class Ran:
        def __init__(self, *_: Any) -> None:
            pass

        def follow(self, *_: Any) -> Timeline:
            return Timeline("kind", "")

    monkeypatch.setattr(world, "own_namespace", namespace)
    monkeypatch.setattr(world, "sweep", lambda _api: ())
    monkeypatch.setattr(world, "JobRun", Ran)
    cluster = world.KindCluster(together=True)
    cluster._connected = cast("Api", object())
    cluster.start_job(read(CRON_JOB))
    assert fenced == [yaml.safe_load(CRON_JOB)["spec"]["jobTemplate"]["spec"]["template"]["spec"]]
