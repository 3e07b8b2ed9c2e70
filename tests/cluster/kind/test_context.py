"""Only the workbook's own cluster is used, unless another is named explicitly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cluster.errors import WorldError
from cluster.kind.context import CONTEXT, MARKER_PATH, connect, known
from cluster.kind.context import current as current_context
from cluster.kind.detect import likely
from cluster.kind.world import KindCluster
from cluster.manifests.documents import read
from cluster.train.stops import Scenario
from tests.cluster.kind.fake import api_server, kubeconfig
from tests.support.manifests import DEPLOYMENT

VERSION = {"major": "1", "minor": "37", "gitVersion": "v1.37.0"}
DOCUMENTS = read(DEPLOYMENT)


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """No context is named explicitly."""
    monkeypatch.delenv("WORKBOOK_CONTEXT", raising=False)


def test_another_current_context_is_never_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the current context is a production cluster, that cluster gets no request."""
    with api_server({("GET", "/version"): (200, VERSION)}) as production:
        path = kubeconfig(tmp_path / "config", {"production": production.url}, "production")
        monkeypatch.setenv("KUBECONFIG", str(path))
        assert not likely()
        with pytest.raises(WorldError, match=f"no context {CONTEXT}"):
            KindCluster().admit(DOCUMENTS)
        with pytest.raises(WorldError, match=f"no context {CONTEXT}"):
            KindCluster().run(Scenario(DOCUMENTS))
    assert production.asked == []


def test_a_foreign_cluster_of_our_name_is_only_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A foreign cluster called workbook has no marker, and the only request to it asks for the marker."""
    with api_server({("GET", "/version"): (200, VERSION)}) as foreign:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "config", {CONTEXT: foreign.url}, CONTEXT)))
        assert likely()
        with pytest.raises(WorldError, match="wasn't created by `workbook cluster up`") as raised:
            KindCluster().run(Scenario(DOCUMENTS))
        assert f"--context {CONTEXT}" in raised.value.hint
    assert foreign.asked == [f"GET {MARKER_PATH}"]


def test_a_context_named_outright_needs_no_marker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A context from an argument or from WORKBOOK_CONTEXT is used; the current context doesn't matter."""
    with api_server({("GET", "/version"): (200, VERSION)}) as ours, api_server({}) as production:
        contexts = {"department": ours.url, "production": production.url}
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "config", contexts, "production")))
        assert KindCluster("department").api.get("/version") == VERSION
        monkeypatch.setenv("WORKBOOK_CONTEXT", "department")
        assert connect().context == "department"
    assert production.asked == []


@pytest.mark.parametrize("current", ["", "deleted"])
def test_no_current_context(current: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other contexts can be used even if the current context no longer exists."""
    with api_server({("GET", MARKER_PATH): (200, {})}) as server:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "config", {CONTEXT: server.url}, current)))
        assert connect().context == CONTEXT
    assert (known(), known("deleted"), current_context()) == (True, False, current)


def test_several_kubeconfigs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """KUBECONFIG may list several files, even missing ones, and a context may be in any of them."""
    one = kubeconfig(tmp_path / "one", {"production": "http://127.0.0.1:9"}, "production")
    two = kubeconfig(tmp_path / "two", {CONTEXT: "http://127.0.0.1:9"}, "")
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join((str(one), str(tmp_path / "not there"), str(two))))
    assert (known(), known("production")) == (True, True)


@pytest.mark.parametrize("text", ["", "a: [", "[]", "contexts: 3", "apiVersion: v1\nkind: Config\n"])
def test_a_kubeconfig_that_is_no_use(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unusable kubeconfig is a broken environment: one sentence and a hint."""
    (tmp_path / "config").write_text(text)
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    with pytest.raises(WorldError) as raised:
        connect()
    assert "workbook cluster up" in raised.value.hint


def test_an_api_server_that_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster that doesn't answer is a broken environment, and makes no answer wrong."""
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "config", {CONTEXT: "http://127.0.0.1:9"}, CONTEXT)))
    with pytest.raises(WorldError, match="doesn't answer") as raised:
        KindCluster().admit(DOCUMENTS)
    assert "workbook cluster status" in raised.value.hint
