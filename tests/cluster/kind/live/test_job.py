"""A Job is started from a learner's CronJob on the real cluster, and followed to its end."""

from __future__ import annotations

import pytest

from cluster.kind.api import Api
from cluster.kind.world import KindCluster
from cluster.manifests.documents import read
from cluster.train.stops import JOB
from cluster.train.timeline import EventKind, Timeline
from graders.application_platform.exercises.daily_report.rubric import EXERCISE
from graders.core.report import Report, State
from tests.cluster.kind.live.watching import namespaces
from tests.support.manifests import CRON_JOB

NONSENSE = "image: myapp/reporter:v1.2.0\n              args: [--day=never]"
TWICE = CRON_JOB.replace("image: myapp/reporter:v1.2.0", NONSENSE).replace(
    "    spec:\n      template:", "    spec:\n      backoffLimit: 1\n      template:"
)


def started(text: str) -> Timeline:
    return KindCluster().start_job(read(text))


def exits(job: Timeline) -> list[tuple[str, float | None]]:
    return [(e.subject, e.value) for e in job.of(JOB, EventKind.EXITED)]


def test_the_report_is_made(api: Api) -> None:
    """The solution's Job completes in one pod, its last line is the report, and nothing is left behind."""
    said: list[Report] = []
    report = EXERCISE.judge(CRON_JOB, KindCluster(), said.append)
    notes = " ".join(report.notes)
    assert (report.score, report.state) == (5, State.PASS)
    assert all(words in notes for words in ("exit code 0", "The Job is complete, with one pod.", "“report (day: 20"))
    assert any("has not ended yet" in " ".join(one.notes) for one in said)
    assert namespaces(api) == set()


def test_where_a_failed_report_is_tried_again(api: Api) -> None:
    """On a real cluster, OnFailure retries in the same pod and Never in a new pod, as the exercise says."""
    same, another = exits(started(TWICE)), exits(started(TWICE.replace("OnFailure", "Never")))
    assert [code for _, code in same] == [code for _, code in another] == [2, 2]
    assert (len({pod for pod, _ in same}), len({pod for pod, _ in another})) == (1, 2)
    assert namespaces(api) == set()


@pytest.mark.parametrize(
    ("pod", "said"),
    [
        ("hostNetwork: true", "hostNetwork"),
        ("volumes: [{name: node, hostPath: {path: /}}]", "hostPath"),
    ],
)
def test_what_a_job_may_not(pod: str, said: str) -> None:
    """A Job whose pod accesses the node gets no pod, and the card names the refusing plug-in."""
    text = CRON_JOB.replace("restartPolicy", f"{pod}\n          restartPolicy")
    notes = " ".join(EXERCISE.judge(text, KindCluster()).notes)
    assert "its pod couldn't be created" in notes
    assert said in notes


def test_an_image_that_is_not_here() -> None:
    """Another image starts no Job, and costs half a point, as in the simulation."""
    report = EXERCISE.judge(CRON_JOB.replace("v1.2.0", "v9"), KindCluster())
    assert (report.score, report.state) == (4.5, State.FAIL)
    assert any("The image myapp/reporter:v9 isn't on the cluster's node" in note for note in report.notes)
