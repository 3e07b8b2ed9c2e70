"""A slip in a plan costs the line on its form, and the plan is carried out all the same; each mistake has hints of its own."""

from __future__ import annotations

import pytest

from cluster import world
from graders.application_platform.exercises.shutdown_plan import model as shutdown
from graders.application_platform.exercises.worker_plan import model as worker
from graders.core.registry import exercise
from graders.core.report import Finding, Report, State
from graders.reading.vocabulary import misspelled

WORKER = ("receive", "skip-if-recorded", "send-with-key", "record", "update-order", "ack")
SHUTDOWN = ("turn-not-ready", "serve-on", "stop-accepting", "finish-requests", "close-database", "exit-0")


def judged(name: str, *steps: str) -> Report:
    return exercise(name).judge("steps:\n" + "".join(f"  - {step}\n" for step in steps), world())


def by_name(report: Report) -> dict[str, Finding]:
    return {finding.criterion: finding for finding in report.findings}


def instead(steps: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(new if step == old else step for step in steps)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ack", "akc"), ("ack", "ackk"), ("receive", "recieve"), ("receive", "1. receive"), ("record", "records"),
        ("record", "4) record"), ("send-with-key", "send-wiht-key"), ("send-with-key", "5 send-with-key"),
        ("skip-if-recorded", "skip-if-record"), ("receive", "receive a message from the queue"),
        ("update-order", "update-orders"), ("ack", "ack the message"), ("record", "3) recrod"),
    ],
)  # fmt: skip
def test_a_slip_costs_its_own_line(old: str, new: str) -> None:
    """A misspelled step with a clear meaning is carried out, and costs only the criterion on the plan's form."""
    report = judged("worker-plan", *instead(WORKER, old, new))
    assert report.score == 5.5
    assert f"“{old}”" in by_name(report)["steps"].hint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("serve-on", "serve-on 5 seconds"), ("finish-requests", "finish-request"), ("close-database", "close-databse"),
        ("exit-0", "exit with code 0"), ("turn-not-ready", "tunr-not-ready"), ("stop-accepting", "stop-acepting"),
        ("finish-requests", "finish the requests in flight"), ("exit-0", "6. exit-0"),
    ],
)  # fmt: skip
def test_a_slip_of_a_shutdown(old: str, new: str) -> None:
    """A clear slip in a shutdown plan is carried out as well, and costs the criterion on the form."""
    report = judged("shutdown-plan", *instead(SHUTDOWN, old, new))
    assert report.score == 1.9
    assert f"“{old}”" in by_name(report)["steps"].hint


def test_the_word_of_the_lesson() -> None:
    """The word acknowledge, as the lesson uses it, means ack, and costs nothing."""
    assert judged("worker-plan", *instead(WORKER, "ack", "Acknowledge")).score == 6


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (WORKER[1:], "doesn't begin with “receive”"),
        ((*WORKER, "skip-if-recorded"), "“skip-if-recorded” is in the plan twice"),
        ((*WORKER, '"..."'), "the placeholder “...” is still there"),
        ((*WORKER, "drink-coffee"), "“drink-coffee” isn't a step"),
    ],
)
def test_what_else_is_no_reason_to_stop(steps: tuple[str, ...], said: str) -> None:
    """A missing first step, a repeated step, the form's dots and an unknown step cost only the criterion on the form."""
    report = judged("worker-plan", *steps)
    assert report.score == 5.5
    assert said in by_name(report)["steps"].observed


def test_a_beginning_in_the_wrong_place() -> None:
    """A plan that begins with another step than its first can't be carried out, and neither can a single step without it."""
    for steps in ((*WORKER[1:], "receive"), ("send-with-key",), ("ack", "receive", "send-with-key")):
        assert judged("worker-plan", *steps).score == 0


@pytest.mark.parametrize("word", ["serve-on 60 seconds", "exit-2", "exit", "don't serve on", "never serve-on", "serve"])
def test_nothing_is_guessed_at(word: str) -> None:
    """A step with several possible meanings, or none, isn't carried out."""
    report = judged("shutdown-plan", *instead(SHUTDOWN, "exit-0" if "exit" in word else "serve-on", word))
    assert report.score < 1.9
    assert by_name(report)["steps"].state is State.FAIL


