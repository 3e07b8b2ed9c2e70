"""The release: from the sources to the learners' notebooks and the archive."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from cluster.errors import UsageError
from graders.application_platform import LESSON
from graders.core.exercise import Exercise
from graders.core.registry import exercise, exercises
from graders.reading.notebook_cells import answer_in, grade_id, read_notebook
from graders.reading.notebook_cells import source as text_of
from graders.release import archive, audience, overview, release
from graders.release.source import problems_of, source_notebook
from tests.support.course import ASSIGNMENT, RELEASED, ROOT, SECTION, nbgrader, new_course

SOURCE = ROOT / "solutions" / ASSIGNMENT / f"{SECTION}.py"
SECTIONS = sorted(path.stem for path in (ROOT / "solutions" / ASSIGNMENT).glob("*.py"))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with the workbook's sources."""
    return new_course(tmp_path)


def contents(folder: Path) -> dict[str, bytes]:
    """Every notebook below a folder, by name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.ipynb")}


def test_notebooks_are_up_to_date(course: Path) -> None:
    """The notebooks in the tree are byte for byte what the sources generate, at the first and the second release."""
    committed = contents(ROOT / "notebooks")
    for _ in range(2):
        written = release(course)
        assert contents(course / "notebooks") == committed
    assert [path.stem for path in written] == SECTIONS


def test_answers_are_not_replaced(course: Path) -> None:
    """A notebook with answers is replaced only on request, and the error names the exercise."""
    release(course)
    path = course / "notebooks" / ASSIGNMENT / "00-start-here.ipynb"
    is_started = path.read_text().replace("%%answer hello\\n", "%%answer hello\\ntoday: ready\\n")
    assert is_started != path.read_text()
    path.write_text(is_started)
    with pytest.raises(UsageError, match="lost: hello"):
        release(course)
    assert path.read_text() == is_started
    release(course, force=True)
    assert contents(course / "notebooks") == contents(ROOT / "notebooks")


def test_nbgraders_own_command(course: Path) -> None:
    """`nbgrader generate_assignment` makes the same bytes, from the text even if the .ipynb beside it is old."""
    source = course / "solutions" / ASSIGNMENT / f"{SECTION}.ipynb"
    release(course)
    source.write_text(source.read_text().replace("Hands-on", "Old"))
    done = nbgrader(course, "generate_assignment", ASSIGNMENT, "--force")
    assert done.returncode == 0, done.stderr
    assert contents(course / "notebooks") == contents(ROOT / "notebooks")
    made = sorted(path.name for path in (course / "notebooks" / ASSIGNMENT).iterdir())
    assert made == [f"{s}.ipynb" for s in SECTIONS]


@pytest.mark.parametrize("section", SECTIONS)
def test_what_learners_open(section: str) -> None:
    """A learner's notebook is valid, names its kernel, has no outputs, and its cells have ids that don't clash."""
    notebook = nbformat.read(RELEASED.with_name(f"{section}.ipynb"), as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert not [c for c in notebook.cells if c.get("outputs") or c.get("execution_count")]
    assert len({c.id for c in notebook.cells}) == len(notebook.cells)
    assert "SOLUTION" not in RELEASED.with_name(f"{section}.ipynb").read_text()


@pytest.mark.parametrize("exercise", exercises(), ids=lambda exercise: exercise.name)
def test_stub(exercise: Exercise[Any, Any]) -> None:
    """The released answer cell keeps its magic line, and isn't started."""
    notebook = json.loads(RELEASED.with_name(f"{exercise.section}.ipynb").read_text())
    stub = (answer_in(notebook, exercise.name) or "").strip()
    assert stub == "# your answer here"
    assert not exercise.is_started(stub)


def test_a_cell_more_changes_no_other_id(tmp_path: Path) -> None:
    """A new cell doesn't change the ids of the cells around it, so that a comparison shows only the change."""
    changed = tmp_path / SOURCE.name
    changed.write_text(
        SOURCE.read_text().replace("# %% [markdown]\n# ## Deploy", "# %%\nmore = 1\n\n# %% [markdown]\n# ## Deploy")
    )
    before, after = ([c.id for c in source_notebook(path, LESSON).cells] for path in (SOURCE, changed))
    assert len(after) == len(before) + 1
    assert set(before) < set(after)


