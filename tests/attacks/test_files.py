"""One sentence refuses a name of something that isn't a file, and no command waits for it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster.errors import AnswerError, UsageError, WorkbookError
from graders.reading.files import read_bounded
from graders.reading.notebook_cells import read_notebook, text_of
from tests.support.manifests import DEPLOYMENT

ROOT = Path(__file__).parents[2]
PATIENCE = 120
"""Seconds after which a command counts as one that hangs; none of them needs more than a few."""


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A named pipe without a writer."""
    path = tmp_path / "answer.yaml"
    os.mkfifo(path)
    return path


@pytest.fixture
def socket_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A socket in the file system."""
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.yaml")
        yield tmp_path / "socket.yaml"


def workbook(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "graders.cli.__main__", *arguments], capture_output=True, text=True, cwd=ROOT, check=False,
        stdin=subprocess.DEVNULL, timeout=PATIENCE,
    )  # fmt: skip


@pytest.mark.parametrize("command", [("check", "deployment"), ("check", "diagram"), ("run", "diagram"), ("admit",)])
def test_no_command_waits_for_a_named_pipe(pipe: Path, command: tuple[str, ...]) -> None:
    """A named pipe in place of a file is refused with one sentence, also behind a link, with and without a writer."""
    link = pipe.with_name("link.yaml")
    link.symlink_to(pipe)
    for name in (pipe, link):
        done = workbook(*command, str(name))
        assert (done.returncode, done.stdout) == (2, "")
        assert "is a named pipe, not a file." in done.stderr
        assert "Traceback" not in done.stderr


def test_no_pipe_of_a_notebooks_name_is_waited_for(pipe: Path) -> None:
    """A named pipe in the place where ``progress()`` looks for a notebook counts as no notebook."""
    with pytest.raises(WorkbookError, match="named pipe"):
        read_notebook(pipe)


def test_a_pipe_with_a_writer(pipe: Path) -> None:
    """A named pipe with a writer is refused too, because the writer can come and go at any time."""
    writer = os.open(pipe, os.O_RDWR)
    try:
        os.write(writer, b"kind: Deployment")
        with pytest.raises(UsageError, match="named pipe"):
            text_of(str(pipe))
    finally:
        os.close(writer)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty", "/dev/random"])
def test_devices(device: str) -> None:
    """No device is opened, because reading it may never end."""
    with pytest.raises(UsageError, match="is a device, not a file"):
        text_of(device)


def test_socket(socket_file: Path) -> None:
    """A socket is refused."""
    with pytest.raises(UsageError, match="is a socket, not a file"):
        text_of(str(socket_file))


@pytest.mark.parametrize(
    "given", ["<(cat {file})", "/dev/stdin < {file}", "/proc/self/fd/0 < {file}", "/dev/fd/3 3< {file}"]
)
def test_what_a_shell_hands_over_is_read(tmp_path: Path, given: str) -> None:
    """Process substitution and the names of the shell's open files work as in any other program."""
    file = tmp_path / "orders.yaml"
    file.write_text(DEPLOYMENT)
    command = f'"{sys.executable}" -m graders.cli.__main__ admit {given.format(file=file)}'
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    assert "accepted" in done.stdout


def test_a_substitution_whose_writer_has_ended() -> None:
    """An open file from the shell isn't opened again, and a pipe without writers is at its end."""
    reading, writing = os.pipe()
    os.write(writing, b"kind: Pod")
    os.close(writing)
    try:
        assert text_of(f"/dev/fd/{reading}") == "kind: Pod"
        assert text_of(f"/dev/fd/{reading}") == ""
    finally:
        os.close(reading)
    with pytest.raises(UsageError, match="can't be opened"):
        text_of(f"/dev/fd/{reading}")


def test_no_standard_input() -> None:
    """One sentence reports a closed standard input."""
    command = f'"{sys.executable}" -m graders.cli.__main__ check deployment - <&-'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Standard input is closed.\n")


def test_exchanged_while_it_is_opened(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that becomes a pipe between the check and the opening doesn't make the command wait."""
    regular = Path(__file__).stat()
    monkeypatch.setattr(Path, "stat", lambda _path: regular)
    with pytest.raises(UsageError, match="named pipe"):
        read_bounded(pipe, 100)


def test_links_are_followed_only_where_asked(tmp_path: Path) -> None:
    """A link can be refused, with any target, and so can an open file from the shell."""
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_bytes(b"x")
    link.symlink_to(file)
    assert read_bounded(link, 1) == b"x"
    assert read_bounded(file, 1, follow=False) == b"x"
    with pytest.raises(UsageError, match="is a symbolic link"):
        read_bounded(link, 1, follow=False)
    link.unlink()
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is a symbolic link"):
        read_bounded(link, 1, follow=False)
    with pytest.raises(UsageError):
        read_bounded(Path("/dev/fd/0"), 1, follow=False)


def test_a_file_exchanged_for_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that becomes a link between the check and the opening isn't followed."""
    link = tmp_path / "link"
    link.symlink_to(__file__)
    regular = Path(__file__).stat()
    monkeypatch.setattr(Path, "lstat", lambda _path: regular)
    with pytest.raises(UsageError, match="can't be opened"):
        read_bounded(link, 1 << 20, follow=False)


@pytest.mark.parametrize(("most", "said"), [(7, "7 bytes"), (2048, "2 KiB"), (3 << 20, "3 MiB")])
def test_the_bound(tmp_path: Path, most: int, said: str) -> None:
    """A file of exactly the allowed size is read; one more byte is refused, and the error names the bound."""
    file = tmp_path / "file"
    file.write_bytes(b"x" * most)
    assert len(read_bounded(file, most)) == most
    file.write_bytes(b"x" * (most + 1))
    with pytest.raises(AnswerError, match=f"file is larger than {said}"):
        read_bounded(file, most)
