"""The embedded cluster as a world: its admission, and its release train."""

from __future__ import annotations

from collections.abc import Sequence

from cluster.admission import Admission
from cluster.manifests import Document
from cluster.scenario import Scenario
from cluster.simulated.admission import admit
from cluster.simulated.train import run
from cluster.timeline import Timeline


class SimulatedCluster:
    """A Kubernetes cluster as far as the exercises need one: the API server's admission and a pod's behaviour."""

    name = "simulated"
    version = "v1.34"

    def admit(self, documents: Sequence[Document]) -> tuple[Admission, ...]:
        """The verdict on each document, as the API server would give it to a server-side dry run, strict."""
        return tuple(admit(document) for document in documents)

    def run(self, scenario: Scenario) -> Timeline:
        """What happens to the scenario's Deployment on the release train."""
        return run(scenario)
