"""Pods that can't run get one verdict in both worlds."""

from __future__ import annotations

import pytest

from cluster import world
from cluster.train.stops import BAD_RELEASE, ROLLOUT, UPDATE
from graders.core.registry import exercise
from graders.core.report import Finding, Report, State
from tests.corpus.faults import fault

DEPLOYMENT = exercise("deployment")
UNREADY = 21.0
"""What an answer earns whose document is right and whose pods never run: as on kind."""


def judged(name: str) -> Report:
    return DEPLOYMENT.judge(fault(name), world())


def finding(report: Report, criterion: str) -> Finding:
    return next(f for f in report.findings if f.criterion == criterion)


def test_labels_of_the_kubelet() -> None:
    """P11: a nodeSelector with a label that a kubelet sets, even an old one, finds a node."""
    assert judged("P11").score == DEPLOYMENT.points


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("P17", ("Secret", "nowhere")),
        ("S01", ("“first”", "exit code 1")),
        ("S03", ("“side”", "exit code 1")),
        ("S05", ("shop.example/hold",)),
        ("S07", ("“mine”",)),
        ("S09", ("postStart", "“orders”")),
        ("S10", ("nvidia.com/gpu",)),
        ("S12", ("ServiceAccount", "nobody")),
        ("S13", ("PORT", "9999", "8080")),
    ],
)
def test_what_keeps_the_pods(name: str, words: tuple[str, ...]) -> None:
    """Pods that never run cost the same points as on kind, and the rollout's finding names the reason."""
    report = judged(name)
    assert report.score == UNREADY
    rollout = finding(report, ROLLOUT)
    assert rollout.state is State.FAIL
    assert all(word in rollout.observed for word in words), rollout.observed


def test_the_accounts_old_field() -> None:
    """S12's sibling: a missing service account is also found under the field's old name, with that field's line."""
    text = fault("S12").replace("serviceAccountName:", "serviceAccount:")
    rollout = finding(DEPLOYMENT.judge(text, world()), ROLLOUT)
    assert "no ServiceAccount is called “nobody”" in rollout.observed
    assert text.splitlines()[rollout.line - 1].strip() == "serviceAccount: nobody"


def test_a_start_that_is_taken_for_a_hang() -> None:
    """S53: after a slow start that is killed again and again, the update and the bad release run, as on kind."""
    report = judged("S53")
    assert [finding(report, stop).state for stop in (UPDATE, BAD_RELEASE)] == [State.PASS, State.PASS]
    assert report.score == 22.25
