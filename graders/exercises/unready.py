"""Why the pods of a rollout aren't ready: the field of the manifest that keeps them from it, and what to do about it.

What kind of obstacle it is comes from the timeline (``cluster/obstacles.py``), which field that is from the manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cluster.manifests import Path
from cluster.obstacles import Obstacle, Told, understood
from cluster.scenario import OPAQUE, ROLLOUT_WITHIN
from cluster.timeline import Kind, Timeline
from graders.answers.manifest import Manifest, curly
from graders.answers.text import shown
from graders.exercises import environment, probes
from graders.exercises.contract import IMAGE, PORT
from graders.exercises.exercise import Verdict, failed
from graders.exercises.references import Reference, references

POD: Path = ("spec", "template", "spec")
_SIGKILLED = "137"
_WORDS = 200


@dataclass(frozen=True, slots=True)
class Blame:
    """What keeps pods from being ready, the next step, the path of the field in the Deployment, and a first nudge."""

    saw: str
    hint: str
    path: Path = ()
    nudge: str = "Which pod got stuck first, and at what? The timeline shows it."


_EXPECTED, _WHY = (
    f"every replica ready within {ROLLOUT_WITHIN:.0f} s",
    "Until its pods are ready, a Deployment serves nobody.",
)


def unready(answer: Manifest, timeline: Timeline, stop: str) -> Verdict:
    """The verdict on a rollout that isn't complete: what was in its way, by the first thing that went wrong."""
    blame = _blame(answer, timeline, stop)
    line = answer.deployment.line(*blame.path) if blame.path else 0
    field = _named(blame.path)
    pointer = f"Look at {field}{f' (line {line})' if line else ''}." if field else blame.nudge
    return failed(
        f"{_counted(answer, timeline, stop)}: {blame.saw}", blame.hint, line=line, expected=_EXPECTED, why=_WHY,
        hints=(blame.nudge, pointer, blame.hint),
    )  # fmt: skip


def _counted(answer: Manifest, timeline: Timeline, stop: str) -> str:
    ready = len({e.subject for e in timeline.of(stop, Kind.READY)})
    ended = timeline.first(stop, Kind.ENDED)
    within = ended.at if ended else ROLLOUT_WITHIN
    if not ready:
        return f"no pod was ready after {within:.0f} s"
    wanted = answer.deployment.get("spec", "replicas")
    if isinstance(wanted, int) and ready >= wanted:
        return f"the rollout wasn't complete after {within:.0f} s"
    return f"only {ready} of the pods became ready within {within:.0f} s"


def _blame(answer: Manifest, timeline: Timeline, stop: str) -> Blame:
    """The first of these that there is: what a pod waits for, what the cluster refused, what a pod suffered."""
    told = [found for event in timeline.of(stop, Kind.WAITING) if (found := understood(event.detail))]
    for kind, blamed in _EVENTS.items():
        if kind is Kind.WAITING:
            if told:
                return _obstacle(answer, timeline, stop, told[0])
        elif event := timeline.first(stop, kind):
            return blamed(answer, event.subject, event.detail)
    if waits := timeline.first(stop, Kind.WAITING):
        return Blame(waits.detail, "Look at what it says the pod waits for.")
    return _nothing_told(answer, timeline, stop)


# -- what a pod waits for


def _obstacle(answer: Manifest, timeline: Timeline, stop: str, told: Told) -> Blame:
    sentence = told.obstacle.value.format(**{place: shown(name, _WORDS) for place, name in told.names.items()})
    if told.obstacle in _POD_FIELDS:
        field, hint, nudge = _POD_FIELDS[told.obstacle]
        return Blame(sentence, hint, _item(answer, (*POD, field), set(told.names.values())), nudge)
    if told.obstacle in (Obstacle.VOLUME_MISSING, Obstacle.KEY_MISSING):
        return _volume(answer, told.names, sentence)
    if told.obstacle is Obstacle.EVICTED:
        return evicted(answer, told.names["why"])
    path = _container(answer, told.names["container"])
    if told.obstacle is Obstacle.CANT_START:
        return _cant_start(answer, path, told.names["container"], told.names["why"])
    if path == answer.path and (blame := _application(answer, timeline, stop, told, sentence)):
        return blame
    return _of_a_container(answer, path, told, sentence)


