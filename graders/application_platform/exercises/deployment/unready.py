"""Why the pods of a rollout aren't ready: the field of the manifest at fault, and the next step.

The timeline gives the kind of obstacle (``cluster/pods/obstacles.py``), the manifest gives the field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from cluster.manifests.documents import Path
from cluster.manifests.quantity import quantity
from cluster.pods.given import Given
from cluster.pods.given import environment as environment_of
from cluster.pods.obstacles import Obstacle, ParsedObstacle, port_taken, understood
from cluster.pods.program import program
from cluster.shop.releases import MEMORY
from cluster.train.stops import NO_FAULT_PORT, OUTAGE, ROLLOUT, ROLLOUT_WITHIN
from cluster.train.timeline import EventKind, Timeline
from graders.application_platform.contract import PORT, REPLICAS
from graders.application_platform.exercises.deployment import absent, environment, probes, turned_away
from graders.application_platform.exercises.deployment.blame import (
    POD,
    WORDS,
    Blame,
    command_replaced,
    container_path,
    item_path,
)
from graders.core.exercise import Verdict
from graders.families.manifest.deployment import Manifest, containers
from graders.reading.text import shown

_SIGKILLED = "137"
_NOTHING_RUNS = 2**20
"""No process fits into less memory, in bytes."""

_ASKS = "What does that probe request, and what does the shop answer?"
_HOW_MANY = "How many pods does your Deployment have?"


def unready(answer: Manifest, timeline: Timeline, stop: str) -> Verdict:
    """Return the verdict on an incomplete rollout, by the first problem."""
    blame = _blame(answer, timeline, stop)
    return replace(
        blame, observed=f"{_counted(answer, timeline, stop)}: {blame.observed}", expected=blame.expected or _EXPECTED, why=blame.why or _WHY
    ).verdict(answer)  # fmt: skip


_EXPECTED = f"every replica ready within {ROLLOUT_WITHIN:.0f} s"
_WHY = "Until its pods are ready, a Deployment can't serve requests."


def _counted(answer: Manifest, timeline: Timeline, stop: str) -> str:
    ready = len({e.subject for e in timeline.of(stop, EventKind.READY)})
    if _unbreakable(timeline, stop):
        return f"{ready} pods were ready, but the grader can't inject faults into them"
    ended = timeline.first(stop, EventKind.ENDED)
    within = ended.at if ended else ROLLOUT_WITHIN
    if not ready:
        return f"no pod was ready after {within:.0f} s" if within >= 1 else "no pod was ready"
    wanted = answer.deployment.get("spec", "replicas")
    if isinstance(wanted, int) and ready >= wanted:
        return f"the rollout wasn't complete after {within:.0f} s"
    return f"only {ready} of the pods became ready within {within:.0f} s"


def _blame(answer: Manifest, timeline: Timeline, stop: str) -> Blame:
    """Return the first problem of these: a refusal of the cluster, an obstacle of a pod, an event of a pod."""
    told = [found for event in timeline.of(stop, EventKind.WAITING) if (found := understood(event.detail))]
    if refused := timeline.first(stop, EventKind.FAILED_CREATE):
        return turned_away.not_created(answer, refused.subject, refused.detail)
    if lost := timeline.first(stop, EventKind.EVICTED):
        return turned_away.evicted(answer, lost.subject, lost.detail)
    if told:
        return _obstacle(answer, timeline, stop, told[0])
    for kind, blamed in _BY_EVENT.items():
        if event := timeline.first(stop, kind):
            return blamed(answer, event.subject, event.detail)
    return next(_without_event(answer, timeline, stop), _UNKNOWN)


# -- what a pod waits for


def _clash(answer: Manifest) -> ParsedObstacle | None:
    """Return the obstacle of two containers that listen at one port; which of them ends is chance."""
    given, ports = Given.of(answer.documents, ("ConfigMap", "Secret")), dict[int, str]()
    for _, container in containers(answer.deployment):
        port, name = program(container, environment_of(container, given)[0]).listens, str(container.get("name"))
        if port in ports:
            return understood(port_taken(name, ports[port], port))
        if port is not None:
            ports[port] = name
    return None


def _obstacle(answer: Manifest, timeline: Timeline, stop: str, told: ParsedObstacle) -> Blame:
    if told.obstacle is Obstacle.ENDS:
        told = _clash(answer) or told
    sentence = told.obstacle.value.format(**{place: shown(name, WORDS) for place, name in told.names.items()})
    if told.obstacle in _POD_FIELDS:
        field, hint, nudge = _POD_FIELDS[told.obstacle]
        return Blame(sentence, hint, item_path(answer, (*POD, field), set(told.names.values())), nudge)
    if told.obstacle in (Obstacle.VOLUME_MISSING, Obstacle.KEY_MISSING):
        return absent.volume(answer, told.names, sentence)
    if told.obstacle is Obstacle.EVICTED:
        return turned_away.evicted(answer, "", told.names["why"])
    path = container_path(answer, told.names["container"])
    if told.obstacle is Obstacle.CANT_START:
        return _cant_start(answer, path, told.names["container"], told.names["why"])
    own = _application(answer, timeline, stop, told, sentence) if path == answer.path else None
    return own or _of_a_container(answer, path, told, sentence)


_POD_FIELDS: Mapping[Obstacle, tuple[str, str, str]] = {
    Obstacle.SCHEDULING_GATE: (
        "schedulingGates", "Delete schedulingGates: no program here removes a gate.",
        "What does the scheduler wait for before it places your pods?",
    ),
    Obstacle.NO_SCHEDULER: (
        "schedulerName", "Delete schedulerName: the cluster's own scheduler then places the pods.",
        "Which program chooses a node for your pods?",
    ),
    Obstacle.NO_NODE: (
        "nodeName", "Delete nodeName: the scheduler then chooses a node that exists.",
        "Which part of the cluster should choose the node of a pod?",
    ),
    Obstacle.READINESS_GATE: (
        "readinessGates", "Delete readinessGates: only your own program could set that condition.",
        "A pod with readinessGates waits for more than its probes. For what?",
    ),
}  # fmt: skip
"""The pod's own fields: the field, the next step, the nudge."""


