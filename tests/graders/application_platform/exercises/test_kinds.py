"""Exercise ``kinds``: common misconceptions about kinds of service, and the message for each."""

from __future__ import annotations

import pytest
import yaml

from cluster import world
from graders.application_platform.exercises.kinds.rubric import DEADLINES, EXERCISE, ITEMS, KINDS, SCALES, SCHEDULED
from tests.support.misconceptions import hold
from tests.support.solutions import solution

ANSWER = yaml.safe_load(solution(EXERCISE))

MISCONCEPTIONS = {
    "everything is an API": ("ticket-pdf", {"kind": "api"}, 0, "The page waits for 8 s"),
    "what is slow goes into a queue": ("seat-map", {"kind": "worker"}, 0, "the visitor looks at an empty hall"),
    "a queue answers its callers": ("price-quote", {"kind": "worker"}, 0, "a queue doesn't return one"),
    "cron does for events": ("stock-count", {"kind": "scheduled"}, 0, "the shop sells what it no longer has"),
    "a worker runs by the clock": ("stale-carts", {"kind": "worker"}, 0, "sends no message"),
    "an API that somebody calls at night": ("daily-report", {"kind": "api"}, 0, "Somebody would have to call it"),
    "a worker scales on requests": (
        "thumbnails",
        {"scale-on": "requests"},
        0.31,
        "stays at one copy while the queue grows",
    ),
    "every worker grows with its queue": ("ledger", {"scale-on": "queue-depth"}, 0.31, "at the same time"),
    "a shop that sells more counts faster": ("stock-count", {"scale-on": "queue-depth"}, 0.31, "at the same time"),
    "a report has half a second": ("daily-report", {"deadline": "500ms"}, 0.31, "A clock starts this"),
    "an API has a queue": ("login", {"scale-on": "queue-depth"}, 0.31, "There is no queue"),
    "two copies of a report are faster": ("expiring-cards", {"scale-on": "queue-depth"}, 0.31, "the same work twice"),
    "visitors are patient": ("seat-map", {"deadline": "nobody-waits"}, 0.31, "presses reload"),
}


@pytest.mark.parametrize("thought", MISCONCEPTIONS)
def test_misconception(thought: str) -> None:
    """Each misconception has its own finding, on its own workload, with the consequence."""
    hold(EXERCISE, ANSWER, MISCONCEPTIONS[thought])


def test_ten_workloads() -> None:
    """Of the ten workloads, three or four are of each kind, with that kind's deadline; two workers run one at a time."""
    right = [item.fields[0].right[0] for item in ITEMS]
    assert sorted(right.count(kind) for kind in KINDS) == [3, 3, 4]
    other = []
    for item in ITEMS:
        kind, deadline, pace = (field.right[0] for field in item.fields)
        assert deadline == DEADLINES[kind]
        other += [(item.name, pace)] if pace != SCALES[kind] else []
    assert other == [("ledger", SCALES[SCHEDULED]), ("stock-count", SCALES[SCHEDULED])]


def test_spelling_of_a_duration() -> None:
    """A space between a number and its unit doesn't change the deadline."""
    answer = {**ANSWER, "login": {**ANSWER["login"], "deadline": "500 ms"}}
    assert EXERCISE.judge(yaml.safe_dump(answer), world()).score == EXERCISE.points
