"""The engines as processes of this machine: their abilities, and a machine without leftovers."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

import pytest

from cluster.engines import Engines, EnginesError, cache, close, database, missing, warm
from cluster.engines.supervision import Supervisor
from cluster.errors import UsageError, WorldError
from tests.support.patience import PATIENCE

psycopg = pytest.importorskip("psycopg", reason="the shop's own requirements aren't installed")
redis = pytest.importorskip("redis", reason="the shop's own requirements aren't installed")
nats = pytest.importorskip("nats", reason="the shop's own requirements aren't installed")

pytestmark = pytest.mark.skipif(bool(missing()), reason="the engines' wheels aren't installed")

PARENT = """
import json, sys
from cluster.engines import warm
engines = warm()
pids = [engines.supervisor._ask("code", name=name)["pid"] for name in engines.started]
print(json.dumps({"folder": str(engines.supervisor.folder), "supervisor": engines.supervisor._process.pid, "pids": pids}), flush=True)
sys.stdin.read()
"""


@dataclass(frozen=True)
class Parent:
    """A process with engines: its id, the supervisor's, the engines', and the folder of their files."""

    process: subprocess.Popen[str]
    folder: Path
    supervisor: int
    pids: tuple[int, ...]


@contextmanager
def parent() -> Iterator[Parent]:
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        yield Parent(process, Path(said["folder"]), said["supervisor"], tuple(said["pids"]))
    finally:
        process.kill()
        process.communicate()


def ends(pid: int, within: float = PATIENCE) -> bool:
    """Whether a process that isn't a child of this one ends, after some waiting."""
    try:
        waited = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([waited], [], [], within)[0])
    finally:
        os.close(waited)


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    yield warm()
    close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_they_never_outlive_their_parent(number: int) -> None:
    """If the parent is killed or interrupted by Ctrl-C, no process and no file of its engines is left."""
    with parent() as it:
        assert len(it.pids) == 3
        os.killpg(it.process.pid, number)
        assert all(ends(pid) for pid in (*it.pids, it.supervisor))
        assert not it.folder.exists()


def test_the_end_of_the_parents_program() -> None:
    """If the parent ends normally, nothing is left either."""
    with parent() as it:
        it.process.communicate("")
        assert all(ends(pid) for pid in (*it.pids, it.supervisor))
        assert not it.folder.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the children of a killed process")
def test_a_killed_supervisor() -> None:
    """If the supervisor is killed, its engines end with it, and the next supervisor removes its files."""
    with parent() as it:
        os.kill(it.supervisor, signal.SIGKILL)
        assert all(ends(pid) for pid in (*it.pids, it.supervisor))
        assert it.folder.exists()
        Supervisor().close()
        assert not it.folder.exists()


def test_a_supervisor_leaves_others_alone(engines: Engines) -> None:
    """A second supervisor removes nothing of a supervisor that is alive."""
    Supervisor().close()
    assert engines.supervisor.folder.exists()
    assert engines.database.running


def test_what_was_written_stays_while_an_engine_is_away(engines: Engines) -> None:
    """A stopped engine that is started again has the same address and its data."""
    url = engines.database.url
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (it int)")
    engines.database.stop()
    engines.database.stop()
    assert not engines.database.running
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)
    engines.database.start()
    engines.database.start()
    assert engines.database.url == url
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_password_is_needed(engines: Engines) -> None:
    """Without its password no engine accepts a client, and no command line contains a password."""
    for url, secret in ((e.url, e.url.rpartition("@")[0].rpartition(":")[2]) for e in engines.started.values()):
        assert len(secret) == 32, url
        listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        assert secret not in listing
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(engines.database.url.replace(":", ":x", 2).replace("postgresql:x", "postgresql:"))
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(engines.cache.url.replace("redis://:", "redis://:x")).ping()


def test_the_same_again(engines: Engines) -> None:
    """All callers in a process share the engines; stopped engines are started again, and tenants differ."""
    engines.cache.stop()
    again = warm("cache")
    assert again is engines
    assert redis.Redis.from_url(again.cache.url).ping()
    one, other = engines.tenant(), engines.tenant()
    assert not {one.schema, one.prefix} & {other.schema, other.prefix}


def test_the_supervisor_is_replaced() -> None:
    """If the supervisor is ended from outside, the next call has new engines."""
    close()
    before = warm("cache")
    before.supervisor.close()
    assert redis.Redis.from_url(warm("cache").cache.url).ping()
    close()


