"""The supervisor: a process that runs others for a parent, and kills them all when the parent has ended in any way.

:mod:`cluster.engines.supervision` runs it as a program, with the standard library alone. It reads one command a line from
its standard input and answers each in one line, both JSON. When the parent ends, even when it is killed, the input closes;
then the supervisor kills every process and removes its folder. If the supervisor itself is killed, the Linux kernel kills the
processes, and the next supervisor removes the folder.

::

    {"do": "start", "name": N, "argv": [...], "env": {...}, "unprivileged": false, "log": FILE}    → {"pid": 7}
    {"do": "stop", "name": N, "signal": 15, "within": 5.0}    → {"code": 0}, -9 if it had to be killed
    {"do": "code", "name": N}                                 → {"code": null, "pid": 7} while it runs
    {"do": "forget", "name": N}                               → {}, the process is killed and its name is free again
    {"do": "give", "path": P}                                 → {}, the unprivileged user owns the path

The answer to a failed command is ``{"error": "..."}``. A command may have a ``number``; its answer has the same one.
The supervisor has one thread and starts no other processes.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

PREFIX = "workbook-engines-"
LOCK = "lock"
_PR_SET_PDEATHSIG = 1

_KEPT: dict[str, subprocess.Popen[bytes]] = {}


def main() -> int:
    """Serve one parent until it ends; return the exit code."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sweep()
    folder, lock = _folder()
    try:
        _say({"folder": str(folder)})
        for line in sys.stdin:
            _say(_answer(json.loads(line)))
    except (BrokenPipeError, KeyboardInterrupt):
        pass
    finally:
        _end_all()
        shutil.rmtree(folder, ignore_errors=True)
        lock.close()
    return 0


def sweep() -> None:
    """Remove the folders of killed supervisors: their locks are free."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), (folder / LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def _folder() -> tuple[Path, IO[str]]:
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)  # unprivileged programs have folders in here
    lock = (folder / "new").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    (folder / "new").rename(folder / LOCK)  # it is locked before it gets its name, so no other supervisor sweeps it
    return folder, lock


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")  # noqa: TID251  a pipe to our parent
    sys.stdout.flush()


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    number = asked.pop("number", 0)
    try:
        what = asked.pop("do")
        return _DOES[what](**asked) | {"number": number}
    except (OSError, KeyError, TypeError, ValueError) as error:
        return {"error": f"{type(error).__name__}: {error}", "number": number}


def _start(name: str, argv: list[str], env: dict[str, str], log: str, *, unprivileged: bool) -> dict[str, Any]:
    if name in _KEPT and _KEPT[name].poll() is None:
        raise ValueError(f"{name} runs already")
    user: dict[str, Any] = {}
    if unprivileged and os.geteuid() == 0:
        entry = pwd.getpwnam("nobody")
        user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    with open(log, "ab") as out:  # noqa: PTH123  pathlib would slow the start
        _KEPT[name] = subprocess.Popen(  # noqa: S603  the parent's own programs, no shell
            argv, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, cwd="/",
            start_new_session=True, preexec_fn=_dies_with_us, **user,  # noqa: PLW1509  there are no threads
        )  # fmt: skip
    return {"pid": _KEPT[name].pid}


def _dies_with_us() -> None:
    # The kernel sends the signal when the starting thread ends; a supervisor has one thread.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _stop(name: str, within: float, **how: int) -> dict[str, Any]:
    process = _KEPT[name]
    if process.poll() is None:
        process.send_signal(how.get("signal", signal.SIGTERM))
        try:
            process.wait(within)
        except subprocess.TimeoutExpired:
            _kill(process)
    return {"code": process.returncode}


def _code(name: str) -> dict[str, Any]:
    return {"code": _KEPT[name].poll(), "pid": _KEPT[name].pid}


def _forget(name: str) -> dict[str, Any]:
    process = _KEPT.pop(name, None)
    if process is not None and process.poll() is None:
        _kill(process)
    return {}


def _give(path: str) -> dict[str, Any]:
    if os.geteuid() == 0:
        entry = pwd.getpwnam("nobody")
        os.chown(path, entry.pw_uid, entry.pw_gid)
    return {}


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _end_all() -> None:
    for process in _KEPT.values():
        if process.poll() is None:
            _kill(process)


_DOES: dict[str, Callable[..., dict[str, Any]]] = {
    "start": _start, "stop": _stop, "code": _code, "forget": _forget, "give": _give,
}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
