"""Demos of several kinds of database, on real engines.

A sale that crashes, two buyers of one seat, a cache in front of a database, readings in rows and in buckets. Each demo
has its own tenant and deletes it at the end. If a package or an engine is missing, the demo shows a message.
"""

from __future__ import annotations

from graders.application_platform.demos.databases.cache_hit_rate import hit_rates, visitors, without_cache
from graders.application_platform.demos.databases.lost_update import two_buyers
from graders.application_platform.demos.databases.partial_transaction import crash
from graders.application_platform.demos.databases.readings import rows_and_buckets

__all__ = ["crash", "hit_rates", "rows_and_buckets", "two_buyers", "visitors", "without_cache"]
