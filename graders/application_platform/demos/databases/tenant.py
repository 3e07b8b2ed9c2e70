"""The sandbox of a demo: a tenant of this process' engines, which is emptied after the demo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeAlias

from cluster.engines import Engines, EnginesError, Tenant, warm

if TYPE_CHECKING:
    import psycopg
    import redis

CONNECT_SECONDS = 10
STATEMENT_SECONDS = 20
"""PostgreSQL's time limit for a statement, in seconds; it is long enough for a busy machine."""

REDIS_SECONDS = 5.0
CLIENTS = {"psycopg": "database", "redis": "cache"}
"""The Python packages that connect to the engines."""

if TYPE_CHECKING:
    Connection: TypeAlias = psycopg.Connection[Any]
    Keys: TypeAlias = redis.Redis


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A PostgreSQL schema and a prefix of Redis keys that only one demo uses."""

    engines: Engines
    tenant: Tenant

    @contextmanager
    def connection(self, *, autocommit: bool = True) -> Iterator[Connection]:
        """Yield a connection that sees only this sandbox's tables."""
        import psycopg  # noqa: PLC0415  not every installation has it

        options = f"-c search_path={self.tenant.schema} -c timezone=UTC -c statement_timeout={STATEMENT_SECONDS}s"
        with psycopg.connect(
            self.engines.database.url, autocommit=autocommit, connect_timeout=CONNECT_SECONDS, options=options
        ) as connection:
            yield connection

    @contextmanager
    def keys(self) -> Iterator[Keys]:
        """Yield a client of Redis that raises an error at once if Redis is down."""
        import redis  # noqa: PLC0415
        from redis.backoff import NoBackoff  # noqa: PLC0415
        from redis.retry import Retry  # noqa: PLC0415

        with redis.Redis.from_url(
            self.engines.cache.url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS,
            retry=Retry(NoBackoff(), 0), decode_responses=True,
        ) as client:  # fmt: skip
            yield client


@contextmanager
def sandbox(*engines: str) -> Iterator[Sandbox]:
    """Yield a sandbox on these engines, ``database`` among them, and empty it afterward. Raises EnginesError."""
    for package, name in CLIENTS.items():
        if name in engines and find_spec(package) is None:
            raise EnginesError(f"The package {package} isn't installed here.", "`make setup` installs it.")
    running = warm(*engines)
    it = Sandbox(running, running.tenant())
    with ExitStack() as stack:
        stack.enter_context(_lost())
        stack.callback(_drop, it)
        with it.connection() as connection:
            connection.execute(f'CREATE SCHEMA "{it.tenant.schema}"'.encode())
        if "cache" in engines:
            stack.callback(_forget, it)
        yield it


@contextmanager
def _lost() -> Iterator[None]:
    import psycopg  # noqa: PLC0415

    try:
        yield
    except psycopg.OperationalError as error:
        raise EnginesError(f"PostgreSQL stopped: {one_line(error)}", "Run the cell again.") from error


def one_line(error: Exception) -> str:
    """Return the first line of an engine's message."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def _drop(it: Sandbox) -> None:
    with it.connection() as connection:
        connection.execute(f'DROP SCHEMA IF EXISTS "{it.tenant.schema}" CASCADE'.encode())


def _forget(it: Sandbox) -> None:
    import redis  # noqa: PLC0415

    try:
        with it.keys() as keys:
            for key in list(keys.scan_iter(match=f"{it.tenant.prefix}*")):
                keys.delete(key)
    except redis.RedisError:
        """Redis is down, and its data with it."""
