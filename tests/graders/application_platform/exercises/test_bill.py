"""Exercise ``bill``: common misconceptions about who does the work, and the message for each."""

from __future__ import annotations

import pytest
import yaml

from cluster import world
from graders.application_platform.exercises.bill.rubric import EXERCISE, ITEMS, WHO
from tests.support.solutions import solution

ANSWER = yaml.safe_load(solution(EXERCISE))

MISCONCEPTIONS = {
    "who builds it runs the cluster, too": ("cluster-on-call", "application-team", "node wakes eleven squads"),
    "Kubernetes heals everything": ("cluster-on-call", "nobody", "It doesn't repair the node"),
    "somebody has to watch each pod": ("dead-pod", "platform-team", "done before you are at your desk"),
    "callers find the pods": ("spread-requests", "application-team", "calls pods that are gone"),
    "a release is done by hand": ("one-by-one", "application-team", "stops all three at once"),
    "squads choose their nodes": ("room-on-a-node", "application-team", "choose the same one"),
    "slow databases are the platform's": ("slow-query", "platform-team", "You can't see what it should find"),
    "each squad picks its own tools": ("tracing", "application-team", "can't be followed from end to end"),
    "a pipeline is part of the code": ("pipelines", "application-team", "the next security fix"),
    "databases belong to the platform": ("table-schema", "platform-team", "Each column needs a ticket"),
    "a gateway settles what an API means": (
        "api-meaning",
        "platform-team",
        "it can't know whether the total includes tax",
    ),
    "certificates renew themselves": ("calls-between", "nobody", "they don't renew themselves"),
    "the platform owns everything": ("business-rules", "platform-team", "decides what a member is"),
}


@pytest.mark.parametrize("thought", MISCONCEPTIONS)
def test_misconception(thought: str) -> None:
    """Each misconception has its own finding, on its own item, with the consequence."""
    item, who, told = MISCONCEPTIONS[thought]
    report = EXERCISE.judge(yaml.safe_dump({**ANSWER, item: who}), world())
    missed = [f for f in report.findings if f.earned < f.points]
    assert [(f.criterion, f.earned) for f in missed] == [(item, 0)]
    assert told in missed[0].why


def test_each_word_is_right_as_often_as_any_other() -> None:
    """Tasks of running software belong to the platform team, tasks of its function don't, and no word stands out."""
    right = [item.fields[0].right for item in ITEMS]
    assert [right.count((who,)) for who in WHO] == [4, 4, 4]
    assert all(set(item.fields[0].options) == set(WHO) for item in ITEMS)


def test_short_and_long_form() -> None:
    """The word alone and the field written out are the same answer."""
    spelled = {name: {"lands-on": who} for name, who in ANSWER.items()}
    assert EXERCISE.judge(yaml.safe_dump(spelled), world()).score == EXERCISE.points
