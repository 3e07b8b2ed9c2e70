"""No code of a learner's is imported or executed, and no configuration is read from a submission."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
import typer

from cluster.engines import missing
from cluster.errors import UsageError
from cluster.python import python_module, python_script
from graders.cli import lab
from graders.cli.commands import app
from graders.gradebook.course import course, course_around
from tests.attacks.trap import CONFIGURATION, TEXT, Trap, trap
from tests.support.course import ASSIGNMENT, SECTION, answered, enrolled_course, grades, hand_in, new_course

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
WORKBOOK = str(BIN / "workbook")
SAMPLES = ROOT / "graders/application_platform/exercises"
no_engines = pytest.mark.skipif(bool(missing()), reason="an engine of the shop can't be had here")


@pytest.fixture
def hostile(tmp_path: Path) -> Trap:
    """A folder with hostile files beside two honest answers."""
    made = trap(tmp_path / "hostile", tmp_path / "marks")
    shutil.copy(SAMPLES / "deployment/sample.yaml", made.folder / "deployment.yaml")
    shutil.copy(SAMPLES / "diagram/sample.dot", made.folder / "diagram.dot")
    notebook = json.dumps(answered((SAMPLES / "deployment/sample.yaml").read_text(encoding="utf-8")))
    (made.folder / f"{SECTION}.ipynb").write_text(notebook, encoding="utf-8")
    return made


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False, timeout=300,
    )  # fmt: skip


def commands() -> Iterator[tuple[str, ...]]:
    """Every command and every group of commands, by its words."""
    top = typer.main.get_command(app)
    yield ()
    for name, command in getattr(top, "commands", {}).items():
        yield (name,)
        yield from ((name, below) for below in getattr(command, "commands", {}))


COMMANDS = [
    (("check", "deployment", "deployment.yaml"), 1),
    (("check", "deployment", f"{SECTION}.ipynb", "--format", "json"), 1),
    (("check", "diagram", "diagram.dot"), 1),
    (("admit", "deployment.yaml"), 0),
    (("admit", "deployment.yaml", "--format", "json", "--on", "simulated"), 0),
    (("doctor",), None),
    (("selfcheck",), 0),
    (("verify", "hello"), 0),
    (("new", "exercise", "bill", "--like", "hello"), 2),
    (("cluster", "status"), None),
]
"""Commands in a hostile folder, and their exit code where it doesn't depend on the machine."""


