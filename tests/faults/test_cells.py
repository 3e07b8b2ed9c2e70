"""The answer in the cell is judged, with any damage to the cell around it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from cluster import world
from cluster.errors import AnswerError
from graders.core.registry import exercise
from graders.core.report import Report, State
from graders.gradebook.outputs import checks_in
from graders.gradebook.restore import made_whole
from graders.gradebook.submission import read_submission
from graders.gradebook.timestamps import handed_in_at
from graders.reading.notebook_cells import answer_of_file
from tests.corpus.faults import INDEX, file
from tests.support.course import Notebook, answered, cell
from tests.support.released_cells import RELEASE
from tests.support.solutions import solution


def solved(name: str) -> str:
    """The solution of an exercise, without the authors' marks."""
    return "\n".join(line for line in solution(exercise(name)).split("\n") if line.strip() and "SOLUTION" not in line)


DEPLOYMENT, DIAGRAM = solved("deployment"), solved("diagram")
LINE = "%%answer deployment"
FULL = {"deployment": 30.0, "diagram": 20.0}
Change = Callable[[Notebook], None]


def graded(path: Path) -> dict[str, Report | str]:
    """The gradebook's result for a submitted notebook: by exercise the report, or the reason for no report."""
    notebook = made_whole(read_submission(path), RELEASE)
    return {
        check.name: check.problem or exercise(check.name).judge(check.text, world()) for check in checks_in(notebook)
    }


def checked(path: Path, name: str) -> Report | str:
    """The result of ``workbook check`` for an answer in a notebook: the report, or the reason for no report."""
    try:
        return exercise(name).judge(answer_of_file(str(path), exercise(name)), world())
    except AnswerError as error:
        return error.problem


def scores(path: Path) -> dict[str, float | str]:
    """The scores in the gradebook, which equal those of ``workbook check``, or the sentence in place of one."""
    judged = graded(path)
    made = {name: _said(judged[name]) for name in FULL}
    assert made == {name: _said(checked(path, name)) for name in made}
    return made


def _said(report: Report | str) -> float | str:
    return report if isinstance(report, str) else report.problem or report.score


def saved(folder: Path, change: Change) -> Path:
    """The solved notebook after a change, as a file."""
    notebook = answered(deployment=DEPLOYMENT, diagram=DIAGRAM)
    change(notebook)
    path = folder / "06-hands-on.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


@pytest.mark.parametrize("fault", ["P01", "P03", "P07", "P63"])
def test_recognized(fault: str) -> None:
    """An answer that people see in its cell has its full score: as Markdown, split, or after a byte order mark."""
    assert scores(file(fault)) == FULL


@pytest.mark.parametrize("fault", ["P08", "P09"])
def test_timestamp(fault: str, tmp_path: Path) -> None:
    """An invalid timestamp is named; ``tests/attacks/test_timestamps.py`` tests the grading beside it."""
    (tmp_path / "timestamp.txt").write_bytes(file(fault).read_bytes())
    with pytest.raises(AnswerError, match=r"timestamp\.txt isn't a time, so it was graded without one"):
        handed_in_at(tmp_path)


def test_lines_without_line_ends() -> None:
    """P04: a notebook whose lines have lost their line ends is named, and no answer in it gets zero points."""
    said = set(scores(file("P04")).values())
    assert len(said) == 1
    assert "lines of 004-source-lines-without-newlines.ipynb have lost their line ends" in str(said.pop())
    assert set(INDEX["P04"]) >= {"right"}


def test_commented_out() -> None:
    """P05: one sentence says that every line of an answer is a comment."""
    assert scores(file("P05")) == {"deployment": "Every line of the answer is a comment.", "diagram": 20.0}


