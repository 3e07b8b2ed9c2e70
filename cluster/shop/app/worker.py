"""The email worker: ``python -m shop.worker``. It tells each customer once that the order has come.

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
    """Run the worker until it is asked to stop; the exit code."""
    process.leave_when_asked()
    from .bootstrap import run  # noqa: PLC0415

    return run("email-worker", work)


async def work(settings: Settings, lifecycle: Lifecycle) -> None:
    """Connect, send emails and answer probes, let go."""
    from .emails import work as send_emails  # noqa: PLC0415

    await send_emails(settings, lifecycle)


if __name__ == "__main__":
    sys.exit(main())
