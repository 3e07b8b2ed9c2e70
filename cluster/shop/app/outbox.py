"""The relay as a program of its own: ``python -m shop.outbox``. What is in the database's outbox goes to the broker.

Its imports are inside functions, as the API's are.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from . import process

if TYPE_CHECKING:
    from .phases import Lifecycle
    from .settings import Settings


def main() -> int:
    """Run the relay until it is asked to stop; the exit code."""
    process.leave_when_asked()
    from .bootstrap import run  # noqa: PLC0415

    return run("outbox", work)


async def work(settings: Settings, lifecycle: Lifecycle) -> None:
    """Connect, relay and answer probes, let go. Raises SettingsError without a database or a broker."""
    from .relaying import work as relay  # noqa: PLC0415

    await relay(settings, lifecycle)


if __name__ == "__main__":
    sys.exit(main())
