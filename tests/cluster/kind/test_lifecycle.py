"""`workbook cluster` with programs that stand in for Docker and kind: the clusters that it uses, and its messages."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cluster.errors import UsageError, WorldError
from cluster.kind import lifecycle, startup
from cluster.kind.context import MARKER_PATH
from cluster.shop import images
from tests.cluster.kind.fake import ABSENT, Answers, api_server, kubeconfig
from tests.cluster.kind.programs import MARKER, called, put


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with only the test's own programs, which log their calls."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    monkeypatch.delenv("WORKBOOK_CONTEXT", raising=False)
    return folder


def quiet(_: str) -> None:
    pass


COMMANDS: dict[str, Callable[[], object]] = {
    "up": lambda: lifecycle.up("node", quiet), "down": lambda: lifecycle.down(quiet), "load": lambda: lifecycle.load(quiet),
}  # fmt: skip
CLUSTERS = "if words == ['get', 'clusters']: print('workbook')"
STATE = "if words[:1] == ['inspect']: print('running')"


@pytest.mark.usefixtures("programs")
def test_no_docker() -> None:
    """Without Docker, one sentence says what is missing, and the hint says how to get it."""
    with pytest.raises(WorldError, match="program “docker”") as raised:
        lifecycle.up("node", quiet)
    assert "docs.docker.com" in raised.value.hint
    assert lifecycle.status() == lifecycle.Status("", "", cluster=False, ours=False)


def test_an_engine_that_does_not_answer(programs: Path) -> None:
    """Docker without its engine has another message than a missing Docker, with Docker's own words."""
    put(programs, "docker", "sys.exit('Cannot connect to the Docker daemon')")
    with pytest.raises(WorldError, match="Cannot connect to the Docker daemon"):
        lifecycle.up("node", quiet)


def test_no_kind(programs: Path) -> None:
    """Without kind the hint says where to get it."""
    put(programs, "docker")
    with pytest.raises(WorldError, match="program “kind”") as raised:
        lifecycle.up("node", quiet)
    assert "kind.sigs.k8s.io" in raised.value.hint


@pytest.mark.parametrize("command", ["up", "down"])
def test_a_cluster_that_the_kubeconfig_does_not_know(command: str, programs: Path) -> None:
    """A cluster called workbook that the kubeconfig doesn't know is neither filled nor deleted; the hint names the next step."""
    put(programs, "docker", STATE)
    put(programs, "kind", CLUSTERS)
    with pytest.raises(WorldError) as raised:
        COMMANDS[command]()
    assert "kind delete cluster --name workbook" in raised.value.hint
    assert not [call for call in called(programs) if call.startswith(("kind delete", "kind load", "docker start"))]


@pytest.mark.parametrize("command", ["up", "down", "load"])
def test_somebody_elses_cluster_of_our_name(command: str, programs: Path) -> None:
    """No command uses a cluster in our context without our marker."""
    put(programs, "docker", STATE)
    put(programs, "kind", CLUSTERS)
    with api_server({}) as foreign:
        kubeconfig(Path(os.environ["KUBECONFIG"]), {"kind-workbook": foreign.url}, "kind-workbook")
        with pytest.raises(WorldError, match="wasn't created by `workbook cluster up`"):
            COMMANDS[command]()
    assert {request.split()[0] for request in foreign.asked} == {"GET"}
    assert not [call for call in called(programs) if call.startswith(("kind delete", "kind load"))]


def test_half_a_cluster_is_taken_away(programs: Path) -> None:
    """If kind fails to create the cluster, its message is shown, and its leftovers are deleted."""
    put(programs, "docker")
    put(programs, "kind", "if words[0] == 'create': sys.exit('ERROR: no space left on device')")
    with pytest.raises(WorldError, match="no space left on device"):
        lifecycle.up("node:1", quiet)
    made = "kind create cluster --name workbook --image node:1 --wait 180s"
    assert called(programs)[-2:] == [made, "kind delete cluster --name workbook"]


def test_the_current_context_stays(programs: Path) -> None:
    """kind changes the current context; afterwards it is restored."""
    put(programs, "docker")
    put(programs, "kubectl")
    put(programs, "kind", "if words[0] == 'create': sys.exit('never mind')")
    kubeconfig(Path(os.environ["KUBECONFIG"]), {"production": "http://127.0.0.1:9"}, "production")
    with pytest.raises(WorldError):
        lifecycle.up("node:1", quiet)
    assert called(programs)[-1] == "kubectl config use-context production"