_POD_FIELDS: Mapping[Obstacle, tuple[str, str, str]] = {
    Obstacle.SCHEDULING_GATE: (
        "schedulingGates", "Take schedulingGates out: no program here takes a gate away.",
        "What does the scheduler wait for before it looks at your pods?",
    ),
    Obstacle.NO_SCHEDULER: (
        "schedulerName", "Take schedulerName out: the cluster's own scheduler then places the pods.",
        "Which program looks for a node for your pods?",
    ),
    Obstacle.NO_NODE: (
        "nodeName", "Take nodeName out: the scheduler then chooses a node that is there.",
        "Who should choose the node of a pod?",
    ),
    Obstacle.READINESS_GATE: (
        "readinessGates", "Take readinessGates out: only a program of your own could set that condition.",
        "A pod with readinessGates waits for more than its probes. What for?",
    ),
}  # fmt: skip
"""The pod's own fields: the field, the next step, the nudge."""


def _application(answer: Manifest, timeline: Timeline, stop: str, told: Told, sentence: str) -> Blame | None:
    """What keeps the application's own container from being ready."""
    if told.obstacle is Obstacle.ENDS and told.names["code"] == _SIGKILLED and timeline.first(stop, Kind.OOM_KILLED):
        return _too_little_memory(answer, "", "")
    listens, said = environment.port(answer)
    if told.obstacle is Obstacle.ENDS and listens is None and said is not None:
        return Blame(
            f"PORT: {shown(said.value)} isn't a port, so the shop ends at once, again and again",
            f"Take PORT out: the shop then listens at {PORT}.", said.path, "What does the environment tell the shop?",
        )  # fmt: skip
    if told.obstacle in (Obstacle.ENDS, Obstacle.KILLED, Obstacle.NOT_READY) and answer.of("command"):
        return _command(answer)
    if told.obstacle is Obstacle.KILLED:
        fields: tuple[str, ...] = (f"{told.names['probe']}Probe",)
    elif told.obstacle is Obstacle.NOT_READY:
        fields = ("startupProbe", "readinessProbe")
    else:
        return None
    for field in fields:
        if found := probes.failing(answer, field):
            restarted = ", so every pod is restarted again and again" if told.obstacle is Obstacle.KILLED else ""
            return Blame(f"{found.saw}{restarted}", found.hint, found.path, _ASKS)
    for field in fields:
        delay = answer.of(field, "initialDelaySeconds")
        if isinstance(delay, (int, float)) and delay >= ROLLOUT_WITHIN / 2:
            return Blame(f"{sentence}; its {field} is first asked after {delay:.0f} s", "Lower initialDelaySeconds, or leave it out.",
                         (*answer.path, field, "initialDelaySeconds"), "When is a pod first asked whether it is ready?")  # fmt: skip
    return Blame(sentence, "Look at what that probe asks, and how soon it gives up.", (*answer.path, fields[-1]), _ASKS)


_ASKS = "What does that probe ask, and what does the shop answer?"


def _command(answer: Manifest) -> Blame:
    return Blame(
        f"command replaces the program in the image, and nothing answers at port {PORT}",
        "Take command out, so that the image starts what it was made for.", (*answer.path, "command"),
        "What does the container run in place of the shop?",
    )  # fmt: skip


