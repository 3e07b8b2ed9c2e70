"""Compare the calls by REST and by gRPC, and an old client with a service of a newer contract."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from cluster.errors import UsageError
from cluster.percentile import percentile
from cluster.text.amounts import format_duration
from graders.application_platform.demos.calls.proto import PROTO, Contract, compiled
from graders.application_platform.demos.calls.service import (
    MORE,
    ORDER,
    asking_grpc,
    asking_rest,
    filled,
    grpc_service,
    rest,
)
from graders.application_platform.demos.missing import lesson
from graders.core.shown import Shown
from graders.present.comparison import table, together
from graders.present.svg.bars import Bar, figure
from graders.reading.text import shown

CALLS, AT_LEAST, SECONDS = 300, 5, 1.0
FIELDS_MOST = 20


@lesson
def both(proto: str = PROTO) -> Shown:
    """Request order 123 by REST and by gRPC; show both answers, their sizes, and the duration of each call."""
    contract = _checked(compiled(proto))
    with rest() as port, asking_rest(port) as ask:
        _, body = ask()
        by_rest = _timed(ask)
    with grpc_service(contract) as port, asking_grpc(contract, port) as ask_grpc:
        data = ask_grpc()
        by_grpc = _timed(ask_grpc)
    rows = (
        ("REST", f"GET /api/v1/orders/{ORDER['order_id']}", shown(body.decode(), 120), f"{len(body)} bytes"),
        ("gRPC", f"POST {contract.path}", shown(_hex(data), 120), f"{len(data)} bytes"),
    )
    amounts = [_amount("REST", by_rest), _amount("gRPC", by_grpc)]
    counts = (
        f"{len(by_rest)} and {len(by_grpc)} calls over one connection each, on this machine; each run differs a little."
    )
    return together(
        table("The same request in two ways", ("", "request", "answer", "size"), rows),
        _read(contract, data, "What the client reads from the answer by gRPC"),
        figure(amounts, what="Duration of a call", caption=counts),
    )


@lesson
def old_client(new: str, old: str = PROTO) -> Shown:
    """Show what a client with the ``old`` contract reads from the answer of a service with the ``new`` one."""
    was, now = _checked(compiled(old)), _checked(compiled(new))
    if was.path != now.path:
        raise UsageError(f"The old client calls {was.path}, but the new service has only {now.path}.",
                         "Keep the names of the package and the service: with another name, it is another service.")  # fmt: skip
    with grpc_service(now) as port, asking_grpc(was, port) as ask:
        data = ask()
    sent, read = filled(now), was.answer.FromString(data)
    written = {field.number: field for field in now.fields}
    moved = {field.name for field in was.fields} & {field.name for field in now.fields}
    rows = [
        (str(field.number), _said(written.get(field.number), sent), _said(field, read), _verdict(field, written.get(field.number), read, sent, moved))
        for field in was.fields
    ]  # fmt: skip
    known = {field.number for field in was.fields}
    rows += [(str(f.number), _said(f, sent), "ignores it", "no harm") for f in now.fields if f.number not in known]
    return table(
        "The new service writes, the old client reads",
        ("number", "the service writes", "the old client reads", ""),
        sorted(rows, key=lambda row: int(row[0])),
    )


def _verdict(field: Any, written: Any, read: Any, sent: Any, moved: set[str]) -> str:
    """Return the old client's result for one number; ``moved`` are names that both contracts have."""
    if written is None:
        return "✘ nothing was sent: it reads the default value"
    if written.name != field.name and written.type == field.type:
        return (
            f"✘ it reads {written.name} as {field.name}"
            if moved & {written.name, field.name}
            else "? fine if the new name means the same"
        )
    if getattr(read, field.name) == getattr(sent, written.name):
        return "✔ as before"
    return "✘ another type: it can't read the value, and reports no error"


def _said(field: Any, message: Any) -> str:
    if field is None:
        return "nothing"
    value = getattr(message, field.name)
    plain = shown(value, 30) if not isinstance(value, bytes) else value.hex()
    return f"{field.name}: {plain or '“”'}"


def _read(contract: Contract, data: bytes, caption: str) -> Shown:
    message = contract.answer.FromString(data)
    rows = [(str(field.number), *_said(field, message).split(": ", 1)) for field in contract.fields]
    return table(caption, ("number", "field", "value"), rows)


def _checked(contract: Contract) -> Contract:
    if len(contract.fields) > FIELDS_MOST:
        raise UsageError(
            f"The message has {len(contract.fields)} fields; at most {FIELDS_MOST} are supported.",
            "Delete some of them.",
        )
    if strange := [f.name for f in contract.fields if f.is_repeated or type(f.default_value) not in MORE]:
        raise UsageError(
            f"This lesson supports single values only, and {shown(strange[0])} isn't one.", "Try string, int32 or bool."
        )
    asked = contract.request.DESCRIPTOR.fields
    if taken := [f.name for f in (*contract.fields, *asked) if hasattr(contract.answer.__base__, f.name)]:
        raise UsageError(
            f"Python's protobuf has its own {taken[0]}, so a field can't have that name.",
            "Give the field another name.",
        )
    if not asked or asked[0].is_repeated or not isinstance(asked[0].default_value, str):
        raise UsageError("The request's first field must be a string: the order's id.", "Keep the request as it is.")
    return contract


def _hex(data: bytes) -> str:
    return " ".join(f"{byte:02x}" for byte in data)


def _amount(name: str, seconds: list[float]) -> Bar:
    p50, p99 = percentile(seconds, 50), percentile(seconds, 99)
    return Bar(name, p50, p99, f"{format_duration(p50)}, p99 {format_duration(p99)}")


def _timed(call: Callable[[], object]) -> list[float]:
    call()
    began, taken = time.perf_counter(), list[float]()
    while len(taken) < CALLS and (len(taken) < AT_LEAST or time.perf_counter() - began < SECONDS):
        before = time.perf_counter()
        call()
        taken.append(time.perf_counter() - before)
    return taken
