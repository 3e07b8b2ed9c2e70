"""``workbook verify``: check an exercise's promises.

The stub scores zero, the solution full marks, the sample its stated score. Each criterion has three hints, and none of them
contains the solution. The notebook's cells, points, facts and words agree with the rubric. An answer without knowledge earns
at most a third.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster import Cluster, world
from cluster.errors import WorkbookError
from cluster.text.amounts import format_number, format_points, format_score
from graders.authoring.guessing.earned import DUST, MOST, Figure, figures
from graders.authoring.guessing.printed import Printed, printed
from graders.authoring.sources import Section, section_of
from graders.core.exercise import Criterion, Exercise
from graders.core.lesson import Lesson
from graders.core.report import Report, State
from graders.reading.notebook_cells import grade_id
from graders.reading.text import shown
from graders.release.source import problems_of

LEAST_OF_A_SAMPLE, MOST_OF_A_SAMPLE = 0.35, 0.65
"""A sample is half right: it earns a share of the points in this range."""
HINTS = 3
SEEDS = range(1, 11)
"""The seeds of random guesses; ``python -m benchmarks.guessing`` tries more."""
LONG_LINE = 12
"""A hint may not contain a solution's line with more characters; shorter lines, such as ``spec:``, are common."""
SHOWN = 100
"""The most characters of a missing text that a problem quotes."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The result for one exercise: ``facts`` in a few words each, and a sentence for each problem.

    ``guessed`` is the answer without knowledge that earns most, or None if none was tried.
    """

    exercise: str
    facts: tuple[str, ...]
    problems: tuple[str, ...]
    guessed: Figure | None = None


def verify(name: str, lesson: Lesson, root: Path) -> Verified:
    """Verify an exercise of a lesson; ``root`` has ``solutions``. All errors become problems; none is raised."""
    try:
        exercise = lesson.load(name)
        return _looked_at(exercise, lesson, section_of(exercise, lesson, root), world())
    except WorkbookError as error:
        return Verified(name, (), (f"{error.problem} {error.hint}".strip(),))


def _looked_at(exercise: Exercise[Any, Any], lesson: Lesson, section: Section, cluster: Cluster) -> Verified:
    cells = {grade_id(cell): cell for cell in section.notebook.cells if grade_id(cell)}
    above = printed(exercise, section.notebook)
    problems = [*problems_of(exercise, cells), *_order(exercise, lesson, tuple(cells)), *_rubric(exercise)]
    facts = [format_points(exercise.points) if exercise.graded else "practice"]
    solution, stub = section.solution(exercise), section.stub(exercise)
    # Without the pair of cells the following checks would only repeat that problem.
    if solution is not None and stub is not None:
        problems += [
            *_solution(exercise, solution, cluster),
            *_stub(exercise, stub, cluster),
            *_hints(exercise, solution),
        ]
    problems += [
        *_sample(exercise, cluster),
        *_prose(exercise, section),
        *_blank_form(exercise, section, above, cluster),
    ]
    if exercise.sample is not None:
        facts.append(f"sample {format_number(exercise.sample.score)}")
    if not exercise.graded:
        return Verified(exercise.name, tuple(facts), tuple(problems))
    found = figures(exercise, above, cluster, SEEDS)
    best = found[0] if found else None
    facts.append(
        f"guessing {best.earned / exercise.points:.0%} at most ({len(found)} ways)" if best else "nothing to guess with"
    )
    return Verified(exercise.name, tuple(facts), (*problems, *_guessing(exercise, best)), best)


def _solution(exercise: Exercise[Any, Any], text: str, cluster: Cluster) -> Iterator[str]:
    report = exercise.judge(text, cluster)
    if (report.score, report.state) != (exercise.points, State.PASS):
        yield f"The solution earns {_earned(report)} of {format_number(exercise.points)}{_why(report)}"


def _stub(exercise: Exercise[Any, Any], text: str, cluster: Cluster) -> Iterator[str]:
    report = exercise.judge(text, cluster)
    if (report.score, report.state) != (0, State.NOT_STARTED):
        yield f"The stub should score 0 and be not started; it scores {_earned(report)} and is {report.state}."


