"""The shop's settings, read from the environment once at the start."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

HIGHEST_PORT = 65535


class SettingsError(ValueError):
    """A variable has an invalid value."""


@dataclass(frozen=True, slots=True)
class ReleaseBehavior:
    """How a release behaves: ``start`` is the least time from process start to an open port, in seconds."""

    start: float = 0.0
    ready: bool = True


RELEASES: Mapping[str, ReleaseBehavior] = {"1.1.0": ReleaseBehavior(start=20.0), "1.2.0": ReleaseBehavior(ready=False)}
"""The unhealthy releases; every other one is healthy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field's comment names its variable. An address is None if this shop lacks the part."""

    release: str = "1.0.0"  # SHOP_RELEASE
    host: str = "0.0.0.0"  # SHOP_HOST; the platform's probes come from outside the pod  # noqa: S104
    port: int = 8080  # PORT; 0 takes a free one, and the log says which
    fault_host: str = "127.0.0.1"  # SHOP_FAULT_HOST
    fault_port: int = 8081  # SHOP_FAULT_PORT
    serves_on: float = 5.0  # SHOP_SERVES_ON, in seconds
    database: str | None = None  # DATABASE_URL, postgresql://...
    schema: str | None = None  # SHOP_SCHEMA
    cache: str | None = None  # REDIS_URL, redis://...
    broker: str | None = None  # NATS_URL, nats://...
    prefix: str = ""  # SHOP_PREFIX, the prefix of the stream, its subject and the consumer
    mail: str | None = None  # SMTP_URL, smtp://host:port
    worker: str | None = None  # WORKER_URL, http://host:port; if set, the API waits for its emails
    api: str | None = None  # API_URL, http://host:port, for the visitor
    sink: str | None = None  # SINK_URL, http://host:port, for the visitor
    smtp_port: int = 2525  # SMTP_PORT, for the sink; 0 takes a free one
    traces: str | None = None  # OTEL_EXPORTER_OTLP_ENDPOINT, http://...

    @property
    def behavior(self) -> ReleaseBehavior:
        """How this release behaves."""
        return RELEASES.get(self.release, ReleaseBehavior())


def read(environ: Mapping[str, str]) -> Settings:
    """Read the settings from an environment. An empty variable counts as unset. Raises SettingsError, which names the variable."""
    said = {name: value for name, value in environ.items() if value}
    default = Settings()
    return Settings(
        release=_name(said, "SHOP_RELEASE", r"[\w.-]{1,40}") or default.release,
        host=said.get("SHOP_HOST", default.host),
        port=_port(said, "PORT", default.port),
        fault_host=said.get("SHOP_FAULT_HOST", default.fault_host),
        fault_port=_port(said, "SHOP_FAULT_PORT", default.fault_port),
        serves_on=_seconds(said, "SHOP_SERVES_ON", default.serves_on, most=25.0),
        database=_url(said, "DATABASE_URL", "postgresql", "postgres"),
        schema=_name(said, "SHOP_SCHEMA", r"[a-z_][a-z0-9_]{0,62}"),
        cache=_url(said, "REDIS_URL", "redis", "rediss"),
        broker=_url(said, "NATS_URL", "nats", "tls"),
        prefix=_name(said, "SHOP_PREFIX", r"[A-Za-z0-9_-]{1,60}") or default.prefix,
        mail=_url(said, "SMTP_URL", "smtp"),
        worker=_url(said, "WORKER_URL", "http"),
        api=_url(said, "API_URL", "http"),
        sink=_url(said, "SINK_URL", "http"),
        smtp_port=_port(said, "SMTP_PORT", default.smtp_port),
        traces=_url(said, "OTEL_EXPORTER_OTLP_ENDPOINT", "http", "https"),
    )


def _port(said: Mapping[str, str], name: str, default: int) -> int:
    value = said.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) > HIGHEST_PORT:
        raise SettingsError(f"{name} is {value!r}; expected a port, 0 to {HIGHEST_PORT}")
    return int(value)


def _seconds(said: Mapping[str, str], name: str, default: float, most: float) -> float:
    try:
        value = float(said.get(name, default))
    except ValueError:
        value = math.nan
    if not 0 <= value <= most:
        raise SettingsError(f"{name} is {said[name]!r}; expected seconds, 0 to {most:g}")
    return value


def _name(said: Mapping[str, str], name: str, pattern: str) -> str | None:
    value = said.get(name)
    if value is not None and not re.fullmatch(pattern, value):
        raise SettingsError(f"{name} is {value!r}; expected to match {pattern}")
    return value


def _url(said: Mapping[str, str], name: str, *schemes: str) -> str | None:
    value = said.get(name)
    # The value isn't quoted: it may hold a password.
    if value is not None and not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
        raise SettingsError(f"{name} doesn't begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return value
