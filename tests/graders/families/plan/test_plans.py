"""The exercises about plans: the points, messages and figure of each mistake."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from cluster import world
from graders.application_platform.exercises.shutdown_plan import model as shutdown
from graders.application_platform.exercises.shutdown_plan import rubric as shutdown_plan
from graders.application_platform.exercises.worker_plan import model as worker
from graders.application_platform.exercises.worker_plan import rubric as worker_plan
from graders.core.exercise import Exercise
from graders.core.report import Report, State
from graders.families.plan import figure as sequence
from graders.families.plan.criteria import PlanEvidence
from graders.present import card
from tests.support.solutions import ROOT, solution

WORKER, SHUTDOWN = worker_plan.EXERCISE, shutdown_plan.EXERCISE
BOTH = pytest.mark.parametrize(("one", "steps"), [(WORKER, worker.STEPS), (SHUTDOWN, shutdown.STEPS)], ids=lambda e: getattr(e, "name", ""))  # fmt: skip


def judge(one: Exercise[Any, Any], *steps: str) -> Report:
    return one.judge("steps:\n" + "".join(f"  - {step}\n" for step in steps), world())


def failing(report: Report) -> dict[str, str]:
    return {f.criterion: f.observed for f in report.findings if f.state is not State.PASS}


MISTAKES = [
    (WORKER, "receive send ack", {"not-twice": "worker → mail server: the email; worker crashes; queue → "}),
    (WORKER, "receive skip-if-recorded send record ack", {"not-twice": "worker → mail server: the email; worker crashes; queue → "}),
    (WORKER, "receive ack send-with-key", {"not-lost": "worker → queue: ack; worker crashes"}),
    (WORKER, "receive skip-if-recorded record send-with-key ack", {"not-lost": "recorded? yes, skip"}),
    (WORKER, "receive send-with-key record", {"done": "the same message, not acknowledged"}),
    (WORKER, "receive ack", {"not-lost": "no step sends the email, so no order is ever mailed", "not-twice": "no step sends the email", "done": "no step sends"}),
    (SHUTDOWN, "stop-accepting finish-requests close-database exit-0", {"not-refused": "this can happen: service closes its port; client → service: a new request is refused"}),
    (SHUTDOWN, "turn-not-ready serve-on stop-accepting close-database finish-requests exit-0", {"not-cut-off": "it is closed"}),
    (SHUTDOWN, "turn-not-ready serve-on stop-accepting exit-0", {"not-cut-off": "exits, and the request is cut off"}),
    (SHUTDOWN, "turn-not-ready serve-on-a-minute stop-accepting finish-requests exit-0", {"in-time": "60 s, but is killed after 30 s"}),
    (SHUTDOWN, "turn-not-ready serve-on stop-accepting finish-requests", {"in-time": "SIGKILL"}),
    (SHUTDOWN, "turn-not-ready serve-on stop-accepting finish-requests exit-1", {"code": "the plan ends with exit-1"}),
    (SHUTDOWN, "turn-not-ready serve-on-a-minute stop-accepting finish-requests exit-1", {"in-time": "killed after 30 s", "code": "the plan ends with exit-1"}),
]  # fmt: skip


@pytest.mark.parametrize(("one", "plan", "found"), MISTAKES, ids=lambda v: v if isinstance(v, str) else "")
def test_a_mistake_costs_itself(one: Exercise[Any, Any], plan: str, found: dict[str, str]) -> None:
    """Each common mistake costs only the criterion that it breaks, and the finding shows the shortest way to it."""
    report = judge(one, *plan.split())
    failed = failing(report)
    assert failed.keys() == found.keys()
    assert all(said in failed[name] for name, said in found.items())


@BOTH
def test_words(one: Exercise[Any, Any], steps: dict[str, str]) -> None:
    """The notebook's table has each step with its effect; case and spaces in its name don't matter."""
    text = (ROOT / f"solutions/application-platform/{one.section}.py").read_text()
    for name, what in steps.items():
        assert f"# | `{name}` | {what.replace('ack', '`ack`') if 'straight to ack' in what else what} |" in text
    written = [step.name for step in one.parse(solution(one)).steps]
    assert judge(one, *(name.replace("-", " ").title() for name in written)).score == one.points


@BOTH
def test_steps_that_there_are_not(one: Exercise[Any, Any], steps: dict[str, str]) -> None:
    """An unknown step gets a suggestion, and a repeated one is named, each with its line."""
    names = list(steps)
    unknown = judge(one, names[0], names[1][:-1] + "x").findings[0]
    assert (unknown.state, unknown.line) == (State.FAIL, 3)
    assert f"Did you mean “{names[1]}”?" in unknown.hint
    doubled = judge(one, names[0], names[0]).findings[0]
    assert (doubled.observed, doubled.line) == (f"“{names[0]}” is in the plan twice", 3)
    assert judge(one, "make-coffee-for-everybody").score == 0


@pytest.mark.parametrize("step", list(worker.STEPS))
def test_one_step_of_a_worker_is_no_plan(step: str) -> None:
    """A worker's plan of one step earns at most a point, and criteria on other steps don't pass."""
    report = judge(WORKER, step)
    assert report.score <= 1
    assert not {f.criterion for f in report.findings if f.state is State.PASS} - {"steps"}


@pytest.mark.parametrize("step", list(shutdown.STEPS))
def test_one_step_of_a_shutdown_is_no_plan(step: str) -> None:
    """A shutdown plan of one step earns at most a third of the points, because criteria on other steps don't pass."""
    assert judge(SHUTDOWN, step).score <= SHUTDOWN.points / 3


