"""The two worlds that run an answer, behind one protocol: an embedded simulated cluster and a kind cluster.

Nothing here depends on grading. A world admits documents as the API server does, runs a scenario (the release train)
and returns a timeline of events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cluster.errors import UsageError

if TYPE_CHECKING:  # an import here slows every module of the package
    from collections.abc import Sequence

    from cluster.admission.response import Admission
    from cluster.manifests.documents import Document
    from cluster.train.stops import Scenario
    from cluster.train.timeline import Timeline, Watch

SIMULATED, KIND = "simulated", "kind"
DEFAULT_WORLD = SIMULATED


class Cluster(Protocol):
    """A world: it admits documents as the API server does, and runs scenarios."""

    @property
    def name(self) -> str:
        """Which world this is: ``simulated`` or ``kind``."""
        ...

    @property
    def version(self) -> str:
        """The Kubernetes version that the world runs or simulates."""
        ...

    def admit(self, documents: Sequence[Document]) -> tuple[Admission, ...]:
        """The API server's verdict on each document, in order. Nothing is created."""
        ...

    def admit_text(self, text: str) -> tuple[Admission, ...]:
        """The verdict on each document of a text; one verdict on a text that can't be read."""
        ...

    def run(self, scenario: Scenario, watch: Watch | None = None) -> Timeline:
        """Run the scenario's stops and return the timeline. During a long run, ``watch`` gets it as it grows.

        Raises WorldError if the world is broken.
        """
        ...

    def start_job(self, documents: Sequence[Document], watch: Watch | None = None) -> Timeline:
        """Start a Job from the CronJob among admitted documents, as ``kubectl create job --from`` does.

        The simulated world runs no programs and returns an empty timeline. Raises WorldError if the world is broken.
        """
        ...


def meant(on: str | None, context: str = "") -> str:
    """Return the name of the world to use: ``on``, or kind if only a context is given, or else simulated."""
    return on or (KIND if context else DEFAULT_WORLD)


def world(name: str = DEFAULT_WORLD, context: str = "", kubernetes: str = "") -> Cluster:
    """Return the world of that name, without contacting it.

    ``context`` is a kubeconfig context to use in place of ours (kind only); ``kubernetes`` is a minor version such as
    ``1.34`` (simulated only, the current one by default). Raises UsageError for an unknown name or version, and for an
    option that the world doesn't support.
    """
    if name == SIMULATED:
        if context:
            raise UsageError(
                f"The context {context} belongs to a real cluster, but the selected world is {SIMULATED}.",
                f"Leave one of the two out: a context alone means {KIND}.",
            )
        from cluster.simulated.world import SimulatedCluster  # noqa: PLC0415  load only the world that is used

        if not kubernetes:
            return SimulatedCluster()
        from cluster.admission import minor_named  # noqa: PLC0415

        return SimulatedCluster(minor_named(kubernetes))
    if name == KIND:
        if kubernetes:
            raise UsageError(
                "A real cluster has the Kubernetes version that it runs.",
                f"Leave --kubernetes out, or use the {SIMULATED} cluster.",
            )
        from cluster.kind.world import KindCluster  # noqa: PLC0415

        return KindCluster(context)
    raise UsageError(f"There is no world called “{name}”.", f"There are two: {SIMULATED} and {KIND}.")
