"""Compile a contract in .proto with the real compiler, without generated code or files that stay on disk."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster.errors import UsageError, WorldError
from cluster.python import python_module

PROTO = """\
syntax = "proto3";

package shop.v1;

service Orders {
  rpc GetOrder(GetOrderRequest) returns (Order);
}

message GetOrderRequest {
  string order_id = 1;
}

message Order {
  string order_id = 1;
  string status = 2;
  int32 total_cents = 3;
  int32 discount_cents = 4;
}
"""
"""The contract as the notebook shows it."""

SERVICE, METHOD = "Orders", "GetOrder"
FILE = "orders.proto"
BYTES = 20_000
COMPILED_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Contract:
    """A compiled contract: the call's path, and the classes of its request and its answer."""

    path: str
    request: Any
    answer: Any

    @property
    def fields(self) -> tuple[Any, ...]:
        """The answer's fields as protobuf describes them, ordered by number."""
        return tuple(sorted(self.answer.DESCRIPTOR.fields, key=lambda field: field.number))


def compiled(text: str) -> Contract:
    """Compile a contract that has the service ``Orders`` with ``GetOrder``.

    Raises UsageError with the compiler's message for an invalid text, and WorldError if the compiler is missing.
    """
    if len(text.encode(errors="replace")) > BYTES:
        raise UsageError("The contract is too long.", "A few lines are enough.")
    try:
        from google.protobuf import descriptor_pb2, descriptor_pool, message_factory  # noqa: PLC0415  0.1 s, here alone
    except ImportError as error:
        raise WorldError("protobuf isn't installed here.", "`make setup` installs it.") from error
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(_compile(text)).file:
        pool.Add(file)
        package = file.package  # the last file is the contract itself; its imports come before it
    name = f"{package}.{SERVICE}" if package else SERVICE
    try:
        method = pool.FindServiceByName(name).methods_by_name[METHOD]
    except KeyError:
        raise UsageError(f"The contract has no service {SERVICE} with {METHOD}.", "Keep these two names.") from None
    classes = (message_factory.GetMessageClass(kind) for kind in (method.input_type, method.output_type))
    return Contract(f"/{name}/{METHOD}", *classes)


def _compile(text: str) -> bytes:
    """Return the descriptors of a contract, from ``protoc`` in a subprocess."""
    with tempfile.TemporaryDirectory(prefix="workbook-proto-") as folder:
        source, target = Path(folder, FILE), Path(folder, "descriptors")
        source.write_bytes(text.encode(errors="replace"))
        words = (f"-I{folder}", "--include_imports", f"--descriptor_set_out={target}", str(source))
        argv = python_module("grpc_tools.protoc", *words)
        try:
            done = subprocess.run(  # noqa: S603  our own Python; the learner's text is a file that it reads
                argv, capture_output=True, text=True, check=False, timeout=COMPILED_WITHIN
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise WorldError("The compiler for .proto doesn't respond.", "Run the cell again.") from error
        if done.returncode and FILE not in done.stderr:
            raise WorldError("The compiler for .proto isn't installed here.", "`make setup` installs it.")
        if done.returncode:
            # Without a syntax line, a warning of its log comes first.
            lines = [line.rpartition(f"{FILE}:")[2] for line in done.stderr.splitlines() if f"{FILE}:" in line]
            said = next((line for line in lines if line[:1].isdigit()), lines[-1] if lines else "it gives no reason")
            raise UsageError(
                f"protoc doesn't accept the contract: {said}", "The message begins with the line and the column."
            )
        return target.read_bytes()