def _of_a_container(answer: Manifest, path: Path, told: Told, sentence: str) -> Blame:
    """What is wrong with a container beside the application's, or before it."""
    name = shown(told.names["container"])
    has_command = bool(answer.deployment.get(*path, "command"))
    runs = (*path, "command") if has_command else path
    if told.obstacle is Obstacle.KILLED:
        return Blame(sentence, f"Let the probe of “{name}” ask what that container answers, or leave the probe out.",
                     (*path, f"{told.names['probe']}Probe"), f"What does the probe of “{name}” ask, and who answers?")  # fmt: skip
    if told.obstacle is Obstacle.NOT_READY:
        probe = next((f for f in ("startupProbe", "readinessProbe") if answer.deployment.get(*path, f)), "")
        return Blame(f"{sentence}, and a pod is ready when all of its containers are",
                     f"Let the readiness probe of “{name}” ask what that container answers, or leave the probe out.",
                     (*path, probe) if probe else path, f"What does the probe of “{name}” ask, and who answers?")  # fmt: skip
    hint, nudge, at = {
        Obstacle.INIT_FAILS: (
            f"Have “{name}” end with exit code 0, or take it out.",
            "Containers start when every init container has ended well. Did yours?", runs,
        ),
        Obstacle.INIT_RUNS_ON: (
            f"Have “{name}” end. What should run beside the shop belongs into containers, or needs restartPolicy: Always.",
            "Containers start when every init container has ended. Does yours end?", runs,
        ),
        Obstacle.ENDS: (
            f"Have “{name}” run something that doesn't end, or take the container out.",
            "What runs in each container of the pod, and for how long?", runs,
        ),
        Obstacle.HOOK_FAILS: (
            "Have the hook end with exit code 0, or take postStart out.",
            "What runs right after the container's start, and how does it end?", (*path, "lifecycle", "postStart"),
        ),
        Obstacle.PORT_TAKEN: (
            f"Give “{name}” a port of its own, or leave it out: the containers of a pod share one address.",
            "How many programs of one pod can listen at one port?", path,
        ),
    }[told.obstacle]  # fmt: skip
    return Blame(sentence, hint, at, nudge)


# -- what isn't there


def _cant_start(answer: Manifest, path: Path, container: str, why: str) -> Blame:
    # Only what this container names can keep it from starting.
    own = [one for one in _references(answer) if one.path[: len(path)] == path]
    if missing := _named_in(own, why):
        return _missing(answer, missing, f"“{shown(container)}” takes its environment from")
    if answer.deployment.get(*path, "command") and path == answer.path:
        return _command(answer)
    context = (*path, "securityContext")
    at = context if answer.deployment.get(*context) else (*POD, "securityContext")
    if "runAsNonRoot" in why or "non-root" in why:
        return Blame(
            f"the container “{shown(container)}” can't start: it must not run as root, and runAsUser says root",
            "Leave runAsUser out, or write a number above 0.", at, "As which user does the container run?",
        )  # fmt: skip
    return Blame(f"the container “{shown(container)}” can't start: {shown(why, _WORDS)}",
                 "Look at what it says about that container.", path)  # fmt: skip


def _volume(answer: Manifest, names: Mapping[str, str], sentence: str) -> Blame:
    at = _item(answer, (*POD, "volumes"), {names["volume"]})
    own = [one for one in _references(answer) if one.path[: len(at)] == at]
    found = next((one for one in own if one.kind == names["kind"] and one.name == names["name"]), None)
    if found is None:
        return Blame(sentence, "Take the volume out, or put what it is made from into your answer.", at, _WHERE)
    if "key" in names:
        return Blame(sentence, f"Add the key to the {found.kind}, or leave items out.", found.path, _WHERE)
    return _missing(answer, found, f"the volume “{shown(names['volume'])}” is made from")


def _missing(answer: Manifest, reference: Reference, uses: str) -> Blame:
    """An object that the pods name and that isn't there, or hasn't got the key."""
    kind, name, field = reference.kind, shown(reference.name), _named(reference.path)
    called = f"the {kind} “{name}”"
    beside = [d for d in answer.documents if d.get("kind") == kind]
    there = next((d for d in beside if d.get("metadata", "name") == reference.name), None)
    if kind in ("PriorityClass", "RuntimeClass"):
        saw, hint = (
            f"no {kind} is called “{name}”",
            f"Take {field} out: a {kind} belongs to the cluster, not to your answer.",
        )
    elif kind == "PersistentVolumeClaim":
        saw, hint = f"{uses} {called}, which isn't there", "Take the claim out: a stateless service needs none."
    elif there is not None and kind == "Secret" and there.get("type") not in (None, "", OPAQUE):
        saw = f"{uses} {called}, and a Secret of type {shown(there.get('type'))} isn't applied here"
        hint = f"Leave type out of it, so that it is {OPAQUE}, or take the reference out."
    elif there is not None and reference.key:
        saw = f"{called} has no key “{shown(reference.key)}”"
        hint = f"Add the key to the {kind}, or write a key that it has."
    else:
        others = [shown(d.get("metadata", "name")) for d in beside]
        saw = f"{uses} {called}, which isn't there" if uses else f"no {kind} is called “{name}”"
        hint = f"Put {called} into your answer, or take {field} out."
        hint = (
            f"Your answer has the {kind} “{others[0]}”: is that the one you mean? If not: {hint[0].lower()}{hint[1:]}"
            if others
            else hint
        )
    return Blame(saw, hint, reference.path, _WHERE)


