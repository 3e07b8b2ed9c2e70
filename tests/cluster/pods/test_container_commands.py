"""A command's outcome is predicted from its text, and nothing is executed."""

from __future__ import annotations

import math

import pytest

from cluster.pods.container_commands import CommandResult, missing_program, outcome, succeeds


@pytest.mark.parametrize(
    ("command", "seconds", "code"),
    [
        (["true"], 0, 0),
        (["/bin/true", "whatever"], 0, 0),
        (["false"], 0, 1),
        (["sleep", "5"], 5, 0),
        (["sleep", "1.5m"], 90, 0),
        (["sleep", "1", "2h"], 7201, 0),
        (["sleep", "infinity"], math.inf, 0),
        (["sleep"], 0, 1),
        (["sleep", "a while"], 0, 1),
        (["sh", "-c", "sleep 2 && exit 3"], 2, 3),
        (["/bin/sh", "-c", "exec sleep infinity"], math.inf, 0),
        (["sh", "-c", "false || sleep 4; exit"], 4, 0),
        (["sh", "-c", "false; true"], 0, 0),
        (["sh", "-ec", "false; true"], 0, 1),
        (["bash", "-e", "-c", "false || true\nsleep 3"], 3, 0),
        (["sh", "-c", "true && false && sleep 9"], 0, 1),
        (["sh", "-c", "exit 300"], 0, 44),
        (["sh", "-c", "echo ready; exit 0"], 0, 0),
        (["sh", "-c", "curl -f http://localhost:8080/healthz"], 0, 127),
        (["sh", "-c", "until nc -z postgres 5432; do sleep 1; done"], math.inf, 0),
        (["sh", "-c", "while ! wget -q http://db; do sleep 1; done"], math.inf, 0),
        (["sh", "-c", "while true; do sleep 10; done"], math.inf, 0),
        (["sh", "-c", ""], 0, 0),
        (["sh"], 0, 0),
        (["/bin/bash"], 0, 0),
        (["cat"], 0, 0),
        (["cat", "/tmp/healthy"], 0, 1),  # noqa: S108  nothing is opened
        (["sh", "-c", "echo hello > /tmp/started"], 0, 0),
        (["/bin/sh", "-c", "echo Hello from the hook > /usr/share/message"], 0, 1),
    ],
)
def test_known(command: list[str], seconds: float, code: int) -> None:
    """A known command has the same end and the same exit code as in a shell."""
    assert outcome(command) == CommandResult(seconds, code)


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["python3", "-c", "print(1)"],
        ["sh", "script.sh"],
        ["sh", "-c", "python3 -m shop.api"],
        ["sh", "-c", "sleep $SECONDS"],
        ["sh", "-c", "true & sleep 1"],
        ["sh", "-c", "if true; then sleep 1; fi"],
        ["sh", "-c", "exit soon"],
        ["sh", "-c", "echo ok | grep -q bad"],
        ["sh", "-c", "echo $(curl http://db)"],
        ["sh", "-c", "while true; do sleep 1; break; done"],
        ["sh", "-c", "mkdir -p /tmp/x && touch /tmp/x/y"],
    ],
)
def test_unknown(command: list[str]) -> None:
    """An unpredictable command has no outcome."""
    assert outcome(command) is None


def test_an_exec_probe_has_its_time() -> None:
    """An exec probe succeeds if its command ends with 0 in time; an unpredictable command counts as a success."""
    assert succeeds(["true"], 1)
    assert succeeds(["sleep", "1"], 2)
    assert succeeds(["python3", "check.py"], 1)
    assert not succeeds(["sleep", "3"], 2)
    assert not succeeds(["false"], 1)
    assert not succeeds(["curl", "-f", "http://localhost:8080"], 1)
    assert not succeeds(["sh", "-c", "wget http://localhost:8080 || exit 1"], 1)
    assert not succeeds([], 1)


def test_a_missing_program_is_named() -> None:
    """A program that is missing in the shop's image is named as written."""
    assert missing_program(["/usr/local/bin/serve", "x"]) == "/usr/local/bin/serve"
    assert missing_program(["sleep", "1"]) == missing_program([]) == ""


def test_a_long_script_is_read_in_no_time() -> None:
    """A script of any size and shape is read in linear time."""
    for script in (
        " " * 100_000,
        "true " + "\n " * 50_000,
        "sleep 1;" * 100_000,
        "(" * 100_000,
        "until " + "a" * 100_000,
        "while true; do " + "do " * 50_000,
    ):
        outcome(["sh", "-c", script])
