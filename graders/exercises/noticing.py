"""What a pod's probes made of a fault or of a slow start: why it was restarted, why it wasn't, why it stayed in the Service."""

from __future__ import annotations

from typing import Any

from cluster.probing import requested_path
from cluster.scenario import HANG_MOST, SLOW_START
from cluster.shop.releases import RELEASES, SLOW
from cluster.timeline import Kind, Timeline
from graders.answers.manifest import Manifest
from graders.answers.text import shown
from graders.exercises import probes
from graders.exercises.contract import LIVENESS, READINESS
from graders.exercises.endings import Ending, ending
from graders.exercises.exercise import Verdict, failed, follows
from graders.exercises.unready import unready


def restarted_in_outage(answer: Manifest, pod: str, ended: Ending, since: float) -> Verdict:
    """A restart in the outage: because of it, or for a reason of its own."""
    line = answer.line("livenessProbe")
    if ended.killed and (always := probes.failing(answer, "livenessProbe")):
        return follows(again_and_again(always))
    asks = answer.of("livenessProbe", "httpGet", "path")
    asked = requested_path(asks) if isinstance(asks, str) else ""
    if ended.killed and asked in ("", READINESS):
        how = (
            f"its liveness probe requests {READINESS}, which answers 503 meanwhile"
            if asked
            else "its liveness probe failed"
        )
        what = "restarted" if ended.started else "killed"
        return failed(
            f"{pod} was {what} {ended.at - since:.0f} s after its database went away: {how}",
            f"A restart doesn't bring a database back: have liveness request {LIVENESS}, which asks only about the process.",
            line=line,
        )  # fmt: skip
    happened = f"{pod} was restarted {ended.at - since:.0f} s into the outage, for another reason"
    if ended.killed:
        return failed(f"{happened}: its {ended.probe or 'liveness'} probe failed, though it requests {shown(asked)}",
                      "Give that probe more time: look at timeoutSeconds and failureThreshold.", line=line)  # fmt: skip
    if ended.out_of_memory:
        return failed(f"{happened}: it was killed at its memory limit", "Look at the memory limit, and at its unit.",
                      line=answer.line("resources", "limits", "memory"))  # fmt: skip
    return failed(
        f"{happened}: its container ended with exit code {ended.code}",
        "Look at what the container runs.",
        line=answer.line(),
    )


def stayed(answer: Manifest, pod: str, held: float) -> Verdict:
    """The pod that lost its database got requests all the while: what its readiness probe made of that."""
    probe = answer.of("readinessProbe")
    asks = answer.of("readinessProbe", "httpGet", "path")
    line = answer.line("readinessProbe")
    hint = f"Give the container a readiness probe that requests {READINESS}."
    if not isinstance(probe, dict):
        why = "it has no readiness probe"
    elif isinstance(asks, str) and requested_path(asks) != READINESS:
        why = f"its readiness probe requests {shown(requested_path(asks))}, which knows nothing of the database"
        hint = f"Have readiness request {READINESS}."
    elif isinstance(asks, str):
        why = f"its readiness probe needs {_acts_after(probe):.0f} s to notice"
        hint = "Lower periodSeconds or failureThreshold of the readiness probe."
    else:
        handler = next((h for h in probes.HANDLERS if probe.get(h) is not None), "")
        why = f"its readiness probe asks by {handler}, and that doesn't ask about the database"
        hint = f"Have readiness request {READINESS} by httpGet."
    return failed(
        f"{pod} stayed in the Service for the whole outage of {held:.0f} s and got orders that it couldn't serve: {why}",
        hint, line=line,
    )  # fmt: skip


def unnoticed(answer: Manifest, pod: str) -> Verdict:
    """The pod hung to the end of the stop: why its liveness probe noticed nothing."""
    probe, line = answer.of("livenessProbe"), answer.line("livenessProbe")
    hung = f"{pod} hung for {HANG_MOST:.0f} s and wasn't restarted"
    hint = f"Have liveness request {LIVENESS} by httpGet: that waits for an answer."
    if not isinstance(probe, dict) or not probe:
        return failed(f"{hung}: it has no liveness probe",
                      f"Give the container a liveness probe that requests {LIVENESS}.", line=answer.line())  # fmt: skip
    if probe.get("tcpSocket") is not None:
        return failed(f"{hung}: its liveness probe asks by tcpSocket, and a process that hangs still accepts connections, though it "
                      "answers nothing", hint, line=line)  # fmt: skip
    if probe.get("exec") is not None:
        return failed(f"{hung}: its liveness probe runs a command of its own, which succeeds beside a process that hangs", hint,
                      line=answer.line("livenessProbe", "exec"))  # fmt: skip
    acts = _acts_after(probe)
    if acts < HANG_MOST / 2:
        return failed(
            f"{hung}, though its liveness probe should have noticed after {acts:.0f} s",
            "Look at the plot: what happened to the pod?",
            line=line,
        )
    slow = max(
        ("periodSeconds", "failureThreshold", "timeoutSeconds", "initialDelaySeconds"),
        key=lambda field: _over_default(probe, field),
    )
    return failed(
        f"{hung}: its liveness probe acts only after {acts:.0f} s, "
        f"{_settings(probe)}", f"Lower {slow} of the liveness probe, so that it acts within {HANG_MOST:.0f} s.",
        line=answer.line("livenessProbe", slow),
    )  # fmt: skip


