"""The files of ``workbook new``, and its refusals; tests/test_contributing.py runs it in a clone."""

from __future__ import annotations

import ast
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cluster.errors import UsageError
from graders.authoring import new_exercise as exercising
from graders.authoring.cells import with_copied_cells
from graders.authoring.chosen_names import allowed
from graders.authoring.generated_files import write_all
from graders.authoring.new_exercise import new_exercise
from graders.authoring.new_lesson import new_lesson
from graders.authoring.rewriting import with_arguments, with_element
from graders.cli import commands as cli
from graders.core.lesson import Lesson
from graders.core.registry import names, owners

ROOT = Path(__file__).resolve().parents[3]
PATH = Path("lesson/rubric.py")
SOURCE = """# ---
# jupyter: {}
# ---

# %% [markdown]
# # A notebook
#
# The words are `left` and `right`.
#
# ### Exercise `way` (2 points)
#
# Which way?

# %% nbgrader={"grade": false, "grade_id": "way-answer", "solution": true}
# %%answer way
### BEGIN SOLUTION
way: left
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "way", "points": 2}
check("way")

# %%
hint("way")

# %% [markdown]
# The end.
"""


@pytest.mark.parametrize("name", ["Caches", "1st", "a--b", "-a", "a-", "a_b", "ä", "a b", "", "../a", "x" * 41, "a\n"])
def test_no_name(name: str) -> None:
    """A name that isn't valid for a folder, a notebook or Python is refused, and the message has the rule for names."""
    with pytest.raises(UsageError, match="isn't a valid name for an exercise") as raised:
        allowed(name, "exercise", ())
    assert "small letters, digits and single dashes" in raised.value.hint


@pytest.mark.parametrize("name", ["class", "json", "types", "calendar"])
def test_python_s_names(name: str) -> None:
    """Python's own words and modules can't be names of folders."""
    with pytest.raises(UsageError, match="name that Python itself uses"):
        allowed(name, "lesson", ())


def test_name_of_an_answer_cell() -> None:
    """A name that ends like an answer cell's name is refused, because the cells would be ambiguous."""
    with pytest.raises(UsageError, match="ends like the name of an answer cell"):
        allowed("my-answer", "exercise", ())


def run(*arguments: str) -> str:
    done = CliRunner().invoke(cli.app, ["new", *arguments])
    assert isinstance(done.exception, UsageError), done.output
    return f"{done.exception.problem} {done.exception.hint}"


def test_refused() -> None:
    """The errors for a taken name, an unknown exercise and an unknown lesson are one sentence each, with the most similar name."""
    assert (
        run("exercise", "bill", "--like", "databases")
        == "An exercise called “bill” already exists. Choose another name."
    )
    assert "Did you mean “databases”?" in run("exercise", "caches", "--like", "database")
    assert "There is no lesson called “harbour”." in run(
        "exercise", "caches", "--like", "databases", "--lesson", "harbour"
    )
    assert "A lesson called “application-platform” already exists." in run("lesson", "application-platform")
    assert "The Python package “graders” already exists here." in run("lesson", "graders")


def test_folder_that_is_there(tmp_path: Path) -> None:
    """A lesson is written into a new or an empty folder; existing files stay."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="isn't empty"):
        new_lesson("quay", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    assert new_lesson("quay", tmp_path / "quay")


def test_lesson_says_what_is_next(tmp_path: Path) -> None:
    """The command lists each file that it wrote, and says how to install, verify and release the lesson."""
    done = CliRunner().invoke(cli.app, ["new", "lesson", "quay", str(tmp_path / "quay")])
    assert done.exit_code == 0
    assert done.output.count("wrote ") == 9
    for said in (
        "pip install --no-deps --no-build-isolation --editable",
        "workbook verify --lesson quay",
        "workbook release quay",
    ):
        assert said in done.output


def test_leftover_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder that no lesson lists isn't overwritten."""
    package = tmp_path / "graders/application_platform"
    (package / "exercises/caches").mkdir(parents=True)
    monkeypatch.setattr(Lesson, "folder", property(lambda _self: package))
    with pytest.raises(UsageError, match="The folder caches in"):
        new_exercise("caches", "databases", ROOT)


def test_lesson_in_site_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A lesson that is installed as a copy isn't changed there, and the message says how to install it for changes."""
    of = replace(owners()["bill"], package="somewhere.else")
    monkeypatch.setattr(Lesson, "folder", property(lambda _self: tmp_path / "site-packages/quay"))
    with pytest.raises(UsageError, match="is installed as a copy") as raised:
        exercising._test(of, "caches", ROOT)
    assert "--editable" in raised.value.hint