def test_all_slips_are_named_at_once() -> None:
    """One card names three slips, each with its line and its next step."""
    report = judged("shutdown-plan", "turn not ready", "serve-on 5 seconds", "stop-accepting", "finish-request", "close-databse", "exit 0")  # fmt: skip
    finding = by_name(report)["steps"]
    assert report.score == 1.9
    assert (finding.observed, finding.line) == ("“serve-on 5 seconds” is more than a step's name", 3)
    assert "“finish-request” isn't a step (line 5). Did you mean “finish-requests”?" in finding.also
    assert "“close-databse” isn't a step (line 6). Did you mean “close-database”?" in finding.also


def test_slips_have_hints_on_form() -> None:
    """The hints on a slip are about the form of a plan, and those on a missing first step are about that step."""
    for steps in (instead(WORKER, "ack", "akc"), (*WORKER, "record"), (*WORKER, '"..."')):
        assert "table" in by_name(judged("worker-plan", *steps))["steps"].hints[0]
    assert "before it can do anything" in by_name(judged("worker-plan", *WORKER[1:]))["steps"].hints[0]


def test_many_slips_are_bounded() -> None:
    """A card names only a few of many slips."""
    finding = by_name(judged("worker-plan", *(f"step-{number}" for number in range(12))))["steps"]
    assert "There are 6 more." in finding.also
    assert len(finding.also) < 1000


@pytest.mark.parametrize("word", ["receive-all", "a", "se", "act", "5000ms", "500s", "synchronou5"])
def test_what_is_no_slip(word: str) -> None:
    """Two different letters, another digit, another unit, or one of three letters is no misspelling."""
    assert (
        misspelled(word, ["receive", "ack", "send", "500ms", "exit-0", "exit-1", "synchronous", "asynchronous"]) is None
    )


# -- one notion of an end in good order


@pytest.mark.parametrize(
    "steps", [instead(SHUTDOWN, "serve-on", "serve-on-a-minute"), SHUTDOWN[:-1], (*SHUTDOWN[:2], "serve-on-a-minute", *SHUTDOWN[2:])]
)  # fmt: skip
def test_a_killed_process_exits_with_nothing(steps: tuple[str, ...]) -> None:
    """A killed process doesn't exit by itself, and the kill costs points once."""
    report = judged("shutdown-plan", *steps)
    code = by_name(report)["code"]
    assert (code.state, code.title) == (State.PASS, "When it exits by itself, its code is 0")
    assert code.observed.startswith("it is killed before it exits by itself")
    assert report.score == 1.6


def test_the_code_is_the_plans() -> None:
    """The finding on a plan that ends with exit-1 names the exit code, and no earlier lost request."""
    for steps in (("turn-not-ready", "serve-on", "close-database", "exit-1"), ("exit-1",), (*SHUTDOWN[:-1], "exit-1")):
        assert (
            by_name(judged("shutdown-plan", *steps))["code"].observed
            == "the plan ends with exit-1, the exit after an error"
        )


def test_a_plan_without_an_end() -> None:
    """For a plan without a last step that ends the process, the hint asks what ends it; for a slow plan, it asks to add up."""
    found = by_name(judged("shutdown-plan", *SHUTDOWN[:-1]))["in-time"]
    assert "What ends it?" in found.hint == found.hints[0]
    late = by_name(judged("shutdown-plan", *instead(SHUTDOWN, "serve-on", "serve-on-a-minute")))["in-time"]
    assert late.hint.startswith("Add up")


def test_a_step_after_the_end() -> None:
    """The finding on a step after the end says where it belongs, and the one on a second end says to delete it."""
    found = by_name(judged("shutdown-plan", *SHUTDOWN[:4], "exit-0", "close-database"))["steps"]
    assert found.hint == "Put “close-database” before “exit-0”, or delete it."
    assert (
        by_name(judged("shutdown-plan", *SHUTDOWN, "exit-1"))["steps"].hint == "Keep one exit step, as the last step."
    )


