"""A small service with one order, which it returns by REST and by gRPC."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any

from cluster.errors import WorldError
from graders.application_platform.demos.calls.proto import Contract
from graders.application_platform.demos.http_service import HERE, Reply, service

TOKEN = "let-me-in"  # noqa: S105  for a local service with one order that runs for a second
ORDER: dict[str, Any] = {"order_id": "123", "status": "paid", "total_cents": 2400, "discount_cents": 300}
"""The one order. Other fields of a contract get a value of ``MORE``, by type."""

MORE: dict[type, Any] = {str: "EUR", int: 7, float: 0.5, bool: True, bytes: b"EUR"}
PATIENCE = 30.0

Call = Callable[[], Any]


def rest() -> AbstractContextManager[int]:
    """Run the service by REST, ``GET /api/v1/orders/123`` with a bearer token; yields its port."""

    def answer(path: str, authorization: str) -> Reply:
        if authorization != f"Bearer {TOKEN}":
            return _said(HTTPStatus.UNAUTHORIZED, {"error": "a missing or wrong token"})
        if path == f"/api/v1/orders/{ORDER['order_id']}":
            return _said(HTTPStatus.OK, ORDER)
        return _said(HTTPStatus.NOT_FOUND, {"error": "no such order"})

    return service(answer)


def _said(status: HTTPStatus, body: dict[str, Any]) -> Reply:
    return status, json.dumps(body).encode(), "application/json"


@contextmanager
def asking_rest(port: int, token: str = TOKEN) -> Iterator[Callable[[], tuple[int, bytes]]]:
    """Yield a call that requests the order by REST over one connection and returns the status and the body."""
    connection = HTTPConnection(HERE, port, timeout=PATIENCE)

    def call() -> tuple[int, bytes]:
        connection.request("GET", f"/api/v1/orders/{ORDER['order_id']}", headers={"Authorization": f"Bearer {token}"})
        response = connection.getresponse()
        return response.status, response.read()

    try:
        yield call
    finally:
        connection.close()


@contextmanager
def grpc_service(contract: Contract) -> Iterator[int]:
    """Run the service by gRPC with a contract; yields its port. Raises WorldError if gRPC can't start."""
    grpc = _grpc()

    def answer(_request: Any, context: Any) -> Any:
        if ("authorization", f"Bearer {TOKEN}") not in {(key, value) for key, value in context.invocation_metadata()}:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "a missing or wrong token")
        return filled(contract)

    handler = grpc.unary_unary_rpc_method_handler(
        answer, contract.request.FromString, lambda message: message.SerializeToString()
    )
    service, method = contract.path.strip("/").split("/")
    server = grpc.server(ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
    try:
        port = server.add_insecure_port(f"{HERE}:0")
        server.start()
    except RuntimeError as error:
        raise WorldError("gRPC can't find a free port.", "Run the cell again.") from error
    try:
        yield int(port)
    finally:
        server.stop(grace=None).wait()


@contextmanager
def asking_grpc(contract: Contract, port: int, token: str = TOKEN) -> Iterator[Callable[[], bytes]]:
    """Yield a call that requests the order by gRPC over one connection and returns the answer's bytes.

    The call raises ``grpc.RpcError`` if the service refuses it.
    """
    grpc = _grpc()
    request = contract.request(**{contract.request.DESCRIPTOR.fields[0].name: ORDER["order_id"]})
    with grpc.insecure_channel(f"{HERE}:{port}") as channel:
        ask = channel.unary_unary(contract.path, lambda message: message.SerializeToString(), lambda data: data)

        def call() -> bytes:
            data: bytes = ask(
                request, timeout=PATIENCE, wait_for_ready=True, metadata=(("authorization", f"Bearer {token}"),)
            )
            return data

        yield call


def filled(contract: Contract) -> Any:
    """Return the order as a contract's message; a field with another type gets a value of that type."""
    message = contract.answer()
    for field in contract.fields:
        if field.is_repeated or field.message_type or field.enum_type:
            continue  # it keeps its default
        kind = type(field.default_value)
        value = ORDER.get(field.name)
        setattr(message, field.name, value if type(value) is kind else MORE[kind])
    return message


def _grpc() -> Any:
    # Without this, gRPC writes a warning into the notebook each time that a process starts; this process doesn't fork.
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    try:
        import grpc  # noqa: PLC0415  0.2 s, here alone
    except ImportError as error:
        raise WorldError("gRPC isn't installed here.", "`make setup` installs it.") from error
    return grpc
