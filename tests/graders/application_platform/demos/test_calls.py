"""REST beside gRPC, and a contract that grows: the real libraries say what the lesson says."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from typing import Any

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cluster.errors import UsageError
from graders.application_platform.demos.calls import both, compare, old_client, service
from graders.application_platform.demos.calls.proto import PROTO, compiled
from graders.application_platform.demos.calls.service import ORDER, asking_grpc, asking_rest, filled, grpc_service, rest


def changed(old: str, new: str) -> str:
    assert old in PROTO
    return PROTO.replace(old, new)


GROWN = changed("int32 discount_cents = 4;", "int32 discount_cents = 4;\n  string currency = 5;")
SWAPPED = (
    changed("total_cents = 3", "x = 3")
    .replace("discount_cents = 4", "total_cents = 4")
    .replace("x = 3", "discount_cents = 3")
)


def test_same_answer() -> None:
    """Both ways give the same order."""
    contract = compiled(PROTO)
    with rest() as port, asking_rest(port) as ask:
        status, body = ask()
    with grpc_service(contract) as port, asking_grpc(contract, port) as ask_grpc:
        message = contract.answer.FromString(ask_grpc())
    assert (status, json.loads(body)) == (200, ORDER)
    assert {field.name: getattr(message, field.name) for field in contract.fields} == ORDER


def test_token() -> None:
    """Without the token, both calls are refused."""
    contract = compiled(PROTO)
    with rest() as port, asking_rest(port, token="") as ask:
        assert ask()[0] == 401
    with (
        grpc_service(contract) as port,
        asking_grpc(contract, port, token="") as ask_grpc,
        pytest.raises(grpc.RpcError) as no,
    ):
        ask_grpc()
    assert no.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_listens_here_alone_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The services listen only on this machine, and are gone after the lesson, with their threads."""
    before = {t for t in threading.enumerate() if t.is_alive() and not t.daemon}
    contract = compiled(PROTO)
    with grpc_service(contract) as port, asking_grpc(contract, port) as ask:
        ask()
    assert "REST" in both().plain
    monkeypatch.setattr(service, "PATIENCE", 0.3)
    with asking_grpc(contract, port) as ask_again, pytest.raises(grpc.RpcError):
        ask_again()
    assert {t for t in threading.enumerate() if t.is_alive() and not t.daemon} - before == set()


def test_bytes() -> None:
    """The text explains the bytes: field 2, a text of four letters, paid."""
    assert "12 04 70 61 69 64" in both().plain
    assert filled(compiled(PROTO)).SerializeToString().hex(" ") in both().plain


def test_a_field_more() -> None:
    """An old client skips a field that it doesn't know, and reads all others as before."""
    text = old_client(GROWN).plain
    assert text.count("✔ as before") == 4
    assert "currency: EUR        ignores it            no harm" in text


def test_numbers_that_change_places() -> None:
    """An old client confuses two fields that exchanged their numbers, and nothing fails."""
    text = old_client(SWAPPED).plain
    assert "discount_cents: 300  total_cents: 300      ✘ it reads discount_cents as total_cents" in text
    assert text.count("✔ as before") == 2


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (changed("int32 total_cents", "string total_cents"), "✘ another type: it can't read the value"),
        (changed("  int32 total_cents = 3;\n", ""), "✘ nothing was sent"),
        (changed("total_cents = 3", "sum_cents = 3"), "? fine if the new name means the same"),
        (changed("int32 total_cents", "int64 total_cents"), "✔ as before"),
        (changed("shop.v1", "shop.v2"), "the new service has only /shop.v2.Orders/GetOrder"),
        (changed("message Order {", "message Order"), 'protoc doesn\'t accept the contract: 14:3: Expected "{".'),
        (changed("int32 total_cents = 3", "int32 total_cents = 2"), "protoc doesn't accept the contract"),
        (changed("rpc GetOrder", "rpc FindOrder"), "no service Orders with GetOrder"),
        (changed("int32 total_cents", "repeated int32 total_cents"), "single values only, and total_cents isn't one"),
        (changed("string order_id = 1;\n}\n\nmessage Order {", "int32 order_id = 1;\n}\n\nmessage Order {"), "must be a string"),
        ("", "no service Orders with GetOrder"), ("x" * 30_000, "too long"),
        (changed('syntax = "proto3";', 'syntax = "proto3";\nimport "/etc/passwd";'), "protoc doesn't accept the contract"),
        (changed('syntax = "proto3";', ""), 'protoc doesn\'t accept the contract: 10:3: Expected "required"'),
        (changed('syntax = "proto3";', 'syntax = "proto3";\nimport "google/protobuf/timestamp.proto";'), "✔ as before"),
        (changed("int32 total_cents", "int32 SerializeToString"), "Python's protobuf has its own SerializeToString"),
        (PROTO + "// \ud800", "✔ as before"), (None, "“new” must be a text, not None."),
    ],
)  # fmt: skip
def test_other_contracts(new: Any, said: str) -> None:
    """Any change of the contract gives one sentence or one row with its effect."""
    assert said in old_client(new).plain


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    """Any text as a contract is compiled or refused."""
    with contextlib.suppress(UsageError):
        assert compiled(text).path


def test_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without gRPC, the cell says so in one sentence, and the notebook continues."""
    monkeypatch.setitem(sys.modules, "grpc", None)
    assert both().plain.startswith("This can't be measured here: gRPC isn't installed here.")


def test_missing_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing compiler and a refused contract have different messages."""

    def none(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, "", "No module named grpc_tools")

    monkeypatch.setattr(subprocess, "run", none)
    assert "The compiler for .proto isn't installed here." in old_client(PROTO).plain


def test_never_too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is too slow for all calls makes fewer calls."""
    monkeypatch.setattr(compare, "SECONDS", 0.0)
    assert f"{compare.AT_LEAST} and {compare.AT_LEAST} calls" in both().plain