def test_no_points_for_an_end_that_is_no_end() -> None:
    """A plan that does nothing in the right order earns nothing for its end."""
    assert by_name(judged("shutdown-plan", "turn-not-ready"))["code"].earned == 0
    assert by_name(judged("shutdown-plan", "exit-0"))["code"].earned == 0


def test_no_refusal_without_one() -> None:
    """If the platform kills a service that still gets requests, the card says so, and mentions no closed port."""
    refused = by_name(judged("shutdown-plan", "serve-on-a-minute", "turn-not-ready", "stop-accepting", "finish-requests", "exit-0"))["not-refused"]  # fmt: skip
    assert (refused.follows, refused.observed) == (True, "the platform kills it while requests still arrive")
    open_port = by_name(judged("shutdown-plan", "turn-not-ready"))["not-refused"]
    assert (open_port.follows, open_port.observed) == (True, "no step closes the port")
    late = by_name(judged("shutdown-plan", "serve-on", "turn-not-ready", "stop-accepting", "finish-requests", "exit-0"))["not-refused"]  # fmt: skip
    assert "at once" not in late.why


@pytest.mark.parametrize(
    "steps", [(*SHUTDOWN, "exit-1"), (*SHUTDOWN[:4], "exit-0", "close-database", "serve-on-a-minute")]
)
def test_steps_after_the_end(steps: tuple[str, ...]) -> None:
    """A step after the end costs the criterion on the plan's form, and is never carried out."""
    report = judged("shutdown-plan", *steps)
    assert report.score == 1.9
    assert "which ends the process" in by_name(report)["steps"].observed


def test_a_promise_without_a_step() -> None:
    """A plan that closes no port is right if no more requests come; a remark mentions the contract."""
    report = judged("shutdown-plan", *(step for step in SHUTDOWN if step != "stop-accepting"))
    assert report.score == 2
    assert any("The contract says “stop accepting new requests”." in note for note in report.notes)
    assert judged("shutdown-plan", *SHUTDOWN).notes == ()


# -- hints of a worker's plan


WORKERS = [
    (("receive", "ack"), "not-lost", "Which step of the table hands over the email?", "What does the customer get"),
    (("receive", "record", "skip-if-recorded", "send-with-key", "ack"), "not-lost", "This needs no crash", "without any crash"),
    (("receive", "update-order", "record", "skip-if-recorded", "send", "ack"), "not-lost", "This needs no crash", "without any crash"),
    (("receive", "skip-if-recorded", "record", "send-with-key", "ack"), "not-lost", "Was that true when it was written?", "trusted the database"),
    (("receive", "send", "send-with-key", "record", "ack"), "not-twice", "One step that hands over the email", "How many steps"),
    (("receive", "send-with-key", "record", "send", "ack"), "not-twice", "One step that hands over the email", "How many steps"),
    (("receive", "ack", "send-with-key"), "not-lost", "for each step", "Where is the order stored"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "criterion", "hint", "rung"), WORKERS)
def test_the_hint_is_about_this_mistake(steps: tuple[str, ...], criterion: str, hint: str, rung: str) -> None:
    """The hints for a worker's plan are about that plan's mistake, and quote no step."""
    finding = by_name(judged("worker-plan", *steps))[criterion]
    assert hint in finding.hint
    assert rung in finding.hints[0]
    assert not [step for step in worker.STEPS if any(f"“{step}”" in hint for hint in finding.hints)]


def test_two_steps_that_send() -> None:
    """Two steps that send an email are named as such."""
    finding = by_name(judged("worker-plan", "receive", "send", "send-with-key", "ack"))["not-twice"]
    assert finding.observed.startswith("two steps send the email: ")


def test_every_step_is_its_own_word() -> None:
    """No step of a plan is read as a slip of another step."""
    for steps in (worker.STEPS, shutdown.STEPS):
        for step in steps:
            assert misspelled(step, [other for other in steps if other != step]) in (
                None,
                {"exit-0": "exit-1"}.get(step),
            )
