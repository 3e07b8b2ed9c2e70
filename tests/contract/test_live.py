"""Eight recorded Deployments (others for each commit) and the corpus' manifests run again on the real cluster."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster import world
from cluster.kind.world import KindCluster
from cluster.manifests.documents import read
from cluster.pods.podspec import read_deployment
from cluster.train.stops import Scenario
from graders.core.registry import exercise
from tests import corpus
from tests.contract.agreement import times, tolerance, verdicts
from tests.contract.cases import cases
from tests.contract.recording import FOLDER, Recorder, Recording
from tests.support.live import cluster_in_sight, missing

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.skipif(bool(missing()), reason=missing() or "a cluster is up"),
    pytest.mark.usefixtures("in_sight"),
]

EIGHT, LONGEST = 8, 95.0
"""How many run, and how long one of them may have taken when it was recorded, in seconds."""


@pytest.fixture
def in_sight() -> Iterator[None]:
    """Lets these tests reach the cluster."""
    with cluster_in_sight():
        yield


def some() -> list[str]:
    """Eight of the short cases, chosen by the commit or by ``WORKBOOK_LIVE_CASES``."""
    if named := os.environ.get("WORKBOOK_LIVE_CASES"):
        return named.split(",")
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    recorded = {path.stem: Recording.read(path).timeline for path in sorted(FOLDER.glob("*.json"))}
    quick = [name for name, ran in recorded.items() if ran and max(e.at for e in ran.events) < LONGEST]
    return random.Random(commit).sample(quick, min(EIGHT, len(quick)))  # noqa: S311  no secret


@pytest.mark.parametrize("name", some())
def test_both_worlds_now(name: str) -> None:
    """Both worlds reach the same verdict on every criterion, within the tolerated times."""
    manifest = cases()[name]
    recorder = Recorder(KindCluster())
    real, simulated = (exercise("deployment").judge(manifest, w) for w in (recorder, world()))
    assert real.judged, real.problem
    assert verdicts(real) == verdicts(simulated)
    if recorder.timeline is None:
        return
    documents = tuple(read(manifest))
    spec = read_deployment(next(d for d in documents if d.get("kind") == "Deployment"))
    expected, seen = times(world().run(Scenario(documents))), times(recorder.timeline)
    assert seen.keys() == expected.keys()
    assert {what: (expected[what], at) for what, at in seen.items() if abs(at - expected[what]) > tolerance(what, spec)} == {}  # fmt: skip


def test_admission_agrees_on_the_corpus() -> None:
    """A real API server gives the simulated verdict on every manifest of the corpus, and blames the same fields."""
    real, simulated = KindCluster(), world()
    rows = [row["manifest"] for row in corpus.manifests("admission")]
    differ, fields, refused = [], 0, 0
    for text in rows:
        one, other = real.admit_text(text), simulated.admit_text(text)
        if [a.status for a in one] != [a.status for a in other]:
            differ.append((text, one, other))
        elif not all(a.accepted for a in one):
            refused += 1
            fields += [sorted(c.field for c in a.causes) for a in one] == [
                sorted(c.field for c in a.causes) for a in other
            ]
    assert differ == []
    assert fields >= 0.97 * refused


def test_admit_on_kind(tmp_path: Path) -> None:
    """`workbook admit --on kind` prints the real server's verdict in the same form as the simulated one."""
    file = tmp_path / "answer.yaml"
    file.write_text("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: Orders}\nspec: {replicas: three}\n")
    said = {}
    for on in ("simulated", "kind"):
        command = [sys.executable, "-m", "graders.cli.__main__", "admit", str(file), "--format", "json", "--on", on]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said[on] = (done.returncode, json.loads(done.stdout)["status"], json.loads(done.stdout)["accepted"])
    assert said["kind"] == said["simulated"] == (1, 400, False)
