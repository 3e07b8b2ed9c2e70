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
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from graders.alike.compare import compared
from graders.alike.handed_in import Printed, digests_of
from graders.alike.ranking import ranked
from tests.support.course import ASSIGNMENT, ROOT
from tests.support.lookalikes.edits import EDITS, everything
from tests.support.lookalikes.resembling import (
    SCOPES, Answers, answers_of, found_before, hand_in, resembling, written_by_students,
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
    """What was copied, from where, and how many copies were found of how many, in all and by edit."""

    copied: str
    originals: str
    found: int
    of: int
    by_edit: Mapping[str, tuple[int, int]] = field(default_factory=dict)

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
        print(json.dumps({"students": asked.students, "copies": asked.copies, "classes": asked.classes, "false": FALSE, "rows": every, "cost": cost}))
        return
    print(f"{asked.classes} classes of {asked.students} students with {asked.copies} copies each; found before the {FALSE + 1}th false pair:")
    for row in rows:
        edits = ", ".join(f"{edit} {found}/{of}" for edit, (found, of) in row.by_edit.items())
        print(f"{row.copied:<13} {row.originals:<20}{row.recall:>6.0%}   {edits}")
    print(", ".join(f"{name} {value}" for name, value in cost.items()))


def _row(asked: argparse.Namespace, scope: str, originals: str, *, once: bool) -> Row:
    found: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for number in range(asked.classes):
        copied = written_by_students() if originals != "generated" else []
        random.Random(number).shuffle(copied)
        made = resembling(
            f"{asked.seed} {number}", asked.students, asked.copies, SCOPES[scope], ALL_AT_ONCE if once else EDITS, copied
        )
        names = list(made.answers)
        prints = [_digests(made.answers[name]) for name in names]
        pairs = ((names[pair.first], names[pair.second]) for pair in ranked(prints, 4 * asked.copies + FALSE))
        found.update(found_before(pairs, made.copies, FALSE))
        of.update(made.copies.values())
    return Row(scope, originals, found.total(), of.total(), {edit: (found[edit], of[edit]) for edit in of})


def _digests(answers: Answers) -> array[int]:
    return digests_of(PRINTED, answers)


def _cost(seed: str, students: int) -> dict[str, float]:
    """The time of the command's own way: files, child process, side by side."""
    with tempfile.TemporaryDirectory() as folder:
        every = {f"s{number:04}": answers_of(random.Random(f"{seed}/{number}")) for number in range(students)}
        folders = hand_in(Path(folder), every)
        began = time.perf_counter()
        compared(PRINTED, folders)
        seconds = time.perf_counter() - began
    return {"seconds": round(seconds, 1), "seconds a student": round(seconds / students, 3)}


if __name__ == "__main__":
    main(sys.argv[1:])
