"""Compare the submissions of a class: each is read once within bounds, and only the listed pairs are read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cluster.errors import NoResultError, NothingHandedInError
from cluster.limits import ALIKE_PAIRS, ALIKE_SHARED
from graders.core.lesson import Lesson
from graders.gradebook.budgets import new_budget
from graders.gradebook.course import course, lesson_sources, released_in, submissions_folder
from graders.judging.child import Child
from graders.similarity.features import Kind
from graders.similarity.handed_in import Handout, Mark, Prints, known, marks, prints
from graders.similarity.ranking import GROUP_BITS, Ranked, Weighed

TWO = 2
"""A pair needs as many submissions."""

Progress = Callable[[int, int], None]
"""Called after each student, with the number of students that are read, and of all."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A line of an answer: its number, from 1, or 0, and its text."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Shared:
    """What two answers to an exercise share in one line each: its kinds, its weight, and both lines."""

    exercise: str
    kinds: tuple[Kind, ...]
    weight: float
    first: AnswerLine
    second: AnswerLine


@dataclass(frozen=True, slots=True)
class Pair:
    """Two students, the weight of what their answers share, the weight by exercise, and the heaviest that they share."""

    first: str
    second: str
    weight: float
    exercises: Mapping[str, float]
    shared: tuple[Shared, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A class that was compared: how many students, the pairs, the heaviest first, and by student what wasn't compared, and why."""

    lesson: str
    students: int
    pairs: tuple[Pair, ...]
    left_out: Mapping[str, str]


def compare(
    root: Path, lesson: Lesson, *, most: int = ALIKE_PAIRS, progress: Progress = lambda _done, _of: None
) -> Compared:  # fmt: skip
    """Compare all submissions of a lesson in the course in ``root``. Raises NothingHandedInError without two submissions."""
    app = course(root, lesson.id)
    top = submissions_folder(app)
    folders = (
        {home.name: home / lesson.id for home in sorted(top.iterdir()) if _handed_in(home, lesson.id)}
        if top.is_dir()
        else {}
    )
    if len(folders) < TWO:
        raise NothingHandedInError(
            f"There are fewer than two submissions of {lesson.id} in {top}.",
            f"Put them into {top.name}/STUDENT/{lesson.id}/.",
        )
    printed = Handout(lesson.id, released_in(app, lesson.id), lesson_sources(app, lesson))
    return compared(printed, folders, most=most, progress=progress)


def _handed_in(home: Path, assignment: str) -> bool:
    return not home.name.startswith(".") and not home.is_symlink() and (home / assignment).is_dir()


def compared(
    printed: Handout, folders: Mapping[str, Path], *, most: int = ALIKE_PAIRS, progress: Progress = lambda _done, _of: None
) -> Compared:  # fmt: skip
    """Compare the submissions in these folders, by student; ``printed`` is what the course has printed."""
    child = Child("graders.similarity.handed_in")
    try:
        child.call(known, printed, budget=new_budget(), what="Reading the released notebooks")
        read: dict[str, Prints] = {}
        for student, folder in folders.items():
            read[student] = _read(child, printed, folder)
            progress(len(read), len(folders))
        names = tuple(student for student, one in read.items() if not one.problem)
        weighed = Weighed([read[student].digests for student in names])
        aside = _SideBySide(child, printed, folders, names, weighed)
        pairs = tuple(map(aside.pair, weighed.ranked(most)))
    finally:
        child.end()
    left_out = {student: one.problem or one.note for student, one in read.items() if one.problem or one.note}
    return Compared(printed.lesson, len(folders), pairs, left_out)


def _read(child: Child, printed: Handout, folder: Path) -> Prints:
    try:
        return child.call(prints, printed, folder, budget=new_budget(), what="Reading what was handed in")
    except NoResultError as error:
        child.call(known, printed, budget=new_budget(), what="Reading the released notebooks")
        return Prints(problem=error.problem)


@dataclass(frozen=True, slots=True)
class _SideBySide:
    """Reads both submissions of a pair again, and puts the lines that share something side by side."""

    child: Child
    printed: Handout
    folders: Mapping[str, Path]
    names: Sequence[str]
    weighed: Weighed

    def pair(self, pair: Ranked) -> Pair:
        groups = self.weighed.groups(pair.first, pair.second)
        wanted = frozenset(
            each for each in self.weighed.shared(pair.first, pair.second) if each >> GROUP_BITS in groups
        )
        first, second = self._marks(pair.first, wanted), self._marks(pair.second, wanted)
        exercises: dict[str, float] = {}
        for group, of in {digest >> GROUP_BITS: mark.feature.where for digest, mark in first.items()}.items():
            exercises[of] = round(exercises.get(of, 0.0) + groups[group], 2)
        return Pair(
            self.names[pair.first], self.names[pair.second], round(pair.weight, 2),
            dict(sorted(exercises.items(), key=lambda each: (-each[1], each[0]))), self._shared(first, second)[:ALIKE_SHARED],
        )  # fmt: skip

    def _shared(self, first: Mapping[int, Mark], second: Mapping[int, Mark]) -> tuple[Shared, ...]:
        weight = self.weighed.weight
        rows: dict[tuple[str, AnswerLine, AnswerLine], list[int]] = {}
        for digest in sorted(first.keys() & second.keys(), key=lambda each: (-weight[each], each)):
            one, other = first[digest], second[digest]
            where = (
                one.feature.exercise,
                AnswerLine(one.feature.line, one.text),
                AnswerLine(other.feature.line, other.text),
            )
            rows.setdefault(where, []).append(digest)
        return tuple(
            Shared(
                name, tuple(dict.fromkeys(first[d].feature.kind for d in found)), round(weight[found[0]], 2), one, other
            )
            for (name, one, other), found in rows.items()
        )

    def _marks(self, student: int, wanted: frozenset[int]) -> Mapping[int, Mark]:
        folder, budget = self.folders[self.names[student]], new_budget()
        try:
            return self.child.call(
                marks, self.printed, folder, wanted, budget=budget, what="Reading what was handed in"
            )
        except NoResultError:
            return {}
