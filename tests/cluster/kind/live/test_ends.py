"""A run leaves nothing behind on the cluster, in whatever way it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cluster.kind import guards
from cluster.kind.api import Api
from cluster.kind.world import KindCluster, sweep
from cluster.train.stops import Scenario
from cluster.train.timeline import Timeline, Watch
from graders.core.registry import exercise
from tests.cluster.kind.live.watching import awaited, namespaces
from tests.support.manifests import DEPLOYMENT


@contextmanager
def checking(api: Api, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """`workbook check --on kind`, from when its run has pods."""
    answer = folder / "answer.yaml"
    answer.write_text(DEPLOYMENT)
    process = subprocess.Popen(
        [sys.executable, "-m", "graders.cli.__main__", "check", "deployment", str(answer), "--on", "kind"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        awaited(api, "/api/v1/pods", lambda p: p["metadata"]["namespace"].startswith("workbook-") and p["status"].get("phase") == "Running")  # fmt: skip
        yield process
    finally:
        process.kill()
        process.communicate()


def test_ctrl_c_takes_the_run_away(api: Api, tmp_path: Path) -> None:
    """Ctrl-C ends a check at once with exit code 130 and one line, and its namespaces are deleted."""
    with checking(api, tmp_path) as process:
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in said) == (130, False)
    assert namespaces(api) == set()


def test_what_a_killed_run_left_is_swept(api: Api, tmp_path: Path) -> None:
    """The namespace of a killed run has an expiry time, and the next start deletes it after that time."""
    with checking(api, tmp_path) as process:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    left = namespaces(api)
    assert left
    assert sweep(api) == ()
    assert set(sweep(api, now=lambda: time.time() + guards.LIVES + 1)) == left
    assert namespaces(api) == set()


def test_a_run_that_goes_on_is_not_swept(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run renews its namespace's expiry time, so a long run isn't deleted."""
    monkeypatch.setattr(guards, "LIVES", 4)
    monkeypatch.setattr(guards, "RENEWED", 1)
    swept: list[str] = []

    class Swept(KindCluster):
        def run(self, scenario: Scenario, watch: Watch | None = None) -> Timeline:
            return super().run(scenario, lambda _: swept.extend(sweep(api)))

    eager = DEPLOYMENT.replace("shop/orders:1.0.0", "shop/orders:9.9.9")
    assert exercise("deployment").judge(eager, Swept()).judged
    assert swept == []
