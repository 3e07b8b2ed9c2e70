"""One policy for a key that is written twice, in every exercise whose answer is YAML."""

from __future__ import annotations

import re

import pytest

from cluster import world
from cluster.errors import AnswerError
from cluster.manifests.documents import read
from graders.core.registry import exercise, exercises
from tests.support.solutions import solution

KEY = re.compile(r"^( *)(- )?([\w-]+):(.*)$")
DRAWN = "diagram"


def doubled(text: str) -> tuple[str, str, int, int]:
    """A text with its last key that has a value written again below itself; the key, and both its lines."""
    lines = text.splitlines()
    for number, line in reversed(list(enumerate(lines))):
        match = KEY.match(line)
        if match and match[4].strip() and not match[4].strip().startswith(("|", ">", "&", "#")):
            again = f"{match[1]}{'  ' if match[2] else ''}{match[3]}:{match[4]}"
            return "\n".join([*lines[: number + 1], again, *lines[number + 1 :]]), match[3], number + 1, number + 2
    raise AssertionError("no key")


def plan(text: str) -> tuple[str, str, int, int]:
    """A plan, which has no key but that of its list, with that list twice."""
    steps = [line.strip() for line in text.splitlines() if line.strip().startswith("- ")]
    once = ["steps:", *steps]
    return "\n".join([*once, *once]), "steps", 1, len(once) + 1


def test_the_exercises() -> None:
    """The answers to all exercises except the drawing are YAML."""
    assert [one.name for one in exercises() if not _is_yaml(one.name)] == [DRAWN]


def _is_yaml(name: str) -> bool:
    try:
        return all(isinstance(document.data, dict | list) for document in read(solution(exercise(name))))
    except AnswerError:
        return False


@pytest.mark.parametrize("name", [one.name for one in exercises() if one.name != DRAWN])
@pytest.mark.parametrize("above", [0, 3], ids=["file", "cell"])
def test_a_key_that_is_written_twice(name: str, above: int) -> None:
    """The report says that the key is written twice, with both lines as the editor counts them, and the answer loses full marks."""
    one = exercise(name)
    text = solution(exercise(name))
    text, key, first, second = plan(text) if one.kind == "plan" else doubled(text)
    report = one.judge("\n" * above + text, world())
    told = [report.problem, *(f"{finding.observed} {finding.also}" for finding in report.findings)]
    words = f"written twice, on lines {first + above} and {second + above}"
    assert any(f"“{key}”" in said and words in said for said in told), told
    assert report.judged
    assert report.score < one.points or not one.points
