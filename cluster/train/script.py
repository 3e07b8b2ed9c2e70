"""The release train's story: the order of the stops, the branches, and the timeline's sentences, for every world.

A stop breaks something or updates to a release, and then watches. The driver carries it out; the exercise gives points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cluster.shop import releases
from cluster.train.driver import Driver, P
from cluster.train.stops import (
    BAD_RELEASE,
    FAULT_STOPS,
    HANG,
    HANG_MOST,
    LEAK,
    LEAK_WITHIN,
    MOST_REASONS,
    NO_FAULT_PORT,
    OUTAGE,
    RECOVERED_WITHIN,
    RELEASE_STOPS,
    REQUESTS_A_SECOND,
    ROLLOUT,
    SETTLED_WITHIN,
    SHUTDOWN,
    SLOW_START,
    UPDATE,
    bad_release_seconds,
    outage_seconds,
    shutdown_seconds,
)
from cluster.train.timeline import EventKind

MIB = 2**20
GOOD = "1.0.0"
"""The release that replaces one that never became ready."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One of the train's two sequences: its name, its stops in order, and the function that runs them on a driver."""

    name: str
    stops: tuple[str, ...]
    run_stops: Callable[[Driver[Any]], None]


# --- the lane of faults: a rollout; outage and hang side by side; a leak; a shutdown


def _run_faults(driver: Driver[P]) -> None:
    log = driver.log
    log.begin_stop(ROLLOUT)
    driver.start()
    rolled_out = _rolled_out(driver)
    log.end_stop(ROLLOUT)
    if not rolled_out:
        log.skip_stops("the rollout never finished", OUTAGE, HANG, LEAK, SHUTDOWN)
        return
    if not driver.takes_faults():
        log.skip_stops(NO_FAULT_PORT, OUTAGE, HANG, LEAK, SHUTDOWN)
        return
    _outage_and_hang(driver)
    for stop, run in ((LEAK, _leak), (SHUTDOWN, _shutdown)):
        if _settled(driver):
            run(driver)
        else:
            log.skip_stops("the pods never settled after the stop before", stop)


def _outage_and_hang(driver: Driver[P]) -> None:
    """Run both at the same time on two pods, or in turn if there is only one pod."""
    pods = driver.ready()
    out, hung = pods[0], pods[1 % len(pods)]
    if out is hung:
        _outage(driver, out)
        _settled(driver)
        _end_hang(driver, hung, _begin_hang(driver, hung), HANG_MOST)
        return
    driver.log.stop_of = {out.name: OUTAGE, hung.name: HANG}
    restarts = _begin_hang(driver, hung)
    began = driver.log.now
    _outage(driver, out)
    _end_hang(driver, hung, restarts, HANG_MOST - (driver.log.now - began))
    _settled(driver)
    driver.log.stop_of = {}


def _outage(driver: Driver[P], pod: P) -> None:
    driver.log.begin_stop(OUTAGE)
    driver.wait(driver.break_pod(pod, OUTAGE, "its database is away: /readyz answers 503"))
    restarts = pod.restarts
    probes = [p for p in (driver.spec.pod.readiness, driver.spec.pod.liveness) if p is not None]
    held = outage_seconds(*((p.period, p.failures, p.timeout) for p in probes))
    driver.wait(held, lambda: pod.restarts > restarts or pod.gone)  # a new process has its database
    driver.mend_pod(pod, OUTAGE)
    driver.log.tell(pod.name, EventKind.OVER, "its database is back")
    driver.wait(RECOVERED_WITHIN, lambda: pod.ready or pod.gone)
    driver.log.end_stop(OUTAGE)


def _begin_hang(driver: Driver[P], pod: P) -> int:
    """Make a pod hang; return how often it had been restarted before."""
    restarts = pod.restarts
    driver.log.begin_stop(HANG)
    driver.break_pod(pod, HANG, "it hangs: every port but the fault port accepts and never answers")
    return restarts


def _end_hang(driver: Driver[P], pod: P, restarts: int, seconds: float) -> None:
    driver.wait(seconds, lambda: _runs_again(pod, restarts))
    if pod.restarts == restarts:
        # The pod wasn't restarted, so we end the hang: the next stops are judged on their own.
        driver.check_capacity()
        driver.mend_pod(pod, HANG)
        driver.log.tell(pod.name, EventKind.OVER, "the grader ends the hang")
    driver.log.end_stop(HANG)


def _leak(driver: Driver[P]) -> None:
    driver.log.begin_stop(LEAK)
    pod = driver.ready()[-1]
    restarts = pod.restarts
    driver.break_pod(pod, LEAK, "it leaks memory, 32 MiB at a time")
    restarted = driver.wait(LEAK_WITHIN, lambda: _runs_again(pod, restarts))
    if not restarted:
        driver.check_capacity()
    taken = driver.end_leak(pod, restarted=restarted)
    detail = "" if taken is None else f"{taken // MIB:.0f} MiB leaked"
    driver.log.tell(LEAK, EventKind.OVER, detail, float(releases.LEAK_MOST) if taken is None else taken)
    driver.log.end_stop(LEAK)


