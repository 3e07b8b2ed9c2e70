"""Set up ``.venv`` from ``requirements.lock``: each package by version and hash, and the workbook itself.

Uses only the standard library. A stamp is written at the end, so that an interrupted set-up is repeated and an
up-to-date one costs nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "requirements.lock"
BY_PIP = (str(PYTHON), "-P", "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off")
LOCKED = ("--no-deps", "--require-hashes", "-r", LOCK)  # the lock is complete, so pip needn't resolve dependencies
NOISE = ("Using cached", "Downloading", "Ignoring ")
"""How lines of pip's begin that say nothing about a problem. It ignores the packages of other systems and Pythons."""
STAMP = VENV / "workbook-setup"
ENVIRONMENT_PROBLEM = 3
VERSION = ".".join(map(str, sys.version_info[:2]))

# Variables that would make Python or pip use another folder than .venv, or refuse a complete lock.
ELSEWHERE = (
    "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_CONSTRAINT", "PIP_DRY_RUN", "PIP_PREFIX", "PIP_PYTHON",
    "PIP_ROOT", "PIP_TARGET", "UV_CONSTRAINT", "UV_SYSTEM_PYTHON",
)  # fmt: skip


def main() -> int:
    """Set up if that is due. Returns 0, or 3 with one sentence on standard error."""
    has = python_of_venv()
    kept = has is not None and (has == VERSION or not os.environ.get("PYTHON"))
    now, due = (stamped(), wanted(has or VERSION)) if kept else ([], wanted(VERSION))
    if now == due:
        return 0
    uv = shutil.which("uv")
    # If the packages are up to date, only the project itself is installed again.
    only_itself = now[:1] == due[:1]
    if not only_itself and uv is None and not has_venv():
        return fail(
            f"This Python {VERSION} comes without venv: install it (Debian and Ubuntu: "
            f"sudo apt install python{VERSION}-venv) and run make again."
        )
    began = time.monotonic()
    STAMP.unlink(missing_ok=True)
    try:
        if only_itself:
            itself(by_uv(uv) if uv else BY_PIP)
        else:
            due = wanted(VERSION)
            say(f"Setting up .venv with Python {VERSION}; the first time this takes a minute or two.")
            fill(uv)
    except OSError as error:
        return fail(f"Setting up stopped: {error}. Fix that and run make again.")
    except subprocess.CalledProcessError as error:
        return fail(
            f"Setting up stopped at “{Path(error.cmd[0]).name} {' '.join(error.cmd[1:4])} …”; its own message is "
            "above. Nothing is lost: fix the cause (most often the network) and run make again."
        )
    STAMP.write_text("\n".join(due), encoding="utf-8")
    say(f"Set up in {time.monotonic() - began:.0f} s.")
    return 0


def wanted(version: str) -> list[str]:
    """Return the stamp of a finished set-up: the lock, the Python and the folder; then the project's own metadata."""
    lock, project = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (LOCK, ROOT / "pyproject.toml"))
    return [f"{lock} {version} {ROOT}", project]


def stamped() -> list[str]:
    """Return the stamp's lines; none if the set-up wasn't finished."""
    try:
        return STAMP.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def python_of_venv() -> str | None:
    """Return the version of the Python in .venv, or None if it doesn't run, such as after its removal."""
    command = (str(PYTHON), "-I", "-c", "import sys; print(*sys.version_info[:2], sep='.')")
    try:
        asked = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  our own words
    except (OSError, subprocess.CalledProcessError):
        return None
    return asked.stdout.strip()


def has_venv() -> bool:
    """Whether this Python can make environments; Debian has a separate package for that."""
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def fill(uv: str | None) -> None:
    """Fill .venv by uv if it is installed and works, or else by venv and pip."""
    if uv is not None:
        try:
            return with_uv(uv)
        except subprocess.CalledProcessError:
            # An older uv, or one without pip's network configuration.
            if not has_venv():
                raise
            say("uv failed; its own message is above. Trying pip.")
    return with_pip()


def with_uv(uv: str) -> None:
    """Fill .venv by uv, which shows its own progress."""
    remove()
    run(uv, "venv", "--quiet", "--python", sys.executable, VENV)
    run(*by_uv(uv), *LOCKED)
    itself(by_uv(uv))


def with_pip() -> None:
    """Fill .venv by venv and pip."""
    remove()
    run(sys.executable, "-P", "-m", "venv", VENV)
    run(*BY_PIP, *LOCKED, told=Progress())
    itself(BY_PIP)


def by_uv(uv: str) -> tuple[str, ...]:
    """Return the command that installs into .venv by uv."""
    return (uv, "pip", "install", "--python", str(PYTHON))


def itself(install: tuple[str, ...]) -> None:
    """Install the workbook from this folder; its build backend is in the lock."""
    run(*install, "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT)


def remove() -> None:
    """Remove .venv, so that the rest of an interrupted set-up doesn't interfere."""
    if VENV.is_dir() and not VENV.is_symlink():
        shutil.rmtree(VENV)
    else:
        VENV.unlink(missing_ok=True)


class Progress:
    """Pip's progress, from its output: one changing line on a terminal, otherwise each 20th line."""

    def __init__(self) -> None:
        # Some locked packages are for other systems and Pythons, so the total is an upper bound.
        self.total = len(re.findall(r"^[A-Za-z0-9]", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
        self.seen = 0
        self.said: deque[str] = deque(maxlen=20)
        self.over = "\r\x1b[K" if sys.stdout.isatty() else ""

    def __call__(self, line: str) -> None:
        """Handle a line of pip's output."""
        if line.startswith("Collecting "):
            self.seen += 1
            words = f"Fetching {self.seen} of {self.total}: {re.split('[ =;[]', line)[1]}"
            if self.over:
                sys.stdout.write(self.over + words)
                sys.stdout.flush()
            elif self.seen % 20 == 0:
                say(words)
        elif line.startswith("Installing collected packages"):
            say(f"{self.over}Installing {self.seen} packages ...")
        elif not line.lstrip().startswith(NOISE):
            self.said.append(line)

    def failed(self) -> None:
        """Show pip's last lines."""
        sys.stderr.write(self.over + "".join(self.said))


def run(*command: object, told: Progress | None = None) -> None:
    """Run a command to its end. Its output goes to ours, or line by line to ``told``."""
    environment = {name: value for name, value in os.environ.items() if name not in ELSEWHERE} | {"PIP_USER": "0"}
    words = [str(word) for word in command]
    with subprocess.Popen(  # noqa: S603  our own words
        words, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if told else None,
        stderr=subprocess.STDOUT if told else None, encoding="utf-8", errors="replace",
    ) as child:  # fmt: skip
        try:
            for line in child.stdout or ():
                if told:
                    told(line)
            child.wait()
        except BaseException:
            child.terminate()
            raise
    if child.returncode:
        if told:
            told.failed()
        raise subprocess.CalledProcessError(child.returncode, words)


def say(words: str) -> None:
    """Print a progress line."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def fail(words: str) -> int:
    """Print one sentence on what to do, and return the exit code."""
    sys.stderr.write(words + "\n")
    return ENVIRONMENT_PROBLEM


if __name__ == "__main__":
    # A SIGTERM ends our child processes, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        fail("\nStopped. The next make begins the set-up again.")
        sys.exit(130)
