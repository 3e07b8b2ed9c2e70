"""The release of a notebook."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest

from graders.classroom import grade
from graders.reading.notebook_release import FILE, CurrentRelease, release_id, releases_in, renewed, written
from graders.release import archive, release
from tests.support.course import RELEASED, ROOT, SECTION, answered, enrolled_course, hand_in, new_course, released
from tests.support.drawing import DRAWING
from tests.support.kernel import Kernel

OLD, OLDER, NEW = "0" * 12, "1" * 12, "2" * 12


def notebook(digest: Any) -> dict[str, Any]:
    """A notebook whose metadata names that release."""
    return {"cells": [], "metadata": {"workbook": {"release": digest}}}


def test_renewed() -> None:
    """A changed release moves to the earlier ones; an unchanged one keeps its day; a restored one is current again."""
    first = renewed({}, {"a": OLD, "b": OLD}, "2026-01-01")
    second = renewed(first, {"a": NEW, "b": OLD}, "2026-02-02")
    assert second == {"a": CurrentRelease(NEW, "2026-02-02", (OLD,)), "b": CurrentRelease(OLD, "2026-01-01")}
    assert renewed(second, {"a": OLD}, "2026-03-03") == {"a": CurrentRelease(OLD, "2026-03-03", (NEW,))}


@pytest.mark.parametrize(
    ("digest", "said"),
    [
        (NEW, ""),
        (OLD, "06.ipynb is older than the course's release of 2026-02-02."),
        (OLDER, "06.ipynb isn't from the course's release of 2026-02-02."),
        ("", "06.ipynb doesn't name its release; the course's release is of 2026-02-02."),
        (7, "06.ipynb doesn't name its release; the course's release is of 2026-02-02."),
        ("<b>", "06.ipynb doesn't name its release; the course's release is of 2026-02-02."),
    ],
)
def test_remark(digest: Any, said: str) -> None:
    """A notebook from the current release has no remark; an older one is recognized by the list of earlier releases."""
    assert CurrentRelease(NEW, "2026-02-02", (OLD,)).remark(notebook(digest), "06.ipynb") == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"a": 1}',
        '{"a": {"release": "x"}}',
        '{"a": {"release": "000000000000", "since": "<b>"}}',
        "9" * 5000,
        "[" * 100_000,
    ],
)
def test_any_file(text: str, tmp_path: Path) -> None:
    """A file with any other content gives no releases."""
    (tmp_path / FILE).write_text(text)
    assert releases_in(tmp_path) == {}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """The written file is read back with all releases."""
    releases = {"a": CurrentRelease(NEW, "2026-02-02", (OLDER, OLD))}
    (tmp_path / FILE).write_text(written(releases))
    assert releases_in(tmp_path) == releases


def test_releasing(tmp_path: Path) -> None:
    """A changed text makes a new release and keeps the earlier one in the list; a changed solution alone doesn't."""
    course = new_course(tmp_path, SECTION)
    folder, source = course / "notebooks/application-platform", course / f"solutions/application-platform/{SECTION}.py"
    release(course)
    before = releases_in(folder)[SECTION]
    assert release_id(released()) == before.digest
    text = source.read_text()
    source.write_text(text.replace("name: orders", "name: sales"))
    release(course)
    assert releases_in(folder)[SECTION] == before
    source.write_text(text.replace("Hands-on", "Hands on it"))
    release(course)
    assert releases_in(folder)[SECTION].before == (*before.before, before.digest)
    assert "older than the course's release" in releases_in(folder)[SECTION].remark(released(), "mine")


def test_students_get_the_list(tmp_path: Path) -> None:
    """The archive has the file with the releases beside the notebooks."""
    with zipfile.ZipFile(archive(ROOT, tmp_path / "students.zip")) as packed:
        (listed,) = [name for name in packed.namelist() if name.endswith(f"/{FILE}")]
    assert listed.endswith(f"notebooks/application-platform/{FILE}")


def test_grading_says_it(tmp_path: Path) -> None:
    """A submitted notebook from an earlier release is graded, and named beside the score."""
    course = enrolled_course(tmp_path)
    folder = course / "notebooks/application-platform"
    now = releases_in(folder)[SECTION]
    hand_in(course, "ada", answered(diagram=DRAWING))
    assert grade(course)[0].note == ""
    (folder / FILE).write_text(written(renewed({SECTION: now}, {SECTION: NEW}, "2026-12-01")))
    (row,) = grade(course, force=True)
    assert (row.score, row.note) == (20, f"{SECTION}.ipynb is older than the course's release of 2026-12-01.")


def test_progress_says_it(tmp_path: Path) -> None:
    """progress names a notebook that is older than the release beside it, with the next step."""
    own = nbformat.read(RELEASED, as_version=4)
    nbformat.write(own, tmp_path / RELEASED.name)
    now = releases_in(RELEASED.parent)[SECTION]
    kernel = Kernel(tmp_path)
    try:
        kernel.run("%load_ext graders.notebook")
        (tmp_path / FILE).write_text(written({SECTION: now}))
        assert "release" not in kernel.run("progress()").plain
        (tmp_path / FILE).write_text(written(renewed({SECTION: now}, {SECTION: NEW}, "2026-12-01")))
        said = kernel.run("progress()")
        for text in (said.plain, said.html):
            assert f"{SECTION}.ipynb is older than the course" in text
            assert "copy your answers into it" in text
        (tmp_path / RELEASED.name).write_text(json.dumps({**released(), "metadata": {}}))
        assert "doesn't name its release" in kernel.run("progress()").plain
    finally:
        kernel.end()
