"""The orders API's releases, by what a cluster can observe: the release train runs on them."""

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
"""The image of the daily report's program, as the lesson names it."""

PORT, FAULT_PORT, SIDECAR_PORT = 8080, 8081, 9000
"""The orders API's default port, its fault port, and the sidecar's port."""

HEALTHZ, READYZ, STARTUPZ = "/healthz", "/readyz", "/startupz"
PATHS = frozenset({HEALTHZ, READYZ, STARTUPZ, "/metrics", "/orders"})
"""The paths that a healthy shop answers with 200; it answers every other path with 404."""

MEMORY = 23 * 2**20
"""The memory of a healthy process, in bytes: with a limit of 24 MiB it runs, with 20 MiB it is killed."""

SIDECAR_MEMORY = 8 * 2**20
"""The least memory for the sidecar, in bytes."""

LEAK_STEP, LEAK_MOST, LEAK_SECONDS = 32 * 2**20, 700 * 2**20, 0.7
"""A leak's step and maximum, in bytes, and the time between two steps, in seconds."""

START_CPU, LEAK_CPU, CLOSE_CPU = 0.28, 0.017, 0.075
"""The cost of starting, of one step of a leak, and of closing, in CPU seconds: a CPU limit stretches them."""

SERVES_ON = 5.0
"""After SIGTERM the process becomes unready and serves on for this many seconds, until every proxy knows."""

DRAIN = 0.6
"""Closing connections and exiting takes about this long after that, in seconds."""

FINISH_WITHIN = 29.0
"""The longest time from SIGTERM to the exit, in seconds, even with requests in flight."""

REQUEST_IN_FLIGHT = 5.0
"""How long the slow request of the stop ``shutdown`` takes, in seconds."""

MISSING_PROGRAMS = frozenset(
    {"curl", "wget", "nc", "ncat", "grpcurl", "grpc_health_probe", "http", "telnet", "ps", "pgrep"}
)
"""Programs that people use in exec probes and that the shop's image lacks."""

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
    """Whether the shop's image has this program, given its name or path."""
    folder, _, name = path.rpartition("/")
    return folder in _FOLDERS and name in _programs()


def is_shops(image: object) -> bool:
    """Whether an image has the orders API's name with any tag, even a mistyped one."""
    name = str(image or "").partition("@")[0].removeprefix("index.").removeprefix("docker.io/")
    head, _, last = name.rpartition("/")
    return f"{head}/{last.partition(':')[0]}" == REPOSITORY


_IMAGE = re.compile(r"((?:(?:index\.)?docker\.io/)?shop/orders)(?::([\w.-]{1,128}))?")


def release_of(image: str) -> Release | None:
    """Return the release of an image reference; None if there is no such image."""
    match = _IMAGE.fullmatch(image.strip())
    return RELEASES.get(match[2] or "latest") if match else None


def with_release(image: str, tag: str) -> str:
    """Return the image with another release's tag. An image that isn't a release of the shop stays as it is."""
    match = _IMAGE.fullmatch(image.strip())
    return f"{match[1]}:{tag}" if match and release_of(image) else image