@pytest.mark.parametrize("name", names())
def test_any_exercise_can_be_copied(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each exercise can be copied; the copy's files are Python, have its name, and import nothing from the original's folder."""
    of = owners()[name]
    for folder in ("solutions", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    package = tmp_path.joinpath(*of.package.split("."))
    shutil.copytree(of.folder, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(Lesson, "folder", property(lambda _self: package))
    monkeypatch.setattr(exercising, "formatted", lambda _paths: None)
    written = new_exercise("another-one", name, tmp_path)
    for path in (one for one in written if one.suffix == ".py" and one.parent.name == "another_one"):
        text = path.read_text(encoding="utf-8")
        ast.parse(text)
        assert f"{of.package}.exercises.{name.replace('-', '_')}." not in text
    assert 'name="another-one"' in (package / "exercises/another_one/rubric.py").read_text(encoding="utf-8")
    listed = ast.parse((package / "__init__.py").read_text(encoding="utf-8"))
    strings = [node.value for node in ast.walk(listed) if isinstance(node, ast.Constant)]
    assert strings[strings.index(name) + 1] == "another-one"


def test_cells() -> None:
    """The copied cells are below the originals, from the heading on, under the new name; the rest doesn't change."""
    copied = with_copied_cells(SOURCE, "way", "turn")
    head, _, tail = SOURCE.partition("# %% [markdown]\n# The end.")
    assert copied.startswith(head)
    assert copied.endswith(f"# %% [markdown]\n# The end.{tail}")
    added = copied.removeprefix(head).partition("# %% [markdown]\n# The end.")[0]
    own = SOURCE[SOURCE.index("# ### Exercise") : SOURCE.index("# %% [markdown]\n# The end.")]
    renamed = own.replace("`way`", "`turn`").replace("way-answer", "turn-answer").replace('"way"', '"turn"')
    assert added == "# %% [markdown]\n" + renamed.replace("%%answer way", "%%answer turn")
    assert "way: left" in added, "the answer itself isn't renamed"


def test_cells_for_another_notebook() -> None:
    """In another notebook the copy is last, with the rubric's texts that the notebook doesn't have yet."""
    other = "# %% [markdown]\n# # Other\n#\n# Only `left` is here.\n"
    copied = with_copied_cells(SOURCE, "way", "turn", other, ["`left`", "`right`", "two\nlines"])
    assert copied.startswith(other)
    assert "# %% [markdown]\n# `right`\n#\n# two\n# lines\n\n# %% nbgrader" in copied
    assert copied.endswith('hint("turn")\n')


def test_cells_that_are_not_there() -> None:
    """A source without the pair of cells is an error."""
    with pytest.raises(UsageError, match="has no answer cell with its check below"):
        with_copied_cells(SOURCE, "nowhere", "turn")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('LESSON = Lesson(exercises=("a", "b"))\n', 'LESSON = Lesson(exercises=("a", "new", "b"))\n'),
        ('LESSON = Lesson(\n    exercises=(\n        "a",\n        "b",\n    ),\n)\n', 'LESSON = Lesson(\n    exercises=(\n        "a",\n        "new",\n        "b",\n    ),\n)\n'),
        ('LESSON: Lesson = Lesson(id="ü", exercises=["a"])\n', 'LESSON: Lesson = Lesson(id="ü", exercises=["a", "new"])\n'),
    ],
)  # fmt: skip
def test_a_line_in_the_lesson(before: str, after: str) -> None:
    """The new name follows the name of the original, in any notation of the lesson; nothing else changes."""
    assert with_element(before, "LESSON", "exercises", "new", after="a", path=PATH) == after


def test_last_in_the_lesson() -> None:
    """In another lesson the new name is last."""
    text = 'LESSON = Lesson(exercises=("x", "y"))\n'
    assert with_element(text, "LESSON", "exercises", "new", after="a", path=PATH) == text.replace('"y"', '"y", "new"')


@pytest.mark.parametrize(
    "text", ["LESSON = None\n", "LESSON = Lesson(exercises=NAMES)\n", "LESSON = Lesson(exercises=(A, 'b'))\n"]
)
def test_a_lesson_that_computes_its_exercises(text: str) -> None:
    """If the names aren't in one place, nothing is changed, and the message says how to write them."""
    with pytest.raises(UsageError, match="doesn't list exercises as a tuple of strings"):
        with_element(text, "LESSON", "exercises", "new", after="a", path=PATH)


def test_arguments() -> None:
    """Other names also replace expressions, and the code around them doesn't change."""
    text = 'NAME = "ä"\nEXERCISE: Exercise = decision(  # why\n    name=NAME, title="Ä (1)",\n    points=1)\n'
    changed = with_arguments(text, "EXERCISE", {"name": "new", "title": "New"}, PATH)
    assert changed == text.replace("name=NAME", 'name="new"').replace('"Ä (1)"', '"New"')
    with pytest.raises(UsageError, match=r"lesson/rubric\.py has no EXERCISE = \.\.\.\(section=\.\.\.\)"):
        with_arguments(text, "EXERCISE", {"section": "x"}, PATH)


def test_all_or_nothing(tmp_path: Path) -> None:
    """If one file can't be written, the earlier ones are restored."""
    (tmp_path / "old").write_text("old")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="can't be written"):
        write_all({tmp_path / "old": b"new", tmp_path / "made": b"x", tmp_path / "file/below": b"x"})
    assert (tmp_path / "old").read_text() == "old"
    assert not (tmp_path / "made").exists()
