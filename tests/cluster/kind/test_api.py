"""Every wrong answer of a server over a real socket leads to an error of one sentence."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from cluster.errors import NotReadyError, WorldError
from cluster.kind.api import Answer, Api
from cluster.kind.context import CONTEXT, connect
from cluster.kind.dry_run import admitted
from cluster.kind.event_log import SharedLog
from cluster.kind.watching import follow
from cluster.manifests.documents import read
from tests.cluster.kind.fake import api_server, kubeconfig
from tests.support.manifests import DEPLOYMENT
from tests.support.patience import PATIENCE

Behavior = Callable[[socket.socket], None]
DOCUMENT = read(DEPLOYMENT)[0]
NODES = "/api/v1/nodes"
DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"


def closes(connection: socket.socket) -> None:
    """Closes the connection during the handshake, as Docker's proxy does before the node's server runs."""
    connection.recv(2**16)


def resets(connection: socket.socket) -> None:
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def speaks_no_tls(connection: socket.socket) -> None:
    connection.recv(1)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def says(*parts: bytes) -> Behavior:
    """Reads a request, sends this text and closes."""

    def behavior(connection: socket.socket) -> None:
        connection.recv(2**16)
        for part in parts:
            connection.sendall(part)

    return behavior


@contextmanager
def listening(behavior: Behavior) -> Iterator[str]:
    """A server that handles each connection with a function and then closes it; its host and port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    behavior(connection)

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)


def api_at(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, context: str = "kind-x") -> Api:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "config", {context: url}, context)))
    return connect(context)


