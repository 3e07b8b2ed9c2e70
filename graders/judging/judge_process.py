"""Judge in a subprocess, and kill it after a time limit."""

from __future__ import annotations

import time
from collections.abc import Callable

from cluster import KIND, meant, world
from cluster.errors import NoResultError, UsageError
from cluster.kind.detect import named_context
from cluster.limits import JUDGMENT_SECONDS, RUN_SECONDS, SUBMISSION_MEMORY
from graders.core.registry import exercise
from graders.core.report import Report, State
from graders.judging.child import Budget, Child

Live = Callable[[Report], None]

EACH_SECONDS = 0.3
"""The least time between two live reports, in seconds."""


class JudgeProcess(Child):
    """A child that judges: at most ``seconds`` for each judgment, or ``run_seconds`` if a real cluster runs the answer."""

    def __init__(self, seconds: float = JUDGMENT_SECONDS, run_seconds: float = RUN_SECONDS) -> None:
        super().__init__(__name__)
        self._seconds = {KIND: run_seconds}
        self._at_most = seconds

    def judge(self, name: str, text: str, world_name: str, live: Live | None = None, context: str = "") -> Report:
        """The report on an answer. If judging takes too long or ends the process, the answer is *not judged*.

        During a run on a cluster ``live`` gets the report so far. ``context`` names a cluster, as ``WORKBOOK_CONTEXT``
        does; it is passed on because the child may have started before that variable was set.
        """
        if world_name == KIND:
            context = named_context(context)
        seconds = self._seconds.get(world_name, self._at_most)
        try:
            return self.call(
                judged, name, text, world_name, context, budget=Budget(seconds, SUBMISSION_MEMORY, seconds),
                what="The judgment", tell=live, gently=world_name == KIND,
            )  # fmt: skip
        except NoResultError as error:
            return unjudged(name, world_name, error)


def world_for(name: str, on: str | None, context: str = "") -> str:
    """The name of the world for an exercise. Raises UsageError for an unknown world, and for a context that has no effect."""
    chosen = world(meant(on, context), context).name
    if context and not exercise(name).runs_on_cluster:
        raise UsageError(f"{name} doesn't run on a cluster, so a context has no effect.", "Leave the context out.")
    return chosen


def judged(name: str, text: str, world_name: str, context: str = "", tell: Live | None = None) -> Report:
    """The report on an answer, judged in this process. ``tell`` gets the reports so far."""
    return exercise(name).judge(text, world(world_name, context), _Throttled(tell) if tell else None)


def unjudged(name: str, world_name: str, error: NoResultError) -> Report:
    """The report on an answer whose judgment broke a bound: neither zero nor full marks."""
    hint = "Nothing is marked wrong. Try again; if it happens again, make the answer smaller and report it."
    return exercise(name).unjudged(world(world_name), NoResultError(error.problem, hint))


class _Throttled:
    """Passes on live reports, at most one every EACH_SECONDS."""

    def __init__(self, write: Live) -> None:
        self._write = write
        self._last = 0.0

    def __call__(self, report: Report) -> None:
        now = time.monotonic()
        if now - self._last >= EACH_SECONDS and report.state is State.WAITING:
            self._last = now
            self._write(report)
