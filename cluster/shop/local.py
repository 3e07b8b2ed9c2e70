"""The shop as processes on this machine, with engines from wheels: no Docker, no cluster."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from signal import SIGKILL
from typing import Any
from urllib.parse import urlencode

from cluster.engines import Engines, Tenant, warm
from cluster.engines.engine import PORTS_TRIED
from cluster.engines.ports import LOOPBACK, free_ports
from cluster.errors import WorldError
from cluster.polling import wait_until
from cluster.python import python_module
from cluster.shop import story
from cluster.shop.story import Story, Watch
from cluster.shop.wiring import API, BROKER, CACHE, DATABASE, ENGINES, RELAY, WORKER, Wiring

WAY = "processes"
READY_WITHIN = 20.0
"""How long a program of the shop may take to be ready, in seconds; half a second on an idle machine."""

LOOKED_EACH = 0.02
SINK, VISITOR = "sink", "visitor"
MODULES: dict[str, str] = {API: "api", WORKER: "worker", RELAY: "outbox", SINK: "sink", VISITOR: "visitor"}
"""The shop's programs, by part."""


class _EndedError(WorldError):
    """A program of the shop ended by itself."""


class LocalShop:
    """A shop of processes, for one wiring at a time."""

    way = WAY

    def run(self, wiring: Wiring, watch: Watch | None = None) -> Story:
        """Start the wiring's parts, run the story and remove everything. Raises WorldError if the shop can't run."""
        engines = warm(*sorted(wiring.parts & set(ENGINES))) if wiring.parts & set(ENGINES) else warm(CACHE)
        with stage(wiring, engines) as it:
            return story.tell(it, wiring, watch)


@contextmanager
def stage(wiring: Wiring, engines: Engines) -> Iterator[LocalStage]:
    """Run a shop until the block ends, ready from the start; then remove its processes and data."""
    it = LocalStage(wiring, engines, engines.tenant())
    try:
        it.start()
        yield it
    finally:
        it.close()


