"""The worlds that run an answer: an embedded simulated cluster, and later a kind cluster, behind one protocol.

Nothing here knows of grading. A world admits documents as the API server does, and runs a scenario (the
release train) to a timeline of what happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cluster.errors import UsageError

if TYPE_CHECKING:  # every module of the package pays for what is loaded here
    from collections.abc import Sequence

    from cluster.admission import Admission
    from cluster.manifests import Document
    from cluster.scenario import Scenario
    from cluster.timeline import Timeline

DEFAULT_WORLD = "simulated"


class Cluster(Protocol):
    """A world: it answers as an API server would, and runs what it was given."""

    @property
    def name(self) -> str:
        """Which world this is: ``simulated`` or ``kind``."""
        ...

    @property
    def version(self) -> str:
        """The Kubernetes version that it is, or behaves as."""
        ...

    def admit(self, documents: Sequence[Document]) -> tuple[Admission, ...]:
        """The API server's verdict on each document, in order. Nothing is created."""
        ...

    def run(self, scenario: Scenario) -> Timeline:
        """Run the scenario's stops and tell what happened. Raises WorldError where the world is broken."""
        ...


def world(name: str = DEFAULT_WORLD) -> Cluster:
    """The world of that name, ready to judge. Raises UsageError for a name that there isn't."""
    from cluster.simulated.world import SimulatedCluster  # noqa: PLC0415  loading the schema costs; who only reads needn't pay

    if name == SimulatedCluster.name:
        return SimulatedCluster()
    raise UsageError(
        f"There is no world called “{name}”.",
        f"This version of the workbook judges on one world: {DEFAULT_WORLD}.",
    )