def _application(answer: Manifest, timeline: Timeline, stop: str, told: ParsedObstacle, sentence: str) -> Blame | None:
    """Return why the application's container isn't ready; None if the general rules for containers apply."""
    if told.obstacle is Obstacle.ENDS:
        was_oom_killed = told.names["code"] == _SIGKILLED and timeline.first(stop, EventKind.OOM_KILLED)
        return _too_little_memory(answer, "", "") if was_oom_killed else _ends(answer)
    if told.obstacle not in (Obstacle.KILLED, Obstacle.NOT_READY):
        return None
    if answer.of("command"):
        return command_replaced(answer)
    fields = (
        (f"{told.names['probe']}Probe",) if told.obstacle is Obstacle.KILLED else ("startupProbe", "readinessProbe")
    )
    end = ", so every pod is restarted again and again" if told.obstacle is Obstacle.KILLED else ""
    otherwise = Blame(
        sentence, "Look at what that probe requests, and at its timeouts.", (*answer.path, fields[-1]), _ASKS
    )
    return next(_failing_probes(answer, fields, end), otherwise)


def _failing_probes(answer: Manifest, fields: tuple[str, ...], end: str = "") -> Iterator[Blame]:
    """Yield why probes of the application don't succeed in time."""
    for field in fields:
        if found := probes.failing(answer, field):
            yield Blame(f"{found.observed}{end}", found.hint, found.path, _ASKS)
    for field in fields:
        delay = answer.of(field, "initialDelaySeconds")
        if isinstance(delay, (int, float)) and delay >= ROLLOUT_WITHIN / 2:
            yield Blame(f"its {field} starts only after {delay:.0f} s", "Lower initialDelaySeconds, or delete it.",
                        (*answer.path, field, "initialDelaySeconds"), "When does the first readiness probe run?")  # fmt: skip


