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
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from graders.similarity.compare_class import compared
from graders.similarity.handed_in import Handout, digests_of
from graders.similarity.ranking import Weighed
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
PRINTED = Handout(
    ASSIGNMENT,
    tuple(sorted((ROOT / "notebooks" / ASSIGNMENT).glob("*.ipynb"))),
    tuple(sorted((ROOT / "solutions" / ASSIGNMENT).glob("*.py"))),
)
GENERATED = "generated"
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
    parser.add_argument("--classes", type=int, default=1, help="classes, each with another seed (1)")
    parser.add_argument(
        "--files", type=int, default=100, help="students in the class whose time and memory is measured (100)"
    )
    parser.add_argument("--seed", default="held out", help="another seed, other classes")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    asked = parser.parse_args(arguments)
    cost = _cost(asked.seed, asked.files)  # first, because of the memory
    rows = _rows(asked)
    if asked.format == "json":
        said = {name: getattr(asked, name) for name in ("students", "copies", "classes", "seed")}
        every = [{**asdict(row), "recall": row.recall} for row in rows]
        print(json.dumps({**said, "false": FALSE, "rows": every, "cost": cost}))
        return
    print(
        f"{asked.classes} classes of {asked.students} students, {asked.copies} copies in each; before false pair {FALSE + 1}:"
    )
    for row in rows:
        edits = ", ".join(f"{edit} {found}/{of}" for edit, (found, of) in row.by_edit.items())
        print(
            f"{row.copied:<13}{row.originals:<20}{row.recall:>5.0%}  {edits}; heaviest false pair {row.heaviest_false}"
        )
    print(", ".join(f"{name} {value}" for name, value in cost.items()))


def _rows(asked: argparse.Namespace) -> list[Row]:
    kinds = [(scope, GENERATED, once) for scope in SCOPES for once in (False, True)]
    kinds.append(("one notebook", "written by students", False))
    found: dict[tuple[str, str, bool], Counter[str]] = {kind: Counter() for kind in kinds}
    of: dict[tuple[str, str, bool], Counter[str]] = {kind: Counter() for kind in kinds}
    heaviest = dict.fromkeys(kinds, 0.0)
    for number in range(asked.classes):
        digests = cache(lambda name, text: digests_of(PRINTED, {name: text}))
        for kind in kinds:
            scope, originals, once = kind
            copied = written_by_students() if originals != GENERATED else []
            random.Random(number).shuffle(copied)  # noqa: S311  no secret
            made = resembling(
                f"{asked.seed} {number}", asked.students, asked.copies, scope=SCOPES[scope],
                edits=ALL_AT_ONCE if once else EDITS, originals=copied,
            )  # fmt: skip
            prints = [{d for name, text in own.items() for d in digests(name, text)} for own in made.answers.values()]
            names = list(made.answers)
            pairs = [(p.weight, names[p.first], names[p.second]) for p in Weighed(prints).ranked(10 * asked.copies)]
            found[kind].update(found_before([pair[1:] for pair in pairs], made.copies, FALSE))
            of[kind].update(made.copies.values())
            false = [weight for weight, *both in pairs if frozenset(both) not in made.copies]
            heaviest[kind] = max(heaviest[kind], *false, 0.0)
    return [
        Row(
            scope, originals, found[kind].total(), of[kind].total(), {edit: (found[kind][edit], of[kind][edit]) for edit in of[kind]},
            round(heaviest[kind], 1),
        )
        for kind in kinds for scope, originals, _ in (kind,)
    ]  # fmt: skip


def _cost(seed: str, students: int) -> dict[str, float]:
    """The time and memory of the command's own way for a class without copies: files, child process, side by side."""
    with tempfile.TemporaryDirectory() as folder:
        every = {f"s{number:04}": answers_of(random.Random(f"{seed}/{number}")) for number in range(students)}  # noqa: S311
        folders = hand_in(Path(folder), every)
        began, cpu = time.perf_counter(), time.process_time()
        compared(PRINTED, folders)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    child, own = resource.getrusage(resource.RUSAGE_CHILDREN), resource.getrusage(resource.RUSAGE_SELF)
    return {
        "students": students, "seconds": round(seconds, 1), "CPU s a student": round((cpu + child.ru_utime + child.ru_stime) / students, 3),
        "MiB": round(own.ru_maxrss / 1024), "MiB of the child": round(child.ru_maxrss / 1024),
    }  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
