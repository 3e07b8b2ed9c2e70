"""Predict a container's process from image, command and environment; nothing is executed.

The shop's programs are known, and so are ``true``, ``false`` and ``sleep`` in an image of the shop. A foreign image is
assumed to do well: as an init container it exits with 0, as any other container it runs and is ready.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cluster.pods.container_commands import outcome
from cluster.shop.app.settings import HIGHEST_PORT, Settings, SettingsError, read
from cluster.shop.releases import FAULT_PORT, HEALTHZ, MEMORY, PATHS, SIDECAR, SIDECAR_MEMORY, SIDECAR_PORT, release_of

API, SIDECAR_PROGRAM = "shop.api", "shop.sidecar"
_OTHERS = frozenset(("shop.worker", "shop.load", "shop.relaying", "shop.sink", "shop.visitor"))
FAILS_AFTER = 1.0
"""How long a program of the shop runs until it exits because of its settings, in seconds."""

_EVERYWHERE = frozenset(("", "0.0.0.0", "::"))  # noqa: S104  a container's setting, not where we listen
_INTERPRETERS = tuple(f"{name} -m".split() for name in ("python3", "python", "/usr/bin/python3"))


@dataclass(frozen=True, slots=True)
class Program:
    """What a process does. Times in seconds, memory in bytes.

    ``listens`` is the port on which it is reachable from outside the pod (None for no port). ``answers`` are the
    paths that it answers with 200. ``ends`` is when it ends by itself, with exit code ``code``. ``stops`` says whether
    SIGTERM ends it. ``shop`` has the settings of the orders API (None for other programs). ``release`` is the release
    that its environment names; it replaces its image's. ``unknown`` marks an unpredictable command in an image of the
    shop, ``assumed`` a program of a foreign image.
    """

    listens: int | None = None
    answers: frozenset[str] = frozenset()
    ends: float = math.inf
    code: int = 0
    stops: bool = True
    needs: int = 0
    shop: Settings | None = None
    release: str = ""
    unknown: bool = False
    assumed: bool = False

    @property
    def takes_faults(self) -> bool:
        """Whether the grader can break it through the fault port, from outside the pod."""
        return self.shop is not None and self.shop.fault_port == FAULT_PORT and self.shop.fault_host in _EVERYWHERE


def program(container: Mapping[str, Any], environ: Mapping[str, str]) -> Program:
    """Predict a container's process, given its environment from the manifest."""
    image = str(container.get("image") or "")
    api = release_of(image) is not None
    if not api and image.removeprefix("docker.io/") != SIDECAR:
        return Program(assumed=True)
    command, args = _words(container, "command"), _words(container, "args")
    module = (API if api else SIDECAR_PROGRAM) if not command and not args else _module(command, args)
    if module == API:
        return _api(environ)
    if module == SIDECAR_PROGRAM:
        return _sidecar(environ)
    if module in _OTHERS:
        return Program(unknown=True)
    if not command:
        return Program(ends=FAILS_AFTER, code=1)  # no such module
    found = outcome([*command, *args])
    # Process 1 of a container has no default action for SIGTERM: only a handler ends it.
    return (
        Program(stops=False, unknown=True)
        if found is None
        else Program(ends=found.seconds, code=found.code, stops=False)
    )


def _api(environ: Mapping[str, str]) -> Program:
    try:
        settings = read({"SHOP_FAULT_HOST": "0.0.0.0", **environ})  # noqa: S104  the image's default
    except SettingsError:
        return Program(ends=FAILS_AFTER, code=1, needs=MEMORY)
    if settings.port == settings.fault_port:
        return Program(ends=FAILS_AFTER, code=1, needs=MEMORY)
    port = settings.port if settings.port and settings.host in _EVERYWHERE else None
    return Program(listens=port, answers=PATHS, needs=MEMORY, shop=settings, release=environ.get("SHOP_RELEASE", ""))


def _sidecar(environ: Mapping[str, str]) -> Program:
    said = environ.get("PORT") or str(SIDECAR_PORT)
    if not re.fullmatch(r"0{0,9}[0-9]{1,5}", said, re.ASCII) or int(said) > HIGHEST_PORT:
        return Program(ends=FAILS_AFTER, code=1, needs=SIDECAR_MEMORY)
    return Program(listens=int(said) or None, answers=frozenset((HEALTHZ,)), needs=SIDECAR_MEMORY)


def _module(command: list[str], args: list[str]) -> str:
    """Return the module that Python runs: the image's entry point is ``python3 -m``."""
    words = [*command, *args]
    for interpreter in _INTERPRETERS:
        if words[:2] == interpreter:
            return words[2] if len(words) > 2 else ""  # noqa: PLR2004
    if command:
        return next((API for word in words for part in word[:2000].split() if part == API), "")
    return args[0] if args else ""


def _words(container: Mapping[str, Any], field: str) -> list[str]:
    found = container.get(field)
    return [str(word) for word in found] if isinstance(found, list) else []
