"""Worlds that fail, for tests of an exercise's report."""

from __future__ import annotations

from collections.abc import Sequence

from cluster.admission.response import Admission
from cluster.errors import WorldError
from cluster.manifests.documents import Document
from cluster.train.stops import Scenario
from cluster.train.timeline import Timeline, Watch


class AwayCluster:
    """A world that can't be reached."""

    name = "kind"
    version = "v1.37"

    def admit(self, documents: Sequence[Document]) -> tuple[Admission, ...]:
        raise WorldError("The cluster doesn't answer.", "See whether Docker runs.")

    def admit_text(self, text: str) -> tuple[Admission, ...]:
        raise WorldError("The cluster doesn't answer.", "See whether Docker runs.")

    def run(self, scenario: Scenario, watch: Watch | None = None) -> Timeline:
        raise WorldError("The cluster doesn't answer.", "See whether Docker runs.")

    def start_job(self, documents: Sequence[Document], watch: Watch | None = None) -> Timeline:
        raise WorldError("The cluster doesn't answer.", "See whether Docker runs.")


class BrokenCluster(AwayCluster):
    """A world with a bug in it."""

    def admit(self, documents: Sequence[Document]) -> tuple[Admission, ...]:
        raise ZeroDivisionError