def _edit(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (_edit('"points": 30', '"points": 31'), "The check of deployment says 31 points; the exercise has 30."),
        (_edit("### BEGIN SOLUTION\n", ""), "has no region from “### BEGIN SOLUTION”"),
        (_edit("### END SOLUTION\n", ""), "has no region from “### BEGIN SOLUTION”"),
        (_edit("# %%answer deployment\n### BEGIN SOLUTION", "### BEGIN SOLUTION\n# %%answer deployment"),
         "doesn't begin with “%%answer deployment”"),
        (_edit("%%answer diagram", "%%answer diagramm"), "doesn't begin with “%%answer diagram”"),
        (_edit('"grade_id": "deployment"', '"grade_id": "deploy"'), "The check of deployment, with the grade_id “deployment”, is missing"),
        (_edit('"grade_id": "deployment"', '"grade_id": "deploy"'), "The check “deploy” doesn't belong to an exercise"),
        (_edit('"grade_id": "diagram-answer"', '"grade_id": "diagram"'), "2 cells have the grade_id “diagram”"),
        (_edit('\ncheck("diagram")', '\ncheck("deployment")'), 'must be exactly the code check("diagram")'),
        (_edit('"grade": false, "grade_id": "diagram-answer"', '"grade": true, "points": 1, "grade_id": "diagram-answer"'),
         "The cell “diagram-answer” needs the flags"),
        (_edit('"grade": true, "grade_id": "diagram", "locked": true', '"grade": true, "grade_id": "diagram", "locked": false'),
         "The check of diagram needs the flags"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_not_released(course: Path, edit: Callable[[str], str], said: str) -> None:
    """A source that would lose a magic line, or has other points than its rubric, is refused, and the old notebook stays."""
    source = course / "solutions" / ASSIGNMENT / f"{SECTION}.py"
    source.write_text(edit(source.read_text()))
    with pytest.raises(UsageError, match=re.escape(said)):
        release(course)
    assert contents(course / "notebooks") == contents(ROOT / "notebooks")


@pytest.mark.parametrize(("points", "said"), [(1, "1 point"), (0.5, "0.5 points"), (None, "no points")])
def test_points_in_words(points: float | None, said: str) -> None:
    """A check's wrong points are named with their unit: “1 point”, “0.5 points”."""
    cells = {grade_id(cell): cell for cell in source_notebook(SOURCE, LESSON).cells}
    cells["deployment"].metadata["nbgrader"]["points"] = points
    wrong = problems_of(exercise("deployment"), cells)
    assert list(wrong) == [f"The check of deployment says {said}; the exercise has 30."]


def test_practice_is_not_graded(course: Path) -> None:
    """The check of an exercise without points may not be graded, because nbgrader would have a score out of zero."""
    source = course / "solutions" / ASSIGNMENT / "00-start-here.py"
    edit = _edit('"grade": false, "grade_id": "hello", ', '"grade": true, "points": 0, "grade_id": "hello", ')
    source.write_text(edit(source.read_text()))
    with pytest.raises(UsageError, match="The check of hello needs the flags grade: false"):
        release(course)


def test_failing_nbgrader_leaves_the_notebooks(course: Path) -> None:
    """If nbgrader itself fails, the learners' notebooks stay, although nbgrader's own command deletes them."""
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + 'c.ClearSolutions.code_stub = {"R": "#"}\n')
    with pytest.raises(UsageError, match="nbgrader can't generate the assignment: language 'python'"):
        release(course)
    assert contents(course / "notebooks") == contents(ROOT / "notebooks")


def test_renamed_section(course: Path) -> None:
    """A notebook without a source is removed once its files are gone from the sources' folder."""
    old = course / "notebooks" / ASSIGNMENT / "00-old.ipynb"
    old.write_text("{}")
    release(course)
    assert not old.exists()
    stray = course / "solutions" / ASSIGNMENT / "00-old.ipynb"
    stray.write_text("{}")
    with pytest.raises(UsageError, match=r"00-old\.ipynb .* has no \.py beside it"):
        release(course)


def test_copy_without_solutions(course: Path) -> None:
    """A student's copy can't release notebooks, and says why."""
    for path in (course / "solutions" / ASSIGNMENT).iterdir():
        path.unlink()
    with pytest.raises(UsageError, match="The sources of"):
        release(course)


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
def test_archive_is_reproducible(tmp_path: Path, suffix: str) -> None:
    """The archive has the same bytes at any time, in any place, and whenever its files were written."""
    one, two = (archive(ROOT, tmp_path / f"{name}{suffix}") for name in "ab")
    unpacked = unpack(one, tmp_path / "unpacked")
    again = archive(unpacked, tmp_path / f"again{suffix}")
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (one, two, again)}
    assert len(digests) == 1


