"""The driver protocol: what carries out the train's script, on virtual time or on a real cluster."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from cluster.pods.podspec import DeploymentSpec
from cluster.train.event_log import EventLog


class PodView(Protocol):
    """A pod as every world shows it; ``gone`` is whether it will never run again."""

    name: str
    ready: bool
    restarts: int
    gone: bool


P = TypeVar("P", bound=PodView)


class Driver(Protocol[P]):
    """One lane's Deployment, its pods, and time. Methods may raise WorldError if the world is broken.

    The script knows time only through ``wait``: one driver blocks in it, the other advances its clock.
    """

    spec: DeploymentSpec

    @property
    def log(self) -> EventLog:
        """The lane's events. The driver writes what happens to pods."""

    def wait(self, seconds: float, until: Callable[[], bool] = ..., /) -> bool:
        """Wait at most ``seconds`` for a condition; return whether it holds."""

    # --- the Deployment

    def start(self, release: str = "") -> None:
        """Create the Deployment, with another release of the shop if one is named."""

    def update(self, release: str) -> None:
        """Update the Deployment to another release."""

    def replace(self, release: str) -> None:
        """Delete the Deployment with its pods, and create it again with another release."""

    def wait_for_rollout(self) -> bool:
        """Wait at most ``ROLLOUT_WITHIN`` for the rollout; return whether it is complete. Return early if nothing will change."""

    def complete(self) -> bool:
        """Whether the rollout is complete now."""

    def obstacles(self) -> Mapping[str, str]:
        """What keeps pods from being ready: sentences of ``cluster/pods/obstacles.py``, each with a pod that it applies to."""

    def any_release_could(self) -> bool:
        """Whether another release of the shop could become ready although this one didn't."""

    def check_capacity(self) -> None:
        """Raise WorldError if pods that the empty world could hold found no room: then the answer isn't to blame."""

    # --- the pods

    def alive(self) -> Sequence[P]:
        """The pods that aren't being deleted and aren't gone, oldest first."""

    def ready(self) -> Sequence[P]:
        """The alive pods that are ready."""

    def old(self) -> Sequence[P]:
        """The alive pods of an earlier release than the Deployment's."""

    def takes_faults(self) -> bool:
        """Whether a pod that is ready answers on its fault port."""

    def break_pod(self, pod: P, fault: str, detail: str) -> float:
        """Break a pod as the stop ``fault`` does, and log it with ``detail``; return in how many seconds it takes effect."""

    def mend_pod(self, pod: P, fault: str) -> None:
        """Mend an outage or a hang."""

    def end_leak(self, pod: P, *, restarted: bool) -> float | None:
        """Stop a leak; return the leaked bytes, or None if the process ended before it was asked."""

    def delete(self, pod: P) -> None:
        """Delete a pod, with its own grace period."""

    # --- requests

    def request_in_flight(self, pod: P) -> Callable[[], bool]:
        """Send a pod a request that takes ``REQUEST_IN_FLIGHT``; return a function that says, after the pod's end, if it was answered."""

    def prepare_load(self) -> None:
        """Start the client that sends load."""

    def begin_load(self, rate: float) -> None:
        """Start sending ``rate`` requests a second to the Service; returns a second later."""

    def end_load(self) -> tuple[int, int, str]:
        """Stop the load; return how many requests were sent, how many failed, and why, if known."""