@pytest.mark.parametrize(
    ("command", "code"), COMMANDS, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_commands(command: tuple[str, ...], code: int | None, hostile: Trap, tmp_path: Path) -> None:
    """In a folder with hostile files, a command works as in any other folder, and executes none of them."""
    here = run(WORKBOOK, *command, cwd=hostile.folder)
    assert hostile.executed == []
    elsewhere = run(WORKBOOK, *(str(hostile.folder / word) if "." in word else word for word in command), cwd=tmp_path)
    assert hostile.executed == []
    assert "Traceback" not in here.stderr + elsewhere.stderr
    assert here.returncode == elsewhere.returncode
    assert code is None or here.returncode == code, here.stderr


HELP = """
import json, sys
from typer.testing import CliRunner
from graders.cli.commands import app
for command in json.loads(sys.argv[1]):
    assert CliRunner().invoke(app, [*command, "--help"]).exit_code == 0, command
"""


def test_help(hostile: Trap) -> None:
    """A command's help executes nothing of the current folder."""
    assert run(WORKBOOK, "--help", cwd=hostile.folder).returncode == 0
    done = run(sys.executable, "-P", "-c", HELP, json.dumps([*commands()]), cwd=hostile.folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert hostile.executed == []


@pytest.mark.parametrize(
    "command",
    [("check", "deployment", "deployment.yaml"), ("doctor",), ("selfcheck",)],
    ids=" ".join,
)
def test_inherited_variables(command: tuple[str, ...], hostile: Trap) -> None:
    """PYTHON* variables don't affect a command's child processes; they affect only the command itself."""
    done = run(sys.executable, "-E", WORKBOOK, *command, cwd=hostile.folder, **hostile.environment)
    assert hostile.executed == []
    assert (done.returncode, "Traceback" in done.stderr) == (0 if command[0] in ("doctor", "selfcheck") else 1, False)
    assert "not judged" not in done.stdout.lower()


STARTS = {
    "engines": "from cluster.engines import warm; warm()",
    "stand-in": (
        "from cluster.engines import cache, supervision; from cluster.engines.engine import Engine;"
        "e = Engine('cache', 'Redis', cache._prepare_stand_in, ''); e.begin(supervision.Supervisor()); assert e.running"
    ),
    "protoc": "from graders.application_platform.demos.calls.proto import PROTO, compiled; assert compiled(PROTO).fields",
    "supervisor": "from cluster.engines.supervision import Supervisor; assert Supervisor().alive",
    "worker": (
        "from graders.judging.judge_process import JudgeProcess;"
        "assert JudgeProcess().judge('deployment', open('deployment.yaml').read(), 'simulated').score == 15"
    ),
}


@pytest.mark.parametrize(
    "what", [pytest.param(w, marks=no_engines if w in ("engines", "stand-in") else ()) for w in STARTS]
)
def test_programs(what: str, hostile: Trap) -> None:
    """Engines, compiler and judge start in a hostile folder with hostile variables, and execute none of its files."""
    done = run(sys.executable, "-P", "-E", "-c", STARTS[what], cwd=hostile.folder, **hostile.environment)
    assert (done.returncode, done.stderr, hostile.executed) == (0, "", [])


def test_trap_works(hostile: Trap) -> None:
    """A Python that trusts the current folder or a variable does execute the hostile files."""
    run(sys.executable, "-c", "import yaml, json, queue, graders.judging.judge_process, cluster", cwd=hostile.folder)
    assert {"yaml.py", "json.py", "queue.py", "graders.__init__.py", "graders.judging.judge_process.py"} <= set(
        hostile.executed
    )
    run(sys.executable, "-c", "", cwd=hostile.folder, PYTHONPATH=str(hostile.folder))
    assert "sitecustomize.py" in hostile.executed


# --- what isn't even looked at

LISTEN = """
import os, sys
folder, mine = sys.argv.pop(1), sys.argv.pop(1)
def heard(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        path = os.path.abspath(os.fsdecode(arguments[0]))
        if path.startswith(folder + os.sep) and path != os.path.join(folder, mine):
            os.write(2, f"opened {path}\\n".encode())
sys.addaudithook(heard)
from graders.cli.__main__ import main
sys.argv[0] = "workbook"
main()
"""


@pytest.mark.parametrize(
    "command",
    [
        ("check", "deployment", "deployment.yaml"),
        ("check", "deployment", f"{SECTION}.ipynb"),
        ("check", "diagram", "diagram.dot"),
        ("admit", "deployment.yaml"),
        pytest.param(("run", "diagram", "diagram.dot"), marks=no_engines),
        ("doctor",),
    ],
    ids=" ".join,
)
def test_nothing_else_is_opened(command: tuple[str, ...], hostile: Trap) -> None:
    """A command opens the answer and no other file of the current folder, and hostile variables have no effect."""
    mine = next((word for word in command if "." in word), "none")
    done = run(
        sys.executable, "-P", "-E", "-c", LISTEN, str(hostile.folder), mine, *command, cwd=hostile.folder, **hostile.environment
    )  # fmt: skip
    assert (done.stderr, hostile.executed) == ("", [])
    assert done.returncode == (1 if command[0] == "check" else 0)


# --- a class

HANDED_IN = (
    "submitted/mallory/application-platform",
    "autograded/mallory",
    "feedback/mallory/x",
    "Submitted",
    "downloaded/a",
)


@pytest.mark.parametrize("within", HANDED_IN)
def test_grade_in_a_submission(within: str, tmp_path: Path) -> None:
    """`workbook grade` inside a submission names the right course, and executes no configuration of the submission."""
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "nbgrader_config.py").touch()
    made = trap(tmp_path / "course" / within, tmp_path / "marks")
    done = run(WORKBOOK, "grade", cwd=made.folder)
    assert (done.returncode, made.executed) == (2, [])
    assert f"Go to the folder of the course, {tmp_path / 'course'}," in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_course_in_a_submission(tmp_path: Path) -> None:
    """A false course inside a submission isn't used, at any depth, and neither is a link into it."""
    real, fake = tmp_path / "course", tmp_path / "course/submitted/mallory/course/submitted/x"
    fake.mkdir(parents=True)
    for folder in (real, fake.parents[1], fake):
        (folder / "nbgrader_config.py").write_text("raise SystemExit('executed')", encoding="utf-8")
    (tmp_path / "link").symlink_to(fake)
    for folder in (fake, fake.parents[1], fake.parent, tmp_path / "link"):
        with pytest.raises(UsageError) as raised:
            course(folder)
        assert str(real) + "," in raised.value.hint


def test_course_below_such_a_name(tmp_path: Path) -> None:
    """A course may be below a folder called `submitted`, or below another configuration."""
    for below in ("submitted/course", "home/course"):
        (tmp_path / below).mkdir(parents=True)
        (tmp_path / below / "nbgrader_config.py").touch()
    (tmp_path / "home" / "nbgrader_config.py").touch()
    assert course_around(tmp_path / "submitted/course") is None
    assert course_around(tmp_path / "home/course") is None
    assert course_around(tmp_path / "home/course/submitted/ada") == tmp_path / "home/course"


def test_class(tmp_path: Path) -> None:
    """A class is graded with hostile files in a submission, hostile modules in the course and hostile variables; none is executed."""
    folder = new_course(tmp_path / "course", SECTION)  # without a gradebook: nbgrader starts alembic to make it
    ours = (folder / "nbgrader_config.py").read_text(encoding="utf-8")
    hand_in(folder, "mallory", answered((SAMPLES / "deployment/sample.yaml").read_text(encoding="utf-8")))
    inside = trap(folder / "submitted" / "mallory" / ASSIGNMENT, tmp_path / "marks")
    trap(folder, tmp_path / "marks")
    for name in (*CONFIGURATION, *TEXT):  # a course's own settings are the instructor's
        (folder / name).unlink()
    (folder / "nbgrader_config.py").write_text(ours, encoding="utf-8")
    done = run(
        sys.executable, "-E", "-P", WORKBOOK, "grade", "--format", "json", cwd=folder,
        **{**inside.environment, "PATH": f"{BIN}{os.pathsep}{os.defpath}"},
    )  # fmt: skip
    assert inside.executed == [], done.stderr
    assert done.returncode == 0, done.stderr
    assert grades(folder)["mallory"]["deployment"] == (15, False)


def test_release(tmp_path: Path) -> None:
    """Notebooks are released beside hostile files, and none of them is executed."""
    folder = new_course(tmp_path / "course", SECTION)
    made = trap(tmp_path / "hostile", tmp_path / "marks")
    code = "import sys; from pathlib import Path; from graders.release import release; release(Path(sys.argv[1]))"
    shutil.copy(ROOT / "README.md", folder)
    done = run(sys.executable, "-P", "-E", "-c", code, str(folder), cwd=made.folder, **made.environment)
    assert (done.returncode, made.executed) == (0, []), done.stderr


# --- JupyterLab


@dataclass(frozen=True)
class Server:
    """A running server, with requests like those of the instructor's browser."""

    address: str

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Request a path, and return the status and the body."""
        parts = urlsplit(self.address)
        connection = HTTPConnection(parts.hostname or "", parts.port or 0, timeout=60)
        token = {"Authorization": f"token {parts.query.partition('token=')[2]}"}
        connection.request(method, path, None if body is None else json.dumps(body), token)
        answer = connection.getresponse()
        try:
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[Server]:
    """JupyterLab as ``workbook lab`` starts it on a folder, with its own settings."""
    homes = {f"JUPYTER_{each}_DIR": str(folder.parent / each) for each in ("CONFIG", "DATA", "RUNTIME")}
    server = subprocess.Popen(
        [*lab.command(folder, open_browser=False), "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1"], cwd=folder,
        env={**lab.environment(), **homes, **environment}, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stderr is not None
    try:
        said = iter(server.stderr)
        address = next(found[0] for line in said if (found := re.search(r"http://127\.0\.0\.1:\d+/\S*token=\w+", line)))
        threading.Thread(target=lambda: list(said), daemon=True).start()
        assert lab.awaited(server, address)
        yield Server(address)
    finally:
        server.terminate()
        server.wait()


PAIRED = "submitted/mallory/application-platform/proto.ipynb"
ELSEWHERE = "../../../graders/application_platform/demos/calls"
"""As many folders down as up: what jupytext takes for a pair."""


def notebook(formats: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "source": "evil()",
        "outputs": [],
        "execution_count": None,
    }
    return {"cells": [cell], "metadata": {"jupytext": {"formats": formats}}, "nbformat": 4, "nbformat_minor": 5}


def test_lab_on_a_course(tmp_path: Path) -> None:
    """Viewing a hostile submission in JupyterLab executes and reads none of its configuration, and saving it writes nowhere else."""
    folder = enrolled_course(tmp_path / "course", SECTION)
    made = trap(folder / "submitted" / "mallory" / ASSIGNMENT, tmp_path / "marks")
    (folder / PAIRED).write_text(json.dumps(notebook(f"ipynb,{ELSEWHERE}//py:percent")), encoding="utf-8")
    with served(folder, **made.environment) as server:
        for path in (f"submitted/mallory/{ASSIGNMENT}", str(made.folder), "."):
            status, _ = server.ask("GET", f"/formgrader?{urlencode({'path': path})}")
            assert status == 302
        assert f"submitted/mallory/{ASSIGNMENT}" not in server.ask("GET", "/formgrader/manage_assignments")[1]
        contents = f"/api/contents/{quote(PAIRED)}"
        status, said = server.ask("GET", f"{contents}?type=notebook&content=1")
        assert status == 200, said
        status, said = server.ask(
            "PUT", contents, {"type": "notebook", "format": "json", "content": json.loads(said)["content"]}
        )
        assert status == 200, said
        assert server.ask("PATCH", contents, {"path": f"{PAIRED.removesuffix('.ipynb')}-2.ipynb"})[0] == 200
        assert server.ask("GET", f"/api/contents/submitted/mallory/{ASSIGNMENT}?content=1")[0] == 200
        status, said = server.ask("GET", f"/api/contents/solutions/{ASSIGNMENT}/{SECTION}.py?type=notebook&content=1")
        assert (status, json.loads(said)["type"]) == (200, "notebook"), "the instructor's own sources open as notebooks"
    assert made.executed == []
    assert not (folder / "graders").exists()


def test_lab_from_a_hostile_folder(hostile: Trap) -> None:
    """`workbook lab` in a hostile folder with hostile variables opens the workbook, and executes nothing of that folder."""
    homes = {f"JUPYTER_{each}_DIR": str(hostile.folder.parent / each) for each in ("CONFIG", "DATA", "RUNTIME")}
    with subprocess.Popen(
        [sys.executable, "-P", "-E", WORKBOOK, "lab", "--no-browser"], cwd=hostile.folder,
        env={**os.environ, **homes, **hostile.environment}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    ) as started:  # fmt: skip
        try:
            assert started.stdout is not None
            said = "".join(started.stdout.readline() for _ in range(3))
        finally:
            started.send_signal(signal.SIGINT)
            started.communicate(timeout=60)
    assert "JupyterLab is at http://" in said
    assert hostile.executed == []


# --- one way to start a Python


def test_one_way_to_start_python() -> None:
    """Only cluster/python.py writes a command line for this Python; the set-up's own command lines contain `-P`."""
    for path in (path for folder in ("graders", "cluster", "tools") for path in sorted((ROOT / folder).rglob("*.py"))):
        ours = path == ROOT / "cluster/python.py" or path.parent == ROOT / "tools"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = [inner for outer in ast.walk(tree) for inner in ast.iter_child_nodes(outer) if starts(outer, inner)]
        assert ours or not found, f"{path}: {[ast.unparse(each) for each in found]}"
    setup = (ROOT / "tools/setup.py").read_text(encoding="utf-8")
    assert re.findall(r'"-\w", "-m"|"-m"', setup) == ['"-P", "-m"'] * setup.count('"-m"')


def starts(outer: ast.AST, inner: ast.AST) -> bool:
    """Whether ``inner``, a part of ``outer``, is the path of this Python, or ``-m``, where it isn't only looked up."""
    if isinstance(inner, ast.Constant):
        return inner.value == "-m"
    is_python = isinstance(inner, ast.Attribute) and ast.unparse(inner) == "sys.executable"
    return is_python and not (isinstance(outer, ast.Call) and ast.unparse(outer.func) == "Path")


def test_flags() -> None:
    """A program of the workbook gets no current folder and no variables; a program of the standard library alone gets nothing else."""
    assert python_module("graders.judging.judge_process", "a")[1:3] == ["-P", "-E"]
    assert python_module("graders.judging.judge_process", "a")[-3:] == ["-m", "graders.judging.judge_process", "a"]
    assert python_script(Path("a.py"))[1:3] == ["-I", "-S"]
