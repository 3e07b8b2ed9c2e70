"""``workbook alike``: print the pairs as a table with their shared lines, or as JSON by ``docs/schemas/alike.json``, one pair a line."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table
from rich.text import Text

from cluster.errors import UsageError
from cluster.text import json_text
from graders.core.lesson import Lesson
from graders.core.output import complain, write
from graders.core.registry import lesson as find
from graders.gradebook.course import lessons_of
from graders.present.console import Console
from graders.reading.text import shown
from graders.similarity.compare_class import AnswerLine, Compared, Pair, compare

NO_PROOF = (
    "This proves nothing. Two students may have worked together where that is allowed, used the same source, or made the same "
    "unusual choice by chance; and a copy of a right answer that looks like all others isn't found. Read both answers, and "
    "talk with both students."
)
"""What the list can't prove."""


def run(root: Path, *, lesson: str = "", as_json: bool = False) -> int:
    """Compare a lesson's submissions in the course in ``root``, and print the pairs. Returns 0.

    Raises UsageError if the course doesn't have the lesson, has several and none is named, or has fewer than two submissions.
    """
    chosen = _chosen(root, lesson)
    with Console(stderr=True).status("Comparing ...") as status:
        found = compare(root, chosen, progress=lambda done, of: status.update(Text(f"Comparing ... {done} of {of}")))
    if as_json:
        for rank, pair in enumerate(found.pairs, 1):
            write(pair_json(found, rank, pair))
        for line in _left_out(found):
            complain(line)
    else:
        show(found, Console())
    return 0


def _chosen(root: Path, name: str) -> Lesson:
    here = lessons_of(root)
    if name and find(name) in here:
        return find(name)
    if len(here) == 1 and not name:
        return here[0]
    if not here:
        raise UsageError(f"The course in {root} has no lesson yet.", "Release one first: workbook release LESSON.")
    raise UsageError(
        f"The course in {root} has no lesson {name}." if name else "Say which lesson you mean.",
        f"This course has: {', '.join(one.id for one in here)}.",
    )


def show(found: Compared, console: Console) -> None:
    """Print the table of pairs, the shared lines of each, and what they can't prove."""
    table = Table(box=None, header_style="dim", pad_edge=False)
    for heading in ("", "student", "student"):
        table.add_column(heading, overflow="fold")
    table.add_column("weight", justify="right")
    table.add_column("exercises", overflow="fold")
    for rank, pair in enumerate(found.pairs, 1):
        exercises = [name or "habits" for name in pair.exercises]
        names = ", ".join(exercises[:3]) + (" ..." if len(exercises) > 3 else "")  # noqa: PLR2004
        table.add_row(str(rank), shown(pair.first), shown(pair.second), f"{pair.weight:.1f}", names)
    if found.pairs:
        console.print(table)
    else:
        console.print(Text(f"No two of {found.students} submissions share anything unusual."))
    for rank, pair in enumerate(found.pairs, 1):
        console.print()
        console.print(_side_by_side(rank, pair))
    console.print()
    for line in _left_out(found):
        console.print(Text(line))
    console.print(Text(NO_PROOF, style="dim"))


def _left_out(found: Compared) -> list[str]:
    lines = [f"✘ {shown(student)}: {shown(problem, 200)}" for student, problem in found.left_out.items()]
    return ["Not compared, or only in part:", *lines] if lines else []


def _side_by_side(rank: int, pair: Pair) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, expand=True)
    table.add_column(str(rank), ratio=2, overflow="fold")
    table.add_column(shown(pair.first), ratio=5, overflow="fold")
    table.add_column(shown(pair.second), ratio=5, overflow="fold")
    for shared in pair.shared:
        what = f"{shared.exercise} {', '.join(shared.kinds)}"
        table.add_row(Text(what, style="dim"), _line(shared.first), _line(shared.second))
    return table


def _line(line: AnswerLine) -> Text:
    return Text(f"{line.number} | {line.text}" if line.number else line.text)


def pair_json(found: Compared, rank: int, pair: Pair) -> str:
    """Return a pair as one line of JSON, by ``docs/schemas/alike.json``."""
    return json_text({
        "lesson": found.lesson, "students": found.students, "rank": rank, "first": pair.first, "second": pair.second,
        "weight": pair.weight,
        "exercises": [{"exercise": name, "weight": weight} for name, weight in pair.exercises.items()],
        "shared": [
            {
                "exercise": each.exercise, "features": [str(kind) for kind in each.kinds], "weight": each.weight,
                "first": {"line": each.first.number, "text": each.first.text},
                "second": {"line": each.second.number, "text": each.second.text},
            }
            for each in pair.shared
        ],
    })  # fmt: skip
