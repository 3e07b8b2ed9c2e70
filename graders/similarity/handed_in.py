"""One submission's features. Each function takes plain data, so that a child process can run it within bounds."""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import jupytext

from cluster import world
from cluster.errors import AnswerError
from cluster.limits import ALIKE_CHARACTERS, SUBMISSION_BYTES, SUBMISSION_NOTEBOOKS
from cluster.text.amounts import format_size
from graders.core.exercise import Exercise
from graders.core.registry import lesson
from graders.gradebook.submission import links_in, read_submission
from graders.reading.notebook_cells import Notebook, answer_in, find_answer, source
from graders.reading.text import line_shown, shown
from graders.similarity.features import Feature, Known, features_of, words_in


@dataclass(frozen=True, slots=True)
class Handout:
    """What the course has printed of a lesson: its id, the released notebooks, and the sources with the solutions."""

    lesson: str
    notebooks: tuple[Path, ...] = ()
    sources: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Prints:
    """The digests of a submission's features, in order; with a ``problem`` it can't be compared. ``note`` says what was left out."""

    digests: array[int] = field(default_factory=lambda: array("Q"))
    problem: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A feature as it is shown: what it is, and the learner's line, or else what was observed."""

    feature: Feature
    text: str


def prints(printed: Handout, folder: Path) -> Prints:
    """Return the digests of the features of the submission in a folder."""
    try:
        answers, note = answers_in(folder, printed.lesson)
    except AnswerError as error:
        return Prints(problem=f"{error.problem} {error.hint}".strip())
    return Prints(digests_of(printed, answers), note=note)


def digests_of(printed: Handout, answers: Mapping[str, str]) -> array[int]:
    """Return the digests of the features of answers, which are by exercise, in order."""
    return array("Q", sorted({digest for name, text in answers.items() for digest in _digests(printed, name, text)}))


@lru_cache(maxsize=1000)
def _digests(printed: Handout, name: str, text: str) -> array[int]:
    """Return the digests of an answer's features. Many answers are equal, and judging takes most of the time."""
    return array("Q", (feature.digest for feature in _features(printed, name, text)))


def marks(printed: Handout, folder: Path, wanted: Collection[int]) -> Mapping[int, Mark]:
    """Return the wanted features of the submission in a folder, by digest, with the learner's lines."""
    try:
        answers, _ = answers_in(folder, printed.lesson)
    except AnswerError:
        return {}
    found = {}
    for name, text in answers.items():
        lines = text.split("\n")
        for feature in _features(printed, name, text):
            if feature.digest in wanted:
                line = lines[feature.line - 1] if 0 < feature.line <= len(lines) else ""
                found[feature.digest] = Mark(feature, line_shown(line.strip() or feature.key)[0])
    return found


def answers_in(folder: Path, lesson_id: str) -> tuple[Mapping[str, str], str]:
    """Return the started answers in a submission's folder by exercise, and a note on what can't be read.

    An answer is taken from its own notebook, or else from another one in the folder. Raises AnswerError if the folder
    has links or exceeds a limit.
    """
    if folder.parent.is_symlink() or links_in(folder):
        raise AnswerError("The folder has a symbolic link. Links aren't followed.")
    paths = sorted(path for path in folder.iterdir() if path.suffix == ".ipynb" and not path.name.startswith("."))
    if len(paths) > SUBMISSION_NOTEBOOKS:
        raise AnswerError(f"There are more than {SUBMISSION_NOTEBOOKS} notebooks.")
    if sum(path.lstat().st_size for path in paths) > SUBMISSION_BYTES:
        raise AnswerError(f"The notebooks are larger than {format_size(SUBMISSION_BYTES)} together.")
    read = {path.stem: read_submission(path) for path in paths}
    notebooks = {name: one.notebook for name, one in read.items() if not one.problem}
    note = " ".join(one.problem for one in read.values() if one.problem)
    answers = {e.name: _answer(e, notebooks) for e in lesson(lesson_id).every() if e.graded}
    return {name: text for name, text in answers.items() if text}, shown(note, 200)


def _answer(exercise: Exercise[Any, Any], notebooks: Mapping[str, Notebook]) -> str:
    for name in sorted(notebooks, key=lambda name: (name != exercise.section, name)):
        found = find_answer(notebooks[name], exercise.name, exercise.is_started)
        if found is not None and not found.problem and exercise.is_started(found.text):
            return found.text[:ALIKE_CHARACTERS]
    return ""


def _features(printed: Handout, name: str, text: str) -> tuple[Feature, ...]:
    return _features_of(lesson(printed.lesson).load(name), text, known(printed))


def _features_of(exercise: Exercise[Any, Any], text: str, known: Known) -> tuple[Feature, ...]:
    return features_of(exercise.name, text, exercise.outline(text), exercise.judge(text, world()).findings, known)


@lru_cache(maxsize=1)
def known(printed: Handout) -> Known:
    """Return what a lesson's course has printed: the words of its notebooks and solutions, and the features of its examples."""
    released = {path.stem: read_submission(path).notebook for path in printed.notebooks}
    sources: dict[str, Notebook] = {path.stem: jupytext.read(path, fmt="py:percent") for path in printed.sources}
    exercises = lesson(printed.lesson).every()
    texts = [source(cell) for notebook in (*released.values(), *sources.values()) for cell in notebook["cells"]]
    texts += [said for exercise in exercises for said in exercise.prints()]
    words = frozenset(word for text in texts for word in words_in(text))
    digests: set[int] = set()
    for exercise in exercises:
        examples = set(_blocks(released.get(exercise.section, {"cells": []})))
        solution = answer_in(sources.get(exercise.section, {"cells": []}), exercise.name, exercise.is_started)
        for text in {*examples, solution or ""}:
            digests |= {feature.digest for feature in _features_of(exercise, text, Known(words))}
    return Known(words, frozenset(digests))


_FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_QUOTED = re.compile(r'"""\\?\n?(.*?)"""', re.DOTALL)


def _blocks(notebook: Notebook) -> Iterator[str]:
    """Yield the examples in a released notebook: fenced blocks, texts in code, and answer cells."""
    for cell in notebook["cells"]:
        text = source(cell)
        yield from _FENCED.findall(text) if cell["cell_type"] == "markdown" else _QUOTED.findall(text)
        if text.startswith("%%"):
            yield text.partition("\n")[2]
