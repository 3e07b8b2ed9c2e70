"""Three ways to run a drawing give one finding: the flow, the shop of processes, and the shop of pods.

The shop of processes is compared with the flow in ``tests/cluster/shop/test_local.py``.
"""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster.kind.api import Api
from cluster.kind.context import connect
from cluster.kind.shop import KindShop
from cluster.kind.shop_objects import PROGRAMS, callers, policy
from cluster.shop.story import seen
from cluster.shop.wiring import API, CACHE, WHOLE, WORKER, Wiring
from graders.application_platform.exercises.diagram.wired import foreseen
from tests.cluster.kind.live.watching import namespaces
from tests.contract import shops
from tests.graders.application_platform.exercises.diagram.drawings import by_wiring, flow
from tests.support.live import cluster_in_sight, missing

ROOT = Path(__file__).parents[2]
RECORDED, WIRINGS = shops.read(), by_wiring()
SIX = 6

live = pytest.mark.skipif(bool(missing()), reason=missing() or "a cluster is up")


@pytest.fixture
def api() -> Iterator[Api]:
    """The API server of the workbook's own cluster."""
    with cluster_in_sight():
        yield connect()


def some() -> list[Wiring]:
    """Six wirings, chosen by the commit or by the names of drawings in ``WORKBOOK_LIVE_CASES``."""
    if named := os.environ.get("WORKBOOK_LIVE_CASES"):
        return [w for w, names in WIRINGS.items() if set(names) & set(named.split(","))]
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return random.Random(commit).sample(list(WIRINGS), SIX)  # noqa: S311  no secret


def test_every_drawing_is_recorded() -> None:
    """Each drawing's wiring has a recording of a shop in pods."""
    assert set(RECORDED) == set(WIRINGS)


@pytest.mark.parametrize("wired", WIRINGS, ids=[names[0] for names in WIRINGS.values()])
def test_what_pods_did(wired: Wiring) -> None:
    """The recorded results equal the flow's for every drawing with this wiring."""
    for name in WIRINGS[wired]:
        assert RECORDED[wired].seen == foreseen(flow(name)), name


@live
@pytest.mark.parametrize("wired", some(), ids=lambda wired: WIRINGS[wired][0])
def test_what_pods_do_now(wired: Wiring, api: Api) -> None:
    """The results of pods now equal the recording, and the run leaves nothing behind."""
    assert seen(KindShop().run(wired)) == RECORDED[wired].seen
    assert namespaces(api) == set()


@live
def test_a_pod_is_given_its_arrows_and_nothing_else(api: Api) -> None:
    """In the cluster a program's environment has the parts at its arrows, and a part's policy admits those with an arrow to it."""
    wired = Wiring(frozenset({API, CACHE, WORKER}), frozenset({(API, CACHE)}))
    with KindShop().stage(wired) as it:
        pods = api.get(f"{it._inside}/pods")["items"]
        told = {p["metadata"]["name"]: {e["name"] for e in p["spec"]["containers"][0].get("env", [])} for p in pods}
        policies = api.get(f"/apis/networking.k8s.io/v1/namespaces/{it._namespace}/networkpolicies")["items"]
        assert "REDIS_URL" in told[API]
        assert not {"DATABASE_URL", "NATS_URL", "WORKER_URL", "REDIS_URL"} & told[WORKER]
        assert {p["metadata"]["name"] for p in policies} >= {API, CACHE, WORKER}
        assert len(it.notes) == 1
        assert "NetworkPolicies" in it.notes[0]


def test_policies_follow_the_arrows() -> None:
    """A policy admits only the parts with an arrow, and our own visitor."""
    assert callers(CACHE, WHOLE) == {API, "visitor"}
    assert callers(WORKER, WHOLE) == {"visitor"}
    (rule,) = policy(CACHE, callers(CACHE, WHOLE))["spec"]["ingress"]
    assert [peer["podSelector"]["matchLabels"]["workbook/part"] for peer in rule["from"]] == [API, "visitor"]
    assert rule["ports"] == [{"port": 6379}]
    assert policy(CACHE, set())["spec"]["ingress"] == []
    assert set(PROGRAMS) == {"api", "worker", "relay", "sink", "visitor"}
