"""`workbook cluster`, run as people run it, with programs that stand in for Docker and kind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cluster.kind.context import MARKER_PATH
from cluster.shop import images
from tests.cluster.kind.fake import ABSENT, api_server, kubeconfig
from tests.cluster.kind.programs import MARKER, called, put

ROOT = Path(__file__).parents[3]


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Docker with a node that runs and images that are up to date, and kind with the clusters workbook and lab."""
    folder = tmp_path / "bin"
    folder.mkdir()
    put(folder, "docker", f"print('running' if words[:1] == ['inspect'] else {images.context_hash()!r})")
    put(folder, "kind", "if words == ['get', 'clusters']: print('lab', 'workbook')")
    return folder


def cluster(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": str(folder), "KUBECONFIG": str(folder.parent / "config"), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "graders.cli.__main__", "cluster", *words], capture_output=True, text=True, cwd=ROOT, check=False,
        env={**environment, **variables},
    )  # fmt: skip


def test_load_into_a_kind_cluster_that_is_named(programs: Path) -> None:
    """`load --context kind-NAME` loads the images into that cluster, and says so."""
    kubeconfig(programs.parent / "config", {"kind-lab": "http://127.0.0.1:9"}, "")
    done = cluster(programs, "load", "--context", "kind-lab")
    assert (done.returncode, done.stderr) == (0, "")
    assert "into the nodes of lab" in done.stdout
    assert called(programs)[-1].startswith("kind load docker-image --name lab shop/orders:")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--context", "department"), "department isn't a kind cluster on this machine"),
        (("--context", "typo"), "The kubeconfig has no context typo"),
        (("bundle.tar", "--context", "kind-lab"), "only for the workbook's own cluster"),
    ],
)
def test_load_where_it_can_not(words: tuple[str, ...], said: str, programs: Path) -> None:
    """An impossible `load` is a usage error with a next step."""
    kubeconfig(programs.parent / "config", {"department": "http://127.0.0.1:9"}, "")
    done = cluster(programs, "load", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 2
    assert not [call for call in called(programs) if call.startswith(("kind load", "docker load"))]


@pytest.mark.parametrize(
    ("answer", "said"),
    [(ABSENT, "wasn't created by `workbook cluster up`"), ((503, "starting"), "`workbook cluster up` waits for it")],
    ids=["not ours", "starting"],
)
def test_status_where_answers_can_not_run(answer: tuple[int, object], said: str, programs: Path) -> None:
    """A starting cluster isn't called a foreign one; with either of them, answers can't run."""
    with api_server({("GET", MARKER_PATH): answer}) as server:
        kubeconfig(programs.parent / "config", {"kind-workbook": server.url}, "")
        done = cluster(programs, "status")
    assert (done.returncode, said in done.stdout) == (3, True), done.stdout + done.stderr


def test_status_says_that_another_cluster_is_named(programs: Path) -> None:
    """If WORKBOOK_CONTEXT is set, the output says that answers run on that cluster."""
    with api_server({("GET", MARKER_PATH): MARKER}) as server:
        kubeconfig(programs.parent / "config", {"kind-workbook": server.url}, "")
        done = cluster(programs, "status", WORKBOOK_CONTEXT="department")
    assert "WORKBOOK_CONTEXT names department, so answers run there" in done.stdout
