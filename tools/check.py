"""``make check``: what is checked before each commit, in less than a minute. It says what it runs, and how long that took.

The tools run one after the other beside the unit tests. What ended badly is shown whole.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TOOLS = {
    "ruff check": ("ruff", "check"),
    "ruff format": ("ruff", "format", "--check"),
    "mypy": ("mypy", "--cache-dir", ".mypy_cache/whole"),  # the cache of `make test`
    "import-linter": ("lint-imports",),
}
UNIT = ("-m", "pytest", "--unit", "-q", "--numprocesses=2", "--dist=loadscope", "--no-loadscope-reorder")


def run(name: str, command: tuple[str, ...]) -> bool:
    """Run a command and say how it ended; whether it ended well."""
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  ours
    if done.returncode:
        sys.stdout.write(done.stdout + done.stderr)
    last = (done.stdout.strip().splitlines() or [""])[-1]
    sys.stdout.write(f"{'✘' if done.returncode else '✔'} {name:14} {time.monotonic() - began:5.1f} s  {last}\n")
    sys.stdout.flush()
    return not done.returncode


def tools() -> bool:
    """Run the tools; whether all ended well."""
    ended_well = [run(name, (str(BIN / command[0]), *command[1:])) for name, command in TOOLS.items()]
    return all(ended_well)


def main() -> int:
    """Run everything; 0 where all is well."""
    with ThreadPoolExecutor() as lanes:
        others, unit = lanes.submit(tools), lanes.submit(run, "unit tests", (sys.executable, *UNIT))
    return 0 if others.result() and unit.result() else 1


if __name__ == "__main__":
    raise SystemExit(main())
