"""What carries the train's script out in a world: on virtual time, or on a real cluster."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from cluster.pods.podspec import DeploymentSpec
from cluster.train.event_log import EventLog


class Pod(Protocol):
    """A pod as every world shows it; ``gone`` is whether it will never run again."""

    name: str
    ready: bool
    restarts: int
    gone: bool


P = TypeVar("P", bound=Pod)


class Driver(Protocol[P]):
    """One lane's Deployment, its pods, and time. Methods may raise WorldError where the world is broken.

    ``wait`` is all that the script knows of time: one driver blocks in it, another has its clock go on.
    """

    spec: DeploymentSpec

    @property
    def log(self) -> EventLog:
        """The lane's events. The driver writes what happens to pods."""

    def wait(self, seconds: float, until: Callable[[], bool] = ..., /) -> bool:
        """Let time pass until a condition holds, at most so many seconds; whether it holds."""

    # --- the Deployment

    def start(self, release: str = "") -> None:
        """Create the Deployment, in another release of the shop where one is named."""

    def update(self, release: str) -> None:
        """Put another release into the Deployment."""

    def replace(self, release: str) -> None:
        """Delete the Deployment with its pods, and create it again in another release."""

    def wait_for_rollout(self) -> bool:
        """Wait for the rollout, at most ``ROLLOUT_WITHIN``; whether it is complete. Gives up early where nothing will change."""

    def complete(self) -> bool:
        """Whether the rollout is complete now."""

    def obstacles(self) -> Mapping[str, str]:
        """What keeps pods from being ready: each sentence of ``cluster/pods/obstacles.py``, and a pod that it is true of."""

    def any_release_could(self) -> bool:
        """Whether another release of the shop could become ready, where this one didn't."""

    def check_capacity(self) -> None:
        """Raise WorldError where the world had no room for pods that it could hold: then the answer isn't to blame."""

    # --- the pods

    def alive(self) -> Sequence[P]:
        """The pods that aren't being deleted and aren't gone, oldest first."""

    def ready(self) -> Sequence[P]:
        """Those of them that are ready."""

    def old(self) -> Sequence[P]:
        """Those of them that are of an earlier release than the Deployment."""

    def takes_faults(self) -> bool:
        """Whether a pod that is ready answers on its fault port."""

    def break_pod(self, pod: P, fault: str, told: str) -> float:
        """Break a pod as the stop ``fault`` does, and tell it; in how many seconds that takes hold, 0 where it has."""

    def mend_pod(self, pod: P, fault: str) -> None:
        """Mend an outage or a hang."""

    def end_leak(self, pod: P, *, restarted: bool) -> float | None:
        """Mend a leak; how many bytes it took, None where that isn't known as the process ended with it."""

    def delete(self, pod: P) -> None:
        """Delete a pod, with its own grace period."""

    # --- requests

    def request_in_flight(self, pod: P) -> Callable[[], bool]:
        """Send a pod a request that takes ``REQUEST_IN_FLIGHT``; what tells, once the pod has ended, whether it was answered."""

    def prepare_load(self) -> None:
        """Have the client that sends load come up."""

    def begin_load(self, rate: float) -> None:
        """Send so many requests a second to the Service; returns a second later."""

    def end_load(self) -> tuple[int, int, str]:
        """Stop it; how many requests were sent, how many failed, and of what, as far as that is known."""
