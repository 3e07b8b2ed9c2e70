"""NATS with JetStream from a wheel, on loopback, with a password."""

from __future__ import annotations

import secrets
import shutil
import sysconfig
from collections.abc import Callable
from pathlib import Path

from cluster.engines.engine import Engine, EnginesError, Launch, greets
from cluster.engines.ports import LOOPBACK
from cluster.engines.supervision import Supervisor

NAME, TITLE, PROGRAM = "broker", "NATS", "nats-server"
USER = "shop"


def there() -> bool:
    """Whether the wheel is installed."""
    return _program() is not None


def engine() -> Engine:
    """Return NATS, not started yet."""
    return Engine(NAME, TITLE, _prepare)


def _program() -> str | None:
    return shutil.which(PROGRAM, path=sysconfig.get_path("scripts"))


def _prepare(supervisor: Supervisor) -> Callable[[int], Launch]:
    program = _program()
    if program is None:
        raise EnginesError(f"{TITLE} isn't installed here.", "`make setup` installs what this platform has.")
    password = secrets.token_hex(16)
    settings = supervisor.folder / "nats.conf"
    settings.touch(0o600)
    store = Path(supervisor.folder, NAME)
    settings.write_text(
        f'authorization {{ user: {USER}, password: "{password}" }}\n'
        f'jetstream {{ store_dir: "{store}", max_memory_store: 64MB, max_file_store: 512MB }}\n'
    )

    def on(port: int) -> Launch:
        argv = (program, "--config", str(settings), "--addr", LOOPBACK, "--port", str(port))
        url = f"nats://{USER}:{password}@{LOOPBACK}:{port}"
        return Launch(argv, url, lambda: greets(port, b"", b"INFO"))

    return on
