"""The orders API's releases, as far as a cluster can tell them apart: the release train runs on them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY = "shop/orders"
SIDECAR = "shop/sidecar:1.0.0"
POSTGRES, REDIS, NATS = "shop/postgres:17", "shop/redis:8", "shop/nats:2"
"""The engines as images, for a shop of pods."""

REPORTER = "myapp/reporter:v1.2.0"
"""The program of the daily report, by the name that the lesson gives its image."""

PORT, FAULT_PORT, SIDECAR_PORT = 8080, 8081, 9000
"""Where the orders API serves unless it is told otherwise, where it takes faults, and where the sidecar answers."""

HEALTHZ, READYZ, STARTUPZ = "/healthz", "/readyz", "/startupz"
PATHS = frozenset({HEALTHZ, READYZ, STARTUPZ, "/metrics", "/orders"})
"""What answers 200 when all is well; every other path answers 404."""

MEMORY = 23 * 2**20
"""What the process takes when nothing is wrong, in bytes: with a limit of 24 MiB it runs, with 20 MiB it is killed."""

SIDECAR_MEMORY = 8 * 2**20
"""What the sidecar needs at least, in bytes."""

LEAK_STEP, LEAK_MOST, LEAK_SECONDS = 32 * 2**20, 700 * 2**20, 0.7
"""A leak takes this many bytes at a time, up to so many, a step each so many seconds."""

START_CPU, LEAK_CPU, CLOSE_CPU = 0.28, 0.017, 0.075
"""What starting, one step of a leak, and closing cost, in seconds of one CPU: a CPU limit stretches them."""

SERVES_ON = 5.0
"""After SIGTERM the process turns not ready and serves on for so many seconds: every proxy has heard of it by then."""

DRAIN = 0.6
"""Closing what is left and exiting takes about this long after that, in seconds."""

FINISH_WITHIN = 29.0
"""From SIGTERM to the exit at most, in seconds, however many requests are in flight."""

REQUEST_IN_FLIGHT = 5.0
"""How long the slow request of the stop ``shutdown`` takes, in seconds."""

MISSING_PROGRAMS = frozenset(
    {"curl", "wget", "nc", "ncat", "grpcurl", "grpc_health_probe", "http", "telnet", "ps", "pgrep"}
)
"""What people put into the scripts of exec probes and what the shop's image hasn't got."""

_FOLDERS = frozenset({"", "/bin", "/usr/bin", "/sbin", "/usr/sbin"})


@dataclass(frozen=True, slots=True)
class Release:
    """One release: ``start`` is the time from process start to an open port, in seconds."""

    tag: str
    start: float = 1.0
    ready: bool = True


RELEASES: Mapping[str, Release] = {
    r.tag: r for r in (Release("1.0.0"), Release("1.0.1"), Release("1.1.0", start=20.0), Release("1.2.0", ready=False))
}
SLOW, UPDATE, BAD = "1.1.0", "1.0.1", "1.2.0"


@cache
def _programs() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "programs.txt").read_text(encoding="ascii").split())


def has_program(path: str) -> bool:
    """Whether the shop's image has such a program, by its name or its path."""
    folder, _, name = path.rpartition("/")
    return folder in _FOLDERS and name in _programs()


def is_shops(image: object) -> bool:
    """Whether an image has the name of the orders API's, whatever its tag: a mistyped tag is still meant as it."""
    name = str(image or "").partition("@")[0].removeprefix("index.").removeprefix("docker.io/")
    head, _, last = name.rpartition("/")
    return f"{head}/{last.partition(':')[0]}" == REPOSITORY


_IMAGE = re.compile(r"((?:(?:index\.)?docker\.io/)?shop/orders)(?::([\w.-]{1,128}))?")


def release_of(image: str) -> Release | None:
    """The release that an image reference names; None where no such image can be had."""
    match = _IMAGE.fullmatch(image.strip())
    return RELEASES.get(match[2] or "latest") if match else None


def with_release(image: str, tag: str) -> str:
    """The same image in another release. An image that isn't one of the shop's releases stays as it is."""
    match = _IMAGE.fullmatch(image.strip())
    return f"{match[1]}:{tag}" if match and release_of(image) else image
