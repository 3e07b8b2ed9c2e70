"""Commands in forks of a process that has imported them: each is a process of its own, without a Python's start and imports.

Where the start itself is the subject, as for what a start may import or for a program on the PATH, start one instead.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

NBGRADER = "nbgrader.apps.nbgraderapp:main"
WORKBOOK = "graders.cli.__main__:main"
IMPORTED = (
    "nbgrader.apps.nbgraderapp", "nbgrader.apps.autogradeapp", "nbgrader.apps.generatefeedbackapp", "nbgrader.apps.api",
    "nbgrader.apps.generateassignmentapp", "nbgrader.apps.exportapp", "graders.cli.__main__", "graders.cli.commands",
    "graders.classroom", "graders.gradebook", "graders.gradebook.export", "graders.release", "graders.authoring.verify",
)  # fmt: skip
"""What most commands import; a command imports the rest itself."""

COMPILED = {"XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))}
"""Where Graphviz is compiled once, for processes with a home of their own; to compile it takes seconds of CPU."""

SERVER = r"""
import importlib, json, os, sys
replies = os.fdopen(os.dup(1), "w")
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(None), file=replies, flush=True)
for line in iter(sys.stdin.readline, ""):
    asked = json.loads(line)
    pid = os.fork()
    if not pid:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), file=replies, flush=True)
else:
    sys.exit()
replies.close()
flags = os.O_RDONLY, os.O_WRONLY, os.O_WRONLY
for number, (path, flag) in enumerate(zip(asked["streams"], flags)):
    opened = os.open(path, flag)
    os.dup2(opened, number)
    os.close(opened)
sys.stdin = open(0, encoding="utf-8", closefd=False)
os.chdir(asked["cwd"])
os.environ.clear()
os.environ.update(asked["environment"])
sys.argv = [asked["main"], *asked["arguments"]]
module, _, function = asked["main"].partition(":")
if function.isidentifier():
    sys.exit(getattr(importlib.import_module(module), function)())
exec(compile(asked["main"], "<string>", "exec"), {"__name__": "__main__"})
"""


class Forks:
    """The process that imports once, with one Python and one environment."""

    def __init__(self, python: str, environment: Mapping[str, str]) -> None:
        self._environment = {**environment, **COMPILED}
        self._server = subprocess.Popen(
            [python, "-P", "-c", SERVER, *IMPORTED], env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, cwd=os.sep,
        )  # fmt: skip
        atexit.register(self.end)
        assert self._answer() is None

    def run(
        self, main: str, *arguments: str, cwd: Path, stdin: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run ``MODULE:FUNCTION``, or a program's text, in a fork that gets these variables as well."""
        with tempfile.TemporaryDirectory(prefix="workbook-tests-") as folder:
            streams = [Path(folder, name) for name in ("in", "out", "error")]
            for path, text in zip(streams, (stdin, "", ""), strict=True):
                path.write_text(text, encoding="utf-8")
            asked = {
                "main": main, "arguments": arguments, "cwd": str(cwd), "streams": [str(path) for path in streams],
                "environment": self._environment | environment,
            }  # fmt: skip
            assert self._server.stdin is not None
            print(json.dumps(asked), file=self._server.stdin, flush=True)
            code = self._answer()
            assert isinstance(code, int)
            _, out, errors = (path.read_text(encoding="utf-8") for path in streams)
        return subprocess.CompletedProcess([main, *arguments], code, out, errors)

    def end(self) -> None:
        """End the process; its last command has ended."""
        self._server.communicate()

    def _answer(self) -> object:
        assert self._server.stdout is not None
        return json.loads(self._server.stdout.readline())


@cache
def forks(python: str, *environment: tuple[str, str]) -> Forks:
    """The process for a Python and an environment, started when it is first needed."""
    return Forks(python, dict(environment))
