"""The sidecar runs beside another container and does nothing."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from cluster.shop.app import sidecar
from tests.cluster.shop.app.running import ask, running


def test_it_is_healthy_and_leaves() -> None:
    """The sidecar answers only /healthz, and exits with 0 on SIGTERM."""
    with running("sidecar") as it:
        assert (ask(it.port, "/healthz").status, ask(it.port, "/orders").status) == (200, 404)
        it.terminate()
        assert it.ends() == 0
        it.told("stopped")


def test_it_needs_nothing() -> None:
    """The sidecar imports only the standard library."""
    tree = ast.parse(Path(sidecar.__file__).read_text())
    imported = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in tree.body if isinstance(node, ast.Import) for name in node.names}
    assert {str(name).partition(".")[0] for name in imported} <= sys.stdlib_module_names
