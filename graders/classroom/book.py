"""The gradebook for many students at a time: the same rows as ``nbgrader autograde`` writes, in few transactions.

nbgrader's own API looks up and commits each value by itself, which takes most of its time. Here the rows of a batch of
students are read by four queries and changed by one transaction. Until it is committed, none of them has a new score.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from nbgrader.api import Comment, Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook, new_uuid
from nbgrader.apps.baseapp import NbGrader
from sqlalchemy import Connection, Table, bindparam, insert, select, update

from graders.classroom.late import Late
from graders.classroom.rows import CommentRow, GradeRow, NotebookRow, SubmissionRow, save, take_back
from graders.classroom.submission_steps import Examined
from graders.gradebook.restore import ReleasedNotebook
from graders.gradebook.student_names import is_utf8

STUDENT, SUBMISSION, NOTEBOOK, GRADE, COMMENT = (
    kind.__table__ for kind in (Student, SubmittedAssignment, SubmittedNotebook, Grade, Comment)
)


class Book:
    """The rows of one assignment. Use it as a context: it holds a connection to the gradebook."""

    def __init__(self, app: NbGrader, releases: Mapping[str, ReleasedNotebook]) -> None:
        self._gradebook = Gradebook(app.coursedir.db_url, app.coursedir.course_id)
        assignment = self._gradebook.find_assignment(app.coursedir.assignment_id)
        self._assignment = assignment.id
        self._late = Late(app, assignment.duedate)
        self._releases = releases
        self._notebooks = {entry.id: entry.name for entry in assignment.notebooks}
        self._graded = {
            entry.id: {cell.id: cell.name for cell in (*entry.grade_cells, *entry.task_cells)}
            for entry in assignment.notebooks
        }
        self._answered = {
            entry.id: {cell.id: cell.name for cell in (*entry.solution_cells, *entry.task_cells)}
            for entry in assignment.notebooks
        }
        self._gradebook.db.rollback()

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        self._gradebook.close()

    def save(self, batch: Sequence[Examined]) -> dict[str, SubmissionRow]:
        """Save what was found of a batch of students, and return their rows as they are now.

        A submission with a problem loses its automatic scores; without earlier scores it has no row.
        """
        with self._gradebook.engine.begin() as connection:
            rows = self._read(connection, [one.folders.student for one in batch])
            for one in batch:
                student = one.folders.student
                if one.problem:
                    if student in rows:
                        take_back(rows[student])
                else:
                    rows.setdefault(student, self._new(student))
                    save(rows[student], one, self._releases, self._late)
            self._write(connection, rows.values())
        return rows

    def _new(self, student: str) -> SubmissionRow:
        row = SubmissionRow(new_uuid(), student, is_new=True)
        for entry, name in self._notebooks.items():
            row.notebooks[name] = NotebookRow(
                new_uuid(), entry,
                {cell: GradeRow(new_uuid(), key) for key, cell in self._graded[entry].items()},
                {cell: CommentRow(new_uuid(), key) for key, cell in self._answered[entry].items()},
            )  # fmt: skip
        return row

    def _read(self, connection: Connection, students: Sequence[str]) -> dict[str, SubmissionRow]:
        """Read the rows of some students, by student."""
        names = [student for student in students if is_utf8(student)]
        found = connection.execute(
            select(SUBMISSION.c.id, SUBMISSION.c.student_id, SUBMISSION.c.timestamp, SUBMISSION.c.extension)
            .where(SUBMISSION.c.assignment_id == self._assignment, SUBMISSION.c.student_id.in_(names))
        )  # fmt: skip
        rows = {key: SubmissionRow(key, student, at, extension) for key, student, at, extension in found}
        notebooks: dict[str, NotebookRow] = {}
        for key, owner, entry, penalty in connection.execute(
            select(NOTEBOOK.c.id, NOTEBOOK.c.assignment_id, NOTEBOOK.c.notebook_id, NOTEBOOK.c.late_submission_penalty)
            .where(NOTEBOOK.c.assignment_id.in_(rows))
        ):  # fmt: skip
            notebooks[key] = rows[owner].notebooks[self._notebooks[entry]] = NotebookRow(key, entry, penalty=penalty)
        for key, owner, cell, *values in connection.execute(
            select(
                GRADE.c.id, GRADE.c.notebook_id, GRADE.c.cell_id, GRADE.c.auto_score, GRADE.c.needs_manual_grade,
                GRADE.c.manual_score, GRADE.c.extra_credit,
            ).join(NOTEBOOK, NOTEBOOK.c.id == GRADE.c.notebook_id).where(NOTEBOOK.c.assignment_id.in_(rows))
        ):  # fmt: skip
            notebook = notebooks[owner]
            notebook.grades[self._graded[notebook.entry][cell]] = GradeRow(key, cell, *values)
        for key, owner, cell, *values in connection.execute(
            select(COMMENT.c.id, COMMENT.c.notebook_id, COMMENT.c.cell_id, COMMENT.c.auto_comment, COMMENT.c.manual_comment)
            .join(NOTEBOOK, NOTEBOOK.c.id == COMMENT.c.notebook_id).where(NOTEBOOK.c.assignment_id.in_(rows))
        ):  # fmt: skip
            notebook = notebooks[owner]
            notebook.comments[self._answered[notebook.entry][cell]] = CommentRow(key, cell, *values)
        return {row.student: row for row in rows.values()}

    def _write(self, connection: Connection, rows: Iterable[SubmissionRow]) -> None:
        """Write the rows that are new or changed."""
        rows = [*rows]
        new = [row for row in rows if row.is_new]
        known = {
            key for (key,) in connection.execute(select(STUDENT.c.id).where(STUDENT.c.id.in_([r.student for r in new])))
        }
        _insert(connection, STUDENT, [{"id": row.student} for row in new if row.student not in known])
        _insert(connection, SUBMISSION, [
            {"id": row.key, "assignment_id": self._assignment, "student_id": row.student, "timestamp": row.at} for row in new
        ])  # fmt: skip
        pairs = [(row, notebook) for row in rows for notebook in row.notebooks.values()]
        _insert(connection, NOTEBOOK, [
            {"id": one.key, "assignment_id": row.key, "notebook_id": one.entry, "late_submission_penalty": one.penalty}
            for row, one in pairs if row.is_new
        ])  # fmt: skip
        _insert(connection, GRADE, [
            {"id": grade.key, "notebook_id": one.key, "cell_id": grade.cell, "auto_score": grade.auto, "needs_manual_grade": grade.by_hand}
            for row, one in pairs if row.is_new for grade in one.grades.values()
        ])  # fmt: skip
        _insert(connection, COMMENT, [
            {"id": comment.key, "notebook_id": one.key, "cell_id": comment.cell, "auto_comment": comment.auto}
            for row, one in pairs if row.is_new for comment in one.comments.values()
        ])  # fmt: skip
        old = [(row, one) for row, one in pairs if not row.is_new]
        _update(
            connection,
            SUBMISSION,
            [{"key": row.key, "timestamp": row.at} for row in rows if row.changed and not row.is_new],
        )
        _update(
            connection,
            NOTEBOOK,
            [{"key": one.key, "late_submission_penalty": one.penalty} for _, one in old if one.changed],
        )
        _update(connection, GRADE, [
            {"key": grade.key, "auto_score": grade.auto, "needs_manual_grade": grade.by_hand}
            for _, one in old for grade in one.grades.values() if grade.changed
        ])  # fmt: skip
        _update(connection, COMMENT, [
            {"key": comment.key, "auto_comment": comment.auto}
            for _, one in old for comment in one.comments.values() if comment.changed
        ])  # fmt: skip


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _update(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        names: Collection[str] = rows[0].keys() - {"key"}
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        connection.execute(
            update(table).where(table.c.id == bindparam("key")).values(values),
            [{"key": row["key"], **{f"new_{name}": row[name] for name in names}} for row in rows],
        )
