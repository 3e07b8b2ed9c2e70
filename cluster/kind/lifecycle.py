"""The lifecycle of the cluster on this machine: create, load images, inspect and delete, with the programs Docker and kind.

Every command is a fixed program with our own arguments, without a shell.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cluster.errors import NotReadyError, UsageError, WorldError
from cluster.kind import context, guards, startup
from cluster.kind.api import Api
from cluster.kind.capacity import FreeCapacity, room
from cluster.kind.context import CLUSTER, CONTEXT, MARKER, MARKER_NAMESPACE, MARKER_PATH
from cluster.kind.detect import named_context
from cluster.kind.world import sweep
from cluster.kubernetes import NODE_IMAGE
from cluster.shop import images

NODE_IMAGE_NAMED_BY = "WORKBOOK_NODE_IMAGE"
NODE = f"{CLUSTER}-control-plane"
RUNNING = "running"
READY_SECONDS = 180
"""How long a cluster may take until answers can run in it, in seconds after its creation or start."""
MARKER_SECONDS = 60
"""How long ``down`` waits for a starting cluster to show its marker, in seconds."""
MADE_OF = "images-made-of"
"""The marker's field with the hash of the images on the node."""

IN_BUNDLE = "node-image.txt"

Say = Callable[[str], None]
"""Called with a few words as each step begins."""

DOCKER_HELP = "Install Docker (docs.docker.com/get-started/get-docker/) and start it; `docker version` should name client and server."
KIND_HELP = "Install kind (kind.sigs.k8s.io, “Quick Start”); it is a single program on the PATH."


@dataclass(frozen=True, slots=True)
class Status:
    """The state: ``cluster`` says whether kind has our cluster, ``ours`` whether it has the marker and answers."""

    docker: str
    kind: str
    cluster: bool
    ours: bool
    version: str = ""
    trouble: str = ""
    missing_images: tuple[str, ...] = ()
    runs: int = 0
    room: FreeCapacity | None = None


def up(image: str, say: Say) -> float:
    """Make the cluster if it doesn't exist, and fill it; return the seconds that making it took, 0 if it existed.

    A cluster that Docker stopped (by a reboot, for example) is started, and a starting one is awaited. Raises WorldError
    if Docker or kind is missing or fails, and if a foreign cluster has our name.
    """
    docker, kind = _docker(), _kind()
    made = 0.0
    if CLUSTER not in _run(kind, "get", "clusters").stdout.split():
        say(f"creating a cluster of one node ({image.partition('@')[0]})")
        began = time.monotonic()
        _create(kind, image)
        made = time.monotonic() - began
        _mark(context.connect(CONTEXT))
    elif not context.known():
        raise WorldError(
            f"kind has a cluster called {CLUSTER}, but your kubeconfig doesn't.",
            f"If it is the workbook's: kind export kubeconfig --name {CLUSTER}. If not: kind delete cluster --name {CLUSTER}.",
        )
    else:
        _wake(docker, say)
    _load_ours(docker, kind, say)
    return made


def down(say: Say) -> bool:
    """Delete our cluster; return whether there was one. Raises WorldError for a foreign one."""
    docker, kind = _docker(), _kind()
    if CLUSTER not in _run(kind, "get", "clusters").stdout.split():
        return False
    yours = f"If it is yours to delete: kind delete cluster --name {CLUSTER}."
    if _state(docker) == RUNNING:
        try:
            startup.awaited(context.ours, MARKER_SECONDS, lambda: say("waiting for the cluster to answer"))
        except NotReadyError as error:
            raise WorldError(
                f"{error.problem} So we can't tell whether it is the workbook's, and it isn't deleted.",
                f"Once it answers, `workbook cluster down` deletes it; `workbook cluster up` waits for that. {yours}",
            ) from None
        except WorldError as error:
            raise WorldError(error.problem, yours) from None
    elif not context.known():
        raise WorldError(
            f"kind has a cluster called {CLUSTER}, but your kubeconfig doesn't, so it isn't deleted.", yours
        )
    say("deleting the cluster")
    _checked(kind, "delete", "cluster", "--name", CLUSTER)
    return True


