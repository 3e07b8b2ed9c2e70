"""The current text of an answer, tested without a kernel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cluster.errors import AnswerError
from graders.core.registry import names
from graders.notebook.current import MOST_SHOWN, Answers, notebook_files
from graders.reading.magic import magic
from graders.reading.notebook_cells import answer_text
from tests.support.drawing import DRAWING, answer_cell


def saved(folder: Path, source: str, kind: str = "code", name: str = "06-hands-on") -> Path:
    """A notebook with the answer cell of the drawing, as a file."""
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [answer_cell(source, kind)]}
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps(notebook))
    return path


@pytest.mark.parametrize(
    ("source", "kind", "said"),
    [
        ("%%answer diagram\n", "code", "Run the cell that begins with %%answer first"),
        ("%%answer diagram\n", "markdown", "It isn't a code cell: click on it, press Esc and then Y"),
        ("%%anwser diagram\n", "code", "Make its first line “%%answer diagram”"),
        ("", "raw", "It isn't a code cell"),
    ],
)
def test_which_cell_to_run(source: str, kind: str, said: str, tmp_path: Path) -> None:
    """If the answer was saved but never ran, one line says which cell to run, and what to correct first."""
    saved(tmp_path, f"{source}{DRAWING}", kind)
    with pytest.raises(AnswerError, match="answer cell of diagram hasn't run") as refused:
        Answers(lambda: "", notebook_files(tmp_path, {})).now("diagram")
    assert said in refused.value.hint


@pytest.mark.parametrize("names", [{}, {"__vsc_ipynb_file__": 7}, {"__vsc_ipynb_file__": "/nowhere.ipynb"}])
def test_nothing_was_written(names: dict[str, Any], tmp_path: Path) -> None:
    """Without a readable file the answer isn't started."""
    assert Answers(lambda: "", notebook_files(tmp_path, names)).now("diagram").text == ""
    (tmp_path / "06-hands-on.ipynb").write_text("{")
    assert Answers(lambda: "", notebook_files(tmp_path, names)).now("diagram").text == ""


@pytest.mark.parametrize("how", ["Jupyter", "VS Code"])
def test_a_notebook_of_another_name(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A renamed notebook is found by the path from Jupyter's server or VS Code."""
    path = str(saved(tmp_path, f"%%answer diagram\n{DRAWING}", name="mine"))
    monkeypatch.setenv("JPY_SESSION_NAME", path if how == "Jupyter" else "")
    names = {"__vsc_ipynb_file__": path} if how == "VS Code" else {}
    assert Answers(lambda: "", notebook_files(tmp_path, names)).at_hand("diagram").strip() == DRAWING


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {},
        {"cell": 3, "cells": []},
        {"cell": "", "cells": []},
        {"cell": "a", "cells": {}},
        {"cell": "a", "cells": [None, 3, {}]},
    ],
)
def test_whatever_is_sent(said: object) -> None:
    """A message in any other format changes nothing."""
    answers = Answers(lambda: "a", lambda _: ())
    answers.keep("diagram", DRAWING)
    answers.show(said)
    assert answers.now("diagram").text == DRAWING
    assert answers.here() is None


def test_what_waits_is_bounded() -> None:
    """The number of kept notebooks is bounded, and the newest are kept."""
    cell = ""
    answers = Answers(lambda: cell, lambda _: ())
    for number in range(MOST_SHOWN + 5):
        answers.show({"cell": f"{number}", "cells": [answer_cell(f"%%answer diagram\n// {number}\ndigraph {{ a }}")]})
    cell = f"{MOST_SHOWN + 4}"
    assert f"// {cell}" in answers.now("diagram").text
    assert len(answers._shown) == MOST_SHOWN
    answers.forget()
    assert answers.now("diagram").text == ""


def test_of_several_cells_the_one_that_ran_counts() -> None:
    """If several cells of the editor answer an exercise, a check judges the one that ran last, and says that another cell is graded."""
    texts = [f"%%answer diagram\n{drawing}" for drawing in ("digraph { a -> b }", DRAWING)]
    cells = [{"id": f"c{n}", "cell_type": "code", "source": text, "metadata": {}} for n, text in enumerate(texts)]
    running = "check"
    answers = Answers(lambda: running, lambda _: ())
    answers.show(
        {"cell": running, "cells": [*cells, {"id": running, "cell_type": "code", "source": 'check("diagram")'}]}
    )
    assert answers.now("diagram").text.strip() == DRAWING
    for text in texts:
        answers.keep(
            "diagram", answer_text(f"{text}\n", magic(text, frozenset(names())))
        )  # IPython ends a cell with a line end
        now = answers.now("diagram")
        assert now.text == answers.at_hand("diagram") == f"\n{text.partition(chr(10))[2]}\n"
        assert ("Another cell also answers diagram" in now.origin) == (text is texts[0])
    answers.keep("diagram", "digraph { gone }")
    assert answers.now("diagram").text.strip() == DRAWING
