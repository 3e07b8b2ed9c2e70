"""Exercise ``interactions``: common misconceptions about waiting, and the message for each."""

from __future__ import annotations

import pytest
import yaml

from cluster import world
from graders.application_platform.exercises.interactions.rubric import ASYNC, EXERCISE, ITEMS, REASONS, SYNC
from tests.support.misconceptions import hold
from tests.support.solutions import solution

ANSWER = yaml.safe_load(solution(EXERCISE))

MISCONCEPTIONS = {
    "asynchronous is always better": ("show-order", {"how": "asynchronous"}, 0, "your request has been received"),
    "the customer wants to know that the email is sent": ("confirmation", {"how": "synchronous"}, 0, "the shop sells nothing"),
    "the seat may follow": ("last-seat", {"how": "asynchronous"}, 0, "needs a refund"),
    "I know all who need it": ("price-change", {"how": "synchronous"}, 0, "one more call in your program"),
    "a queue is quick": ("motor-stop", {"how": "asynchronous"}, 0, "The saw runs until"),
    "a longer timeout will do": ("year-export", {"how": "synchronous"}, 0, "504"),
    "two messages make a transfer": ("wallets", {"how": "asynchronous"}, 0, "five euros are in neither wallet"),
    "the visitor pressed the button and waits": ("small-copies", {"how": "synchronous"}, 0, "busy with photos"),
    "let it through and check later": ("token-check", {"how": "asynchronous"}, 0, "that the token is invalid"),
    "a counter is quick": ("count-clicks", {"how": "synchronous"}, 0, "every page is slow"),
    "whatever is asynchronous is slow": ("price-change", {"because": "slow-work"}, 0.1, "Nothing in the facts takes long"),
    "a browser doesn't wait": ("show-order", {"because": "nobody-waits"}, 0.1, "a person or a program waits"),
    "everything is urgent": ("last-seat", {"because": "tight-deadline"}, 0.1, "name a short time"),
    "keep everything apart": ("token-check", {"because": "kept-apart"}, 0.1, "one side may be down"),
    "a report is all or nothing": ("year-export", {"because": "all-or-nothing"}, 0.1, "no two changes"),
    "an export needs its answer": ("year-export", {"because": "needs-the-answer"}, 0.1, "doesn't use anything that comes back"),
}  # fmt: skip


@pytest.mark.parametrize("thought", MISCONCEPTIONS)
def test_misconception(thought: str) -> None:
    """Each misconception has its own finding, on its own interaction, with the consequence."""
    hold(EXERCISE, ANSWER, MISCONCEPTIONS[thought])


def test_ten_interactions() -> None:
    """Half of the ten interactions are synchronous; each reason is right for at least one, and never for the other way."""
    right = [(item.fields[0].right[0], set(item.fields[1].right)) for item in ITEMS]
    assert sorted(how for how, _ in right) == [ASYNC] * 5 + [SYNC] * 5
    assert set().union(*(because for _, because in right)) == set(REASONS)
    waits = {"needs-the-answer", "tight-deadline", "all-or-nothing"}
    assert all((how == SYNC) == bool(because & waits) == (not because - waits) for how, because in right)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_any_of_the_reasons(item: object) -> None:
    """Each reason that the facts give is enough alone, and all of them together are right as well."""
    one = next(i for i in ITEMS if i is item)
    for because in [*one.fields[1].right, list(one.fields[1].right)]:
        answer = {**ANSWER, one.name: {"how": one.fields[0].right[0], "because": because}}
        assert EXERCISE.judge(yaml.safe_dump(answer), world()).score == EXERCISE.points


def test_short_words() -> None:
    """“sync” and “async” are understood."""
    answer = {name: {**fields, "how": fields["how"].replace("hronous", "")} for name, fields in ANSWER.items()}
    assert EXERCISE.judge(yaml.safe_dump(answer), world()).score == EXERCISE.points
