"""A real API server still gives the recorded verdicts, and the simulated cluster gives the same on new manifests."""

from __future__ import annotations

import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.mutations import Live, compare
from cluster.admission.rules import JUDGED
from cluster.admission.schema import schema
from cluster.kubernetes import MINORS
from tests import corpus
from tests.contract.server import Server
from tests.corpus import dry_run
from tests.support.live import cluster_in_sight, missing

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "a cluster is up")

MUTATIONS = 10 * len(JUDGED)
"""How many new manifests are tried, ten of each kind: a second or two."""


@pytest.fixture
def server() -> Iterator[Server]:
    """The workbook's own cluster, of a minor that is recorded."""
    with cluster_in_sight():
        found = Server.reach()
        assert found.minor in MINORS
        yield found


def test_the_corpus_is_what_the_server_says(server: Server) -> None:
    """The server accepts and refuses as recorded, with the recorded status."""
    recorded, differing = {row["id"]: row for row in corpus.verdicts("admission", server.minor)}, []
    kinds = schema(server.minor).kinds
    for row in corpus.manifests("admission"):
        now = dry_run.verdict(server.api, dry_run.address(row["manifest"], kinds), row["manifest"])
        if now["status"] != recorded[row["id"]]["status"]:
            differing.append((row["id"], now))
    assert differing == []


def test_new_manifests_agree(server: Server) -> None:
    """Nearly all manifests with new mistakes, which change with each commit, get the server's verdict and words."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    found = compare(Live(server), zlib.crc32(commit.encode()), MUTATIONS)
    total, differing = found.total, [(one.name, real, ours) for one, real, ours in found.differing]
    assert total.verdicts >= 0.98 * total.manifests, differing
    assert total.messages + total.reordered >= 0.93 * total.refused, differing