# --- a cluster that Docker stopped, or that is starting

BEGAN = "2026-11-28T08:00:00.123456789Z"
BEFORE, AFTER = "2026-11-27T18:00:00Z", "2026-11-28T08:00:09Z"
STARTING = (503, {"kind": "Status", "message": "apiserver not ready"})
NO_RIGHTS_YET = (
    403,
    {"kind": "Status", "message": 'configmaps is forbidden: User "kubernetes-admin" cannot get resource "configmaps"'},
)
NODES, SYSTEM = "/api/v1/nodes", "/api/v1/namespaces/kube-system/pods"
READY = {"conditions": [{"type": "Ready", "status": "True"}]}
NODE_READY = (200, {"items": [{"status": READY}]})


def system(started: str, **status: Any) -> tuple[int, Any]:
    """Kubernetes' own pods as the server knows them; old entries may be out of date."""
    containers = [{"name": "a", "state": {"running": {"startedAt": started}}}]
    pod = {"metadata": {"name": "etcd"}, "status": {**READY, "containerStatuses": containers, **status}}
    return 200, {"items": [pod]}


def stopped(folder: Path, state: str = "exited") -> None:
    """Docker with a node that must be started and has all images, and kind with the workbook's cluster."""
    names = "".join(f"docker.io/{image.name}\n" for image in images.IMAGES)
    put(
        folder, "docker",
        "import pathlib\nup = pathlib.Path(__file__).with_name('up')\n"
        "if words[0] in ('start', 'unpause'): up.touch()\n"
        f"if 'StartedAt' in words[-2]: print({BEGAN!r})\n"
        f"elif words[0] == 'inspect': print('running' if up.exists() else {state!r})\n"
        f"if words[0] == 'exec': print({names!r})",
    )  # fmt: skip
    put(folder, "kind", CLUSTERS)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Images are up to date, and there is no pause between two checks."""
    monkeypatch.setattr(images, "outdated", tuple)
    monkeypatch.setattr(startup, "LOOKED_AGAIN", 0.0)


def woken(answers: Answers) -> list[str]:
    """Run `up` with a cluster whose server gives these answers, and return the reported steps."""
    steps: list[str] = []
    runs: Answers = {("GET", "/api/v1/namespaces"): (200, {"items": []})}
    with api_server({**runs, **answers}) as server:
        kubeconfig(Path(os.environ["KUBECONFIG"]), {"kind-workbook": server.url}, "kind-workbook")
        lifecycle.up("node", steps.append)
    return steps


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(("state", "command"), [("exited", "start"), ("created", "start"), ("paused", "unpause")])
def test_up_wakes_a_stopped_cluster(state: str, command: str, programs: Path) -> None:
    """`up` starts a node that Docker stopped, and waits for its server through any refusals."""
    stopped(programs, state)
    steps = woken({
        ("GET", MARKER_PATH): [(503, "starting"), STARTING, NO_RIGHTS_YET, MARKER],
        ("GET", NODES): [(200, {"items": [{"status": {}}]}), NODE_READY], ("GET", SYSTEM): [system(BEFORE), system(AFTER)],
    })  # fmt: skip
    assert f"docker {command} workbook-control-plane" in called(programs)
    assert steps == ["starting the node again", "waiting until Kubernetes runs again"]


@pytest.mark.usefixtures("at_once")
def test_up_finds_nothing_to_do(programs: Path) -> None:
    """`up` changes nothing on a running cluster, and reports no step."""
    stopped(programs, "running")
    steps = woken({("GET", MARKER_PATH): MARKER, ("GET", NODES): NODE_READY, ("GET", SYSTEM): system(AFTER)})
    assert (steps, [call for call in called(programs) if call.startswith("docker start")]) == ([], [])


@pytest.mark.usefixtures("at_once")
def test_up_sweeps_what_runs_left(programs: Path) -> None:
    """Namespaces of runs that ended with the node are deleted after their expiry, before anything else runs."""
    stopped(programs)
    labels = {"app.kubernetes.io/managed-by": "workbook", "workbook/expires": "1"}
    left = (200, {"items": [{"metadata": {"name": "workbook-1-faults", "labels": labels}, "status": {}}]})
    answers: Answers = {
        ("GET", MARKER_PATH): MARKER, ("GET", NODES): NODE_READY, ("GET", SYSTEM): system(AFTER), ("GET", "/api/v1/namespaces"): left,
    }  # fmt: skip
    with api_server(answers) as server:
        kubeconfig(Path(os.environ["KUBECONFIG"]), {"kind-workbook": server.url}, "kind-workbook")
        lifecycle.up("node", quiet)
    assert "DELETE /api/v1/namespaces/workbook-1-faults" in server.asked


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({("GET", MARKER_PATH): STARTING}, "apiserver not ready"),
        ({("GET", MARKER_PATH): MARKER, ("GET", NODES): (200, {"items": []})}, "node isn't ready"),
        ({("GET", MARKER_PATH): MARKER, ("GET", NODES): NODE_READY, ("GET", SYSTEM): system(BEFORE)}, "etcd of kube-system doesn't run yet"),
        ({("GET", MARKER_PATH): MARKER, ("GET", NODES): NODE_READY, ("GET", SYSTEM): system(AFTER, conditions=[])}, "etcd of kube-system"),
        ({("GET", MARKER_PATH): MARKER, ("GET", NODES): NODE_READY, ("GET", SYSTEM): (200, {"items": []})}, "kube-system doesn't run yet"),
    ],
    ids=["no answer", "no node", "nothing since the node began", "a pod isn't ready", "no pods"],
)  # fmt: skip
def test_up_does_not_wait_for_ever(
    answers: Answers, said: str, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a part never becomes ready, the error names it, and says what to do about the cluster."""
    monkeypatch.setattr(lifecycle, "READY_SECONDS", 0)
    stopped(programs)
    with pytest.raises(WorldError, match=said) as raised:
        woken(answers)
    assert "docker restart workbook-control-plane" in raised.value.hint


