"""A service after SIGTERM: new requests, one request in flight, and a platform that waits 30 s.

The model has a load balancer that requests /readyz and stops sending within ``PROPAGATED`` seconds after it fails; until then
a request may come at any moment. The request in flight needs the database and ends within ``SLOWEST`` seconds. After
``GRACE`` seconds the platform kills the process. Only steps that wait take time. The model doesn't have several requests at
one time, or a second signal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from graders.families.plan.model_check import Explored, Happening, explore

CLIENT, BALANCER, SERVICE, DATABASE, PLATFORM = "client", "load balancer", "service", "database", "platform"
LIFELINES = (CLIENT, BALANCER, SERVICE, DATABASE, PLATFORM)

STEPS: Mapping[str, str] = {
    "turn-not-ready": "let /readyz say no from now on",
    "serve-on": "go on serving for 5 seconds",
    "serve-on-a-minute": "go on serving for 60 seconds",
    "stop-accepting": "close the port: no new request gets in",
    "finish-requests": "wait for the requests in flight, 10 seconds at most",
    "close-database": "close the connections to the database",
    "exit-0": "exit with code 0",
    "exit-1": "exit with code 1, as after an error",
}
REFUSED, CUT, KILLED, CODE, LEFT = "refused", "cut", "killed", "code", "left"
"""What can be wrong; ``LEFT`` is a process that is killed while requests still arrive."""
SERVED_ON, A_MINUTE, PROPAGATED, SLOWEST, GRACE = 5, 60, 5, 10, 30
RUNNING = -1


class PodState(NamedTuple):
    """A state: the next step, the seconds since the signal, and the state of each part.

    ``informed``: the balancer sends no more requests. ``busy``: a request is in flight. ``code`` is the exit code.
    """

    at: int = 0
    seconds: int = 0
    ready: bool = True
    informed: bool = False
    accepting: bool = True
    busy: bool = True
    database: bool = True
    code: int = RUNNING
    wrong: tuple[str, ...] = ()


def check(plan: Sequence[str]) -> Explored:
    """Explore all states that a plan can lead to; its steps are from ``STEPS``."""
    steps = tuple(plan)
    return explore(PodState(), lambda state: _moves(state, steps), _wrongs)


def _wrongs(pod: PodState) -> Iterator[str]:
    yield from pod.wrong
    if pod.code > 0:
        yield CODE


def _moves(pod: PodState, plan: tuple[str, ...]) -> Iterator[tuple[Happening, PodState]]:
    if pod.wrong:
        return
    yield from _from_outside(pod)
    if pod.code != RUNNING:
        return
    if pod.at == len(plan):
        yield Happening(PLATFORM, SERVICE, f"SIGKILL after {GRACE} s", crash=True), _killed(pod)
    else:
        yield _step(pod, plan[pod.at])


def _from_outside(pod: PodState) -> Iterator[tuple[Happening, PodState]]:
    if not pod.ready and not pod.informed:
        yield Happening(BALANCER, SERVICE, "/readyz fails: sends no more requests"), pod._replace(informed=True)
    if not pod.informed and not pod.busy:
        if pod.accepting and pod.code == RUNNING:
            yield Happening(CLIENT, SERVICE, "a new request"), pod._replace(busy=True)
        else:
            yield Happening(CLIENT, SERVICE, "a new request is refused", crash=True), pod._replace(wrong=(REFUSED,))
    elif not pod.informed and not pod.accepting:
        yield Happening(CLIENT, SERVICE, "a new request is refused", crash=True), pod._replace(wrong=(REFUSED,))
    if pod.busy and pod.code == RUNNING:
        if pod.database:
            yield Happening(SERVICE, CLIENT, "the answer"), pod._replace(busy=False)
        else:
            lost = Happening(SERVICE, DATABASE, "a request needs it, but it is closed", crash=True)
            yield lost, pod._replace(wrong=(CUT,))


def _step(pod: PodState, step: str) -> tuple[Happening, PodState]:
    after = pod._replace(at=pod.at + 1)
    if step == "turn-not-ready":
        return Happening(SERVICE, "", "is not ready from now on"), after._replace(ready=False)
    if step in ("serve-on", "serve-on-a-minute"):
        return _waited(after, SERVED_ON if step == "serve-on" else A_MINUTE)
    if step == "stop-accepting":
        return Happening(SERVICE, "", "closes its port"), after._replace(accepting=False)
    if step == "finish-requests":
        # While the port is open, another request may come after this one, so the wait doesn't end the work.
        busy = pod.busy and not pod.database
        return _passed("finishes the requests in flight", after._replace(seconds=pod.seconds + SLOWEST, busy=busy))
    if step == "close-database":
        return Happening(SERVICE, DATABASE, "closes its connections"), after._replace(database=False)
    code = 0 if step == "exit-0" else 1
    if pod.busy:
        return Happening(SERVICE, CLIENT, "exits, and the request is cut off", crash=True), after._replace(
            code=code, wrong=(CUT,)
        )
    return Happening(SERVICE, PLATFORM, f"exits with {code}"), after._replace(code=code)


def _waited(pod: PodState, seconds: int) -> tuple[Happening, PodState]:
    informed = pod.informed or (not pod.ready and seconds >= PROPAGATED)
    return _passed(f"serves for another {seconds} s", pod._replace(seconds=pod.seconds + seconds, informed=informed))


def _passed(what: str, pod: PodState) -> tuple[Happening, PodState]:
    """Return what the service did, or that it was killed while it did it."""
    if pod.seconds > GRACE:
        return Happening(SERVICE, "", f"{what}, but is killed after {GRACE} s", crash=True), _killed(pod)
    return Happening(SERVICE, "", what), pod


def _killed(pod: PodState) -> PodState:
    # The exit code is 137, and requests that still arrive find no process.
    return pod._replace(wrong=(KILLED, CODE) if pod.informed else (KILLED, CODE, LEFT))