@pytest.mark.parametrize(
    "line",
    [
        "%%anwser deployment", "%% answer deployment", "%answer deployment", "% answer deployment", "%%%answer deployment",
        "%%Answer deployment", "%%ANSWER DEPLOYMENT", "%%answers deployment", "%%answr deployment", "%%answer: deployment",
        "%%answer(deployment)", '%%answer "deployment"', "%%answer “deployment”", "%%answer deploymnet", "%%answer",
        "%%answer\u00a0deployment", "\u200b%%answer deployment", "%%answer \ufeffdeployment", "％％answer deployment",
        "%%answerdeployment", "%%deployment", "answer deployment", "\\%%answer deployment", "  %%answer deployment",
        "\t%%answer deployment", "# mine\n%%answer deployment", "\n\n%%answer deployment", "# %%answer deployment",
        "// %%answer deployment", "%%time\n%%answer deployment", "%load_ext graders.notebook\n%%answer deployment",
        "%%answer deployment\n%%answer deployment", "%%answer deployment\n\n%%answer", "%%answer deployment # mine",
        "%%answer deployment-answer", "%%answer diagram", "%%answer nothing", "%%bash", "\ufeff\ufeff%%answer deployment",
        "%%answer deployment\n\ufeff", "", "!answer deployment", "&&answer deployment", ">%%answer deployment", "`%%answer deployment`",
        "%%an swer deployment", "%%answer the deployment", "%%answer deployment yaml", "%%answer_deployment", "%%answer/deployment",
        "/* %%answer deployment */", "<!-- %%answer deployment -->", "%%answer deployments", "--%%answer deployment", "%%svar deployment",
    ],
)  # fmt: skip
def test_the_line_is_not_as_it_should_be(line: str, tmp_path: Path) -> None:
    """A ``%%answer`` line that is lost, mistyped, doubled, hidden or another exercise's costs the answer nothing."""

    def change(notebook: Notebook) -> None:
        cell(notebook, "deployment-answer")["source"] = f"{line}\n{DEPLOYMENT}"

    assert scores(saved(tmp_path, change)) == FULL


@pytest.mark.parametrize(
    "line", ["%%anwser deployment", "%% answer deployment", "%answer deployment", "# one\n%%answer deployment"]
)
def test_a_cell_of_their_own(line: str, tmp_path: Path) -> None:
    """In a cell that was never released, a mistyped line counts too, because only that line says what the cell is."""

    def change(notebook: Notebook) -> None:
        answer = cell(notebook, "deployment-answer")
        answer.update(source=f"{line}\n{DEPLOYMENT}", metadata={})

    assert scores(saved(tmp_path, change)) == FULL


def split(notebook: Notebook, name: str, *at: int, kind: str = "code", keep: bool = True) -> None:
    """Split an answer's cell at these lines, as JupyterLab does: each part has the cell's metadata."""
    index = notebook["cells"].index(cell(notebook, name))
    whole = notebook["cells"].pop(index)
    lines = whole["source"].split("\n")
    for number, (begin, end) in enumerate(zip((0, *at), (*at, len(lines)), strict=True)):
        part = copy.deepcopy({**whole, "source": "\n".join(lines[begin:end])})
        if number:
            part.update(cell_type=kind, id=f"part-{number}", metadata=part["metadata"] if keep else {})
        notebook["cells"].insert(index + number, part)


@pytest.mark.parametrize("at", [(1,), (2,), (8,), (5, 20), (1, 2, 3)])
@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
def test_split(at: tuple[int, ...], kind: str, tmp_path: Path) -> None:
    """The parts of a split cell are one answer again, also if a later part isn't code."""
    assert scores(saved(tmp_path, lambda notebook: split(notebook, "deployment-answer", *at, kind=kind))) == FULL


@pytest.mark.parametrize("cuts", [(0,), (0, 1), (0, 2, -1)])
def test_split_by_another_editor(cuts: tuple[int, ...], tmp_path: Path) -> None:
    """Parts without metadata belong to the answer above them if they don't begin like code, such as with an indented line."""
    indented = [n for n, line in enumerate(DEPLOYMENT.split("\n"), 1) if line.startswith("      ")]
    at = [indented[cut] for cut in cuts]
    assert scores(saved(tmp_path, lambda notebook: split(notebook, "deployment-answer", *at, keep=False))) == FULL


def test_a_copy_is_no_part(tmp_path: Path) -> None:
    """A copy of the cell without its line doesn't count as the rest of the answer."""

    def change(notebook: Notebook) -> None:
        answer = cell(notebook, "deployment-answer")
        notebook["cells"].append(copy.deepcopy({**answer, "source": DEPLOYMENT}))

    assert scores(saved(tmp_path, change)) == FULL


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize("fence", ["", "```yaml", "~~~"])
@pytest.mark.parametrize("line", [LINE, "", "%answer deployment"])
def test_not_code(kind: str, fence: str, line: str, tmp_path: Path) -> None:
    """A cell that became Markdown or raw still has the answer, also in a code block."""
    end = fence[:3]
    text = "\n".join(part for part in (fence, line, DEPLOYMENT, end) if part)
    assert scores(saved(tmp_path, lambda n: cell(n, "deployment-answer").update(cell_type=kind, source=text))) == FULL
    text = "\n".join(part for part in (line, fence, DEPLOYMENT, end) if part)
    assert scores(saved(tmp_path, lambda n: cell(n, "deployment-answer").update(cell_type=kind, source=text))) == FULL


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("in_lines", [True, False])
def test_line_ends_of_other_systems(end: str, in_lines: bool, tmp_path: Path) -> None:
    """Line ends of Windows and of old Macs are line ends, in one text and in a list of lines."""
    text = f"{LINE}\n{DEPLOYMENT}".replace("\n", end)
    written: Any = [f"{line}{end}" for line in text.split(end)] if in_lines else text
    assert scores(saved(tmp_path, lambda n: cell(n, "deployment-answer").update(source=written))) == FULL


