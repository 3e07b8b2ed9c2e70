"""Exercise ``boundaries``: common misconceptions about monoliths and microservices, and the message for each."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from cluster import world
from graders.application_platform.exercises.boundaries.rubric import EXERCISE, ITEMS, UNFOUNDED
from tests.support.solutions import solution

ANSWER = yaml.safe_load(solution(EXERCISE))
MICROSERVICES = {"choose": "microservices"}
MONOLITH = {"choose": "monolith"}

# A misconception: the item, what the answer has there, its points, and the message.
MISCONCEPTIONS: dict[str, tuple[str, dict[str, Any], float, str]] = {
    "microservices are the modern way": ("recipe-box", MICROSERVICES, 0, "Six people now run eleven pipelines"),
    "others have eleven, so should we": ("parcel-desk", MICROSERVICES, 0, "copied to servers by hand"),
    "each screen is a service": ("club-ledger", MICROSERVICES, 0, "the rules still fit on one page"),
    "a monolith scales just as well": ("video-school", MONOLITH, 0, "60 copies of the lesson pages"),
    "one release day is discipline": ("ticket-exchange", MONOLITH, 0, "still wait for the fifth one"),
    "one image can hold everything": ("rail-planner", MONOLITH, 0, "each upgrade of one affects both"),
    "microservices, for they scale": (
        "ticket-exchange", {**MICROSERVICES, "because": "different-scaling"}, 0.21, "no part that needs many more machines",
    ),
    "twelve people are a small team": ("club-ledger", {**MONOLITH, "because": "small-team"}, 0.21, "fewer than eight people is small"),
    "what is new is simple": (
        "recipe-box", {**MONOLITH, "because": "simple-domain"}, 0.21, "Nothing in the facts says that the subject itself is simple",
    ),
    "two squads must release apart": (
        "video-school", {**MICROSERVICES, "because": "independent-deploys"}, 0.21, "no squad that waits",
    ),
    "every reason is a good one": ("parcel-desk", {**MONOLITH, "because": list(UNFOUNDED)}, 0, "fewer than eight people is small"),
}  # fmt: skip


@pytest.mark.parametrize("thought", MISCONCEPTIONS)
def test_misconception(thought: str) -> None:
    """Each misconception has its own finding, on its own item, with the consequence."""
    item, written, earned, told = MISCONCEPTIONS[thought]
    report = EXERCISE.judge(yaml.safe_dump({**ANSWER, item: {"because": ANSWER[item]["because"], **written}}), world())
    missed = [f for f in report.findings if f.earned < f.points]
    assert [f.criterion for f in missed] == [item]
    assert told in missed[0].why
    assert missed[0].earned == pytest.approx(earned, abs=0.011)


def test_every_reason_decides_somewhere() -> None:
    """Each reason is right for at least one team, and each shape for several, so no word can be excluded without reading."""
    right = [field.right for item in ITEMS for field in item.fields]
    assert {reason for reasons in right for reason in reasons} == {*UNFOUNDED, "monolith", "microservices"}
    assert right.count(("monolith",)) == right.count(("microservices",)) == 3


def test_one_answer_for_all_earns_next_to_nothing() -> None:
    """The same choice for every team, with every reason, earns almost nothing."""
    for shape in ("monolith", "microservices"):
        same = {item.name: {"choose": shape, "because": list(UNFOUNDED)} for item in ITEMS}
        assert EXERCISE.judge(yaml.safe_dump(same), world()).score < EXERCISE.points / 10