@pytest.mark.usefixtures("at_once")
def test_up_says_why_a_node_does_not_start(programs: Path) -> None:
    """If Docker can't start the node because its port is taken, its message is shown with a hint."""
    put(programs, "docker", "if words[0] == 'start': sys.exit('Bind for 127.0.0.1:41501 failed: port is already allocated')\n"
        "if words[0] == 'inspect': print('exited')")  # fmt: skip
    put(programs, "kind", CLUSTERS)
    with pytest.raises(WorldError, match="port is already allocated") as raised:
        woken({})
    assert "workbook cluster down" in raised.value.hint


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("starting", [STARTING, NO_RIGHTS_YET, (500, "etcd")], ids=["503", "403", "500"])
def test_down_waits_for_a_cluster_that_is_starting(starting: tuple[int, Any], programs: Path) -> None:
    """While the marker can't be read yet, `down` waits, and says so once."""
    put(programs, "docker", STATE)
    put(programs, "kind", CLUSTERS)
    steps: list[str] = []
    with api_server({("GET", MARKER_PATH): [starting, starting, MARKER]}) as server:
        kubeconfig(Path(os.environ["KUBECONFIG"]), {"kind-workbook": server.url}, "kind-workbook")
        assert lifecycle.down(steps.append)
    assert steps == ["waiting for the cluster to answer", "deleting the cluster"]
    assert called(programs)[-1] == "kind delete cluster --name workbook"


@pytest.mark.usefixtures("at_once")
def test_down_finds_out_that_it_is_not_ours(programs: Path) -> None:
    """A cluster whose server has started and has no marker is foreign."""
    put(programs, "docker", STATE)
    put(programs, "kind", CLUSTERS)
    with api_server({("GET", MARKER_PATH): [STARTING, ABSENT]}) as server:
        kubeconfig(Path(os.environ["KUBECONFIG"]), {"kind-workbook": server.url}, "kind-workbook")
        with pytest.raises(WorldError, match="wasn't created by `workbook cluster up`"):
            lifecycle.down(quiet)
    assert "kind delete cluster --name workbook" not in called(programs)


