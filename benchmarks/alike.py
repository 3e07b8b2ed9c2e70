"""How many copies ``workbook alike`` finds: ``python -m benchmarks.alike [--format json]``.

A class of generated answers that resemble one another (``tests/support/lookalikes``); in it are copies, each with one of three
edits: renamed; reordered and reformatted; comments and blanks removed. Counted are the copies that the list has before its
sixth pair that isn't a copy. The seeds were used for nothing else. In the rows *written by students* the copied Deployments and
drawings weren't generated: they are those of ``tests/corpus/students.jsonl``.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from graders.alike.compare import compared
from graders.alike.handed_in import Printed, digests_of
from graders.alike.ranking import Weighed
from tests.support.course import ASSIGNMENT, ROOT
from tests.support.lookalikes.edits import EDITS, everything
from tests.support.lookalikes.resembling import (
    SCOPES,
    answers_of,
    found_before,
    hand_in,
    resembling,
    written_by_students,
)  # fmt: skip

FALSE = 5
PRINTED = Printed(
    ASSIGNMENT,
    tuple(sorted((ROOT / "notebooks" / ASSIGNMENT).glob("*.ipynb"))),
    tuple(sorted((ROOT / "solutions" / ASSIGNMENT).glob("*.py"))),
)
ALL_AT_ONCE = {"all three edits at once": everything}


@dataclass(frozen=True)
class Row:
    """What was copied, from where, and how many copies were found of how many, in all and by edit; the weight of the heaviest other pair."""

    copied: str
    originals: str
    found: int
    of: int
    by_edit: Mapping[str, tuple[int, int]]
    heaviest_false: float

    @property
    def recall(self) -> float:
        """The share that was found."""
        return round(self.found / self.of, 3)


def main(arguments: Sequence[str]) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.alike", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--students", type=int, default=200, help="students in a class (200)")
    parser.add_argument("--copies", type=int, default=20, help="copies in a class (20)")
    parser.add_argument("--classes", type=int, default=5, help="classes, each with another seed (5)")
    parser.add_argument("--seed", default="held out", help="another seed, other classes")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    asked = parser.parse_args(arguments)
    rows = [
        _row(asked, scope, originals, once=once)
        for scope in SCOPES
        for originals in ("generated", "written by students")
        for once in (False, True)
        if originals == "generated" or (scope == "one notebook" and not once)
    ]
    cost = _cost(asked.seed, asked.students)
    if asked.format == "json":
        every = [{**asdict(row), "recall": row.recall} for row in rows]
        print(
            json.dumps(
                {
                    "students": asked.students,
                    "copies": asked.copies,
                    "classes": asked.classes,
                    "false": FALSE,
                    "rows": every,
                    "cost": cost,
                }
            )
        )
        return
    print(
        f"{asked.classes} classes of {asked.students} students with {asked.copies} copies each; found before the {FALSE + 1}th false pair:"
    )
    for row in rows:
        edits = ", ".join(f"{edit} {found}/{of}" for edit, (found, of) in row.by_edit.items())
        print(f"{row.copied:<13} {row.originals:<20}{row.recall:>6.0%}   {edits}")
    print(", ".join(f"{name} {value}" for name, value in cost.items()))


def _row(asked: argparse.Namespace, scope: str, originals: str, *, once: bool) -> Row:
    found: Counter[str] = Counter()
    of: Counter[str] = Counter()
    heaviest: list[float] = []
    for number in range(asked.classes):
        copied = written_by_students() if originals != "generated" else []
        random.Random(number).shuffle(copied)  # noqa: S311  no secret
        made = resembling(
            f"{asked.seed} {number}", asked.students, asked.copies, scope=SCOPES[scope],
            edits=ALL_AT_ONCE if once else EDITS, originals=copied,
        )  # fmt: skip
        names = list(made.answers)
        weighed = Weighed([digests_of(PRINTED, made.answers[name]) for name in names])
        pairs = [
            (pair.weight, names[pair.first], names[pair.second]) for pair in weighed.ranked(4 * asked.copies + FALSE)
        ]
        found.update(found_before([pair[1:] for pair in pairs], made.copies, FALSE))
        heaviest.append(max((weight for weight, *both in pairs if frozenset(both) not in made.copies), default=0.0))
        of.update(made.copies.values())
    by_edit = {edit: (found[edit], of[edit]) for edit in of}
    return Row(scope, originals, found.total(), of.total(), by_edit, round(max(heaviest), 1))


def _cost(seed: str, students: int) -> dict[str, float]:
    """The time of the command's own way: files, child process, side by side."""
    with tempfile.TemporaryDirectory() as folder:
        every = {f"s{number:04}": answers_of(random.Random(f"{seed}/{number}")) for number in range(students)}  # noqa: S311
        folders = hand_in(Path(folder), every)
        began = time.perf_counter()
        compared(PRINTED, folders)
        seconds = time.perf_counter() - began
    return {"seconds": round(seconds, 1), "seconds a student": round(seconds / students, 3)}


if __name__ == "__main__":
    main(sys.argv[1:])