def test_a_name_that_there_is_not() -> None:
    """The error for an unknown name lists the known names."""
    with pytest.raises(UsageError) as raised:
        warm("kafka")
    assert "database, cache, broker" in raised.value.hint
    with pytest.raises(UsageError, match="hasn't been started"):
        _ = Engines(started={}).broker
    close()


def test_an_engine_that_can_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If an engine ends at once, the error has its last words."""
    broken = tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\necho no memory for a cache\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(cache, "_program", lambda: broken)
    own = Engines()
    try:
        with pytest.raises(EnginesError, match="Redis ended") as raised:
            own.bring(["cache"])
        assert "no memory for a cache" in raised.value.hint
    finally:
        own.close()


def test_a_preparation_that_came_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PostgreSQL that can't be prepared reports that at each request, and can be prepared later."""
    own = Engines()
    try:
        monkeypatch.setattr(database, "PACKAGE", "no_such_package")
        for _ in range(2):
            with pytest.raises(EnginesError, match="PostgreSQL isn't installed here"):
                own.bring(["database"])
        monkeypatch.undo()
        (own.supervisor.folder / "database" / "data").mkdir(parents=True)
        (own.supervisor.folder / "database" / "data" / "left").touch()  # as an interrupted one would
        own.bring(["database"])
        with psycopg.connect(own.database.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        own.close()


def test_what_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """If Redis can't be installed, another cache replaces it and reports that; without either, an error says so."""
    pytest.importorskip("fakeredis", reason="what stands in for Redis isn't installed")
    monkeypatch.setattr(cache, "_program", lambda: None)
    own = Engines()
    try:
        own.bring(["cache"])
        client = redis.Redis.from_url(own.cache.url)
        client.set("a", "1", ex=60)
        assert client.get("a") == b"1"
        assert own.stand_ins == (cache.STANDS_IN,)
        monkeypatch.setattr(cache, "STAND_IN_PACKAGE", "no_such_package")
        assert missing() == ("Redis",)
        with pytest.raises(EnginesError, match="Redis isn't installed here"):
            Engines(supervisor=own.supervisor).bring(["cache"])
    finally:
        own.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's home is closed to other users")
def test_root_has_a_home_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Started by root, PostgreSQL runs as an unprivileged user, even if its wheel is in root's home."""
    monkeypatch.setattr(database, "_open_to_all", lambda _path: False)
    own = Engines()
    try:
        own.bring(["database"])
        assert (own.supervisor.folder / "programs").is_dir()
        with psycopg.connect(own.database.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert (own.supervisor.folder / "database").stat().st_uid != 0
    finally:
        own.close()


def test_a_folder_that_is_closed_to_others(tmp_path: Path) -> None:
    """A folder is open to all only if every folder above it is."""
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o700)
    assert not database._open_to_all(inner)
    assert database._open_to_all(Path("/"))


def test_an_interrupted_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an interrupt while waiting for the supervisor's answer, the next command doesn't get that old answer."""
    supervisor = Supervisor()
    try:
        pid = supervisor.start("a", [sys.executable, "-c", "import signal; signal.pause()"])

        def interrupted(_self: Supervisor) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as now:
            now.setattr(Supervisor, "_read", interrupted)
            for _ in range(2):
                with pytest.raises(KeyboardInterrupt):
                    supervisor.forget("b")
        assert supervisor._ask("code", name="a") == {"code": None, "pid": pid, "number": 4}
    finally:
        supervisor.close()


def test_an_interrupted_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an interrupt during the engines' start, they can be started again at once, and nothing of the first start is left."""
    close()
    folders: list[Path] = []

    def interrupted(_thread: threading.Thread, _timeout: float | None = None) -> None:
        folders.extend(Path(gettempdir()).glob("workbook-engines-*"))
        raise KeyboardInterrupt

    with monkeypatch.context() as now:
        now.setattr(threading.Thread, "join", interrupted)
        with pytest.raises(KeyboardInterrupt):
            warm("database")
    assert psycopg.connect(warm("database").database.url).execute("SELECT 1").fetchone() == (1,)
    assert warm().supervisor.folder not in folders
    close()


def test_errors_of_the_supervisor() -> None:
    """A missing program, and a name that runs already, are errors of the world, not of the answer."""
    supervisor = Supervisor()
    try:
        with pytest.raises(WorldError, match="FileNotFoundError"):
            supervisor.start("a", ["/no/such/program"])
        supervisor.start("a", [sys.executable, "-c", "import signal; signal.pause()"])
        assert supervisor.stop("a", signal.SIGKILL) == -signal.SIGKILL
    finally:
        supervisor.close()
    with pytest.raises(WorldError, match="ended the engines"):
        supervisor.start("a", ["/bin/true"])
