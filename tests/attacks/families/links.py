"""Links: their targets earn nothing and aren't shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.attacks.attack import FILE, HONEST, Attack, right_notebook
from tests.support.course import ASSIGNMENT


def links() -> Iterator[Attack]:
    def student(name: str, target: str) -> Attack:
        return Attack("links", name, lambda _course, folder: folder.symlink_to(target), "reported", 0)

    def assignment(name: str, target: str) -> Attack:
        def placed(_course: Path, folder: Path) -> None:
            folder.mkdir()
            (folder / ASSIGNMENT).symlink_to(target)

        return Attack("links", name, placed, "reported", 0)

    def notebook(name: str, target: str, filename: str = FILE, **more: Any) -> Attack:
        def placed(course: Path, folder: Path) -> None:
            (folder / ASSIGNMENT).mkdir(parents=True)
            (folder / ASSIGNMENT / filename).symlink_to(target.format(course=course))

        return Attack("links", name, placed, "reported", 0, **more)

    def stray(name: str, filename: str, target: str) -> Attack:
        def placed(_course: Path, folder: Path) -> None:
            (right_notebook(folder).parent / filename).symlink_to(target)

        return Attack("links", name, placed, "reported", 0)

    other = HONEST[0]
    yield student("the student's folder is another's", other)
    yield student("the student's folder is nowhere", "nowhere")
    yield student("the student's folder is the course", "..")
    yield student("the student's folder is the sources", "../solutions")
    yield student("the student's folder is the root", "/")
    yield Attack(
        "links", "the student's folder is itself", lambda _c, folder: folder.symlink_to(folder.name), "reported", 0
    )
    yield assignment("the assignment's folder is another's", f"../{other}/{ASSIGNMENT}")
    yield assignment("the assignment's folder is the release", f"../../notebooks/{ASSIGNMENT}")
    yield assignment("the assignment's folder is what was graded", f"../../autograded/{other}/{ASSIGNMENT}")
    yield assignment("the assignment's folder is itself", ASSIGNMENT)
    yield assignment("the assignment's folder is nowhere", "nowhere")
    yield notebook("the notebook is another's", f"../../{other}/{ASSIGNMENT}/{FILE}")
    yield notebook("the notebook is another's, by its whole path", f"{{course}}/submitted/{other}/{ASSIGNMENT}/{FILE}")
    yield notebook("the notebook is the gradebook", "{course}/gradebook.db")
    yield notebook("the notebook is a file of the system", "/etc/passwd")
    yield notebook("the notebook is /dev/zero", "/dev/zero")
    yield notebook("the notebook is standard input", "/dev/stdin")
    yield notebook("the notebook is itself", FILE)
    yield stray("a link to the folder above", "up", "..")
    yield stray("a link to its own folder", "here", ".")
    yield stray("a link to a file of the system", "passwd", "/etc/passwd")
    yield stray("a link to /dev/zero", "zero.ipynb", "/dev/zero")
    yield stray("a link as the time", "timestamp.txt", "/dev/zero")

    def chain(_course: Path, folder: Path) -> None:
        home = right_notebook(folder).parent
        for number in range(60):
            (home / f"link-{number}").symlink_to(f"link-{number + 1}")

    yield Attack("links", "a chain of 60 links", chain, "reported", 0)
