"""A container's process is predicted from its image, its command and its environment."""

from __future__ import annotations

import math
from typing import Any

import pytest

from cluster.pods.program import Program, program

ORDERS, SIDECAR = "shop/orders:1.0.0", "shop/sidecar:1.0.0"


def of(image: str, environ: dict[str, str] | None = None, **container: Any) -> Program:
    return program({"image": image, **container}, environ or {})


def test_the_shops_api() -> None:
    """The API listens at 8080, answers the contract's paths, accepts faults, and runs until it is stopped."""
    runs = of(ORDERS)
    assert (runs.listens, runs.ends, runs.stops, runs.takes_faults) == (8080, math.inf, True, True)
    assert {"/healthz", "/readyz", "/orders"} <= runs.answers


@pytest.mark.parametrize(
    "words",
    [
        {"args": ["shop.api"]},
        {"command": ["python3", "-m"], "args": ["shop.api"]},
        {"command": ["python3", "-m", "shop.api"]},
        {"command": ["sh", "-c", "exec python3 -m shop.api"]},
    ],
)
def test_the_api_by_its_module(words: dict[str, Any]) -> None:
    """The API is recognized in every way to start its module."""
    assert of(ORDERS, **words).listens == 8080


@pytest.mark.parametrize(
    ("environ", "listens", "takes_faults"),
    [
        ({"PORT": "9999"}, 9999, True),
        ({"PORT": ""}, 8080, True),
        ({"PORT": "0"}, None, True),
        ({"SHOP_HOST": "127.0.0.1"}, None, True),
        ({"SHOP_FAULT_PORT": "8082"}, 8080, False),
        ({"SHOP_FAULT_HOST": "127.0.0.1"}, 8080, False),
    ],
)
def test_where_it_listens(environ: dict[str, str], listens: int | None, takes_faults: bool) -> None:
    """The environment says where the API listens and whether it can be broken from outside the pod."""
    runs = of(ORDERS, environ)
    assert (runs.listens, runs.takes_faults) == (listens, takes_faults)


@pytest.mark.parametrize(
    ("image", "environ", "words"),
    [
        (ORDERS, {"PORT": "http"}, {}),
        (ORDERS, {"PORT": "8081"}, {}),
        (ORDERS, {"DATABASE_URL": "mysql://db"}, {}),
        (ORDERS, {}, {"args": ["--listen=:8080"]}),
        (SIDECAR, {"PORT": "70000"}, {}),
        (SIDECAR, {"PORT": "0" * 5000}, {}),
        (SIDECAR, {"PORT": "http"}, {}),
        (SIDECAR, {}, {"args": ["serve"]}),
        (ORDERS, {}, {"command": ["false"]}),
    ],
)
def test_what_cannot_run_ends(image: str, environ: dict[str, str], words: dict[str, Any]) -> None:
    """A program with impossible settings ends with code 1."""
    runs = of(image, environ, **words)
    assert (runs.ends <= 1, runs.code, runs.listens) == (True, 1, None)


def test_the_sidecar() -> None:
    """The sidecar answers /healthz at 9000, or where PORT says."""
    assert (of(SIDECAR).listens, sorted(of(SIDECAR).answers)) == (9000, ["/healthz"])
    assert of(f"docker.io/{SIDECAR}", {"PORT": "9090"}).listens == 9090
    assert of(SIDECAR).shop is None


def test_sleep_ignores_sigterm() -> None:
    """A custom command runs as long as it says, and SIGTERM doesn't end it."""
    runs = of(SIDECAR, command=["sleep", "30"])
    assert (runs.ends, runs.code, runs.stops, runs.listens) == (30, 0, False, None)
    assert of(ORDERS, command=["python3", "mine.py"]) == Program(stops=False, unknown=True)


@pytest.mark.parametrize("image", ["busybox", "shop/postgres:17", "envoyproxy/envoy:v1.30", ""])
def test_a_foreign_image_is_assumed(image: str) -> None:
    """The behavior of a foreign image isn't known, with any command."""
    assert of(image, command=["false"]) == Program(assumed=True)


@pytest.mark.parametrize("module", ["shop.worker", "shop.load"])
def test_other_programs_of_the_shop(module: str) -> None:
    """Another program of the shop's image keeps running, and its answers aren't known."""
    assert of(ORDERS, args=[module]) == of(ORDERS, command=["python3", "-m", module]) == Program(unknown=True)
