"""The relay's work: from one database's outbox to one broker, until the lifecycle ends."""

from __future__ import annotations

import asyncio

from .bootstrap import closed, open_to_traffic
from .broker import Broker
from .faults import Faults
from .health import Health
from .phases import Lifecycle
from .postgres import Database
from .postgres_store import PostgresStore
from .relay import Relay
from .settings import Settings, SettingsError


async def work(settings: Settings, lifecycle: Lifecycle) -> None:
    """Relay and answer probes. Raises SettingsError without a database or a broker."""
    if not settings.database or not settings.broker:
        raise SettingsError("a relay needs DATABASE_URL and NATS_URL")
    lifecycle.serves_on = 0.0  # it gets no requests
    health = Health(lifecycle, Faults())
    database, broker = Database(settings.database, settings.schema), Broker(settings.broker, settings.prefix)
    await database.open()
    await broker.open()
    health.needs |= {"database": database.reachable, "broker": broker.reachable}
    relaying = asyncio.create_task(Relay(PostgresStore(database), broker.publish).run())
    try:
        await open_to_traffic(settings, lifecycle, health.routes())
    finally:
        relaying.cancel()
        await closed(broker.close, database.close)
