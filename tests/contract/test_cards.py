"""Both worlds lead to the same card for a Deployment: recorded runs are judged and compared with the simulation."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from cluster import world
from cluster.admission.response import Admission
from cluster.manifests.documents import Document
from cluster.simulated.world import SimulatedCluster
from cluster.train.stops import HANG, OUTAGE, ROLLOUT, Scenario
from cluster.train.timeline import Timeline, Watch
from graders.core.registry import exercise
from graders.core.report import Finding, Report, State
from tests.contract.cases import cases
from tests.contract.recording import FOLDER, Recording

STOPS = (ROLLOUT, OUTAGE, HANG)
RECORDED = {path.stem: Recording.read(path) for path in sorted(FOLDER.glob("*.json"))}
CASES = cases()
RAN = sorted(name for name, one in RECORDED.items() if one.timeline is not None and one.manifest == CASES.get(name))
"""The Deployments that ran as they are now; whether each is recorded, another test says."""


class Retold(SimulatedCluster):
    """A real cluster, replayed from a recording."""

    def __init__(self, recording: Recording) -> None:
        super().__init__()
        self._recording = recording

    def admit(self, documents: Sequence[Document]) -> tuple[Admission, ...]:
        return self._recording.admissions

    def run(self, scenario: Scenario, watch: Watch | None = None) -> Timeline:
        assert self._recording.timeline is not None
        return self._recording.timeline


def judged(name: str) -> tuple[Report, Report]:
    """The reports on the recorded run and on the simulated run."""
    one = RECORDED[name]
    return exercise("deployment").judge(one.manifest, Retold(one)), exercise("deployment").judge(one.manifest, world())


def finding(report: Report, stop: str) -> Finding:
    return next(f for f in report.findings if f.criterion == stop)


def worded(observed: str) -> str:
    """The observed facts without times, pods' names, and the server's own words."""
    observed = re.sub(r"\d+(\.\d+)? s\b", "N s", re.sub(r"\borders-[\w-]+", "POD", observed))
    observed = re.sub(
        r"(no pod was ready|only \d of the pods became ready|the rollout wasn't complete)( (after|within) N s)?",
        "NOT READY",
        observed,
    )
    return re.sub(r"the cluster refused to create its pods: .*violates", "violates", observed).replace(
        "ImagePullBackOff", "ErrImagePull"
    )


@pytest.mark.parametrize("name", RAN)
def test_both_worlds_say_the_same(name: str) -> None:
    """If a stop fails in both worlds, the findings have the same words, line and next step."""
    for stop in STOPS:
        real, simulated = (finding(report, stop) for report in judged(name))
        if State.PASS in (real.state, simulated.state) or real.follows or simulated.follows:
            continue
        assert (worded(real.observed), real.line, real.hint) == (
            worded(simulated.observed),
            simulated.line,
            simulated.hint,
        )


@pytest.mark.parametrize("name", RAN)
def test_a_rollout_that_fails_names_its_field(name: str) -> None:
    """For each incomplete rollout on a real cluster a finding names the line of a field."""
    found, simulated = (finding(report, ROLLOUT) for report in judged(name))
    if State.PASS not in (found.state, simulated.state):
        assert found.line
        assert found.hint
        assert "their containers run" not in found.observed