_WHERE = "Which objects do your pods name, and where are those?"


def _references(answer: Manifest) -> Iterator[Reference]:
    for one in references(answer.deployment.get(*POD)):
        yield Reference(one.kind, one.name, (*POD, *one.path), one.key)


def _named_in(candidates: list[Reference], why: str) -> Reference | None:
    """The object that the server's, the scheduler's or the kubelet's words are about: they have its kind, name and key."""
    words = why.lower()
    return next(
        (one for one in candidates
         if one.kind.lower() in words and one.name.lower() in words and (not one.key or one.key.lower() in words or "not found" in words)),
        None,
    )  # fmt: skip


# -- what the cluster refused, and what pods suffered


def _refused(answer: Manifest, _subject: str, why: str) -> Blame:
    fields = [one for one in _references(answer) if one.kind in ("ServiceAccount", "PriorityClass", "RuntimeClass")]
    if missing := _named_in(fields, why):
        return _missing(answer, missing, "")
    return Blame(
        f"the cluster refused to make its pods: {shown(why, _WORDS)}",
        "Take out what it names: a stateless API needs no privileges, no host and nothing outside its namespace.",
        _named_by(answer, why), "What does the message name that your pods ask for?",
    )  # fmt: skip


def _named_by(answer: Manifest, why: str) -> Path:
    """The first field of the pod that the words name: hostNetwork, privileged, hostPath..."""
    words = {word for part in why.split() for word in part.replace(".", "=").split("=")}
    words = {word.strip('(),:"') for word in words}
    return next(
        (path for path in answer.deployment.lines if path[: len(POD)] == POD and path[-1] in words - _EVERYWHERE), ()
    )


_EVERYWHERE = frozenset({"container", "containers", "volume", "volumes", "securityContext", "name", "add"})


def _no_node(answer: Manifest, pod: str, why: str) -> Blame:
    """Which field of the pod no node satisfies: the scheduler's reasons, held against what the manifest has."""
    found = f"{pod} found no node"
    if missing := _named_in([one for one in _references(answer) if one.kind == "PersistentVolumeClaim"], why):
        return _missing(answer, missing, f"{found}: a volume is made from")
    for reason, field in _REASONS.items():
        path = (*POD, *field)
        if reason in why and answer.deployment.get(*path) is not None:
            return _placement(answer, found, path)
    name, path = _asked(answer, why)
    if name in ("cpu", "memory"):
        return Blame(
            f"{found}: no node has room for the {name} that it requests", "Ask for no more than a node has: look at requests and their units.",
            path, "How much does one pod reserve, and how many pods are there?",
        )  # fmt: skip
    if name:
        return Blame(f"{found}: no node has {shown(name)}", f"Take {shown(name)} out of resources: the orders API needs none.",
                     path, "Does a node have everything that the container's resources ask for?")  # fmt: skip
    return Blame(f"{found}: {shown(why, _WORDS)}", "Take out what keeps the pod from the cluster's nodes.",
                 nudge="What does the scheduler look for that no node has?")  # fmt: skip


_REASONS: Mapping[str, tuple[str, ...]] = {
    "anti-affinity": ("affinity", "podAntiAffinity"),
    "pod affinity": ("affinity", "podAffinity"),
    "topology spread": ("topologySpreadConstraints",),
    "nodeAffinity": ("affinity", "nodeAffinity"),
    "no node has the label": ("nodeSelector",),
    "affinity/selector": ("nodeSelector",),
    "node affinity": ("affinity", "nodeAffinity"),
}
"""Parts of the scheduler's reasons (``ErrReason...`` in k8s.io/kubernetes/pkg/scheduler/framework/plugins), and of those of the
simulated one, with the field of the pod that each is about."""


