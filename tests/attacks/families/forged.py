"""Forged notebooks: points, flags, checksums and outputs of a submission don't count."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.attacks.attack import Attack, put
from tests.support.course import Notebook, cell, released


def forged() -> Iterator[Attack]:
    card = {"exercise": "deployment", "world": "simulated", "judged": True, "state": "pass", "score": 30.0, "max": 30.0}
    judged = [
        {"output_type": "display_data", "metadata": {"workbook": card}, "data": {"text/plain": "30"}},
        *_result("30.0"),
    ]
    graded_cell = {"schema_version": 3, "grade": True, "solution": False, "locked": True, "task": False, "points": 100}
    by_hand = {**graded_cell, "solution": True, "locked": False}

    for points in (1000, -1000, 1e308, "30", None, [30], True):
        yield _forge(f"a check of {points} points", _flags(points=points))
    yield _forge("a check of NaN points", _flags(points=float("nan")))
    yield _forge("a check that isn't graded", _flags(grade=False))
    yield _forge("a check that a person grades", _flags(solution=True, locked=False))
    yield _forge("a check that is a task", _flags(task=True, grade=False))
    yield _forge("a check's checksum", _flags(checksum="0" * 32))
    yield _forge("a check of another name", _flags(grade_id="no-such-exercise"))
    yield _forge("a check named like the other", _flags(grade_id="diagram"))
    yield _forge("an answer named like a check", _flags("deployment-answer", grade_id="deployment"))
    versions: tuple[Any, ...] = (99, -1, "3", None, {})
    for version in versions:
        yield _forge(f"the schema version {version!r}", _flags(schema_version=version))
    yield _forge("metadata that are a list", _every_cell(lambda one: one.update(metadata=[])))
    yield _forge("metadata that are a text", _every_cell(lambda one: one.update(metadata="x")))
    yield _forge("nbgrader's metadata as a text", _every_cell(lambda one: one["metadata"].update(nbgrader="x")))
    yield _forge("no metadata", _every_cell(lambda one: one.pop("metadata")))
    yield _forge("a full mark as the result", _check(outputs=_result("30.0")))
    yield _forge("more than a full mark as the result", _check(outputs=_result("1e308")))
    yield _forge("NaN as the result", _check(outputs=_result("nan")))
    yield _forge("a result of another shape", _check(outputs=_result(["30", {"x": 30}])))
    yield _forge("outputs that are a text", _check(outputs="30.0"))
    yield _forge("a card and a full mark", _check(outputs=judged))
    yield _forge("a check that prints a full mark", _check(source="30.0"))
    yield _forge("a check that is Markdown", _check(cell_type="markdown"))
    yield _forge("an extra cell of 100 points", _add(metadata={"nbgrader": {**graded_cell, "grade_id": "extra"}}))
    yield _forge(
        "an extra answer of 100 points", _add(metadata={"nbgrader": {**by_hand, "grade_id": "extra"}}, source="x")
    )
    yield _forge("the check three more times", _copied("deployment", 3))
    yield _forge("the answer a thousand times", _copied("deployment-answer", 1000))
    yield _forge("no cells", lambda notebook: notebook.update(cells=[]))
    yield _forge("no checks", lambda notebook: notebook["cells"].remove(cell(notebook, "deployment")))
    yield _forge(
        "how it was judged", lambda notebook: notebook["metadata"].update(workbook={"digest": "0" * 64, "problem": ""})
    )
    yield _forge(
        "another kernel", lambda notebook: notebook["metadata"].update(kernelspec={"name": "bash", "language": "bash"})
    )
    yield _forge("tags that hide", _every_cell(lambda one: one["metadata"].update(tags=["remove-cell", "hide_input"])))


def _forge(name: str, change: Callable[[Notebook], object], **more: Any) -> Attack:
    def placed(_course: Path, folder: Path) -> None:
        notebook = released()
        change(notebook)
        put(folder, notebook)

    return Attack("forged notebooks", name, placed, most=0, **more)


def _flags(where: str = "deployment", **flags: Any) -> Callable[[Notebook], object]:
    return lambda notebook: cell(notebook, where)["metadata"]["nbgrader"].update(flags)


def _check(**keys: Any) -> Callable[[Notebook], object]:
    return lambda notebook: cell(notebook, "deployment").update(keys)


def _add(**keys: Any) -> Callable[[Notebook], object]:
    return lambda notebook: notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": "", **keys})


def _every_cell(change: Callable[[dict[str, Any]], object]) -> Callable[[Notebook], object]:
    return lambda notebook: [change(one) for one in notebook["cells"]]


def _result(text: Any, kind: str = "text/plain") -> list[Any]:
    return [{"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {kind: text}}]


def _copied(name: str, count: int) -> Callable[[Notebook], object]:
    return lambda notebook: notebook["cells"].extend(copy.deepcopy(cell(notebook, name)) for _ in range(count))