HEAD = b"HTTP/1.1 200 OK\r\n"
SILENT: dict[str, tuple[str, Behavior]] = {
    "closes in the handshake": ("https", closes), "resets the handshake": ("https", resets),
    "speaks no TLS": ("https", speaks_no_tls), "closes at once": ("http", closes), "resets": ("http", resets),
    "closes before it answers": ("http", says()), "speaks no HTTP": ("http", says(b"SSH-2.0-OpenSSH_9.2\r\n")),
    "closes amid the status": ("http", says(HEAD[:8])),
    "closes amid the body": ("http", says(HEAD + b"Content-Length: 99\r\n\r\n", b'{"kind')),
    "closes amid a chunk": ("http", says(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b'8\r\n{"a"')),
    "chunks of no length": ("http", says(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"long\r\n")),
    "packed badly": ("http", says(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n", b"plain")),
}  # fmt: skip


@pytest.mark.parametrize("kind", SILENT)
def test_a_server_that_does_not_answer(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that fails to answer, during the handshake or later, is a world that isn't ready: one sentence and a hint."""
    scheme, behavior = SILENT[kind]
    with listening(behavior) as address:
        api = api_at(f"{scheme}://{address}", tmp_path, monkeypatch)
        asks: tuple[Callable[[], object], ...] = (
            lambda: api.get(NODES), lambda: api.ask("POST", NODES, {}), lambda: list(api.watch(NODES, "1")),
        )  # fmt: skip
        for ask in asks:
            with pytest.raises(NotReadyError, match=r"^The API server of kind-x doesn't answer \(\w+\)\.$") as raised:
                ask()
            assert "kubectl --context kind-x" in raised.value.hint


def test_a_port_where_nothing_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused connection is a world that isn't ready; for the workbook's cluster, the hint names the workbook's commands."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: other programs can't take this port meanwhile
        api = api_at(f"https://127.0.0.1:{taken.getsockname()[1]}", tmp_path, monkeypatch, CONTEXT)
        with pytest.raises(NotReadyError, match="doesn't answer") as raised:
            api.get(NODES)
    assert "workbook cluster up" in raised.value.hint


def test_a_watch_that_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes before a broken connection are delivered; then the world isn't ready."""
    change = b'{"type": "ADDED", "object": {}}\n'
    chunk = b"%x\r\n%s\r\n" % (len(change), change)
    with listening(says(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunk)) as address:
        changes = api_at(f"http://{address}", tmp_path, monkeypatch).watch(NODES, "1")
        assert next(changes) == {"type": "ADDED", "object": {}}
        with pytest.raises(NotReadyError):
            next(changes)


def test_a_watch_of_no_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that aren't JSON give no answer."""
    with listening(says(HEAD + b"Content-Length: 7\r\n\r\n<html>\n")) as address:
        api = api_at(f"http://{address}", tmp_path, monkeypatch)
        with pytest.raises(NotReadyError, match="doesn't answer"):
            list(api.watch(NODES, "1"))


def status(code: int, message: str) -> tuple[int, Any]:
    return code, {"kind": "Status", "status": "Failure", "message": message, "code": code}


STARTING = {
    "no storage": status(500, "etcdserver: leader changed"), "storage is away": status(503, "apiserver not ready"),
    "busy": status(429, "the server has received too many requests"), "still starting": (503, "starting"),
    "no rights yet": status(403, 'deployments.apps is forbidden: User "kubernetes-admin" cannot create resource "deployments" '
                                 'in API group "apps" in the namespace "default": RBAC: clusterrole "cluster-admin" not found'),
}  # fmt: skip


@pytest.mark.parametrize("kind", STARTING)
def test_a_server_that_is_starting_gives_no_verdict(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal because of the server's own state is no verdict on a document, and doesn't end a watch or a list."""
    answer = STARTING[kind]
    with api_server({("POST", DEPLOYMENTS): answer, ("GET", NODES): answer}) as server:
        api = api_at(server.url, tmp_path, monkeypatch)
        asks: tuple[Callable[[], object], ...] = (
            lambda: admitted(api, DOCUMENT), lambda: api.get(NODES), lambda: list(api.watch(NODES, "1")),
        )  # fmt: skip
        for ask in asks:
            with pytest.raises(NotReadyError, match="isn't ready"):
                ask()


@pytest.mark.parametrize(
    ("answer", "said"),
    [(status(401, "Unauthorized"), "doesn't know the user"), ((200, "<html>log in</html>"), "isn't an API server"),
     ((302, ""), "isn't an API server")],
    ids=["unknown user", "a page", "elsewhere"],
)  # fmt: skip
def test_what_does_not_pass_by_waiting(
    answer: tuple[int, Any], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown user, or a server other than Kubernetes, gives no verdict either, and waiting doesn't help."""
    with api_server({("POST", DEPLOYMENTS): answer, ("GET", NODES): answer}) as server:
        api = api_at(server.url, tmp_path, monkeypatch)
        for ask in (lambda: admitted(api, DOCUMENT), lambda: api.get(NODES)):
            with pytest.raises(WorldError, match=said) as raised:
                ask()
            assert not isinstance(raised.value, NotReadyError)


@pytest.mark.parametrize("code", [400, 403, 404, 422])
def test_a_refusal_is_a_verdict(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal of the document itself is a verdict, even with the status “forbidden”."""
    answer = status(code, 'pods "orders" is forbidden: no PriorityClass with name high was found')
    with api_server({("POST", DEPLOYMENTS): answer}) as server:
        said = admitted(api_at(server.url, tmp_path, monkeypatch), DOCUMENT)
    assert (said.status, said.message) == (code, answer[1]["message"])


def test_a_watch_that_begins_too_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the server no longer has a version, it sends a change of type ERROR, and the list is read again."""
    with api_server({("GET", NODES): status(410, "too old resource version: 1 (9)")}) as server:
        (change,) = api_at(server.url, tmp_path, monkeypatch).watch(NODES, "1")
    assert change["type"] == "ERROR"


def test_a_watch_that_is_refused_ends_the_lane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that lists objects and then refuses a watch is a broken world, and gets no further requests."""
    listing = {"metadata": {"resourceVersion": "1"}, "items": []}
    told = threading.Event()
    record = SharedLog(told.set)
    with api_server({("GET", NODES): (200, listing), ("GET", f"{NODES}?watch"): status(503, "not ready")}) as server:
        follow(api_at(server.url, tmp_path, monkeypatch), NODES, lambda *_: None, record)
        with pytest.raises(NotReadyError, match="isn't ready"):
            record.wait(PATIENCE)
    assert server.asked == [f"GET {NODES}"] * 2


@pytest.mark.parametrize("text", ["plain", 'says "no"', "a \\ stays", "Straße é", 'ends with "', "ends with \\"])
def test_a_warning_is_told_as_the_server_means_it(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A warning is a quoted string in UTF-8: quotes, backslashes and letters of any script are decoded."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    head = f'HTTP/1.1 201 Created\r\nContent-Length: 2\r\nWarning: 299 - "{quoted}"\r\n\r\n'
    with listening(says(head.encode(), b"{}")) as address:
        api = api_at(f"http://{address}", tmp_path, monkeypatch)
        assert api.ask("POST", DEPLOYMENTS, {}).warnings == (text,)


def test_create(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A created object is returned as the server completed it; a refusal is an error with the server's message and the hint."""
    path, made = "/api/v1/namespaces", {"kind": "Namespace", "metadata": {"name": "a", "uid": "1"}}
    answers = [(201, made), (422, {"kind": "Status", "message": "it is too long"})]
    with api_server({("POST", path): answers}) as server:
        api = api_at(server.url, tmp_path, monkeypatch)
        assert api.create(path, {"kind": "Namespace"}) == made
        with pytest.raises(WorldError, match="could not create our Namespace: it is too long") as refused:
            api.create(path, {"kind": "Namespace"}, "Do this.")
    assert refused.value.hint == "Do this."


def test_create_asks_the_caller_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller that creates an object can name a better reason for a refusal, and that error is raised."""

    def gone(_: Answer) -> None:
        raise WorldError("The namespace is gone.", "Try again.")

    with api_server({("POST", NODES): status(404, "not found")}) as server:
        api = api_at(server.url, tmp_path, monkeypatch)
        with pytest.raises(WorldError, match=r"The namespace is gone\."):
            api.create(NODES, {"kind": "Node"}, refused=gone)