def commented(text: str, mark: str) -> str:
    """The text with a comment sign in front of each line."""
    return "\n".join(f"{mark}{line}" for line in text.split("\n"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deployment", commented(f"{LINE}\n{DEPLOYMENT}", "#")),
        ("deployment", f"{LINE}\n{commented(DEPLOYMENT, '# ')}"),
        ("deployment", f"{LINE}\n{commented(DEPLOYMENT, '## ')}"),
        ("diagram", f"%%answer diagram\n{commented(DIAGRAM, '// ')}"),
        ("diagram", f"%%answer diagram\n/* {DIAGRAM} */"),
        ("diagram", commented(f"%%answer diagram\n{DIAGRAM}", "# ")),
    ],
)
def test_each_line_is_a_comment(name: str, text: str, tmp_path: Path) -> None:
    """A message says that an answer is commented out, with and without its magic line."""
    made = scores(saved(tmp_path, lambda notebook: cell(notebook, f"{name}-answer").update(source=text)))
    assert made == {**FULL, name: "Every line of the answer is a comment."}


@pytest.mark.parametrize("text", ["# your answer here", "# I'll do that tomorrow", "", "#\n#"])
def test_a_remark_is_no_answer(text: str) -> None:
    """A remark in words, or only signs, doesn't count as an answer that is commented out."""
    assert exercise("deployment").judge(text, world()).state is State.NOT_STARTED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{LINE}{DEPLOYMENT}".replace("\n", ""), "have lost their line ends"),
        (f"{LINE} {DEPLOYMENT}".replace("\n", " "), "The answer begins in the %%answer line"),
        (f"{LINE} # all of it: {DEPLOYMENT}".replace("\n", " "), "The answer begins in the %%answer line"),
        (f"{LINE}\\n{DEPLOYMENT}".replace("\n", "\\n"), "have lost their line ends"),
        (f"This is what I found:\n\n{LINE}\n{DEPLOYMENT}", "There is other text above “%%answer deployment”"),
        (f"{LINE}\n%%answer diagram\n{DEPLOYMENT}", "The cell has two %%answer lines"),
    ],
)
def test_named(text: str, said: str, tmp_path: Path) -> None:
    """If the answer is ambiguous, one sentence says why, and no score is written."""
    kinds: list[dict[str, Any]] = [{}, {"metadata": {}}]
    for metadata in kinds:
        made = scores(saved(tmp_path, lambda n: cell(n, "deployment-answer").update(source=text, **metadata)))  # noqa: B023
        assert said in str(made["deployment"])
        assert made["diagram"] == FULL["diagram"]


def test_two_cells_exchanged(tmp_path: Path) -> None:
    """If each of two cells names the other's exercise, the cells were exchanged, and the lines decide."""

    def change(notebook: Notebook) -> None:
        cell(notebook, "deployment-answer")["source"] = f"%%answer diagram\n{DIAGRAM}"
        cell(notebook, "diagram-answer")["source"] = f"%%answer deployment\n{DEPLOYMENT}"

    assert scores(saved(tmp_path, change)) == FULL


def test_nothing_written_is_not_begun(tmp_path: Path) -> None:
    """A stub earns nothing with any damage to its line, and another exercise's answer isn't used in its place."""

    def change(notebook: Notebook) -> None:
        cell(notebook, "deployment-answer")["source"] = f"%%answer diagram\n{DEPLOYMENT}"
        cell(notebook, "diagram-answer")["source"] = "%%answer diagram\n# your answer here"

    expected: Mapping[str, float | str] = {"deployment": 30.0, "diagram": "Nothing is written here yet."}
    assert scores(saved(tmp_path, change)) == expected
