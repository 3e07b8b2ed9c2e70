"""The engines that the shop runs on, without Docker: PostgreSQL, Redis and NATS JetStream as processes of this machine.

::

    engines = warm("database", "cache")
    engines.database.url                         # postgresql://...
    engines.database.stop(), .start()            # stopped, and started again with its data
    tenant = engines.tenant()                    # names for one run: a schema, and a prefix for keys and streams

They come from wheels, start in parallel in about a second, are shared by everything in this process, and end with it
in any case. Other users of the machine can't use them: each listens on loopback, with a fresh random password.
"""

from __future__ import annotations

from cluster.engines.engine import Engine, EnginesError
from cluster.engines.shared import Engines, Tenant, close, missing, warm

__all__ = ["Engine", "Engines", "EnginesError", "Tenant", "close", "missing", "warm"]
