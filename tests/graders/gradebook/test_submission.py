"""Files, folders and links in the place of a notebook."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cluster.limits import NOTEBOOK_BYTES
from graders.gradebook.submission import links_in, read_submission


def test_link(tmp_path: Path) -> None:
    """A link isn't followed, wherever it leads."""
    (tmp_path / "real.ipynb").write_text('{"nbformat": 4, "cells": []}')
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "real.ipynb")
    (tmp_path / "nowhere.ipynb").symlink_to(tmp_path / "absent.ipynb")
    assert read_submission(tmp_path / "real.ipynb").problem == ""
    for name in ("link.ipynb", "nowhere.ipynb"):
        assert "is a symbolic link" in read_submission(tmp_path / name).problem
    assert links_in(tmp_path) == ("link.ipynb", "nowhere.ipynb")


def test_folder_and_pipe(tmp_path: Path) -> None:
    """A folder and a named pipe are refused at once, because they aren't files."""
    (tmp_path / "folder.ipynb").mkdir()
    os.mkfifo(tmp_path / "pipe.ipynb")
    assert "is a folder" in read_submission(tmp_path / "folder.ipynb").problem
    assert "is a named pipe" in read_submission(tmp_path / "pipe.ipynb").problem
    assert "There is no file" in read_submission(tmp_path / "absent.ipynb").problem


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "breaks at line 1"),
        (b"{", "breaks at line 1"),
        (b"\xff\xff", "isn't text"),
        (b"null", "not a notebook"),
        (b'{"nbformat": 3, "worksheets": []}', "format 3"),
        (b"[" * 100_000, "isn't a notebook"),
        (b" " * (NOTEBOOK_BYTES + 1), "larger than 20 MiB"),
    ],
    ids=["empty", "cut", "binary", "null", "old", "deep", "huge"],
)
def test_no_notebook(tmp_path: Path, content: bytes, said: str) -> None:
    """A file that isn't a notebook gives one sentence that says why, and no cells."""
    path = tmp_path / "06-hands-on.ipynb"
    path.write_bytes(content)
    submission = read_submission(path)
    assert said in submission.problem
    assert submission.notebook == {"cells": []}
