"""The worlds that run an answer: an embedded simulated cluster, and a kind cluster, behind one protocol.

Nothing here knows of grading. A world admits documents as the API server does, and runs a scenario (the
release train) to a timeline of what happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cluster.errors import UsageError

if TYPE_CHECKING:  # every module of the package pays for what is loaded here
    from collections.abc import Sequence

    from cluster.admission.response import Admission
    from cluster.manifests.documents import Document
    from cluster.train.stops import Scenario
    from cluster.train.timeline import Timeline, Watch

SIMULATED, KIND = "simulated", "kind"
DEFAULT_WORLD = SIMULATED


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

    def admit_text(self, text: str) -> tuple[Admission, ...]:
        """The verdict on each document of a text; one verdict on a text that can't be read."""
        ...

    def run(self, scenario: Scenario, watch: Watch | None = None) -> Timeline:
        """Run the scenario's stops and tell what happened; ``watch`` is told meanwhile, where that takes long.

        Raises WorldError where the world is broken.
        """
        ...

    def start_job(self, documents: Sequence[Document], watch: Watch | None = None) -> Timeline:
        """Start a Job from the CronJob among admitted documents, as ``kubectl create job --from`` does.

        A world that has no programs to run tells of nothing. Raises WorldError where the world is broken.
        """
        ...


def meant(on: str | None, context: str = "") -> str:
    """The name of the world that is meant: the one that is said, kind where only a context is, or else the simulated one."""
    return on or (KIND if context else DEFAULT_WORLD)


def world(name: str = DEFAULT_WORLD, context: str = "", kubernetes: str = "") -> Cluster:
    """The world of that name.

    ``context`` names another kubeconfig context than ours, for the kind world; ``kubernetes`` a minor version (``1.34``),
    for the simulated one, which speaks as the current one otherwise. Nothing is contacted yet. Raises UsageError for a
    name that there isn't, for a version that isn't known, and for a choice that the world doesn't have.
    """
    if name == SIMULATED:
        if context:
            raise UsageError(
                f"The context {context} is of a real cluster, and the world that should judge is {SIMULATED}.",
                f"Leave one of the two out: a context alone means {KIND}.",
            )
        from cluster.simulated.world import SimulatedCluster  # noqa: PLC0415  each loads only what it needs

        if not kubernetes:
            return SimulatedCluster()
        from cluster.admission import minor_named  # noqa: PLC0415

        return SimulatedCluster(minor_named(kubernetes))
    if name == KIND:
        if kubernetes:
            raise UsageError(
                "A real cluster speaks as the Kubernetes version that it runs.",
                f"Leave --kubernetes out, or ask the {SIMULATED} cluster.",
            )
        from cluster.kind.world import KindCluster  # noqa: PLC0415

        return KindCluster(context)
    raise UsageError(f"There is no world called “{name}”.", f"There are two: {SIMULATED} and {KIND}.")
