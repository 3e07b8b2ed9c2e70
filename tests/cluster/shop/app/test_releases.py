"""The releases behave as the release train assumes."""

from __future__ import annotations

import pytest

from cluster.shop.app.settings import RELEASES, Settings, read
from cluster.shop.releases import BAD, PORT, SLOW, UPDATE
from cluster.shop.releases import RELEASES as TRAIN
from tests.cluster.shop.app.running import running


@pytest.mark.parametrize("tag", TRAIN)
def test_times_of_releases(tag: str) -> None:
    """Each release starts and becomes ready as the train says; a healthy release opens its port within a second."""
    behavior = Settings(release=tag).behavior
    assert behavior.ready == TRAIN[tag].ready
    assert behavior.start == (TRAIN[tag].start if tag in RELEASES and TRAIN[tag].ready else 0.0)


def test_the_port_is_the_one() -> None:
    """By default the port is the one that the train uses, and the release is healthy."""
    assert (read({}).port, read({}).release) == (PORT, "1.0.0")
    assert set(RELEASES) == {SLOW, BAD}


def test_the_update_says_what_it_is() -> None:
    """The release comes from the environment, and the fault port reports it."""
    with running(SHOP_RELEASE=UPDATE) as it:
        assert it.fault("GET", "/faults").json["release"] == UPDATE
        assert it.get("/readyz").status == 200


def test_the_bad_release_is_never_ready() -> None:
    """1.2.0 is alive, has started and accepts orders, and never becomes ready."""
    with running(SHOP_RELEASE=BAD) as it:
        assert [it.get(path).status for path in ("/healthz", "/startupz", "/orders", "/readyz")] == [200, 200, 200, 503]
        assert it.get("/readyz").json["why"] == "this release never becomes ready"
