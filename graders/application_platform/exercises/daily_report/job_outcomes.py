"""The result of a Job that was started from a learner's CronJob, in one or two sentences."""

from __future__ import annotations

from collections.abc import Iterator

from cluster.train.stops import JOB, JOB_WITHIN
from cluster.train.timeline import EventKind, Timeline
from graders.reading.text import shown

CALLED = "On the cluster, a Job was started from it, as “kubectl create job --from=cronjob/…” does"


def told(job: Timeline) -> Iterator[str]:
    """Yield the sentences about a Job; none if the world started no Job and has no note."""
    if job.first(JOB, EventKind.BEGAN) is not None:
        yield from _told(job)
    if job.note:
        yield f"{shown(job.note, 200)}."


def _told(job: Timeline) -> Iterator[str]:
    if refused := job.first(JOB, EventKind.FAILED_CREATE):
        yield f"{CALLED}, and its pod couldn't be created: {shown(refused.detail, 200)}."
        return
    steps = list(_steps(job))
    pods = len({e.subject for e in job.of(JOB, EventKind.SCHEDULED)})
    yield f"{CALLED}: {', '.join(steps[:_MOST]) or 'its container has not ended yet'}{' …' if len(steps) > _MOST else ''}."
    if job.live:
        return
    yield _end(job, pods)
    if lines := list(job.of(JOB, EventKind.LOGGED)):
        yield f"The last line of its log: “{shown(lines[-1].detail, 200)}”"


_MOST = 6
"""The most steps in one sentence; a Job that fails repeatedly has many."""


def _steps(job: Timeline) -> Iterator[str]:
    tried: list[str] = []
    for event in job.events:
        if event.kind in (EventKind.FAILED, EventKind.FAILED_SCHEDULING):
            yield f"it couldn't start ({shown(event.detail, 120)})"
        if event.kind is not EventKind.EXITED:
            continue
        ended = f"ended with exit code {event.value or 0:.0f} after {event.at:.1f} s"
        if not tried:
            yield f"its container {ended}"
        elif event.subject in tried:
            yield f"its next run in the same pod {ended}"
        else:
            yield f"its run in a new pod {ended}"
        tried.append(event.subject)


def _end(job: Timeline, pods: int) -> str:
    ended = job.first(JOB, EventKind.ENDED)
    made = "one pod" if pods == 1 else f"{pods} pods"
    if ended is not None and ended.detail == "Complete":
        return f"The Job is complete, with {made}."
    if ended is not None and ended.detail == "Failed":
        return f"The Job has failed, with {made}."
    return f"The Job wasn't done after {JOB_WITHIN:.0f} s, so it was deleted."
