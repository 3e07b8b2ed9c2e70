"""The cell of a notebook, or the file, with an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cluster.errors import AnswerError, UsageError
from cluster.limits import NOTEBOOK_BYTES
from graders.reading.notebook_cells import answer_in, answer_of_file, notebook_of, read_notebook, text_of

STUB = "# your answer here"


def is_started(text: str) -> bool:
    """Whether the text differs from the stub."""
    return bool(text.strip()) and text.strip() != STUB


@dataclass(frozen=True)
class Deployment:
    """The part of an exercise that finding its answer needs."""

    name: str = "deployment"
    is_started: Any = field(default=staticmethod(is_started))


def code(source: str | list[str], grade_id: str = "", kind: str = "code") -> dict[str, Any]:
    """A cell."""
    metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {"cell_type": kind, "metadata": metadata, "source": source}


def notebook(*cells: Any) -> dict[str, Any]:
    """A notebook of these cells."""
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


@pytest.mark.parametrize(
    "source",
    [
        "%%answer deployment\nkind: Deployment",
        "%%answer  deployment  \nkind: Deployment",
        "%%answer\tdeployment\nkind: Deployment",
        "\n\n%%answer deployment\nkind: Deployment",
        "  %%answer deployment\nkind: Deployment",
        "# my answer\n%%answer deployment\nkind: Deployment",
        "%%answer deployment # mine\nkind: Deployment",
        "%%answer deployment\r\nkind: Deployment",
        ["%%answer deployment\n", "kind: ", "Deployment"],
    ],
)
def test_magic_line(source: str | list[str]) -> None:
    """The magic line may have spaces, comments and any line ends; the answer's lines have the editor's numbers."""
    answer = answer_in(notebook(code(source)), "deployment", is_started) or ""
    shown = "".join(source).replace("\r\n", "\n").split("\n")
    assert answer.strip() == "kind: Deployment"
    assert answer.split("\n").index("kind: Deployment") == shown.index("kind: Deployment")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param([], None, id="no cells"),
        pytest.param([code("check('deployment')")], None, id="no answer cell"),
        pytest.param([code("%%answer diagram\na")], None, id="another exercise's"),
        pytest.param([code("Use this:\n%%answer deployment\na", kind="markdown")], None, id="prose about answers"),
        pytest.param([code("%%answer deployment\na", kind="markdown")], "a", id="made Markdown"),
        pytest.param(
            [code("%%answer deployment\na"), code("%%answer deployment\nb", kind="raw")], "a", id="code first"
        ),
        pytest.param([code("%%answer deployment")], "", id="nothing below the magic"),
        pytest.param([code("%%answer deployment\na"), code("%%answer deployment\nb")], "b", id="the last of two"),
        pytest.param([code("%%answer deployment\na"), code(f"%%answer deployment\n{STUB}")], "a", id="last begun"),
        pytest.param([code(STUB, "deployment-answer")], STUB, id="not begun, magic lost"),
        pytest.param([code("a", "deployment-answer")], "a", id="the magic lost"),
        pytest.param([code("a", "deployment-answer"), code("print()")], "a", id="the magic lost, a cell of her own"),
        pytest.param([code("%%answer diagram\na", "deployment-answer")], "a", id="the magic names another"),
        pytest.param([code("a", "deployment-answer", "raw")], "a", id="the magic lost, turned into a raw cell"),
        pytest.param([code("%%anwser deployment\na", "deployment-answer")], "\na", id="the magic mistyped"),
        pytest.param([code("%%answer deploymnet\na", "deployment-answer")], "a", id="the name mistyped"),
        pytest.param([code("%%answer\na", "deployment-answer")], "a", id="the name lost"),
        pytest.param(
            [code("%%answer diagram\na", "deployment-answer"), code("%%answer diagram\nb", "diagram-answer")],
            "a",
            id="the magic names another, which has a cell of its own",
        ),
        pytest.param(
            [code("%%answer diagram\nb", "deployment-answer"), code("%%answer deployment\na", "diagram-answer")],
            "a",
            id="two cells exchanged",
        ),
        pytest.param(
            [code("%%answer deployment\na"), code("b", "deployment-answer")],
            "a",
            id="the magic before the grade_id",
        ),
        pytest.param([code("a", "deployment-answer"), code("%%answer deployment")], "a", id="begun before the magic"),
    ],
)
def test_which_cell(cells: list[Any], expected: str | None) -> None:
    """The answer is the cell that a kernel would have kept, or else the released cell."""
    answer = answer_in(notebook(*cells), "deployment", is_started)
    assert answer == expected if expected is None else (answer or "").lstrip("\n") == expected.lstrip("\n")


@pytest.mark.parametrize(
    "cell",
    [None, 3, "text", [], {}, {"cell_type": "code"}, {"cell_type": "code", "source": 3},
     {"cell_type": "code", "source": [1, None]}, {"cell_type": "code", "metadata": [], "source": "x"},
     {"cell_type": "code", "metadata": {"nbgrader": 7}, "source": "x"},
     {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": ["deployment-answer"]}}, "source": "x"}],
)  # fmt: skip
def test_malformed_cells(cell: Any) -> None:
    """Malformed cells are skipped, and the answer beside them is found."""
    assert answer_in(notebook(cell, code("%%answer deployment\na"), cell), "deployment", is_started) == "\na"
    assert answer_in({"cells": cell}, "deployment", is_started) is None


def test_lone_surrogate() -> None:
    """Half of a surrogate pair is replaced, because no file can hold it."""
    answer = answer_in(json.loads('{"cells": [{"cell_type": "code", "source": "%%answer x\\n\\ud800"}]}'), "x")
    assert answer == "\n?"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "breaks at line 1, column 1"),
        ('{"cells": [\n,', "breaks at line 2, column 1"),
        ("[" * 100_000, "isn't a notebook"),
        ("[]", "not a notebook"),
        ("{}", "not a notebook"),
        ('{"nbformat": "4", "cells": []}', "not a notebook"),
        ('{"nbformat": 3, "worksheets": []}', "format 3"),
        ('{"nbformat": 99, "cells": []}', "format 99"),
        ('{"nbformat": 4, "cells": {}}', "not a notebook"),
        ("9" * 5000, "isn't a notebook"),
    ],
)
def test_no_notebook(text: str, said: str) -> None:
    """A file that isn't a notebook gives an error that names the file and the reason."""
    with pytest.raises(AnswerError, match=said) as refused:
        notebook_of(text, "mine.ipynb")
    assert "mine.ipynb" in refused.value.problem


