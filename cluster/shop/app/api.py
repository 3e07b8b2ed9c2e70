"""The orders API: ``python -m shop.api``.

Its imports are inside functions: the SIGTERM handler must be in place before slow modules load.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from . import process

if TYPE_CHECKING:
    from .phases import Lifecycle
    from .settings import Settings


def main() -> int:
    """Run the API until SIGTERM; return the exit code."""
    process.leave_when_asked()
    from .bootstrap import run  # noqa: PLC0415

    return run("orders", work)


async def work(settings: Settings, lifecycle: Lifecycle) -> None:
    """Connect, serve orders and faults, disconnect."""
    from .assembly import assemble  # noqa: PLC0415

    shop = await assemble(settings, lifecycle)
    try:
        await shop.serve()
    finally:
        await shop.close()


if __name__ == "__main__":
    sys.exit(main())