def unpack(packed: Path, folder: Path) -> Path:
    """The archive's only folder, unpacked."""
    if packed.suffix == ".zip":
        with zipfile.ZipFile(packed) as file:
            file.extractall(folder)  # noqa: S202  we packed it
    else:
        with tarfile.open(packed) as file:
            file.extractall(folder, filter="data")
    (top,) = folder.iterdir()
    return top


def test_archive_has_no_solutions(tmp_path: Path) -> None:
    """The students' archive has no solution, no test, nothing that needs one, no gradebook and no hidden file."""
    top = unpack(archive(ROOT, tmp_path / "a.zip"), tmp_path / "unpacked")
    files = [path for path in top.rglob("*") if path.is_file()]
    names = {path.relative_to(top).as_posix() for path in files}
    assert {"README.md", "LICENSE", "pyproject.toml", "requirements.lock", "cluster/__init__.py"} <= names
    assert f"notebooks/{ASSIGNMENT}/{SECTION}.ipynb" in names
    assert not [n for n in names if n.startswith(("solutions", "tests", ".")) or "/." in n or "gradebook.db" in n]
    text = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)
    assert not re.search(r"^(?:from|import) tests\b", text, re.MULTILINE)
    sources = [source_notebook(SOURCE.with_name(f"{section}.py"), LESSON) for section in SECTIONS]
    for cell in (cell for notebook in sources for cell in notebook.cells):
        region = re.search(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.DOTALL)
        if region:
            assert region[1] not in text


def test_archive_has_no_chapters_for_instructors(tmp_path: Path) -> None:
    """The students' archive has nothing about grading, the key or authors, and no mark around such texts."""
    top = unpack(archive(ROOT, tmp_path / "a.zip"), tmp_path / "unpacked")
    documents = {path.relative_to(top).as_posix(): path.read_text(encoding="utf-8") for path in top.rglob("*.md")}
    assert {"README.md", "SECURITY.md"} <= set(documents)
    assert not {"CONTRIBUTING.md", "docs/instructors.md"} & set(documents)
    assert not (top / "nbgrader_config.py").exists()
    for name, text in documents.items():
        for mark in (audience.BEGIN, audience.END, "Grade a class", "make grade", "instructors.md", "CONTRIBUTING"):
            assert mark not in text, f"{name}: {mark}"
    helped = subprocess.run(["make", "help"], cwd=top, capture_output=True, text=True, check=True).stdout
    assert "make workbook" in helped
    assert "make grade" not in helped


def test_archive_links(tmp_path: Path) -> None:
    """Each link in the archive's documents and notebooks leads to a file in it, and each anchor to an existing chapter."""
    top = unpack(archive(ROOT, tmp_path / "a.zip"), tmp_path / "unpacked")
    for folder in (top, ROOT):
        assert not [*_broken_links(folder)]


def _broken_links(top: Path) -> Iterator[str]:
    tree = (
        "README.md",
        "SECURITY.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "docs/**/*.md",
        "notebooks/**/*.ipynb",
    )
    for path in (path for pattern in tree for path in top.glob(pattern)):
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
            address, _, anchor = target.partition("#")
            if "://" in address or (path.suffix == ".ipynb" and not address.endswith((".md", ".ipynb", ".png"))):
                continue
            to = path.parent / address if address else path
            if not to.is_file() or (anchor and anchor not in _anchors(to)):
                yield f"{path.relative_to(top)}: {target}"