def still_ending(answer: Manifest, pod: str, ended: Ending, since: float) -> Verdict:
    """The kubelet had noticed, and the time was over before the container ran again."""
    killed = f"{pod} hung, and the kubelet killed it {ended.at - since:.0f} s later"
    if ended.exited is not None:
        waits = f", as the kubelet waits {ended.waits:.0f} s before it starts it once more" if ended.waits else ""
        return failed(f"{killed}; it hadn't started again when the {HANG_MOST:.0f} s were over{waits}",
                      "Have liveness act sooner: look at its periodSeconds and failureThreshold.",
                      line=answer.line("livenessProbe"))  # fmt: skip
    pre_stop = answer.of("lifecycle", "preStop") is not None
    hint = (
        "Shorten the preStop hook: the kubelet waits for it before it ends the process."
        if pre_stop
        else "Have liveness act sooner, or shorten the grace period in which a process may end."
    )
    return failed(f"{killed}, but it was still ending when the {HANG_MOST:.0f} s were over", hint,
                  line=answer.line("lifecycle", "preStop") if pre_stop else answer.line("livenessProbe"))  # fmt: skip


def _acts_after(probe: dict[str, Any]) -> float:
    """How long a probe takes at most to notice what began just after it was asked, in seconds."""
    period, failures, timeout = (
        _set(probe, field) for field in ("periodSeconds", "failureThreshold", "timeoutSeconds")
    )
    return max(period, timeout) * failures + timeout


_DEFAULTS = {"periodSeconds": 10, "failureThreshold": 3, "timeoutSeconds": 1, "initialDelaySeconds": 1}


def _set(probe: dict[str, Any], field: str) -> float:
    value = probe.get(field)
    return float(value) if isinstance(value, (int, float)) and value else float(_DEFAULTS[field])


def _over_default(probe: dict[str, Any], field: str) -> float:
    return _set(probe, field) / _DEFAULTS[field]


def _settings(probe: dict[str, Any]) -> str:
    period, failures, timeout = (
        _set(probe, field) for field in ("periodSeconds", "failureThreshold", "timeoutSeconds")
    )
    return (
        f"when it has failed {failures:.0f} times, {max(period, timeout):.0f} s apart"
        if failures > 1
        else f"as it is asked every {max(period, timeout):.0f} s"
    )


def again_and_again(always: probes.Failing) -> str:
    """What is said of every restart where a probe never succeeds."""
    return f"every pod is restarted again and again, as {always.saw}"


def restarted_at_start(answer: Manifest, timeline: Timeline, pod: str) -> Verdict:
    """Why a pod of the release that starts slowly was restarted."""
    started = timeline.first(SLOW_START, Kind.STARTED, subject=pod)
    since = started.at if started else 0.0
    ended = ending(timeline, SLOW_START, pod, since) or Ending(since)
    took = max(ended.at - since, 0)
    if ended.out_of_memory or answer.of("command"):
        return unready(answer, timeline, SLOW_START)
    if not ended.killed:
        return failed(f"{pod} ended {took:.0f} s after its start, with exit code {ended.code}", "Look at what the container runs.",
                      line=answer.line())  # fmt: skip
    probe = ended.probe or ("liveness" if answer.of("startupProbe") is None else "startup")
    if always := probes.failing(answer, f"{probe}Probe"):
        return follows(again_and_again(always))
    line = answer.line(f"{probe}Probe")
    if any(e.subject == pod and since <= e.at < ended.at for e in timeline.of(SLOW_START, Kind.READY)):
        return failed(
            f"{pod} was killed {took:.0f} s after its start, though it was ready: its {probe} probe had failed",
            "Give that probe more time: look at timeoutSeconds and failureThreshold.", line=line,
        )  # fmt: skip
    needs = "it needs 20 s to start" if took < RELEASES[SLOW].start else "it wasn't ready by then"
    return failed(
        f"{pod} was killed {took:.0f} s after its start, as its {probe} probe had failed; {needs}",
        "Give the start more time than it needs: a startup probe, or a liveness probe that waits longer."
        if probe == "liveness" else "Give the startup probe more tries: raise its failureThreshold.",
        line=line,
    )  # fmt: skip
