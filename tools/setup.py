"""Sets up ``.venv`` from ``requirements.lock``: every package by version and hash, and the workbook itself.

Only the standard library is used. What was done is written into a stamp last, so that a set-up that was
interrupted is done again, and one that is still true costs nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "workbook-setup"
ENVIRONMENT_PROBLEM = 3


def main() -> int:
    """Set up where that is due. Returns 0, or 3 with one sentence on standard error."""
    stamp = wanted()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == stamp:
        return 0
    began = time.monotonic()
    version = ".".join(map(str, sys.version_info[:3]))
    say(f"Setting up .venv with Python {version}; the first time this takes a minute or so.")
    STAMP.unlink(missing_ok=True)
    uv = shutil.which("uv")
    if uv is None and not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        return fail(
            f"This Python {version} comes without venv: install it (Debian and Ubuntu: "
            f"sudo apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv) and run make again."
        )
    try:
        with_uv(uv) if uv else with_pip()
    except subprocess.CalledProcessError as error:
        return fail(
            f"Setting up stopped at “{Path(error.cmd[0]).name} {' '.join(map(str, error.cmd[1:4]))} …”; its own "
            "message is above. Nothing is lost: mend what it names (most often the network) and run make again."
        )
    STAMP.write_text(stamp)
    say(f"Set up in {time.monotonic() - began:.0f} s.")
    return 0


def wanted() -> str:
    """What the stamp says when the set-up is true: the lock, the project's own metadata, the place and the Python."""
    digest = hashlib.sha256()
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return f"{digest.hexdigest()} {sys.version_info[0]}.{sys.version_info[1]} {ROOT}\n"


def with_uv(uv: str) -> None:
    """Fill .venv by uv."""
    run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV)
    install = (uv, "pip", "install", "--python", PYTHON)
    run(*install, "--require-hashes", "-r", LOCK)
    run(*install, "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT)


def with_pip() -> None:
    """Fill .venv by venv and pip."""
    run(sys.executable, "-m", "venv", "--clear", VENV)
    install = (PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off")
    say(f"Installing {LOCK.read_text().count('==')} packages ...")
    run(*install, "--quiet", "--require-hashes", "-r", LOCK)
    run(*install, "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT)


def run(*command: object) -> None:
    """Run a command to its end, with its output where ours goes."""
    environment = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")}
    subprocess.run([str(word) for word in command], check=True, cwd=ROOT, env=environment)  # noqa: S603  our own words


def say(words: str) -> None:
    """Tell how far it is."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def fail(words: str) -> int:
    """One sentence on what to do."""
    sys.stderr.write(words + "\n")
    return ENVIRONMENT_PROBLEM


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        fail("Stopped. The next make begins the set-up again.")
        sys.exit(130)