def _shutdown(driver: Driver[P]) -> None:
    driver.log.begin_stop(SHUTDOWN)
    pod = driver.ready()[0]
    answered = driver.request_in_flight(pod)
    driver.log.tell(pod.name, EventKind.FAULT, "it is deleted with a 5 s request in flight")
    driver.delete(pod)
    driver.wait(shutdown_seconds(driver.spec.pod.grace), lambda: pod.gone)
    cut = not answered() or not pod.gone
    driver.log.tell(SHUTDOWN, EventKind.REQUESTS_FAILED, "1", float(cut))
    driver.log.end_stop(SHUTDOWN)


# --- the lane of releases: a slow start; an update under load; a bad release


def _run_releases(driver: Driver[P]) -> None:
    log = driver.log
    if driver.spec.paused or releases.release_of(driver.spec.pod.image) is None:
        why = "the Deployment is paused" if driver.spec.paused else "its image can't be had"
        log.skip_stops(why, SLOW_START, UPDATE, BAD_RELEASE)
        return
    log.begin_stop(SLOW_START)
    driver.prepare_load()
    driver.start(releases.SLOW)
    rolled_out = _rolled_out(driver)
    log.end_stop(SLOW_START)
    if not rolled_out and driver.any_release_could():
        # A manifest whose liveness probe kills a slow start is still judged on its updates.
        driver.replace(GOOD)
        rolled_out = _rolled_out(driver)
    if not rolled_out:
        log.skip_stops("there was nothing running to update", UPDATE, BAD_RELEASE)
        return
    _update(driver)
    if driver.complete():
        _bad_release(driver)
    else:
        log.skip_stops("the update before never finished", BAD_RELEASE)


def _update(driver: Driver[P]) -> None:
    driver.log.begin_stop(UPDATE)
    driver.begin_load(REQUESTS_A_SECOND)
    driver.update(releases.UPDATE)
    _rolled_out(driver)
    driver.wait(2)  # what happens to the last old pod is part of it
    sent, failed, reasons = driver.end_load()
    driver.log.tell(UPDATE, EventKind.REQUESTS_FAILED, f"{sent} {reasons}".strip(), float(failed))
    driver.log.end_stop(UPDATE)


def _bad_release(driver: Driver[P]) -> None:
    driver.log.begin_stop(BAD_RELEASE)
    before = len(driver.alive())
    driver.update(releases.BAD)
    readiness = driver.spec.pod.readiness
    driver.wait(bad_release_seconds(readiness.delay if readiness else 0), lambda: len(driver.old()) < before)
    driver.wait(1)
    old = [pod.name for pod in driver.old()]
    ready = [pod.name for pod in driver.ready()]
    serving, new = [name for name in ready if name in old], [name for name in ready if name not in old]
    detail = f"{len(serving)} of {before} old pods serve, {len(new)} new ones do"
    driver.log.tell(BAD_RELEASE, EventKind.OVER, detail, float(len(serving)))
    for name in new:
        driver.log.tell(name, EventKind.FAULT, "a pod that can't serve is in the Service")
    driver.log.end_stop(BAD_RELEASE)


# --- waiting, for both lanes


def _rolled_out(driver: Driver[P]) -> bool:
    """Wait for the rollout; return whether it is complete. If it isn't, log what keeps pods from being ready."""
    if driver.wait_for_rollout():
        return True
    driver.check_capacity()
    tell_obstacles(driver)
    return False


def tell_obstacles(driver: Driver[P]) -> None:
    """Log what keeps pods from being ready: each sentence once a stop, at most ``MOST_REASONS``."""
    log = driver.log
    known = {e.detail for e in log.events if e.stop == log.stop and e.kind is EventKind.WAITING}
    for sentence, name in list(driver.obstacles().items())[:MOST_REASONS]:
        if sentence not in known:
            log.tell(name, EventKind.WAITING, sentence)


def _settled(driver: Driver[P]) -> bool:
    """Wait until every replica serves again; return whether they do."""
    settled = driver.wait(SETTLED_WITHIN, lambda: len(driver.ready()) >= driver.spec.replicas)
    if not settled:
        driver.check_capacity()
    return settled


def _runs_again(pod: P, restarts: int) -> bool:
    """Whether a pod was restarted and is ready again, or never will be."""
    return (pod.restarts > restarts and pod.ready) or pod.gone


FAULTS = Lane("faults", FAULT_STOPS, _run_faults)
RELEASES = Lane("releases", RELEASE_STOPS, _run_releases)
LANES = (FAULTS, RELEASES)