def _ends(answer: Manifest) -> Blame | None:
    """Return why the application's process ends by itself."""
    args = answer.of("args")
    if answer.of("command"):
        return command_replaced(answer)
    if isinstance(args, list) and args:
        return Blame(
            f"the shop ends at once, again and again, because it doesn't know the arguments {shown(' '.join(map(str, args[:20])))}",
            "Delete args: the image's program needs none.", (*answer.path, "args"), "Which arguments does the image's program get?",
        )  # fmt: skip
    listens, said = environment.port(answer)
    if listens is not None or said is None:
        return None
    return Blame(
        f"PORT is {shown(said.value)}, which isn't a port, so the shop ends at once, again and again",
        f"Delete PORT: the shop then listens at {PORT}.", said.path, "Which variables does the shop get?",
    )  # fmt: skip


def _of_a_container(answer: Manifest, path: Path, told: ParsedObstacle, sentence: str) -> Blame:
    """Return what is wrong with another container or an init container."""
    name = shown(told.names["container"])
    has_command = bool(answer.deployment.get(*path, "command"))
    runs = (*path, "command") if has_command else path
    if told.obstacle is Obstacle.KILLED:
        return Blame(sentence, f"Let the probe of “{name}” request what that container answers, or delete the probe.",
                     (*path, f"{told.names['probe']}Probe"), f"What does the probe of “{name}” request, and what answers?")  # fmt: skip
    if told.obstacle is Obstacle.NOT_READY:
        probe = next((f for f in ("startupProbe", "readinessProbe") if answer.deployment.get(*path, f)), "")
        return Blame(f"{sentence}, and a pod is ready only when all of its containers are",
                     f"Let the readiness probe of “{name}” request what that container answers, or delete the probe.",
                     (*path, probe) if probe else path, f"What does the probe of “{name}” request, and what answers?")  # fmt: skip
    hint, nudge, at = {
        Obstacle.INIT_FAILS: (
            f"Let “{name}” end with exit code 0, or delete it.",
            "Containers start when every init container has succeeded. Did yours?", runs,
        ),
        Obstacle.INIT_RUNS_ON: (
            f"Let “{name}” end. A program that runs beside the shop belongs in containers, or needs restartPolicy: Always.",
            "Containers start when every init container has ended. Does yours end?", runs,
        ),
        Obstacle.ENDS: (
            f"Let “{name}” run a program that doesn't end, or delete the container.",
            "What runs in each container of the pod, and for how long?", runs,
        ),
        Obstacle.HOOK_FAILS: (
            "Let the hook end with exit code 0, or delete postStart.",
            "What runs right after the container's start, and how does it end?", (*path, "lifecycle", "postStart"),
        ),
        Obstacle.PORT_TAKEN: (
            f"Give “{name}” its own port, or delete it: the containers of a pod share one address.",
            "How many programs of one pod can listen at one port?", path,
        ),
    }[told.obstacle]  # fmt: skip
    return Blame(sentence, hint, at, nudge)


def _cant_start(answer: Manifest, path: Path, container: str, why: str) -> Blame:
    # Only objects that this container names can prevent its start.
    own = [one for one in absent.named_objects(answer) if one.path[: len(path)] == path]
    if found := absent.named_in(own, why):
        return absent.missing(answer, found, f"“{shown(container)}” takes its environment from")
    if blame := absent.volume_in(answer, why):
        return blame
    if answer.deployment.get(*path, "command") and path == answer.path:
        return command_replaced(answer)
    if "Image" in why.partition(":")[0]:
        return turned_away.no_image(answer, f"the container “{shown(container)}”", why)
    if turned_away.root_refused(answer, path):
        return turned_away.as_root(answer, path, container)
    return Blame(f"the container “{shown(container)}” can't start: {shown(why, WORDS)}",
                 "Look at what the message says about that container.", path)  # fmt: skip


# -- problems of pods with and without an event


def _too_little_memory(answer: Manifest, _pod: str, _why: str) -> Blame:
    path = (*answer.path, "resources", "limits", "memory")
    written = answer.deployment.get(*path)
    limit = quantity(written)
    observed = "the shop is OOM-killed at its start"
    if limit is not None and limit < _NOTHING_RUNS:
        observed = f"nothing runs in {shown(written)} of memory"
    return Blame(observed, "The memory limit is below what the process needs: look at its unit.", path,
                 "How much memory may the container take?")  # fmt: skip