def _placement(answer: Manifest, found: str, path: Path) -> Blame:
    field = str(path[-1])
    if field != "nodeSelector":
        return Blame(
            f"{found}: there are not enough nodes for what {field} demands" if field != "nodeAffinity"
            else f"{found}: no node has the labels that nodeAffinity demands",
            _SOFTER.get(field, f"Ask for it as preferredDuringSchedulingIgnoredDuringExecution, or take {field} out."), path,
            "On which nodes may the pod run, and which nodes are there?",
        )  # fmt: skip
    every = {str(key): str(value) for key, value in answer.deployment.get(*path).items()}
    lacking = {key: value for key, value in every.items() if _ON_EVERY_NODE.get(key) != value} or every
    labels = ", ".join(f"{key}={value}" for key, value in lacking.items())
    nudge = "Which nodes have the labels of your nodeSelector?"
    if len(lacking) == 1:
        (key,) = lacking
        return Blame(
            f"{found}: no node has the label {shown(labels)} of its nodeSelector",
            f"Take {shown(key)} out of nodeSelector: a stateless API runs on any node.", (*path, key), nudge,
        )  # fmt: skip
    return Blame(
        f"{found}: no node has all the labels of its nodeSelector: {shown(labels, 120)}",
        "Take nodeSelector out: a stateless API runs on any node.", path, nudge,
    )  # fmt: skip


_SOFTER = {
    "topologySpreadConstraints": "Write whenUnsatisfiable: ScheduleAnyway, or take topologySpreadConstraints out.",
}
_ON_EVERY_NODE = {"kubernetes.io/os": "linux", "beta.kubernetes.io/os": "linux"}


def _asked(answer: Manifest, why: str) -> tuple[str, Path]:
    """The resource that the words name, and where it is asked for."""
    words = {word.strip(".,:;") for word in why.split()}
    for group in ("containers", "initContainers"):
        for index, container in enumerate(_list(answer.deployment.get(*POD, group))):
            for kind in ("requests", "limits"):
                asked = answer.deployment.get(*POD, group, index, "resources", kind)
                if (
                    isinstance(container, dict)
                    and isinstance(asked, dict)
                    and (name := next((n for n in asked if n in words), ""))
                ):
                    return name, (*POD, group, index, "resources", kind, name)
    return next((name for name in ("cpu", "memory") if name in words), ""), ()


def _image(answer: Manifest, pod: str, why: str) -> Blame:
    line_of = next((path for path, image in _images(answer) if image and image in why), (*answer.path, "image"))
    if "Image" not in why:  # the container, and not its image
        if answer.of("command"):
            return _command(answer)
        return Blame(f"{pod} could not start: {shown(why, _WORDS)}", "Look at what it says about the container.")
    hint = f"Look at the image: the exercise's is {IMAGE}:1.0.0."
    if curly(answer.deployment.get(*line_of)):
        hint = "Take the curly quotes off the image: write straight ones, or none."
    return Blame(
        f"{pod} could not start: {shown(why, _WORDS)}",
        hint,
        line_of,
        "Which image is it, and where would a node get it?",
    )


def _images(answer: Manifest) -> Iterator[tuple[Path, str]]:
    for group in ("containers", "initContainers"):
        for index, container in enumerate(_list(answer.deployment.get(*POD, group))):
            if isinstance(container, dict):
                yield (*POD, group, index, "image"), str(container.get("image") or "")


def evicted(answer: Manifest, why: str) -> Blame:
    """The kubelet ended a pod that used more ephemeral storage than its limit."""
    volumes = _list(answer.deployment.get(*POD, "volumes"))
    small = next(
        (i for i, v in enumerate(volumes) if isinstance(v, dict) and isinstance(v.get("emptyDir"), dict)
         and v["emptyDir"].get("sizeLimit") is not None and str(v.get("name")) in why), None,
    )  # fmt: skip
    if small is not None:
        path: Path = (*POD, "volumes", small, "emptyDir", "sizeLimit")
        hint = "Raise sizeLimit, or leave it out."
    else:
        path = next((p for p in answer.deployment.lines if p[-2:] == ("limits", "ephemeral-storage")), ())
        hint = "Raise the limit of ephemeral-storage, or leave it out: a container's logs count, too."
    return Blame(f"the pod was evicted: {shown(why, _WORDS)}", hint, path, "How much of the node's disk may a pod use?")


