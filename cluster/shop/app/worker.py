"""The email worker: ``python -m shop.worker``. It sends each customer one confirmation of the order.

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
    """Run the worker until SIGTERM; return the exit code."""
    process.leave_when_asked()
    from .bootstrap import run  # noqa: PLC0415

    return run("email-worker", work)


async def work(settings: Settings, lifecycle: Lifecycle) -> None:
    """Connect, send emails, answer probes, disconnect."""
    from .emails import work as send_emails  # noqa: PLC0415

    await send_emails(settings, lifecycle)


if __name__ == "__main__":
    sys.exit(main())