def test_nothing_comes_after_the_end() -> None:
    """A step after the exit is named with its line; a plan of all steps earns no points."""
    first = judge(SHUTDOWN, *(step for step in shutdown.STEPS if step != "serve-on-a-minute")).findings[0]
    assert (first.observed, first.line) == ("“exit-1” comes after “exit-0”, which ends the process", 8)
    assert judge(SHUTDOWN, *shutdown.STEPS).score == 0
    swapped = judge(SHUTDOWN, "exit-0", "turn-not-ready")
    assert (swapped.score, swapped.findings[0].line) == (0.4, 3)


def test_one_step_is_said_so() -> None:
    """A plan of one step is described as “1 step”."""
    assert judge(WORKER, "receive").findings[0].observed == "1 step"


def test_it_begins_with_a_message() -> None:
    """A worker's plan must begin with receiving a message."""
    first = judge(WORKER, "send", "receive").findings[0]
    assert (first.observed, first.line) == ("the plan doesn't begin with “receive”", 2)


@BOTH
def test_no_hint_gives_it_away(one: Exercise[Any, Any], steps: dict[str, str]) -> None:
    """No hint names a step of the solution, except the first, which the text gives."""
    given = {"receive"}
    for criterion in one.criteria:
        for hint in criterion.hints:
            assert not [name for name in steps if name not in given and re.search(rf"\b{name}\b", hint)]


@pytest.mark.parametrize(("one", "plan", "found"), MISTAKES, ids=lambda v: v if isinstance(v, str) else "")
def test_the_way_is_drawn(one: Exercise[Any, Any], plan: str, found: dict[str, str]) -> None:
    """The shortest way to a wrong is a well-formed figure with all of its steps in the alt text."""
    report = judge(one, *plan.split())
    evidence = report.evidence
    assert isinstance(evidence, PlanEvidence)
    drawn = ET.fromstring(sequence.svg(evidence))  # noqa: S314  our own
    texts = ["".join(t.itertext()) for t in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert all(any(h.what in text for text in texts) for h in evidence.worst)
    assert all(h.what in sequence.alt(evidence) for h in evidence.worst)
    assert "data:image/svg+xml" in str(card.html(report))
    assert found


def test_a_good_plan_has_no_picture() -> None:
    """The solution has no wrong and no figure, and the card has the number of explored states."""
    report = WORKER.judge(solution(WORKER), world())
    assert report.score == 6
    assert "<figure" not in str(card.html(report))
    assert any("in any of 177 states" in f.observed for f in report.findings)
