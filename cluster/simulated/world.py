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
    """A Kubernetes cluster as far as the exercises need one: the API server's admission and a pod's behaviour.

    ``kubernetes`` is the minor version whose admission it has, one that ``minor_named`` knows.
    """

    name = "simulated"

    def __init__(self, kubernetes: str = CURRENT) -> None:
        self._minor = kubernetes
        self.version = displayed(kubernetes)

    def admit(self, documents: Sequence[Document]) -> tuple[Admission, ...]:
        """The verdict on each document, as the API server would give it to a server-side dry run, strict."""
        return tuple(admit(document, self._minor) for document in documents)

    def admit_text(self, text: str) -> tuple[Admission, ...]:
        """The verdict on each document of a text, or on a text that can't be read."""
        return admit_text(text, self._minor)

    def run(self, scenario: Scenario, watch: Watch | None = None) -> Timeline:  # noqa: ARG002  it is over at once
        """What happens to the scenario's Deployment on the release train."""
        from cluster.simulated.driver import run  # noqa: PLC0415  who only asks for admission needn't wait for it

        return replace(run(scenario), note=_taken_for_granted(scenario))

    def start_job(self, documents: Sequence[Document], watch: Watch | None = None) -> Timeline:  # noqa: ARG002
        """Nothing: when a CronJob runs is simulated, what its program does isn't."""
        return Timeline(self.name, self.version)


def _taken_for_granted(scenario: Scenario) -> str:
    """What one node couldn't hold, of pods that are taken to find nodes enough; empty where one can."""
    pod, document = scenario.pod, scenario.deployment
    labels = mapping(document.get("spec", "template", "metadata", "labels")) if document else {}
    beyond = "" if unschedulable(pod, labels) else beyond_one_node(pod, labels)
    return f"{beyond}: pods would stay Pending there. Here they are taken to find nodes enough" if beyond else ""
