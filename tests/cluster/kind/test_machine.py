"""`workbook cluster` with programs that stand in for Docker and kind: whom it touches, and what it says."""

from __future__ import annotations

import io
import os
import stat
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cluster.errors import UsageError, WorldError
from cluster.kind import machine
from tests.cluster.kind.fake import api_server, kubeconfig

CALLS = "calls.txt"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it but what a test puts there; what is called is written down."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    return folder


def put(folder: Path, name: str, body: str = "") -> None:
    """A program of that name which writes its arguments down and then does ``body``, in Python."""
    path = folder / name
    log = folder.parent / CALLS
    path.write_text(
        f"#!{sys.executable}\nimport sys\nwords = sys.argv[1:]\n"
        f"open({str(log)!r}, 'a').write(' '.join([{name!r}, *words]) + '\\n')\n{body}\n"
    )
    path.chmod(path.stat().st_mode | stat.S_IEXEC)


def called(folder: Path) -> list[str]:
    log = folder.parent / CALLS
    return log.read_text().splitlines() if log.exists() else []


def quiet(_: str) -> None:
    pass


COMMANDS: dict[str, Callable[[], object]] = {
    "up": lambda: machine.up("node", quiet), "down": lambda: machine.down(quiet), "load": lambda: machine.load(quiet),
}  # fmt: skip
CLUSTERS = "if words == ['get', 'clusters']: print('workbook')"
STATE = "if words[:1] == ['inspect']: print('running')"


@pytest.mark.usefixtures("programs")
def test_no_docker() -> None:
    """Without Docker one sentence says what is missing, and the hint how to get it."""
    with pytest.raises(WorldError, match="no program “docker”") as raised:
        machine.up("node", quiet)
    assert "docs.docker.com" in raised.value.hint
    assert machine.status() == machine.Status("", "", cluster=False, ours=False)


def test_an_engine_that_does_not_answer(programs: Path) -> None:
    """Docker without its engine is told apart from no Docker at all, in Docker's own words."""
    put(programs, "docker", "sys.exit('Cannot connect to the Docker daemon')")
    with pytest.raises(WorldError, match="Cannot connect to the Docker daemon"):
        machine.up("node", quiet)


def test_no_kind(programs: Path) -> None:
    """Without kind the hint says where to get it."""
    put(programs, "docker")
    with pytest.raises(WorldError, match="no program “kind”") as raised:
        machine.up("node", quiet)
    assert "kind.sigs.k8s.io" in raised.value.hint


@pytest.mark.parametrize("command", ["up", "down"])
def test_a_cluster_that_the_kubeconfig_does_not_know(command: str, programs: Path) -> None:
    """A cluster called workbook that may be anybody's is neither filled nor deleted; the hint says how to go on."""
    put(programs, "docker", STATE)
    put(programs, "kind", CLUSTERS)
    with pytest.raises(WorldError) as raised:
        COMMANDS[command]()
    assert "kind delete cluster --name workbook" in raised.value.hint
    assert not [call for call in called(programs) if call.startswith(("kind delete", "kind load", "docker start"))]


@pytest.mark.parametrize("command", ["up", "down", "load"])
def test_somebody_elses_cluster_of_our_name(command: str, programs: Path) -> None:
    """A cluster in our context but without our marker isn't touched by any command."""
    put(programs, "docker", STATE)
    put(programs, "kind", CLUSTERS)
    with api_server({}) as foreign:
        kubeconfig(Path(os.environ["KUBECONFIG"]), {"kind-workbook": foreign.url}, "kind-workbook")
        with pytest.raises(WorldError, match="isn't one that `workbook cluster up` made"):
            COMMANDS[command]()
    assert {request.split()[0] for request in foreign.asked} == {"GET"}
    assert not [call for call in called(programs) if call.startswith(("kind delete", "kind load"))]


def test_half_a_cluster_is_taken_away(programs: Path) -> None:
    """Where kind fails to make the cluster, its words are told, and what it left is taken away for the next attempt."""
    put(programs, "docker")
    put(programs, "kind", "if words[0] == 'create': sys.exit('ERROR: no space left on device')")
    with pytest.raises(WorldError, match="no space left on device"):
        machine.up("node:1", quiet)
    made = "kind create cluster --name workbook --image node:1 --wait 180s"
    assert called(programs)[-2:] == [made, "kind delete cluster --name workbook"]


def test_the_current_context_stays(programs: Path) -> None:
    """kind makes its context the current one; afterwards kubectl means again what it meant before."""
    put(programs, "docker")
    put(programs, "kubectl")
    put(programs, "kind", "if words[0] == 'create': sys.exit('never mind')")
    kubeconfig(Path(os.environ["KUBECONFIG"]), {"production": "http://127.0.0.1:9"}, "production")
    with pytest.raises(WorldError):
        machine.up("node:1", quiet)
    assert called(programs)[-1] == "kubectl config use-context production"


def packed(path: Path, **members: bytes) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name.replace("__", "/").replace("_dot_", "."))
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


@pytest.mark.parametrize("kind", ["no archive", "another archive", "one that climbs out", "not there"])
def test_what_is_no_bundle(kind: str, programs: Path, tmp_path: Path) -> None:
    """A file that isn't a bundle is refused before anything is loaded, and nothing is written outside."""
    put(programs, "docker")
    path = tmp_path / "bundle.tar"
    if kind == "no archive":
        path.write_bytes(b"\\0" * 4096)
    elif kind == "another archive":
        packed(path, something=b"else")
    elif kind == "one that climbs out":
        packed(path, _dot__dot___escaped=b"!")
    with pytest.raises(UsageError, match="no bundle"):
        machine.unbundle(path, quiet)
    assert not [call for call in called(programs) if call.startswith("docker load")]
    assert not list(tmp_path.parent.glob("escaped"))