def _sample(exercise: Exercise[Any, Any], cluster: Cluster) -> Iterator[str]:
    sample = exercise.sample
    if sample is None:
        if exercise.graded:
            yield "The sample is missing: add sample.yaml, a half-right answer, and state its score by Sample(__file__, SCORE)."
        return
    try:
        text = sample.text
    except (OSError, StopIteration, UnicodeDecodeError):
        yield "The sample can't be read: put a text file sample.yaml, or with another ending, beside rubric.py."
        return
    report = exercise.judge(text, cluster)
    if report.score != sample.score or not report.judged:
        yield f"The sample earns {_earned(report)}; the rubric says {format_number(sample.score)}."
    if exercise.graded and not LEAST_OF_A_SAMPLE <= sample.score / exercise.points <= MOST_OF_A_SAMPLE:
        yield (
            f"The sample is worth {sample.score / exercise.points:.0%} of the points; a half-right answer is worth "
            f"{LEAST_OF_A_SAMPLE:.0%} to {MOST_OF_A_SAMPLE:.0%}."
        )


def _rubric(exercise: Exercise[Any, Any]) -> Iterator[str]:
    """Yield what is missing in the criteria."""
    for what in ("name", "title"):
        texts = [getattr(criterion, what) for criterion in exercise.criteria]
        for text in sorted({text for text in texts if texts.count(text) > 1}):
            yield f"{texts.count(text)} criteria have the {what} “{text}”."
    for criterion in exercise.criteria:
        if not criterion.expected or not criterion.docs_url:
            yield f"The criterion {criterion.name} lacks “expected” or “docs_url”."
        if not criterion.why.endswith("."):
            yield f"The criterion {criterion.name} needs a “why” that ends with a period."


def _hints(exercise: Exercise[Any, Any], solution: str) -> Iterator[str]:
    lines = {line.strip() for line in solution.splitlines() if len(line.strip()) > LONG_LINE}
    for criterion in exercise.criteria:
        yield from _ladder(criterion, lines)


def _ladder(criterion: Criterion[Any, Any], solution: set[str]) -> Iterator[str]:
    if len(set(criterion.hints)) != HINTS:
        yield f"The criterion {criterion.name} has {len(set(criterion.hints))} different hints; it needs {HINTS}."
    for hint in criterion.hints:
        if not hint.endswith((".", "?")):
            yield f"A hint of {criterion.name} isn't a sentence: “{shown(hint, SHOWN)}”."
        if given := next((line for line in sorted(solution) if line in hint), None):
            yield f"A hint of {criterion.name} contains a line of the solution: “{shown(given, SHOWN)}”."


def _prose(exercise: Exercise[Any, Any], section: Section) -> Iterator[str]:
    """Yield texts that the notebook lacks or changes."""
    text, name = section.prose, section.path.name
    heading = f"### Exercise `{exercise.name}` ({format_points(exercise.points)})"
    if exercise.graded and heading not in text:
        yield f"{name} has no heading “{heading}”."
    for said in exercise.prints():
        if said not in text:
            yield f"{name} lacks a text of the rubric: “{shown(said, SHOWN)}”."


def _blank_form(exercise: Exercise[Any, Any], section: Section, above: Printed, cluster: Cluster) -> Iterator[str]:
    form = above.blank_form
    if form and (report := exercise.judge(form, cluster)).state is not State.NOT_STARTED:
        yield f"The blank form of {section.path.name} should be not started; it is {report.state}."


def _order(exercise: Exercise[Any, Any], lesson: Lesson, cells: Sequence[str]) -> Iterator[str]:
    """Check that the notebook has the exercises in the lesson's order."""
    before = lesson.exercises[: lesson.exercises.index(exercise.name)]
    if exercise.name not in cells:
        return
    for other in before:
        if other in cells[cells.index(exercise.name) :]:
            yield f"The lesson lists it after {other}, but the notebook has it before."


def _guessing(exercise: Exercise[Any, Any], best: Figure | None) -> Iterator[str]:
    """Yield a problem if an answer without knowledge earns too much."""
    if best is not None and best.earned > exercise.points * MOST + DUST:
        yield (
            f"An answer without knowledge earns {format_score(best.earned, exercise.points)}; at most "
            f"{format_number(exercise.points * MOST)} are allowed. Its strategy: {shown(best.strategy, SHOWN)}."
        )


def _earned(report: Report) -> str:
    return format_number(report.score) if report.judged else "no score"


def _why(report: Report) -> str:
    missed = next(
        (finding for finding in report.findings if finding.earned < finding.points or not finding.points), None
    )
    said = report.problem or (f"{missed.criterion}: {missed.observed}" if missed else "")
    return f": {shown(said, SHOWN)}" if said else "."
