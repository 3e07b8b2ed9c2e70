"""The embedded cluster as a world: its admission, and its release train."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cluster.admission import admit, admit_text
from cluster.admission.response import Admission
from cluster.kubernetes import CURRENT, displayed
from cluster.manifests.documents import Document
from cluster.manifests.shapes import mapping
from cluster.pods.placement import beyond_one_node, unschedulable
from cluster.train.stops import Scenario
from cluster.train.timeline import Timeline, Watch


class SimulatedCluster:
    """The part of a Kubernetes cluster that the exercises need: the API server's admission and the behavior of pods.

    ``kubernetes`` is the minor version whose admission it has, as ``minor_named`` returns it.
    """

    name = "simulated"

    def __init__(self, kubernetes: str = CURRENT) -> None:
        self._minor = kubernetes
        self.version = displayed(kubernetes)

    def admit(self, documents: Sequence[Document]) -> tuple[Admission, ...]:
        """The verdict on each document, as the API server gives it to a strict server-side dry run."""
        return tuple(admit(document, self._minor) for document in documents)

    def admit_text(self, text: str) -> tuple[Admission, ...]:
        """The verdict on each document of a text, or on a text that can't be read."""
        return admit_text(text, self._minor)

    def run(self, scenario: Scenario, watch: Watch | None = None) -> Timeline:  # noqa: ARG002  it is over at once
        """Run the release train for the scenario's Deployment."""
        from cluster.simulated.driver import run  # noqa: PLC0415  admission doesn't need it

        return replace(run(scenario), note=_assumption(scenario))

    def start_job(self, documents: Sequence[Document], watch: Watch | None = None) -> Timeline:  # noqa: ARG002
        """Return an empty timeline: only the times of a CronJob's runs are simulated, not its program."""
        return Timeline(self.name, self.version)


def _assumption(scenario: Scenario) -> str:
    """Return a note if the run assumes more nodes than one; empty if one node can hold the pods."""
    pod, document = scenario.pod, scenario.deployment
    labels = mapping(document.get("spec", "template", "metadata", "labels")) if document else {}
    beyond = "" if unschedulable(pod, labels) else beyond_one_node(pod, labels)
    return f"{beyond}: pods would stay Pending there. This run assumes enough nodes" if beyond else ""