@pytest.mark.usefixtures("at_once")
def test_down_does_not_delete_what_never_answers(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster whose server never answers isn't deleted and isn't called foreign, and the hint names the next step."""
    monkeypatch.setattr(lifecycle, "MARKER_SECONDS", 0)
    put(programs, "docker", STATE)
    put(programs, "kind", CLUSTERS)
    kubeconfig(Path(os.environ["KUBECONFIG"]), {"kind-workbook": "http://127.0.0.1:9"}, "kind-workbook")
    with pytest.raises(WorldError, match="doesn't answer") as raised:
        lifecycle.down(quiet)
    assert "whether it is the workbook's" in raised.value.problem
    assert "wasn't created" not in raised.value.problem
    assert "kind delete cluster --name workbook" in raised.value.hint
    assert "kind delete cluster --name workbook" not in called(programs)


@pytest.mark.parametrize(
    ("state", "answer", "said"),
    [("exited", MARKER, "node doesn't run (it is exited). `workbook cluster up` starts it"),
     ("running", STARTING, "isn't ready: apiserver not ready If it is still starting, `workbook cluster up` waits"),
     ("running", ABSENT, "wasn't created by `workbook cluster up`")],
    ids=["stopped", "starting", "not ours"],
)  # fmt: skip
def test_status_tells_them_apart(state: str, answer: tuple[int, Any], said: str, programs: Path) -> None:
    """`status` distinguishes a stopped, a starting and a foreign cluster."""
    stopped(programs, state)
    with api_server({("GET", MARKER_PATH): answer}) as server:
        kubeconfig(Path(os.environ["KUBECONFIG"]), {"kind-workbook": server.url}, "kind-workbook")
        now = lifecycle.status()
    assert (now.cluster, now.ours) == (True, False)
    assert said in now.trouble


@pytest.mark.parametrize("command", ["up", "down", "load"])
def test_our_commands_are_about_our_cluster(command: str, programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An explicitly named context is only for answers; commands on the workbook's cluster ignore it."""
    put(programs, "docker", STATE)
    put(programs, "kind", CLUSTERS)
    monkeypatch.setattr(images, "outdated", tuple)
    with api_server({}) as foreign, api_server({("GET", MARKER_PATH): MARKER}) as named:
        contexts = {"kind-workbook": foreign.url, "department": named.url}
        kubeconfig(Path(os.environ["KUBECONFIG"]), contexts, "department")
        monkeypatch.setenv("WORKBOOK_CONTEXT", "department")
        with pytest.raises((WorldError, UsageError)):
            COMMANDS[command]()
    assert named.asked == []
    assert not [call for call in called(programs) if call.startswith(("kind delete", "kind load"))]


# --- images for a cluster that is named outright


@pytest.fixture
def contexts(programs: Path) -> Path:
    """A kubeconfig with three contexts, and kind with the clusters ``workbook`` and ``lab``."""
    put(programs, "docker", STATE)
    put(programs, "kind", "if words == ['get', 'clusters']: print('lab\\nworkbook')")
    away = "http://127.0.0.1:9"
    kubeconfig(Path(os.environ["KUBECONFIG"]), {"kind-lab": away, "kind-gone": away, "department": away}, "department")
    return programs


@pytest.mark.parametrize("way", ["option", "variable"])
@pytest.mark.usefixtures("at_once")
def test_load_fills_a_kind_cluster_that_is_named(way: str, contexts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`load --context kind-NAME`, or the variable, brings every image to that kind cluster."""
    if way == "variable":
        monkeypatch.setenv("WORKBOOK_CONTEXT", "kind-lab")
    names = tuple(image.name for image in images.IMAGES)
    assert lifecycle.load(quiet, "kind-lab" if way == "option" else "") == names
    assert called(contexts)[-1] == f"kind load docker-image --name lab {' '.join(names)}"


@pytest.mark.parametrize("name", ["department", "kind-gone"])
@pytest.mark.usefixtures("at_once")
def test_load_says_how_to_fill_another_cluster(name: str, contexts: Path) -> None:
    """Images can't be loaded into a cluster other than kind's: the hint lists the images that its nodes need."""
    with pytest.raises(UsageError, match=f"{name} isn't a kind cluster on this machine") as raised:
        lifecycle.load(quiet, name)
    assert all(image.name in raised.value.hint for image in images.IMAGES)
    assert not [call for call in called(contexts) if call.startswith("kind load")]


@pytest.mark.usefixtures("at_once", "contexts")
def test_load_into_a_context_that_there_is_not() -> None:
    """An unknown context is reported before any build."""
    with pytest.raises(UsageError, match="no context kind-typo"):
        lifecycle.load(quiet, "kind-typo")


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
    with pytest.raises(UsageError, match="bundle of the workbook"):
        lifecycle.unbundle(path, quiet)
    assert not [call for call in called(programs) if call.startswith("docker load")]
    assert not list(tmp_path.parent.glob("escaped"))
