"""Odd drawings, run for real: each has a story and a finding, and leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cluster.engines import close, missing, warm
from cluster.errors import AnswerError, UsageError
from cluster.shop import local
from cluster.shop.story import seen
from cluster.shop.wiring import PARTS
from graders.application_platform.exercises.diagram.flow import place_order
from graders.application_platform.exercises.diagram.run import run
from graders.application_platform.exercises.diagram.wired import foreseen, wiring
from graders.core.shown import Shown
from graders.judging.running import runnable
from graders.reading.dot.drawing import parse
from tests.graders.application_platform.exercises.diagram.drawings import DRAWINGS, by_wiring
from tests.support.command import workbook

ROOT = Path(__file__).parents[3]
ENGINES = pytest.mark.skipif(bool(missing()), reason=f"not to be had here: {', '.join(missing())}")
RIGHT = "client -> api -> postgres; api -> redis; api -> queue -> worker;"
CROWD = " ".join(f'"worker {n}"; queue -> "worker {n}";' for n in range(97))
RING = " ".join(f"n{n} -> n{(n + 1) % 100};" for n in range(100))
REPLICAS = " ".join(f'"api {n}" -> postgres;' for n in range(97))

ODD = {
    "300 nodes": f"digraph {{ {RIGHT} {CROWD} {RING} {REPLICAS} }}",
    "cycles": f"digraph {{ {RIGHT} worker -> api; postgres -> api; queue -> api; redis -> api; worker -> queue; api -> api }}",
    "two of each": 'digraph { client -> api; api -> "postgres 1"; api -> "postgres 2"; api -> redis; api -> "redis 2"; '
    'api -> "queue 1" -> worker; api -> "queue 2" -> "worker 2" }',
    "parts apart, and no client": "digraph { api -> postgres; queue -> worker; redis; grafana -> prometheus }",
}
BARE = {
    "no arrow": "digraph { client; api; postgres; redis; queue; worker }",
    "no node that is known": "digraph { a -> b -> c -> a }",
    "no API": "digraph { client -> postgres; queue -> worker }",
    "an undirected star": "graph { api -- postgres; api -- redis; api -- queue; queue -- worker; client -- api }",
    "a self-loop": "digraph { api -> api }",
    "long names": f"digraph {{ {RIGHT} api -> {'x' * 5000} }}",
    "hostile names": 'digraph { "<script>alert(1)</script> api" -> "postgres\\n\\u202e; rm -rf /" -> "$(reboot) queue" -> "worker`id`" }',
}


@pytest.fixture(scope="module")
def engines() -> Iterator[None]:
    warm()
    yield
    close()


@pytest.mark.parametrize("name", [*ODD, *BARE])
def test_few_processes(name: str) -> None:
    """A shop has each part once, however many nodes a drawing has, so it can't start more processes."""
    wired = wiring(place_order(parse({**ODD, **BARE}[name])))
    assert wired.parts <= set(PARTS)
    assert set(foreseen(place_order(parse({**ODD, **BARE}[name]))).failures) <= wired.parts


@pytest.mark.parametrize("name", ["cycles", "two of each", "300 nodes"])
def test_odd_is_wired_as_others(name: str) -> None:
    """An odd drawing gives a wiring of the shop with a known run, and the flow predicts that run."""
    flow = place_order(parse(ODD[name]))
    (known,) = (names for wired, names in by_wiring().items() if wired == wiring(flow))
    assert foreseen(flow) == foreseen(place_order(parse(DRAWINGS[known[0]])))


@ENGINES
@pytest.mark.usefixtures("engines")
@pytest.mark.parametrize("name", ["300 nodes", "parts apart, and no client"])
def test_odd(name: str) -> None:
    """An odd drawing's run agrees with the flow, and is shown."""
    told: list[Shown] = []
    story = run(ODD[name], told.append)
    assert seen(story) == foreseen(place_order(parse(ODD[name])))
    assert not story.live
    assert told[-1].html.count("<img") >= 2
    engines = warm()
    assert [path.name for path in engines.supervisor.folder.glob("w*")] == []


