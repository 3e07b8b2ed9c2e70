"""``python -m tools.renew``: see CONTRIBUTING, “Support another minor of Kubernetes”."""

from __future__ import annotations

import sys

from graders.cli.exit_codes import guarded
from tools.renew.cli import app

if __name__ == "__main__":
    sys.exit(guarded(lambda: app(prog_name="python -m tools.renew")))
