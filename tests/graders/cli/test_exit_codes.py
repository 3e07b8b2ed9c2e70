"""How a command ends if its output has no reader, or after Ctrl-C."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.patience import PATIENCE


@pytest.mark.parametrize(
    "says",
    ["print('x' * 100_000)", "print('x')", "print('x'); sys.exit(3)", "from rich.console import Console; Console().print('x')"],
)  # fmt: skip
def test_a_reader_that_goes_away(says: str) -> None:
    """A command whose reader has ended ends silently, and without success."""
    run = f"import sys; from graders.cli.exit_codes import guarded\ndef says():\n    {says}\nsys.stdin.read(); sys.exit(guarded(says))"
    process = subprocess.Popen(
        [sys.executable, "-c", run], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    process.stdin.close()
    assert process.stderr.read() == b""
    assert process.wait(PATIENCE) in (1, 141)
    process.stderr.close()


def test_ctrl_c_is_answered() -> None:
    """After Ctrl-C the command says that it has stopped, also during the work."""
    program = (
        "import sys; from graders.judging import judge_process; from graders.cli.__main__ import main\n"
        "def interrupted(*_, **__):\n    raise KeyboardInterrupt\n"
        "judge_process.JudgeProcess.judge = interrupted; sys.argv[1:] = ['check', 'deployment', '-']; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], input="kind: A", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped.\n")