@ENGINES
@pytest.mark.usefixtures("engines")
@pytest.mark.parametrize("name", ["no node that is known", "a self-loop", "hostile names"])
def test_next_to_nothing(name: str) -> None:
    """If no order can be placed, the story says so; names are shown as text."""
    told: list[Shown] = []
    run(BARE[name], told.append)
    assert "<script" not in told[-1].html
    assert told[-1].plain


@pytest.mark.parametrize("text", ["digraph { }", "digraph { -> -> }", "graph", "a -> b"])
def test_no_drawing(text: str) -> None:
    """An invalid or empty drawing isn't run, and the error says why."""
    with pytest.raises(AnswerError):
        run(text, lambda _shown: None)


@pytest.mark.parametrize(
    ("name", "on", "said"),
    [("deployment", "", "can't be run"), ("diagram", "mars", "“mars”"), ("digram", "", "diagram")],
)
def test_what_can_be_run(name: str, on: str, said: str) -> None:
    """Only drawings can be run, locally or on kind."""
    with pytest.raises(UsageError) as refused:
        runnable(name, on)
    assert said in f"{refused.value.problem} {refused.value.hint}"


@ENGINES
def test_in_the_terminal(tmp_path: Path) -> None:
    """``workbook run diagram FILE`` prints the story as plain text, and leaves nothing behind."""
    drawing = tmp_path / "shop.dot"
    drawing.write_text("digraph { api -> postgres }")
    done = workbook("run", "diagram", str(drawing))
    assert (done.returncode, done.stderr) == (0, "")
    assert "20 accepted, 20 stored, none cached, none announced, none confirmed by email" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (("deployment", "-"), "x", "deployment can't be run"), (("diagram", "-", "--on", "mars"), "digraph {}", "“mars”"),
        (("diagram", "no-such-file.dot"), "", "no-such-file.dot"), (("diagram", "-"), "digraph {", "last bracket"),
        (("diagram", "-"), "// nothing yet", "Nothing is written for diagram yet."),
    ],
)  # fmt: skip
def test_mistakes_in_the_terminal(arguments: tuple[str, ...], given: str, said: str) -> None:
    """A drawing that can't be run ends with one sentence on standard error and exit code 1, a wrong command with 2."""
    done = workbook("run", *arguments, stdin=given)
    assert done.returncode == (1 if given == "digraph {" else 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@ENGINES
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the children of a killed process")
def test_a_killed_supervisor() -> None:
    """A run whose engines are killed ends with a sentence and exit code 3."""
    run_it = (
        "import os, signal, sys, graders.application_platform.exercises.diagram.run, graders.cli.__main__\n"
        "from cluster.engines import warm\n"
        "from cluster.shop import story\n"
        "def tell(*_):\n"
        "    os.kill(warm().supervisor._process.pid, signal.SIGKILL)\n"
        "    warm.__globals__['_engines'].supervisor.code('api')\n"
        "story.tell = tell\n"
        "sys.argv = ['workbook', 'run', 'diagram', '-']\n"
        "graders.cli.__main__.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", run_it], cwd=ROOT, input="digraph { api -> postgres }", capture_output=True, text=True, check=False
    )  # fmt: skip
    assert "ended the engines" in done.stderr
    assert done.returncode == 3


@ENGINES
def test_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupted run leaves no process of its shop behind."""
    stages: list[local.LocalStage] = []

    def interrupts(_shown: Shown) -> None:
        raise KeyboardInterrupt

    start: Callable[[local.LocalStage], None] = local.LocalStage.start

    def started(self: local.LocalStage) -> None:
        stages.append(self)
        start(self)

    monkeypatch.setattr(local.LocalStage, "start", started)
    with pytest.raises(KeyboardInterrupt):
        run("digraph { api -> postgres }", interrupts)
    (stage,) = stages
    assert not stage._ready("api")
    close()
