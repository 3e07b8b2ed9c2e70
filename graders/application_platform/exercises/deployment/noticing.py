"""How a pod's probes reacted to a fault or a slow start: why it was restarted or not, and why it stayed in the Service."""

from __future__ import annotations

from typing import Any

from cluster.pods.probing import requested_path
from cluster.shop.releases import RELEASES, SLOW
from cluster.train.stops import HANG_MOST, SLOW_START
from cluster.train.timeline import EventKind, Timeline
from graders.application_platform.contract import LIVENESS, READINESS
from graders.application_platform.exercises.deployment import probes
from graders.application_platform.exercises.deployment.blame import Blame
from graders.application_platform.exercises.deployment.endings import Ending, ending
from graders.application_platform.exercises.deployment.unready import unready
from graders.core.exercise import Verdict, follows
from graders.families.manifest.deployment import Manifest
from graders.reading.text import shown

_WHICH = "Which probe should fail while the database is down, and which shouldn't?"
_WHO = "What notices that a process hangs, if it doesn't exit?"
_HOW_SOON = "How long does your liveness probe take to notice, and what happens then?"


def restarted_in_outage(answer: Manifest, pod: str, ended: Ending, since: float) -> Verdict:
    """Return the verdict on a restart in the outage, by its reason."""
    liveness = (*answer.path, "livenessProbe")
    if ended.killed and (always := probes.failing(answer, "livenessProbe")):
        return follows(again_and_again(always))
    asks = answer.of("livenessProbe", "httpGet", "path")
    asked = requested_path(asks) if isinstance(asks, str) else ""
    happened = f"{pod} was restarted {ended.at - since:.0f} s into the outage, for another reason"
    if ended.killed and asked in ("", READINESS):
        what = f"{pod} was {'restarted' if ended.started else 'killed'} {ended.at - since:.0f} s after its database went down"
        how = f"requests {READINESS}, which answers 503 in that time" if asked else "failed"
        blame = Blame(
            f"{what}: its liveness probe {how}",
            f"A restart doesn't repair a database: let the liveness probe request {LIVENESS}, which checks only the process.",
            liveness, _WHICH,
        )  # fmt: skip
    elif ended.killed:
        blame = Blame(
            f"{happened}: its {ended.probe or 'liveness'} probe failed, though it requests {shown(asked)}",
            "Give that probe more time: look at timeoutSeconds and failureThreshold.", liveness,
            "How soon does that probe fail?",
        )  # fmt: skip
    elif ended.out_of_memory:
        blame = Blame(f"{happened}: it was killed at its memory limit", "Look at the memory limit, and at its unit.",
                      (*answer.path, "resources", "limits", "memory"), "How much memory may the container take?")  # fmt: skip
    else:
        blame = Blame(f"{happened}: its container ended with exit code {ended.code}", "Look at the program of the container.",
                      answer.path, "What does the container run, and for how long?")  # fmt: skip
    return blame.verdict(answer)


def stayed(answer: Manifest, pod: str, held: float) -> Verdict:
    """Return the verdict on a pod that lost its database and still got requests, by its readiness probe."""
    why, hint = _unasked(answer)
    return Blame(
        f"{pod} stayed in the Service for the whole outage of {held:.0f} s and got orders that it couldn't serve: {why}",
        hint, (*answer.path, "readinessProbe"), "What tells the Service that a pod can't accept orders now?",
    ).verdict(answer)  # fmt: skip


def _unasked(answer: Manifest) -> tuple[str, str]:
    """Return why the readiness probe noticed no outage, and the next step."""
    probe, asks = answer.of("readinessProbe"), answer.of("readinessProbe", "httpGet", "path")
    if not isinstance(probe, dict):
        return "it has no readiness probe", f"Give the container a readiness probe that requests {READINESS}."
    if not isinstance(asks, str):
        handler = next((h for h in probes.HANDLERS if probe.get(h) is not None), "")
        return (f"its readiness probe uses {handler}, which doesn't check the database",
                f"Let the readiness probe request {READINESS} by httpGet.")  # fmt: skip
    if requested_path(asks) != READINESS:
        return (f"its readiness probe requests {shown(requested_path(asks))}, which doesn't check the database",
                f"Let the readiness probe request {READINESS}.")  # fmt: skip
    return (f"its readiness probe needs {_acts_after(probe):.0f} s to notice",
            "Lower periodSeconds or failureThreshold of the readiness probe.")  # fmt: skip


