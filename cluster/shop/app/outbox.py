"""The relay as a program of its own: ``python -m shop.outbox``. It publishes the events in the database's outbox.

Its imports are inside functions, as in ``api``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from . import process

if TYPE_CHECKING:
    from .phases import Lifecycle
    from .settings import Settings


def main() -> int:
    """Run the relay until SIGTERM; return the exit code."""
    process.leave_when_asked()
    from .bootstrap import run  # noqa: PLC0415

    return run("outbox", work)


async def work(settings: Settings, lifecycle: Lifecycle) -> None:
    """Connect, relay, answer probes, disconnect. Raises SettingsError without a database or a broker."""
    from .relaying import work as relay  # noqa: PLC0415

    await relay(settings, lifecycle)


if __name__ == "__main__":
    sys.exit(main())
