"""The card during a run: criteria wait, are decided one after the other, and stay decided."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from cluster.train.stops import Scenario
from cluster.train.timeline import Timeline, Watch
from graders.core.registry import exercise
from graders.core.report import Report, State
from graders.present import card, terminal
from tests.contract.recording import FOLDER, Recording, Replayed

EVERY = pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda p: p.stem)


class Unrolled(Replayed):
    """Replays a recorded run as a live one, a few events at a time."""

    def run(self, scenario: Scenario, watch: Watch | None = None) -> Timeline:
        whole = super().run(scenario)
        assert watch is not None
        for told in range(0, len(whole.events), 5):
            watch(
                Timeline(whole.world, whole.version, tuple(sorted(whole.events, key=lambda e: e.at)[:told]), live=True)
            )
        return whole


def followed(path: Path) -> tuple[list[Report], Report]:
    seen: list[Report] = []
    recording = Recording.read(path)
    return seen, exercise("deployment").judge(recording.manifest, Unrolled(recording), seen.append)


@EVERY
def test_what_is_decided_stays_decided(path: Path) -> None:
    """A criterion waits until its stop is over; then its verdict is final."""
    seen, last = followed(path)
    final = {f.criterion: (f.state, f.earned) for f in last.findings}
    for report in seen:
        assert report.state is State.WAITING or report.findings == last.findings
        for finding in report.findings:
            assert finding.state is State.WAITING or (finding.state, finding.earned) == final[finding.criterion]
    waiting = [sum(f.state is State.WAITING for f in report.findings) for report in seen]
    assert waiting == sorted(waiting, reverse=True)


def test_the_card_follows() -> None:
    """During a run the card and the terminal show waiting criteria and the timeline so far."""
    seen, last = followed(FOLDER / "reference.json")
    first, later = seen[1], seen[len(seen) // 2]
    html = [str(card.html(report)) for report in (first, later, last)]
    assert ["workbook-card waiting" in one for one in html] == [True, True, False]
    assert html[0].count("waiting ·") > html[1].count("waiting ·") > html[2].count("waiting ·") == 0
    assert "data:image/svg+xml;base64," in html[1]
    console = Console(record=True, width=120, file=io.StringIO())
    console.print(terminal.panel(later))
    shown = console.export_text()
    assert re.search(r"…\s+Train: a process hangs", shown)
    assert "it comes later" in shown or "it is happening now" in shown
