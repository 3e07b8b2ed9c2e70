"""A reboot: Docker stops the node, and `workbook cluster up` brings back a cluster that judges as before."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from cluster.errors import NotReadyError, WorldError
from cluster.kind import guards, lifecycle
from cluster.kind.api import Api
from cluster.kind.context import CLUSTER, CONTEXT, connect
from cluster.kind.lifecycle import NODE
from cluster.kind.world import KindCluster
from graders.cli.exit_codes import ENVIRONMENT
from graders.core.registry import exercise
from tests.cluster.kind.live.watching import namespaces
from tests.support.manifests import CRON_JOB, DEPLOYMENT


def workbook(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "graders.cli.__main__", *words]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


@pytest.fixture
def stopped(api: Api) -> Iterator[str]:
    """Stop the node, as a reboot does, during a run with a pod; yield the run's namespace."""
    name = "workbook-test-reboot"
    over = guards.namespace(name, time.time() - 2 * guards.LIVES)
    assert api.ask("POST", "/api/v1/namespaces", over).good
    pod = {"containers": [{"name": "a", "image": "shop/orders:1.0.0", "imagePullPolicy": "IfNotPresent"}]}
    made = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "left"}, "spec": pod}
    assert api.ask("POST", f"/api/v1/namespaces/{name}/pods", made).good
    subprocess.run(["docker", "stop", NODE], check=True, capture_output=True)
    try:
        yield name
    finally:
        lifecycle.up(lifecycle.node_image(), lambda _: None)


def test_up_wakes_the_cluster_up(stopped: str, api: Api) -> None:
    """With a stopped node, answers aren't judged and `status` names `up`; after `up` answers run as before."""
    away = workbook("check", "deployment", "-", "--on", "kind", stdin=DEPLOYMENT)
    assert (away.returncode, "not judged" in away.stdout) == (ENVIRONMENT, True), away.stdout
    assert "`workbook cluster up` starts it again" in workbook("cluster", "status").stdout
    up = workbook("cluster", "up")
    assert (up.returncode, up.stderr) == (0, "")
    assert "starting the node again" in up.stdout
    assert stopped not in namespaces(api)
    report = exercise("daily-report").judge(CRON_JOB, KindCluster())
    assert "The Job is complete, with one pod." in " ".join(report.notes)
    found = workbook("cluster", "status")
    assert (found.returncode, "The shop's images are on its node" in found.stdout) == (0, True)


def test_down_waits_for_a_server_that_is_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Right after the node's start, `down` waits until the marker can be read."""
    subprocess.run(["docker", "restart", NODE], check=True, capture_output=True)
    steps: list[str] = []
    deleted: list[tuple[str, ...]] = []
    monkeypatch.setattr(lifecycle, "_checked", lambda *words: deleted.append(words[1:]))
    with pytest.raises(NotReadyError):
        connect()
    assert lifecycle.down(steps.append)
    assert steps == ["waiting for the cluster to answer", "deleting the cluster"]
    assert deleted == [("delete", "cluster", "--name", CLUSTER)]
    monkeypatch.undo()
    lifecycle.up(lifecycle.node_image(), lambda _: None)


def test_a_certificate_that_the_kubeconfig_does_not_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kubeconfig with another cluster's certificate at the same address leads to an error with a hint, without waiting."""
    told = subprocess.run(["kind", "get", "kubeconfig", "--name", CLUSTER], check=True, capture_output=True, text=True)  # fmt: skip
    config = yaml.safe_load(told.stdout)
    del config["clusters"][0]["cluster"]["certificate-authority-data"]
    (tmp_path / "config").write_text(yaml.safe_dump(config))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    with pytest.raises(WorldError, match="certificate that your kubeconfig doesn't trust") as raised:
        connect(CONTEXT).get("/version")
    assert not isinstance(raised.value, NotReadyError)
    assert f"kind export kubeconfig --name {CLUSTER}" in raised.value.hint
