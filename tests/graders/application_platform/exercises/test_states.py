"""A finding's state agrees with its points, for any answer, and a missing part isn't called wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster import world
from graders.authoring.guessing.strategies import guesses, strategies
from graders.core.exercise import Criterion, Exercise, follows, not_started, partly
from graders.core.registry import exercise, exercises
from graders.core.report import Report, State
from tests.support.printed import above
from tests.support.solutions import ROOT, solution

FAULTS = ROOT / "tests/corpus/faults"
STUDENTS = ROOT / "tests/corpus/students.jsonl"
MOST = 50
"""Answers of each kind to one exercise."""


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, path.read_text().splitlines())


def _answers(one: Exercise[Any, Any]) -> Iterator[str]:
    """Answers as people write them, guesses, and the solution with each line left out, doubled, or cut off there."""
    right = solution(one)
    lines = right.splitlines()
    yield right
    for n in range(len(lines)):
        yield "\n".join((*lines[:n], *lines[n + 1 :]))
        yield "\n".join((*lines[:n], lines[n], *lines[n:]))
        yield "\n".join(lines[:n])
        name, colon, _ = lines[n].partition(":")
        yield "\n".join((*lines[:n], f"{name}{colon} something else", *lines[n + 1 :]))
    if one.sample is not None:
        yield one.sample.text
    for row in (*_lines(STUDENTS), *_lines(FAULTS / "index.jsonl")):
        if row["exercise"] == one.name:
            yield (FAULTS / row["file"]).read_text() if row.get("file") else str(row.get("answer"))
    if one.graded:
        words = above(one)
        for answers in (strategies(words), guesses(words, 1), guesses(words, 2)):
            yield from (text for _, text in islice(answers, MOST))


def _off(report: Report) -> list[str]:
    return [
        f"{f.criterion}: {f.state}, {f.earned} of {f.points}, {f.observed}" for f in report.findings if f.points
        if (f.state is State.PASS) != (f.earned == f.points and not f.follows)
        or (f.earned and f.state in (State.NOT_STARTED, State.WAITING, State.NOT_JUDGED)) or (f.follows and f.state is State.PASS)
    ]  # fmt: skip


@pytest.mark.parametrize("name", [e.name for e in exercises()])
def test_state_and_points_agree(name: str) -> None:
    """No failed finding has all its points, unless another one is charged; no passed one has fewer, and none that isn't started has any."""
    one = exercise(name)
    for text in _answers(one):
        assert not _off(one.judge(text, world())), text


CRITERION: Criterion[Any, Any] = Criterion(
    "one", 0.3, "One", lambda _answer, _evidence: partly(1, ""), "it", "because", "", ("a", "b", "c")
)


@pytest.mark.parametrize("share", [0, 0.0001, 0.3, 0.5, 0.99, 0.9999999, 1])
def test_points_are_never_rounded_up_to_all(share: float) -> None:
    """A share below one stays below all points."""
    found = CRITERION.finding(partly(share, ""))
    assert (found.state is State.PASS) == (found.earned == found.points) == (share == 1)
    followed = CRITERION.finding(follows("it", share))
    assert (followed.state, followed.earned == followed.points) == (State.FAIL, share == 1)


def test_not_started_earns_nothing() -> None:
    """A criterion that isn't started has no points, and a next step."""
    found = CRITERION.finding(not_started("nothing is written", "Write."))
    assert (found.state, found.earned, found.hint) == (State.NOT_STARTED, 0, "Write.")


def _items(name: str) -> dict[str, Any]:
    answer: dict[str, Any] = yaml.safe_load(solution(exercise(name)))
    return answer


@pytest.mark.parametrize("name", [e.name for e in exercises() if e.kind == "decision" and e.name != "review"])
def test_an_item_that_is_left_out_is_not_started(name: str) -> None:
    """A missing or empty item isn't started, and the others keep their points."""
    answer = _items(name)
    first, *others = answer
    blank = dict.fromkeys(answer[first]) if isinstance(answer[first], dict) else None
    for text in (
        yaml.safe_dump({item: answer[item] for item in others}) if others else "",
        yaml.safe_dump({**answer, first: None}),
        yaml.safe_dump({**answer, first: blank}),
        yaml.safe_dump({**answer, first: ""}),
    ):
        report = exercise(name).judge(text, world())
        left = next(f for f in report.findings if f.criterion == first)
        assert (left.state, left.earned) == (State.NOT_STARTED, 0), text
        assert all(f.state is State.PASS for f in report.findings if f.criterion != first)
        assert report.state is (State.FAIL if others else State.NOT_STARTED)


@pytest.mark.parametrize("name", ["request", "contract"])
def test_a_part_that_is_left_out_is_not_started(name: str) -> None:
    """A part of a form without a value isn't started, and a part with a wrong value is."""
    answer = yaml.load(solution(exercise(name)), yaml.BaseLoader)  # noqa: S506  texts only
    first, *others = answer
    for text in (
        yaml.safe_dump({part: answer[part] for part in others}),
        yaml.safe_dump({**answer, first: dict.fromkeys(answer[first])}).replace(" null", ""),
    ):
        found = exercise(name).judge(text, world()).findings[0]
        assert (found.state, found.earned) == (State.NOT_STARTED, 0)
    report = exercise(name).judge(yaml.safe_dump({**answer, first: {next(iter(answer[first])): "x"}}), world())
    assert report.findings[0].state is State.FAIL