def _anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them; of a notebook's, as JupyterLab makes them."""
    if document.suffix == ".ipynb":
        prose = (text_of(cell) for cell in read_notebook(document)["cells"] if cell["cell_type"] == "markdown")
        return {
            line.lstrip("# ").replace(" ", "-") for text in prose for line in text.split("\n") if line.startswith("#")
        }
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_marks_of_chapters() -> None:
    """Text between two marks is left out, and a mark without its partner is an error with its line."""
    marked = f"{audience.BEGIN}\nsecret\n{audience.END}\n"
    assert audience.for_students(f"# Title\n\n{marked}\n## More\n{marked}", "x.md") == "# Title\n\n## More\n"
    for broken in (audience.BEGIN, audience.END, audience.BEGIN + "\n" + marked, marked + "\n" + audience.END):
        with pytest.raises(UsageError, match=r"x\.md has an unpaired mark"):
            audience.for_students(f"text\n{broken}\n", "x.md")


def test_archive_can_be_installed(tmp_path: Path) -> None:
    """In an unpacked archive, the metadata with which ``make setup`` installs the workbook name only existing files."""
    top = unpack(archive(ROOT, tmp_path / "a.zip"), tmp_path / "unpacked")
    made = "import hatchling.build as b, sys; print(b.build_editable(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-c", made, tmp_path], cwd=top, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(".whl")


def test_archive_works(tmp_path: Path) -> None:
    """In an unpacked archive, the workbook judges an answer with only the archive's files."""
    top = unpack(archive(ROOT, tmp_path / "a.tar.gz"), tmp_path / "unpacked")
    for arguments, code in ((("check", "diagram", f"notebooks/{ASSIGNMENT}/{SECTION}.ipynb"), 1), (("selfcheck",), 0)):
        done = subprocess.run(
            [sys.executable, "-m", "graders.cli.__main__", *arguments],
            cwd=top,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr


def test_archive_of_another_course(tmp_path: Path) -> None:
    """An archive has its course's notebooks, and the workbook from its own place."""
    (tmp_path / "released/harbor").mkdir(parents=True)
    (tmp_path / "released/harbor/01.ipynb").write_text("{}")
    with zipfile.ZipFile(archive(ROOT, tmp_path / "a.zip", tmp_path / "released")) as packed:
        names = [name.partition("/")[2] for name in packed.namelist()]
    assert [name for name in names if name.startswith("notebooks/")] == ["notebooks/harbor/01.ipynb"]
    assert "graders/__init__.py" in names
    with pytest.raises(UsageError, match="isn't a complete copy of the workbook"):
        archive(tmp_path, tmp_path / "b.zip")


def test_archive_name(tmp_path: Path) -> None:
    """An archive of another kind is refused."""
    with pytest.raises(UsageError, match=r"workbook\.rar isn't a name for an archive"):
        archive(ROOT, tmp_path / "workbook.rar")


def test_readme_lists_every_exercise() -> None:
    """The README's table is the text that `workbook release` writes, and has every exercise's points and minutes."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert overview.within(text, overview.table(exercises())) == text
    rows = re.findall(r"^\| `([\w-]+)` \| (\S+) \| (\w+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    assert rows == [(e.name, e.section, e.kind, f"{e.points:.0f}", str(e.minutes)) for e in exercises()]


def test_a_readme_is_brought_up_to_date(tmp_path: Path) -> None:
    """Only the text between the marks is written; a README without marks, or a missing README, isn't changed."""
    path = tmp_path / "README.md"
    assert not overview.write(tmp_path, exercises())
    path.write_text("# Mine\n")
    assert not overview.write(tmp_path, exercises())
    path.write_text(f"# Mine\n{overview.BEGIN}\nold\n{overview.END}\nmore\n")
    assert overview.write(tmp_path, exercises())
    text = path.read_text()
    assert text.startswith("# Mine\n")
    assert text.endswith("\nmore\n")
    assert "old" not in text
    assert "`hello`" in text
    assert not overview.write(tmp_path, exercises())
