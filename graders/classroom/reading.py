"""The first step, for one submission: read what was handed in, and find out what has to be judged.

It runs in a process that is ended when it breaks a bound, and loads no nbgrader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cluster.errors import AnswerError
from graders.classroom.desk import Desk, Folders
from graders.classroom.folder import folder_problem
from graders.core.registry import lesson
from graders.gradebook import inert
from graders.gradebook.feedback import stamp_of
from graders.gradebook.outputs import JUDGMENT, Check, checks_in, judged_in, judgment, saved_notebook
from graders.gradebook.restore import ReleasedNotebook, made_whole
from graders.gradebook.submission import Submission, read_submission
from graders.reading.notebook_cells import Notebook, grade_id, source

Judgment = Mapping[str, Any]
"""How a check was judged: its score and state, the world, and a comment."""


@dataclass(frozen=True, slots=True)
class ReadNotebook:
    """A notebook that was handed in: the file's digest, its problem if it can't be read, and the checks that are still to judge.

    ``judged`` are the judgments that exist, by the checks' names; ``unanswered`` the answers that are as released; ``stamp``
    names the feedback that exists. If ``is_current``, the saved notebook needs no change.
    """

    digest: str
    problem: str
    judged: Mapping[str, Judgment]
    checks: tuple[Check, ...] = ()
    unanswered: frozenset[str] = frozenset()
    stamp: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A student's submission, by notebook. With a ``problem`` nothing is graded; ``note`` says what was ignored."""

    notebooks: Mapping[str, ReadNotebook] = field(default_factory=dict)
    problem: str = ""
    note: str = ""
    strays: bool = False


def read(desk: Desk, folders: Folders) -> HandedIn:
    """Read a student's submission, and what was saved of it before."""
    try:
        problem = folder_problem(folders.submitted, desk.releases, lesson(desk.assignment))
    except AnswerError as error:
        problem = f"{error.problem} {error.hint}".strip()
    except OSError as error:
        problem = f"The folder can't be opened: {error.strerror}. Check its owner and permissions."
    if problem:
        return HandedIn(problem=problem)
    notebooks, old = {}, []
    for name, release in desk.releases.items():
        path = folders.submitted / f"{name}.ipynb"
        if not path.exists() and not path.is_symlink():
            continue
        submission = read_submission(path)
        if name in desk.published and not submission.problem:
            old.append(desk.published[name].remark(submission.notebook, path.name))
        notebooks[name] = _read(desk, folders, name, submission, release)
    return HandedIn(notebooks, note=" ".join(filter(None, old)), strays=_strays(folders, notebooks))


def _read(desk: Desk, folders: Folders, name: str, submission: Submission, release: ReleasedNotebook) -> ReadNotebook:
    stamp = stamp_of(folders.page(name))
    problem = f"{submission.problem} {submission.hint}".strip()
    saved = None if desk.force else saved_notebook(folders.saved(name))
    if saved is not None and _is_current(desk, submission, saved):
        return ReadNotebook(
            submission.digest, problem, judged_in(saved), (), _unanswered(saved, release), stamp, is_current=True
        )
    restored = made_whole(submission, release)
    judged, to_judge = {}, []
    for check in checks_in(restored):
        outputs = None if check.problem else desk.judgments.find(check)
        if outputs is None:
            to_judge.append(check)
        else:
            judged[check.name] = judgment({"outputs": outputs})
    return ReadNotebook(
        submission.digest, problem, judged, tuple(to_judge), _unanswered(restored, release), stamp
    )  # fmt: skip


def _is_current(desk: Desk, submission: Submission, saved: Notebook) -> bool:
    """Whether this world has judged the file that is handed in now."""
    digest, judged = saved["metadata"].get(JUDGMENT, {}).get("digest", ""), judged_in(saved).values()
    return bool(digest) and digest == submission.digest and all(
        said.get("judged") and said.get("world") == desk.judgments.world for said in judged
    )  # fmt: skip


def _unanswered(notebook: Notebook, release: ReleasedNotebook) -> frozenset[str]:
    texts = {cell.name: cell.source for cell in release.cells if cell.solution or cell.task}
    return frozenset(
        grade_id(cell)
        for cell in notebook["cells"]
        if grade_id(cell) in texts and _shown(cell) == texts[grade_id(cell)]
    )


def _shown(cell: Mapping[str, Any]) -> str:
    return inert.code(source(cell)) if cell["cell_type"] == "code" else source(cell)


def _strays(folders: Folders, notebooks: Mapping[str, object]) -> bool:
    """Whether notebooks or feedback were saved for notebooks that aren't handed in now."""
    saved = {path.stem for path in folders.autograded.glob("*.ipynb")}
    return bool((saved | {path.stem for path in folders.feedback.glob("*.html")}) - notebooks.keys())
