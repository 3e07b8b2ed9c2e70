"""The last step, for one submission: write the saved notebooks and the pages of feedback that changed.

It runs in a process that is ended when it breaks a bound, and loads no nbgrader. Each file is replaced at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import writes
from nbformat.v4.rwbase import split_lines

from graders.classroom.desk import Desk, Folders
from graders.gradebook.feedback import Marks, page
from graders.gradebook.outputs import Check, Outputs, checks_in, judged, put_into, saved_notebook
from graders.gradebook.restore import made_whole
from graders.gradebook.submission import read_submission

CHANGED = "A notebook changed while it was graded. Grade again."


@dataclass(frozen=True, slots=True)
class Changes:
    """What to write: ``saved`` are the digests of notebooks to save, ``pages`` the marks of those that need a page.

    ``keep`` are all notebooks of the submission; others are deleted. ``outputs`` are those of checks that have no judgment
    to keep, and ``beside`` files for nbgrader's exchange.
    """

    keep: tuple[str, ...] = ()
    saved: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, Marks] = field(default_factory=dict)
    outputs: Mapping[str, Outputs] = field(default_factory=dict)
    beside: Mapping[str, bytes] = field(default_factory=dict)


def write(desk: Desk, folders: Folders, changes: Changes) -> str:
    """Write a student's files, and return a sentence if that isn't possible, or else ""."""
    for name in {**changes.saved, **changes.pages}:
        notebook = (
            _saved(desk, folders, name, changes) if name in changes.saved else saved_notebook(folders.saved(name))
        )
        if notebook is None:
            return CHANGED
        if name in changes.pages:
            _replace(folders.page(name), page(notebook, name, changes.pages[name]), desk.modes[1])
    _clear(folders, changes)
    for name, data in changes.beside.items():
        for folder, mode in zip((folders.autograded, folders.feedback), desk.modes, strict=True):
            _replace(folder / name, data, mode)
    return ""


def _saved(desk: Desk, folders: Folders, name: str, changes: Changes) -> NotebookNode | None:
    """Save a notebook with its outputs, and return it; None if the submitted file isn't the one that was judged."""
    submission = read_submission(folders.submitted / f"{name}.ipynb")
    if submission.digest != changes.saved[name]:
        return None
    notebook: NotebookNode = made_whole(submission, desk.releases[name])
    put_into(notebook, {check.name: _outputs(desk, check, changes) for check in checks_in(notebook)})
    _replace(folders.saved(name), f"{writes(split_lines(notebook), split_lines=False)}\n", desk.modes[0])
    return notebook


def _outputs(desk: Desk, check: Check, changes: Changes) -> Outputs:
    made = changes.outputs.get(check.name) or desk.judgments.find(check)
    # Kept judgments may have been deleted in the meantime.
    return made or judged(check, desk.judgments.world, desk.judgments.context)


def _clear(folders: Folders, changes: Changes) -> None:
    for folder, pattern in ((folders.autograded, "*.ipynb"), (folders.feedback, "*.html")):
        for path in folder.glob(pattern):
            if path.stem not in changes.keep:
                path.unlink()


def _replace(path: Path, content: str | bytes, mode: int) -> None:
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    with suppress(FileNotFoundError):
        beside.unlink()
    beside.write_bytes(data)
    beside.chmod(mode)
    beside.replace(path)
