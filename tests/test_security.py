"""SECURITY.md and docs/instructors.md are true: each promise has tests, and each number is the code's."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from cluster import limits, world
from graders.application_platform import LESSON
from graders.application_platform.exercises.review.rubric import VIOLATIONS
from graders.core.registry import exercise

ROOT = Path(__file__).resolve().parent.parent
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
INSTRUCTORS = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
NAME = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
UNITS = {"": 1, "s": 1, "kB": 1000, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}


def chapter(title: str, text: str = SECURITY) -> str:
    """The text below a heading, up to the next one of its level."""
    found = re.search(rf"^(#+) {re.escape(title)}$\n(.*?)(?=^#{{1,2}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[2]


def promises() -> Iterator[Any]:
    """Each item of the chapter of promises."""
    for item in re.split(r"^- ", chapter("What is promised"), flags=re.MULTILINE)[1:]:
        title = re.match(r"\*\*(.+?)\*\*", item, re.DOTALL)
        assert title, item
        yield pytest.param(item, id=title[1].rstrip("."))


@cache
def names_in(file: str) -> frozenset[str]:
    """The names of the tests in a module."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name.startswith("test_"))


@pytest.mark.parametrize("item", promises())
def test_each_promise_has_its_test(item: str) -> None:
    """Each promise in SECURITY.md names at least one test, and all named tests exist."""
    named = NAME.findall(item)
    assert named
    for file, name in named:
        assert name in names_in(file), f"{file}::{name}"


def test_no_name_is_misspelled() -> None:
    """Each name of a test in SECURITY.md has the right form, so that the comparison finds it."""
    assert len(NAME.findall(SECURITY)) == SECURITY.count("::") > len(list(promises()))


def test_limits() -> None:
    """The table of limits in SECURITY.md has each constant of cluster/limits.py with its value, and no other."""
    rows = [row.strip("| ").split(" | ") for row in chapter("Limits").splitlines() if row.startswith("|")][2:]
    written = {name.strip("`"): amount(value) for _what, value, name in rows}
    assert len(written) == len(rows)
    assert written == {name: value for name, value in vars(limits).items() if name.isupper()}


def amount(text: str) -> float:
    """The number in a cell such as “20 MiB”, “20,000” or “40 levels”."""
    number, _, unit = text.partition(" ")
    return int(number.replace(",", "")) * UNITS.get(unit, 1)


def test_limits_of_a_submission_are_what_was_asked() -> None:
    """One submission costs at most 20 s of processor time and 1 GiB of memory, for any content."""
    assert limits.SUBMISSION_CPU_SECONDS <= 20
    assert limits.SUBMISSION_MEMORY <= 2**30


def key(name: str) -> str:
    """The right words of an exercise of choices, as a reader of the students' copy finds them."""
    if name == "review":
        return json.dumps(
            [{"field": ".".join(map(str, path)), "term": broken[0]} for path, broken in VIOLATIONS.items()]
        )
    words = {}
    for item in import_module(f"graders.application_platform.exercises.{name}.rubric").ITEMS:
        fields = {field.name: field.right[0] for field in item.fields}
        words[item.name] = fields if len(fields) > 1 else next(iter(fields.values()))
    return json.dumps(words)


def groups() -> list[tuple[list[str], float]]:
    """The groups of docs/instructors.md by what a score proves: names of exercises, and their points together.

    A new exercise comes in there when its points are settled.
    """
    text = " ".join(chapter("What a score doesn't prove", INSTRUCTORS).split())
    found = re.findall(r"((?:`[a-z-]+`(?:, | and )?)+),? \(?(\d+)(?: of 100)? points\)", text)
    return [(re.findall(r"`([a-z-]+)`", names), float(points)) for names, points in found]


def test_the_key_earns_what_the_docs_say() -> None:
    """The words in the students' copy earn full marks in all exercises with choices (22 of 100 points) and in the review (2 points)."""
    told = {name for names, _ in groups() for name in names}
    decisions = [e for e in LESSON.every() if e.kind == "decision" and e.name in told]
    for one in decisions:
        assert one.judge(key(one.name), world()).score == one.points
    assert sum(e.points for e in decisions) == 22 + 2


def test_points_in_the_docs() -> None:
    """docs/instructors.md puts each exercise into one group of what a score proves, with the rubric's points, which sum to 100."""
    for names, points in groups():
        assert sum(exercise(name).points for name in names) == points, names
    told = [name for names, _ in groups() for name in names]
    assert len(told) == len(set(told))
    assert sum(exercise(name).points for name in told) == 100
