"""What is told of a Job that was started from a learner's CronJob."""

from __future__ import annotations

from cluster.train.stops import JOB
from cluster.train.timeline import Event, EventKind, Timeline
from graders.application_platform.exercises.daily_report.job_outcomes import told

BEGAN = Event(0, JOB, JOB, EventKind.BEGAN)


def happened(*events: Event, live: bool = False) -> str:
    return " ".join(told(Timeline("kind", "v1.37", (BEGAN, *events), live=live)))


def pod(at: float, kind: EventKind, name: str = "a", value: float | None = None, detail: str = "") -> Event:
    return Event(at, JOB, name, kind, detail, value)


def ended(how: str) -> Event:
    return Event(9, JOB, JOB, EventKind.ENDED, how)


def test_a_good_one() -> None:
    """A completed Job has its time, its number of pods, and its output."""
    said = happened(
        pod(0.1, EventKind.SCHEDULED), pod(0.5, EventKind.STARTED, value=0), pod(1.2, EventKind.EXITED, value=0),
        pod(2, EventKind.LOGGED, detail="report (orders: 3)"), ended("Complete"),
    )  # fmt: skip
    assert "its container ended with exit code 0 after 1.2 s." in said
    assert "The Job is complete, with one pod." in said
    assert "“report (orders: 3)”" in said


def test_tried_again() -> None:
    """A second run in the same pod and a run in a new pod have different words."""
    first, again = pod(1, EventKind.EXITED, value=1), pod(2, EventKind.EXITED, value=1)
    assert "in the same pod ended with exit code 1 after 2.0 s" in happened(first, again)
    assert "in a new pod ended" in happened(first, pod(2, EventKind.EXITED, "b", 0))
    assert "The Job has failed, with 2 pods." in happened(
        pod(0, EventKind.SCHEDULED), pod(1, EventKind.SCHEDULED, "b"), first, ended("Failed")
    )
    assert "wasn't done after 40 s" in happened(first, ended(""))


def test_many_tries() -> None:
    """At most six steps are shown, with a sign for further ones."""
    said = happened(*(pod(n, EventKind.EXITED, value=1) for n in range(9)))
    assert (said.count("exit code"), " …" in said) == (6, True)


def test_a_job_that_goes_on() -> None:
    """While a Job runs, nothing is said about its end."""
    assert "has not ended yet" in happened(live=True)
    assert "The Job" not in happened(pod(1, EventKind.EXITED, value=0), live=True)


def test_no_pod() -> None:
    """A pod that is refused, or can't be scheduled, is reported in the server's words, without control characters."""
    said = happened(pod(0.1, EventKind.FAILED_CREATE, JOB, detail="forbidden:\x1b[31m host"))
    assert "its pod couldn't be created: forbidden:" in said
    assert "\x1b" not in said
    assert "couldn't start (no room)" in happened(pod(1, EventKind.FAILED_SCHEDULING, detail="no room"), live=True)


def test_nothing_to_tell() -> None:
    """A world without programs says nothing; a note is a sentence."""
    assert list(told(Timeline("simulated", "v1.37"))) == []
    assert list(told(Timeline("kind", "v1.37", note="No image, so no job was started"))) == [
        "No image, so no job was started."
    ]