class LocalStage:
    """The processes of one shop, as a tenant of the engines."""

    way = WAY

    def __init__(self, wiring: Wiring, engines: Engines, tenant: Tenant) -> None:
        self._wiring = wiring
        self._engines = engines
        self._tenant = tenant
        self._running: set[str] = set()
        self._choose_ports()

    @property
    def notes(self) -> tuple[str, ...]:
        """The stand-ins for engines that can't be installed here."""
        return self._engines.stand_ins

    def start(self) -> None:
        """Start all programs in parallel, and wait until each is ready. Raises WorldError if one isn't."""
        programs = [SINK, VISITOR, *(part for part in (API, WORKER, RELAY) if part in self._wiring.parts)]
        for left in reversed(range(PORTS_TRIED)):
            for part in programs:
                self._start(part)
            try:
                self._await_ready(programs)
            except _EndedError:
                if not left:
                    raise
            else:
                return
            for part in programs:  # another program may have taken a port meanwhile
                self._engines.supervisor.forget(self._name(part))
            self._choose_ports()

    def close(self) -> None:
        """End every program, and remove its data from the engines."""
        for part in set(MODULES) - {VISITOR}:
            self._engines.supervisor.forget(self._name(part))
        for part in self._wiring.parts & set(ENGINES):
            with contextlib.suppress(WorldError):
                self._engine(part).start()
        if VISITOR in self._running:
            with contextlib.suppress(WorldError):
                self.visit("DELETE")
        self._engines.supervisor.forget(self._name(VISITOR))

    def visit(self, method: str, query: Mapping[str, Any] | None = None, within: float = 30.0) -> Any:
        """Return the visitor's answer. Raises WorldError if it can't be reached."""
        path = f"/orders?{urlencode(query)}" if query else "/orders"
        return self._asked(VISITOR, method, path, within)

    def take_away(self, part: str) -> None:
        """Stop a part and wait for its end."""
        if part in ENGINES:
            self._engine(part).stop()
        else:
            self._stop(part)

    def bring_back(self, part: str) -> None:
        """Start a part again and wait until every program is ready."""
        if part in ENGINES:
            self._engine(part).start()
        else:
            self._start(part)
        self._await_ready(sorted(self._running))

    def mail_takes(self, seconds: float) -> None:
        """Make the mail server take this long for each email."""
        self._asked(SINK, "PUT", f"/mood?delay={seconds}", READY_WITHIN)

    def mail_refuses(self, *, refuses: bool) -> None:
        """Make the mail server refuse all emails, or accept them again."""
        self._asked(SINK, "PUT", f"/mood?refusing={str(refuses).lower()}", READY_WITHIN)

    def rewire(self, wiring: Wiring) -> None:
        """Restart API and worker with the connections of another wiring."""
        self._wiring = wiring
        for part in (API, WORKER):
            self._stop(part, by_force=True)
            self._start(part)
        self._await_ready([API, WORKER])

    # --- processes

    def _choose_ports(self) -> None:
        self._smtp, *others = free_ports(1 + len(MODULES))
        self._ports = dict(zip(MODULES, others, strict=True))

    def _start(self, part: str) -> None:
        argv = python_module(f"cluster.shop.app.{MODULES[part]}")
        self._engines.supervisor.start(self._name(part), argv, self._environment(part))
        self._running.add(part)

    def _stop(self, part: str, *, by_force: bool = False) -> None:
        self._running.discard(part)
        if by_force:
            self._engines.supervisor.stop(self._name(part), SIGKILL)
        else:
            self._engines.supervisor.stop(self._name(part))

    def _name(self, part: str) -> str:
        return f"{self._tenant.prefix}{part}"

    def _engine(self, part: str) -> Any:
        return self._engines.started[part]

    def _environment(self, part: str) -> dict[str, str]:
        kept = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR", "HOME", "SYSTEMROOT")
        base = {name: os.environ[name] for name in kept if name in os.environ}
        base |= {
            "PORT": str(self._ports[part]), "SHOP_FAULT_PORT": "0", "SHOP_SERVES_ON": "0",
            "SHOP_HOST": LOOPBACK, "SHOP_SCHEMA": self._tenant.schema, "SHOP_PREFIX": self._tenant.prefix,
        }  # fmt: skip
        return base | self._given(part)

    def _given(self, part: str) -> dict[str, str]:
        """Return the environment with a program's connections: exactly those of its arrows."""
        at = {DATABASE: "DATABASE_URL", CACHE: "REDIS_URL", BROKER: "NATS_URL"}
        drawn = self._wiring.parts
        engines = {name: self._engine(engine).url for engine, name in at.items() if engine in drawn}
        if part == SINK:
            return {"SMTP_PORT": str(self._smtp)}
        if part == VISITOR:  # the visitor may see everything: it isn't a part of the shop
            return engines | {"API_URL": self._url(API), "SINK_URL": self._url(SINK)}
        given = {at[engine]: engines[at[engine]] for engine in ENGINES if self._wiring.joined(part, engine)}
        if part == WORKER:
            given["SMTP_URL"] = f"smtp://{LOOPBACK}:{self._smtp}"
        if self._wiring.joined(part, WORKER):
            given["WORKER_URL"] = self._url(WORKER)
        return given

    def _url(self, part: str) -> str:
        return f"http://{LOOPBACK}:{self._ports[part]}"

    # --- asking them

    def _await_ready(self, parts: Sequence[str]) -> None:
        for part in parts:
            self._await(part)

    def _await(self, part: str) -> None:
        supervisor, name = self._engines.supervisor, self._name(part)
        if not wait_until(lambda: self._ready(part) or supervisor.code(name) is not None, READY_WITHIN, LOOKED_EACH):
            raise WorldError(f"The shop's {part} wasn't ready within {READY_WITHIN:.0f} s.", "Try again.")
        if supervisor.code(name) is not None:
            raise _EndedError(f"The shop's {part} ended unexpectedly.", supervisor.last_words(name))

    def _ready(self, part: str) -> bool:
        # The sink and the visitor have no probes: any answer is enough.
        try:
            status, _ = self._exchange(part, "GET", "/readyz", 2.0)
        except OSError:
            return False
        return status == 200 or (part in (SINK, VISITOR) and status == 404)  # noqa: PLR2004  HTTP's own numbers

    def _asked(self, part: str, method: str, path: str, within: float) -> Any:
        try:
            status, body = self._exchange(part, method, path, within)
        except OSError as error:
            raise WorldError(f"The shop's {part} doesn't answer ({error}).", "Try again.") from error
        if status != 200:  # noqa: PLR2004
            raise WorldError(f"The shop's {part} answered {status}.", "Try again.")
        return json.loads(body)

    def _exchange(self, part: str, method: str, path: str, within: float) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(LOOPBACK, self._ports[part], timeout=within)
        try:
            connection.request(method, path)
            response = connection.getresponse()
            return response.status, response.read()
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()