def _too_little_memory(answer: Manifest, pod: str, _why: str) -> Blame:
    who = f"{pod} was" if pod else "the shop is"
    return Blame(f"{who} OOM-killed at its start", "The memory limit is below what the process needs: look at its unit.",
                 (*answer.path, "resources", "limits", "memory"), "How much memory may the container take?")  # fmt: skip


def _unhealthy(answer: Manifest, pod: str, why: str) -> Blame:
    for field in ("startupProbe", "livenessProbe", "readinessProbe"):
        if why.startswith(field.removesuffix("Probe")) and (found := probes.failing(answer, field)):
            return Blame(f"{found.saw}, again and again", found.hint, found.path, _ASKS)
    return Blame(
        f"{pod}: {why}, again and again", "Look at what that probe asks, and how soon it gives up.", nudge=_ASKS
    )


_EVENTS: Mapping[Kind, Callable[[Manifest, str, str], Blame]] = {
    Kind.FAILED_CREATE: _refused,
    Kind.WAITING: lambda _answer, _subject, detail: Blame(detail, ""),
    Kind.FAILED_SCHEDULING: _no_node,
    Kind.FAILED: _image,
    Kind.EVICTED: lambda answer, _subject, detail: evicted(answer, detail),
    Kind.OOM_KILLED: _too_little_memory,
    Kind.UNHEALTHY: _unhealthy,
}
"""What is looked for in a rollout's events, in this order, and how it is told."""


def _nothing_told(answer: Manifest, timeline: Timeline, stop: str) -> Blame:
    if answer.of("command"):
        return _command(answer)
    if timeline.first(stop, Kind.STARTED) is None:
        field = "paused" if answer.deployment.get("spec", "paused") is True else "replicas"
        hint = (
            "Take paused out: a paused Deployment makes no pods."
            if field == "paused"
            else "Look at spec.replicas: how many pods should there be?"
        )
        return Blame("no container ever started", hint, ("spec", field), "Does the Deployment make any pods?")
    waits = answer.deployment.get("spec", "minReadySeconds")
    if isinstance(waits, (int, float)) and waits >= ROLLOUT_WITHIN / 2:
        return Blame(f"a pod counts only when it has been ready for {waits:.0f} s", "Lower minReadySeconds, or leave it out.",
                     ("spec", "minReadySeconds"), "How long must a pod be ready before it counts?")  # fmt: skip
    for field in ("startupProbe", "readinessProbe"):
        if found := probes.failing(answer, field):
            return Blame(found.saw, found.hint, found.path, _ASKS)
    for field in ("startupProbe", "readinessProbe"):
        delay = answer.of(field, "initialDelaySeconds")
        if isinstance(delay, (int, float)) and delay >= ROLLOUT_WITHIN / 2:
            return Blame(f"its {field} is first asked after {delay:.0f} s", "Lower initialDelaySeconds, or leave it out.",
                         (*answer.path, field, "initialDelaySeconds"), "When is a pod first asked whether it is ready?")  # fmt: skip
    return Blame("their containers run", "Either nothing listens, or readiness asks for something that never comes.",
                 (*answer.path, "readinessProbe"), _ASKS)  # fmt: skip


# -- where things stand


def _container(answer: Manifest, name: str) -> Path:
    """The path of the container of that name, among the containers or the init containers."""
    for group in ("containers", "initContainers"):
        for index, container in enumerate(_list(answer.deployment.get(*POD, group))):
            if isinstance(container, dict) and str(container.get("name"))[:63] == name:
                return (*POD, group, index)
    return answer.path


def _item(answer: Manifest, path: Path, names: set[str]) -> Path:
    """The item of a list that has one of the names; the path itself where it is no list, or no item has one."""
    for index, item in enumerate(_list(answer.deployment.get(*path))):
        if isinstance(item, dict) and names & {str(value)[:63] for value in item.values() if isinstance(value, str)}:
            return (*path, index)
    return path


def _named(path: Path) -> str:
    """The field that a path is about, by its own name: the last one that isn't a place in a list."""
    return next((shown(step) for step in reversed(path) if isinstance(step, str)), "")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