def _unhealthy(answer: Manifest, pod: str, why: str) -> Blame:
    if answer.of("command"):
        return command_replaced(answer)
    for field in ("startupProbe", "livenessProbe", "readinessProbe"):
        if why.startswith(field.removesuffix("Probe")) and (found := probes.failing(answer, field)):
            return Blame(f"{found.observed}, again and again", found.hint, found.path, _ASKS)
    return Blame(
        f"{pod}: {why}, again and again", "Look at what that probe requests, and at its timeouts.", nudge=_ASKS
    )


_BY_EVENT: Mapping[EventKind, Callable[[Manifest, str, str], Blame]] = {
    EventKind.FAILED_SCHEDULING: turned_away.no_node,
    EventKind.FAILED: turned_away.no_image,
    EventKind.OOM_KILLED: _too_little_memory,
    EventKind.UNHEALTHY: _unhealthy,
}
"""Problems in a rollout's events, in order of priority, with their explanations."""


def _unbreakable(timeline: Timeline, stop: str) -> bool:
    """Whether the pods were ready, but their program isn't the shop that the grader can break."""
    skipped = timeline.first(OUTAGE, EventKind.SKIPPED)
    return stop == ROLLOUT and skipped is not None and skipped.detail == NO_FAULT_PORT


_UNKNOWN = Blame(
    "their containers run, but aren't ready",
    "Either no program listens, or the readiness probe never succeeds.",
    nudge=_ASKS,
)


def _without_event(answer: Manifest, timeline: Timeline, stop: str) -> Iterator[Blame]:
    """Yield problems of the manifest that no event names."""
    if waits := timeline.first(stop, EventKind.WAITING):
        yield Blame(shown(waits.detail, WORDS), "Look at what the pod waits for.")
    if answer.of("command"):
        yield command_replaced(answer)
    if _unbreakable(timeline, stop):
        yield _takes_no_faults(answer)
    yield from _counts(answer, timeline, stop)
    yield from _failing_probes(answer, ("startupProbe", "readinessProbe"))


def _counts(answer: Manifest, timeline: Timeline, stop: str) -> Iterator[Blame]:
    """Yield problems with the number of pods, and with the condition for a ready pod."""
    wanted, path = answer.deployment.get("spec", "replicas"), ("spec", "replicas")
    if answer.deployment.get("spec", "paused") is True:
        yield Blame("the Deployment is paused, so it creates no pods", "Delete paused.", ("spec", "paused"), _HOW_MANY)
    elif wanted == 0:
        yield Blame("replicas: 0 means no pods", f"Set spec.replicas to {REPLICAS}.", path, _HOW_MANY)
    elif timeline.first(stop, EventKind.STARTED) is None and _is_tiny(answer):
        yield _too_little_memory(answer, "", "")
    elif timeline.first(stop, EventKind.STARTED) is None:
        yield Blame("no container was started", "Look at spec.replicas: how many pods should run?", path, _HOW_MANY)
    waits = answer.deployment.get("spec", "minReadySeconds")
    if isinstance(waits, (int, float)) and waits >= ROLLOUT_WITHIN / 2:
        yield Blame(f"a pod counts only when it has been ready for {waits:.0f} s", "Lower minReadySeconds, or delete it.",
                    ("spec", "minReadySeconds"), "How long must a pod be ready before it counts?")  # fmt: skip
    if timeline.first(stop, EventKind.READY) and isinstance(wanted, (int, float)) and wanted > REPLICAS:
        yield Blame(
            f"the nodes have no room for {wanted:.0f} pods", f"Set spec.replicas to {REPLICAS}.", path, _HOW_MANY
        )


def _is_tiny(answer: Manifest) -> bool:
    limit = quantity(answer.of("resources", "limits", "memory"))
    return limit is not None and limit < MEMORY


def _takes_no_faults(answer: Manifest) -> Blame:
    told = (
        (name, said) for name in ("SHOP_FAULT_PORT", "SHOP_FAULT_HOST") if (said := environment.variable(answer, name))
    )
    name, said = next(told, ("", None))
    return Blame(
        NO_FAULT_PORT, f"Delete {name}." if said else "Let the image start its own program with its own settings.",
        said.path if said else answer.path, "Which program does the container run, and with which settings?",
        expected="the shop's own program, which accepts faults",
        why="Without faults, the run can't show how your manifest handles them.",
    )  # fmt: skip