def load(say: Say, named: str = "") -> tuple[str, ...]:
    """Build outdated images of the shop, load into the node those that it lacks, and return their names.

    ``named`` (or ``WORKBOOK_CONTEXT``) is the context of another kind cluster on this machine: all its
    nodes get all images. Raises WorldError if the cluster doesn't exist, UsageError for a context that isn't kind's.
    """
    docker, kind = _docker(), _kind()
    if not (other := named_context(named)):
        return _load_ours(docker, kind, say)
    if not context.known(other):
        raise UsageError(f"The kubeconfig has no context {other}.", "`kubectl config get-contexts` lists them.")
    _build(say)
    names = tuple(one.name for one in images.IMAGES)
    cluster = other.removeprefix("kind-")
    if cluster == other or cluster not in _run(kind, "get", "clusters").stdout.split():
        raise UsageError(
            f"The images are built, but {other} isn't a kind cluster on this machine, so they can't be loaded into it from here.",
            f"Its nodes need them under these names: {', '.join(names)}. `docker save` writes them to a file; a tool of the "
            "cluster's own loads them into each node (minikube image load, k3d image import, ctr images import).",
        )
    say(f"loading {len(names)} images into the nodes of {cluster}")
    _checked(kind, "load", "docker-image", "--name", cluster, *names)
    if other == CONTEXT:
        _note(context.connect(other))
    return names


def bundle(file: Path, image: str, say: Say) -> Path:
    """Write node image and shop images into one file, for a machine without a network."""
    docker = _docker()
    _build(say)
    if _run(docker, "image", "inspect", image).returncode:
        say("fetching the node image")
        _checked(docker, "pull", image)
    say(f"writing {file}")
    with tempfile.TemporaryDirectory(dir=file.resolve().parent) as folder:
        saved, name = Path(folder, "images.tar"), Path(folder, IN_BUNDLE)
        # An image can't be loaded under a digest: the bundle has it under its tag.
        tag = image.partition("@")[0]
        _checked(docker, "tag", image, tag)
        _checked(docker, "save", "--output", str(saved), tag, *(one.name for one in images.IMAGES))
        name.write_text(tag + "\n", encoding="utf-8")
        with tarfile.open(Path(folder, "bundle.tar"), "w") as packed:
            packed.add(name, IN_BUNDLE)
            packed.add(saved, "images.tar")
        Path(folder, "bundle.tar").replace(file)
    return file


def unbundle(file: Path, say: Say) -> str:
    """Load a bundle's images into the local Docker and into our cluster, if it exists; return the node image's name."""
    docker = _docker()
    say(f"reading {file}")
    try:
        with tarfile.open(file) as packed, tempfile.TemporaryDirectory() as folder:
            packed.extractall(folder, filter="data")
            image = Path(folder, IN_BUNDLE).read_text(encoding="utf-8").strip()
            _checked(docker, "load", "--input", str(Path(folder, "images.tar")))
    except (OSError, tarfile.TarError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{file} isn't a bundle of the workbook.", "`workbook cluster bundle FILE` writes one."
        ) from error
    if context.known() and CLUSTER in _run(kind := _kind(), "get", "clusters").stdout.split():
        _load_ours(docker, kind, say)
    return image


def status() -> Status:
    """Return the state of Docker, kind and the cluster. Never raises if one is missing or broken."""
    docker, kind = shutil.which("docker") or "", shutil.which("kind") or ""
    engine = bool(docker) and _run(docker, "version", "--format", "{{.Server.Version}}").returncode == 0
    there = bool(kind) and engine and CLUSTER in _run(kind, "get", "clusters").stdout.split()
    found = Status(docker if engine else "", kind, there, ours=False)
    if not there:
        return found
    if (state := _state(docker)) != RUNNING:
        return replace(found, trouble=_stopped_node(state))
    try:
        api = context.ours()
        version = str(api.get("/version")["gitVersion"])
        every = api.get("/api/v1/namespaces", labelSelector=guards.SELECTOR)["items"]
        runs = sum(one["status"].get("phase") != "Terminating" for one in every)
        return Status(docker, kind, there, True, version, "", _absent(docker, api), runs, room(api))
    except NotReadyError as error:
        return replace(found, trouble=f"{error.problem} If it is still starting, `workbook cluster up` waits for it.")
    except WorldError as error:
        return replace(found, trouble=f"{error.problem} {error.hint}")


def node_image(named: str = "") -> str:
    """Return the node image to use: ``named``, that of ``WORKBOOK_NODE_IMAGE``, or the pinned one."""
    return named or os.environ.get(NODE_IMAGE_NAMED_BY, "") or NODE_IMAGE


