"""``workbook export`` and ``workbook roster``: read the gradebook and the roster, write a file, and say whom it leaves out."""

from __future__ import annotations

from pathlib import Path

from cluster.errors import NothingHandedInError, UsageError
from graders.classroom.export.formats import GradeFormat, format_named
from graders.classroom.export.remarks import counted, named, remarks
from graders.classroom.export.roster import KEPT, Roster, join, read_roster
from graders.classroom.export.sheet import Sheet, sheet
from graders.classroom.export.standings import COLUMNS, class_results
from graders.classroom.submitted import folders_in
from graders.core.lesson import Lesson
from graders.core.output import complain, write
from graders.core.registry import lesson as lesson_named
from graders.gradebook.course import course, lessons_of, quiet_queries, submissions_folder
from graders.reading.text import shown

ALL_IN, SOME_NOT = 0, 1


def export_class(root: Path, to: str, *, out: Path | None = None, lesson: str = "", roster: Path | None = None) -> int:
    """Write the grades of the course in ``root`` in the format ``to``, into a file or to standard output.

    The roster is the named file, else the course's own, else the gradebook's students. Returns 1 if a person has to look: at
    a student without a score, or without a line in the roster; otherwise 0. Raises UsageError if there is nothing to export.
    """
    form = format_named(to)
    chosen = _lessons(root, lesson, form)
    file = roster or (root / KEPT if (root / KEPT).is_file() else None)
    sheets = _sheets(root, chosen, read_roster(file) if file is not None else None)
    _save(form.text(sheets), out)
    look = False
    for one in sheets:
        for remark in remarks(one, form.part(one)):
            complain(f"{one.lesson.title}: {remark.sentence}" if len(sheets) > 1 else remark.sentence)
            look = look or remark.matters
    return SOME_NOT if look else ALL_IN


def keep_roster(root: Path, file: Path) -> int:
    """Keep a roster as the course's own, and compare it with what is handed in.

    Returns 1 if a submission has no line in it, otherwise 0. Raises UsageError if the file isn't a roster of this class.
    """
    listed = read_roster(file)
    students = folders_in(submissions_folder(course(root, "ANY")))
    joined = join(listed, students)
    kept = root / KEPT
    if not (kept.exists() and kept.samefile(file)):
        _store(kept, file.read_bytes())
    write(f"{counted(len(listed.people), 'student')} in {KEPT}, {len(joined.people)} of them with a submission.")
    if not students:
        return ALL_IN
    write(f"Joined by the column “{shown(joined.column)}”.")
    place = listed.columns.index(joined.column)
    if joined.absent:
        write(f"No submission from: {named([person[place] for person in joined.absent])}.")
    if joined.unknown:
        write(f"No line in the roster for: {named(joined.unknown)}.")
    return SOME_NOT if joined.unknown else ALL_IN


def _lessons(root: Path, lesson: str, form: GradeFormat) -> tuple[Lesson, ...]:
    here = lessons_of(root)
    if lesson:
        chosen = lesson_named(lesson)
        if chosen not in here:
            raise UsageError(
                f"The course in {root} has no lesson {chosen.id}.", f"Release it: workbook release {chosen.id}."
            )
        return (chosen,)
    if not here:
        raise UsageError(f"The course in {root} has no lesson yet.", "Release one: workbook release LESSON.")
    if form.only_points and len(here) > 1:
        raise UsageError(
            "Say which lesson to export: a file for this format has one.",
            f"Add --lesson. This course has: {', '.join(one.id for one in here)}.",
        )
    return here


def _sheets(root: Path, lessons: tuple[Lesson, ...], roster: Roster | None) -> tuple[Sheet, ...]:
    """Return the sheets of the lessons that have grades. Raises UsageError if none has."""
    sheets, nothing = [], None
    with quiet_queries():
        for one in lessons:
            app = course(root, one.id)
            try:
                results = class_results(app)
            except NothingHandedInError as error:
                nothing = error
                continue
            listed = roster or Roster(COLUMNS, results.people)
            sheets.append(sheet(one, results, listed, join(listed, tuple(results.students)), app.coursedir.course_id))
    if not sheets and nothing is not None:
        raise nothing
    return tuple(sheets)


def _save(text: str, out: Path | None) -> None:
    if out is None:
        write(text.removesuffix("\n"))
        return
    _store(out, text.encode("utf-8", "replace"))
    write(f"wrote {out}")


def _store(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{file} can't be written: {error.strerror}.", "Name another file with --out.") from None
