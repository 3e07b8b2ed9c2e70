"""The judging process: it is ended when it takes too long, and the next judgment isn't delayed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from cluster.limits import JUDGMENT_SECONDS
from cluster.polling import wait_until
from graders.core.report import State
from graders.judging.judge_process import JudgeProcess
from tests.support.manifests import DEPLOYMENT
from tests.support.patience import PATIENCE

SECONDS = 1.5


@pytest.fixture
def worker() -> Iterator[JudgeProcess]:
    worker = JudgeProcess()
    assert worker.judge("deployment", DEPLOYMENT, "simulated").score == 30
    yield worker
    worker.end()


def process(worker: JudgeProcess) -> subprocess.Popen[bytes]:
    assert worker._process is not None
    return worker._process


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no process can be stopped on this system")
def test_a_judgment_that_hangs_is_ended(worker: JudgeProcess) -> None:
    """A judgment that hangs is *not judged* after its time limit, and its process is ended."""
    hung = process(worker)
    os.kill(hung.pid, signal.SIGSTOP)
    worker._at_most = SECONDS
    report = worker.judge("deployment", DEPLOYMENT, "simulated")
    assert report.state is State.NOT_JUDGED
    assert "took longer than 1.5 s" in report.problem
    assert hung.returncode == -signal.SIGKILL
    worker._at_most = JUDGMENT_SECONDS
    assert worker.judge("deployment", DEPLOYMENT, "simulated").score == 30


def test_a_judge_that_dies_is_replaced(worker: JudgeProcess) -> None:
    """A process that is killed between two judgments is replaced, and the next judgment is right."""
    process(worker).kill()
    process(worker).wait()
    assert worker.judge("deployment", DEPLOYMENT, "simulated").score == 30


def test_reports_are_the_same(worker: JudgeProcess) -> None:
    """A report from the process equals the exercise's own report, including the evidence."""
    from cluster import world  # noqa: PLC0415
    from graders.core.registry import exercise  # noqa: PLC0415

    for text in (DEPLOYMENT, DEPLOYMENT.replace("3", "1"), "a: [", "", "# later"):
        here = exercise("deployment").judge(text, world()).timed(0)
        assert worker.judge("deployment", text, "simulated").timed(0) == here


def test_ends_with_its_parent() -> None:
    """The process ends with its parent, even if the parent is killed."""
    source = (
        "import os; from graders.judging.judge_process import JudgeProcess; w = JudgeProcess(); w.judge('diagram', 'digraph { a }', 'simulated');"
        "print(w._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    parent = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    pid = int(parent.stdout)
    assert wait_until(lambda: not alive(pid), PATIENCE, 0.02)


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
            return stat.read().split(")")[1].split()[0] not in ("Z", "X")
    except FileNotFoundError:
        return False
