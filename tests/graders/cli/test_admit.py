"""Manifests in files: several processes judge many files, with the same output as one process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cluster import Cluster
from cluster.errors import UsageError, WorldError
from graders.cli import admit
from graders.cli.admit import SHARE, run

GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n%d}\n"
BAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {nam: n%d}\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(admit, "_processors", lambda: 3)
    paths = [tmp_path / f"{i:03}.yaml" for i in range(6 * SHARE)]
    for index, path in enumerate(paths):
        path.write_text((BAD if index % 5 == 0 else GOOD) % index)
    return [str(path) for path in paths]


def test_many_files_in_order(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The output follows the order of the files, for any number of files."""
    assert run(files, as_json=True) == 1
    together = capsys.readouterr().out
    for start in range(0, len(files), SHARE):
        run(files[start : start + SHARE], as_json=True)
    assert capsys.readouterr().out == together
    said = [json.loads(line) for line in together.splitlines()]
    assert [one["file"] for one in said] == files
    assert [one["accepted"] for one in said[:6]] == [False, True, True, True, True, False]


def test_many_files_accepted(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is 0 only if all files of all processes are accepted."""
    good = [file for index, file in enumerate(files) if index % 5]
    assert run(good, as_json=False) == 0
    assert capsys.readouterr().out.count(" accepted\n") == len(good)
    assert run([*good, files[-1], files[65]], as_json=False) == 1


def test_a_file_that_is_not_there(files: list[str]) -> None:
    """A missing file is a usage error, in any of the processes."""
    with pytest.raises(UsageError, match="missing"):
        run([*files, "missing.yaml"], as_json=True)


def test_a_process_that_is_ended(files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process doesn't count as a verdict."""
    parent, judge = os.getpid(), admit.admit_file

    def ended(file: str, cluster: Cluster) -> tuple[admit.Admitted, ...]:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return judge(file, cluster)

    monkeypatch.setattr(admit, "admit_file", ended)
    with pytest.raises(WorldError, match="ended"):
        run(files, as_json=True)


PROGRAM = """
import os, sys
from graders.cli import admit
admit._processors = lambda: 3
judge, at = admit.admit_file, {at}
def slow(file, cluster):
    os.write(1, b".")
    os.read(at, 1)
    return judge(file, cluster)
admit.admit_file = slow
admit.run(sys.argv[1:], as_json=True)
"""


def test_processes_end_with_their_parent(files: list[str]) -> None:
    """When the command is killed, the processes that judge for it end as well."""
    never, write = os.pipe()
    command = [sys.executable, "-c", PROGRAM.format(at=never), *files]
    with subprocess.Popen(command, stdout=subprocess.PIPE, pass_fds=[never]) as process:
        assert process.stdout is not None
        assert process.stdout.read(3) == b"..."
        process.kill()
        assert process.stdout.read() == b""  # the end of what they write: none of them is left
    os.close(write)
    os.close(never)
