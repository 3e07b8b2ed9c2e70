"""Files that aren't notebooks, or that are larger than any reader expects."""

from __future__ import annotations

import json
import os
import socket
import zipfile
from collections.abc import Callable, Iterator
from contextlib import chdir
from io import BytesIO
from pathlib import Path
from typing import Any

from cluster.limits import NOTEBOOK_BYTES
from tests.attacks.attack import FILE, RIGHT, Attack, answering, put, right_answer, right_notebook, sparse
from tests.support.course import ASSIGNMENT, Notebook, cell, released


def files() -> Iterator[Attack]:
    def file(name: str, content: str | bytes, filename: str = FILE, **more: Any) -> Attack:
        return Attack("files", name, lambda _course, folder: put(folder, content, filename), **more)

    def in_place(name: str, make: Callable[[Path], object], **more: Any) -> Attack:
        def placed(_course: Path, folder: Path) -> None:
            (folder / ASSIGNMENT).mkdir(parents=True)
            make(folder / ASSIGNMENT / FILE)

        return Attack("files", name, placed, **more)

    def beside(name: str, make: Callable[[Path], object], **more: Any) -> Attack:
        def placed(_course: Path, folder: Path) -> None:
            make(right_notebook(folder).parent)

        return Attack("files", name, placed, most=RIGHT, **more)

    def listening(path: Path) -> None:
        with chdir(path.parent), socket.socket(socket.AF_UNIX) as own:  # a socket's whole path has at most 107 bytes
            own.bind(path.name)

    def zipped() -> bytes:
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as out:
            out.writestr(FILE, json.dumps(released()))
        return packed.getvalue()

    text = json.dumps(released())
    yield in_place("a FIFO as the notebook", os.mkfifo, most=0)
    yield in_place("a socket as the notebook", listening, most=0)
    yield in_place("a folder as the notebook", Path.mkdir, most=0)
    yield beside("a FIFO beside a right notebook", lambda folder: os.mkfifo(folder / "pipe"))
    yield beside("a FIFO named like a notebook", lambda folder: os.mkfifo(folder / "06-hands-on (1).ipynb"))
    yield beside("a socket beside a right notebook", lambda folder: listening(folder / "socket.ipynb"))
    yield beside("a notebook without read rights", lambda folder: (folder / FILE).chmod(0o000))
    yield beside("a notebook with every right", lambda folder: (folder / FILE).chmod(0o7777))
    yield beside("a folder that can't be entered", lambda folder: (folder / "closed").mkdir(mode=0o000))
    yield beside("a gradebook of its own", lambda folder: (folder / "gradebook.db").write_bytes(b"SQLite format 3\0"))
    yield Attack(
        "files", "a file as the student's folder", lambda _course, folder: folder.write_text("ada"), "reported", 0
    )
    yield Attack(
        "files", "a file as the assignment's folder",
        lambda _course, folder: sparse(folder / ASSIGNMENT, 0), "reported", 0,
    )  # fmt: skip
    yield Attack(
        "files", "an empty folder", lambda _course, folder: (folder / ASSIGNMENT).mkdir(parents=True), "reported", 0
    )
    yield file("an empty file", b"", most=0)
    yield file("a file of zero bytes", b"\0" * 4096, most=0)
    yield file("noise", bytes(range(256)) * 64, most=0)
    yield file("a zip as the notebook", zipped(), most=0)
    yield file("a notebook cut short", text[: len(text) // 2], most=0)
    yield file("a notebook followed by another", text + text, most=0)
    yield file("a notebook in Latin-1", text.replace("orders", "ördèrs").encode("latin-1"), most=0)
    yield file("a notebook in UTF-16", text.encode("utf-16"), most=0)
    yield file("half of UTF-16", text.encode("utf-16")[:-1], most=0)
    yield file("a notebook in UTF-32", text.encode("utf-32"), most=0)
    yield file("a surrogate half in UTF-8", text.replace("orders", "\ud83d"), most=0)
    yield file("HTML as the notebook", "<!doctype html><script>alert(1)</script>", most=0)
    yield file("a pickle as the notebook", b"cos\nsystem\n(S'touch owned'\ntR.", most=0)
    yield file("another case of the name", text, "06-HANDS-ON.IPYNB", most=0)
    yield file("a download's second copy", text, "06-hands-on (1).ipynb", most=0)


def big_files() -> Iterator[Attack]:
    def file(name: str, make: Callable[[Path], object], **more: Any) -> Attack:
        return Attack("big files", name, lambda _course, folder: make(folder), **more)

    def cell_of(character: str) -> Notebook:
        notebook = released()
        notebook["cells"].append(
            {"cell_type": "markdown", "metadata": {}, "source": character * (NOTEBOOK_BYTES - 200_000)}
        )
        return notebook

    def strays(folder: Path) -> None:
        right_notebook(folder)
        content = json.dumps(cell_of("x"))
        for number in range(5):
            put(folder, content, f"stray-{number}.ipynb")

    def outputs(folder: Path) -> None:
        notebook = answering("deployment", right_answer())
        image = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * (NOTEBOOK_BYTES - 300_000)}}
        cell(notebook, "deployment")["outputs"] = [image]
        put(folder, notebook)

    def many_files(folder: Path) -> None:
        home = right_notebook(folder).parent / "many"
        home.mkdir()
        for number in range(100_000):
            (home / str(number)).touch()

    def deep_folders(folder: Path) -> None:
        with chdir(right_notebook(folder).parent):
            below = os.open(".", os.O_RDONLY)
            for _ in range(20):  # the path at the bottom is longer than a system call takes
                os.mkdir("d" * 250, dir_fd=below)
                below, above = os.open("d" * 250, os.O_RDONLY, dir_fd=below), below
                os.close(above)
            os.close(below)

    yield file("20 MB of one character", lambda folder: put(folder, cell_of("x")), most=0)
    yield file("20 MB of asterisks", lambda folder: put(folder, cell_of("*")), most=0)
    yield file("20 MB of brackets", lambda folder: put(folder, cell_of("[")), most=0)
    yield file("20 MB of line ends", lambda folder: put(folder, cell_of("\n")), most=0)
    yield file(
        "one byte more than a notebook may have", lambda folder: put(folder, b" " * (NOTEBOOK_BYTES + 1)), most=0
    )
    yield file("a sparse notebook of 1 GB", lambda folder: sparse(folder / ASSIGNMENT / FILE, 2**30), most=0)
    yield file("five stray notebooks of 19.5 MB", strays, most=RIGHT)
    yield file("outputs of 19 MB", outputs, most=RIGHT)
    yield file("100,000 files beside a right notebook", many_files, most=RIGHT)
    yield file("folders deeper than a path may be", deep_folders, most=RIGHT)