def test_too_large(tmp_path: Path) -> None:
    """A file above the bound is an error, and only the bound is read."""
    path = tmp_path / "huge.ipynb"
    with path.open("wb") as file:
        file.truncate(NOTEBOOK_BYTES * 100)
    with pytest.raises(AnswerError, match="larger than 20 MiB"):
        read_notebook(path)


def test_no_such_file(tmp_path: Path) -> None:
    """A missing file, a folder and an impossible name are UsageErrors."""
    for name in ("absent.ipynb", "", "."):
        with pytest.raises(UsageError):
            text_of(str(tmp_path / name))
    with pytest.raises(UsageError, match="can't be opened"):
        text_of("a\0b")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """UTF-8, with or without a byte order mark, and the UTF-16 of Windows' shells are read."""
    path = tmp_path / "answer.yaml"
    path.write_text("name: Bestellungen, für Ä\n", encoding=encoding)
    assert text_of(str(path)) == "name: Bestellungen, für Ä\n"


def test_binary(tmp_path: Path) -> None:
    """A binary file isn't an answer."""
    path = tmp_path / "answer.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(AnswerError, match="isn't text: byte 1 can't be read as UTF-8"):
        text_of(str(path))


def test_answer_of_file(tmp_path: Path) -> None:
    """An answer is read from a notebook with any file name, and from a plain file."""
    book = json.dumps(notebook(code("%%answer deployment\nkind: Deployment")))
    for name, written, expected in (
        ("a.ipynb", book, "\nkind: Deployment"),
        ("a.json", book, "\nkind: Deployment"),
        ("empty.ipynb", json.dumps(notebook()), ""),
        ("a.yaml", "kind: Deployment", "kind: Deployment"),
        ("pasted.yaml", "%%answer deployment\nkind: Deployment", "\nkind: Deployment"),
        ("manifest.json", '{"kind": "Deployment"}', '{"kind": "Deployment"}'),
    ):
        (tmp_path / name).write_text(written)
        assert answer_of_file(str(tmp_path / name), Deployment()) == expected, name