def _create(kind: str, image: str) -> None:
    before = context.current()
    try:
        _checked(kind, "create", "cluster", "--name", CLUSTER, "--image", image, "--wait", f"{READY_SECONDS}s")
    except BaseException:
        # A half-created cluster would block the next attempt.
        _run(kind, "delete", "cluster", "--name", CLUSTER)
        raise
    finally:
        # kind changes the current context; restore it, so that kubectl's default stays.
        if before and before != CONTEXT and (kubectl := shutil.which("kubectl")):
            _run(kubectl, "config", "use-context", before)


def _mark(api: Api) -> None:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": MARKER_NAMESPACE}}
    marker = {
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": MARKER},
        "data": {"what": "This cluster is the workbook's own: it may run answers here, and delete what it created."},
    }  # fmt: skip
    for path, thing in (
        ("/api/v1/namespaces", namespace),
        (f"/api/v1/namespaces/{MARKER_NAMESPACE}/configmaps", marker),
    ):
        api.create(path, thing, "`workbook cluster down`, then up again.")


def _wake(docker: str, say: Say) -> None:
    """Make our cluster run and be ready, from any state. Raises WorldError if it isn't ours."""
    if (state := _state(docker)) != RUNNING:
        say("starting the node again")
        _checked(
            docker, "unpause" if state == "paused" else "start", NODE,
            hint="If its port is taken, free it. Or create the cluster again: `workbook cluster down`, then up.",
        )  # fmt: skip
    began = startup.seconds(_inspected(docker, "{{.State.StartedAt}}"))

    def running() -> Api:
        api = context.ours()
        startup.require_running(api, began)
        return api

    try:
        api = startup.awaited(running, READY_SECONDS, lambda: say("waiting until Kubernetes runs again"))
    except NotReadyError as error:
        raise WorldError(
            f"{error.problem} `workbook cluster up` waited {READY_SECONDS} s for it.",
            f"Start its node again (docker restart {NODE}), or create the cluster again: kind delete cluster --name {CLUSTER}, "
            "then `workbook cluster up`.",
        ) from None
    sweep(api)  # left by runs that ended with the node


def _load_ours(docker: str, kind: str, say: Say) -> tuple[str, ...]:
    api = context.ours()
    _build(say)
    absent = _absent(docker, api)
    if absent:
        say(f"loading {len(absent)} images into the node")
        _checked(kind, "load", "docker-image", "--name", CLUSTER, *absent)
        _note(api)
    return absent


def _note(api: Api) -> None:
    """Write the hash of the images on the node into the marker, if there is one."""
    noted = {"data": {MADE_OF: images.context_hash()}}
    api.ask("PATCH", MARKER_PATH, noted, content="application/merge-patch+json")


def _build(say: Say) -> None:
    if images.outdated():
        say("building the shop's images")
        images.build()


def _state(docker: str) -> str:
    return _inspected(docker, "{{.State.Status}}")


def _stopped_node(state: str) -> str:
    return f"The cluster's node doesn't run (it is {state or 'lost'}). `workbook cluster up` starts it again."


def _inspected(docker: str, what: str) -> str:
    return _run(docker, "inspect", "--format", what, NODE).stdout.strip()


def _absent(docker: str, api: Api) -> tuple[str, ...]:
    """Return the shop's images that the node lacks or has from other sources."""
    names = tuple(one.name for one in images.IMAGES)
    marker = api.get(MARKER_PATH)
    if marker.get("data", {}).get(MADE_OF) != images.context_hash():
        return names
    there = set(_run(docker, "exec", NODE, "ctr", "--namespace", "k8s.io", "images", "list", "--quiet").stdout.split())
    return tuple(name for name in names if f"docker.io/{name}" not in there)


def _docker() -> str:
    docker = shutil.which("docker")
    if docker is None:
        raise WorldError("A kind cluster needs Docker, but the program “docker” isn't installed.", DOCKER_HELP)
    done = _run(docker, "version", "--format", "{{.Server.Version}}")
    if done.returncode:
        raise WorldError(f"Docker is installed, but its engine doesn't answer: {_last(done)}", DOCKER_HELP)
    return docker


def _kind() -> str:
    kind = shutil.which("kind")
    if kind is None:
        raise WorldError("The program “kind”, which creates Kubernetes clusters in Docker, isn't installed.", KIND_HELP)
    return kind


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603


def _checked(
    *command: str, hint: str = "This is the program's own message; `workbook doctor` shows what is installed."
) -> None:
    done = _run(*command)
    if done.returncode:
        raise WorldError(f"{Path(command[0]).name} {command[1]} failed: {_last(done)}", hint)


def _last(done: subprocess.CompletedProcess[str], lines: int = 4) -> str:
    said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return " · ".join(said[-lines:])[:600] or f"exit code {done.returncode}"