def unnoticed(answer: Manifest, pod: str) -> Verdict:
    """Return the verdict on a pod that hung until the end of the stop, by its liveness probe."""
    probe, liveness = answer.of("livenessProbe"), (*answer.path, "livenessProbe")
    hung = f"{pod} hung for {HANG_MOST:.0f} s and wasn't restarted"
    hint = f"Let the liveness probe request {LIVENESS} by httpGet, which waits for an answer."
    if not isinstance(probe, dict) or not probe:
        hint = f"Give the container a liveness probe that requests {LIVENESS}."
        return Blame(f"{hung}: it has no liveness probe", hint, answer.path, _WHO).verdict(answer)
    if (never := probes.failing(answer, "livenessProbe")) and not never.asked:
        return Blame(f"{hung}: {never.observed}", never.hint, never.path, _WHO).verdict(answer)
    if probe.get("tcpSocket") is not None:
        why = "its liveness probe uses tcpSocket, and a process that hangs still accepts connections"
        return Blame(
            f"{hung}: {why}", hint, (*liveness, "tcpSocket"), "What does an open port say about the process?"
        ).verdict(answer)
    if probe.get("exec") is not None:
        why = "its liveness probe runs a command, which succeeds although the process hangs"
        return Blame(
            f"{hung}: {why}", hint, (*liveness, "exec"), "What does the command check about the process?"
        ).verdict(answer)
    acts = _acts_after(probe)
    if acts <= HANG_MOST:
        return Blame(f"{hung}, though its liveness probe should have noticed after {acts:.0f} s",
                     "Look at the timeline: what happened to the pod?", liveness, _HOW_SOON).verdict(answer)  # fmt: skip
    slow = max(_DEFAULTS, key=lambda field: _set(probe, field) / _DEFAULTS[field])
    return Blame(
        f"{hung}: its liveness probe acts only after {acts:.0f} s, {_settings(probe)}",
        f"Lower {slow} of the liveness probe, so that it acts within {HANG_MOST:.0f} s.", (*liveness, slow), _HOW_SOON,
    ).verdict(answer)  # fmt: skip


def still_ending(answer: Manifest, pod: str, ended: Ending, since: float) -> Verdict:
    """Return the verdict on a pod that was killed, but didn't run again in time."""
    killed = f"{pod} hung, and the kubelet killed it {ended.at - since:.0f} s later"
    liveness = (*answer.path, "livenessProbe")
    if ended.exited is not None:
        waits = f", because the kubelet waits {ended.waits:.0f} s before the next start" if ended.waits else ""
        return Blame(f"{killed}; it hadn't started again after {HANG_MOST:.0f} s{waits}",
                     "Let the liveness probe act sooner: lower its periodSeconds or failureThreshold.", liveness, _HOW_SOON,
                     ).verdict(answer)  # fmt: skip
    observed = f"{killed}, but it was still ending after {HANG_MOST:.0f} s"
    if answer.of("lifecycle", "preStop") is not None:
        return Blame(observed, "Shorten the preStop hook: the kubelet waits for it before it ends the process.",
                     (*answer.path, "lifecycle", "preStop"), "What does the kubelet wait for before it ends a container?",
                     ).verdict(answer)  # fmt: skip
    return Blame(
        observed,
        "Let the liveness probe act sooner, or shorten the grace period.",
        liveness,
        _HOW_SOON,
    ).verdict(answer)


def _acts_after(probe: dict[str, Any]) -> float:
    """Return the longest time until a probe acts on a fault, in seconds."""
    period, failures, timeout = (
        _set(probe, field) for field in ("periodSeconds", "failureThreshold", "timeoutSeconds")
    )
    return max(period, timeout) * failures + timeout


_DEFAULTS = {"periodSeconds": 10, "failureThreshold": 3, "timeoutSeconds": 1}
"""The settings that decide how soon a probe acts, with the API's defaults."""


def _set(probe: dict[str, Any], field: str) -> float:
    value = probe.get(field)
    return float(value) if isinstance(value, (int, float)) and value else float(_DEFAULTS[field])


def _settings(probe: dict[str, Any]) -> str:
    period, failures, timeout = (
        _set(probe, field) for field in ("periodSeconds", "failureThreshold", "timeoutSeconds")
    )
    return (
        f"when it has failed {failures:.0f} times, {max(period, timeout):.0f} s apart"
        if failures > 1
        else f"because it runs every {max(period, timeout):.0f} s"
    )


def again_and_again(always: probes.Failing) -> str:
    """Return the message for restarts by a probe that never succeeds."""
    return f"every pod is restarted again and again, because {always.observed}"


def restarted_at_start(answer: Manifest, timeline: Timeline, pod: str) -> Verdict:
    """Return the verdict on a restart of the release that starts slowly."""
    started = timeline.first(SLOW_START, EventKind.STARTED, subject=pod)
    since = started.at if started else 0.0
    ended = ending(timeline, SLOW_START, pod, since) or Ending(since)
    took = max(ended.at - since, 0)
    if ended.out_of_memory or answer.of("command"):
        return unready(answer, timeline, SLOW_START)
    if not ended.killed:
        return Blame(f"{pod} ended {took:.0f} s after its start, with exit code {ended.code}", "Look at what the container runs.",
                     answer.path, "What does the container run, and for how long?").verdict(answer)  # fmt: skip
    probe = ended.probe or ("liveness" if answer.of("startupProbe") is None else "startup")
    if always := probes.failing(answer, f"{probe}Probe"):
        return follows(again_and_again(always))
    observed, path = f"{pod} was killed {took:.0f} s after its start", (*answer.path, f"{probe}Probe")
    nudge = f"What does your {probe} probe do with a process that is still starting?"
    if any(e.subject == pod and since <= e.at < ended.at for e in timeline.of(SLOW_START, EventKind.READY)):
        hint = "Give that probe more time: look at timeoutSeconds and failureThreshold."
        return Blame(f"{observed}, though it was ready: its {probe} probe had failed", hint, path, nudge).verdict(
            answer
        )
    needs = "it needs 20 s to start" if took < RELEASES[SLOW].start else "it wasn't ready by then"
    hint = "Allow the startup probe more failures: raise its failureThreshold."
    if probe == "liveness":
        hint = "Allow more time for the start: add a startup probe, or let the liveness probe wait longer."
    return Blame(f"{observed}, because its {probe} probe failed; {needs}", hint, path, nudge).verdict(answer)
