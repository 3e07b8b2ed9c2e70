"""What a Deployment's template says, defaults filled in, as the simulated kubelet reads it.

Defaults are the API's: kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/. The document was
admitted, so it has the right shape; a field with a default may be absent, null, or zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cluster.admission import baseline
from cluster.manifests.documents import Document
from cluster.manifests.quantity import parse, plain, quantity
from cluster.manifests.shapes import listing, mapping, mappings
from cluster.pods import obstacles
from cluster.pods.container import Container, Ports, Probe, is_native, number, read_container, whole
from cluster.pods.container_commands import missing_program
from cluster.pods.given import NOTHING, Given, environment, unbound_claim, uncreatable, unmountable
from cluster.pods.placement import NO_LABELS, held, unschedulable
from cluster.pods.program import Program, program
from cluster.pods.requests import requested
from cluster.shop.releases import SIDECAR, is_shops, release_of

NODE_CPU, NODE_MEMORY = 4.0, 8 * 2**30
"""The simulated node's capacity for pods, in cores and bytes."""

REFERRED = ("ConfigMap", "Secret", "ServiceAccount", "PersistentVolumeClaim")
"""The kinds of documents that pods can refer to; a claim is never judged on kind, and in the simulation it is bound."""

LEAST_WRITTEN = 16 * 2**10
"""What an idle pod writes at least, in bytes: its log and its containers' own files."""

INIT = 1.0
"""The overhead of an init container beside its own work, in seconds."""

INIT_MOST = 110.0
"""If init containers take longer than this, in seconds, the pod can't be ready within the rollout's time."""

CRASHES_WITHIN = 2.0
"""A program that ends within this many seconds of its start gives its pod no time to become ready."""

LEAST_POD = 2**20
"""Below this memory limit, in bytes, a pod can't be created at all."""

SIGKILLED = 137

_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_HOST = r"[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?"
IMAGE = re.compile(
    rf"(?:{_HOST}/)?{_PART}(?:/{_PART})*(?::\w[\w.-]{{0,127}})?(?:@[A-Za-z][\w+.-]*:[0-9a-fA-F]{{32,}})?", re.ASCII
)
"""The name of an image (``ReferenceRegexp`` in github.com/distribution/reference); the kubelet pulls no other name."""


@dataclass(frozen=True, slots=True)
class PodSpec:
    """The template as the kubelet sees it: times in seconds, memory in bytes, cpu in cores.

    ``main`` is the container of the shop, ``beside`` are the others that run as long as the pod; ``init`` is how long
    the init containers take. The following are empty if nothing is wrong: ``refused`` says why the namespace
    doesn't admit the pod, ``held`` why the scheduler ignores it, ``impossible`` why no node fits,
    ``unstartable`` why the kubelet can't create its main container, ``unstarted`` what keeps that container from
    starting, and ``unready`` what keeps the running pod from ever being ready. ``held``, ``unstarted`` and ``unready``
    are sentences of ``cluster/pods/obstacles.py``.
    """

    image: str
    main: Container
    beside: tuple[Container, ...]
    cpu_request: float
    memory_request: float
    grace: float
    init: float
    refused: str
    held: str
    impossible: str
    unstartable: str
    unstarted: str
    unready: str

    @property
    def liveness(self) -> Probe | None:
        """The main container's probe."""
        return self.main.liveness

    @property
    def readiness(self) -> Probe | None:
        """The main container's probe."""
        return self.main.readiness

    @property
    def startup(self) -> Probe | None:
        """The main container's probe."""
        return self.main.startup


@dataclass(frozen=True, slots=True)
class DeploymentSpec:
    """A Deployment as its controller sees it: surge and unavailability in pods, after percentages are resolved."""

    name: str
    replicas: int
    pod: PodSpec
    recreate: bool
    surge: int
    unavailable: int
    min_ready: float
    paused: bool


def read_deployment(document: Document, beside: Sequence[Document] = ()) -> DeploymentSpec:
    """Read the Deployment in a document; ``beside`` are the documents that its pods may refer to."""
    replicas = whole(document.get("spec", "replicas"), 1)
    rolling = mapping(document.get("spec", "strategy", "rollingUpdate"))
    surge = _of(rolling.get("maxSurge"), replicas, math.ceil)
    unavailable = _of(rolling.get("maxUnavailable"), replicas, math.floor)
    return DeploymentSpec(
        name=str(document.get("metadata", "name") or "orders"),
        replicas=replicas,
        pod=read_pod(
            mapping(document.get("spec", "template", "spec")),
            Given.of(beside, REFERRED),
            mapping(document.get("spec", "template", "metadata", "labels")),
        ),
        recreate=document.get("spec", "strategy", "type") == "Recreate",
        surge=surge,
        # The controller never lets both be zero: kubernetes.io/docs/concepts/workloads/controllers/deployment/
        unavailable=unavailable if surge or unavailable else 1,
        min_ready=number(document.get("spec", "minReadySeconds"), 0),
        paused=document.get("spec", "paused") is True,
    )


def read_pod(spec: dict[str, Any], given: Given = NOTHING, labels: Mapping[str, Any] = NO_LABELS) -> PodSpec:
    """Read the pod of a template's spec with those labels; ``given`` are the objects that exist."""
    every, first = mappings(spec.get("containers")), mappings(spec.get("initContainers"))
    app = next((c for c in every if is_shops(c.get("image"))), every[0] if every else {})
    running = (*(c for c in first if is_native(c)), *every)
    variables = {id(c): environment(c, given) for c in (*first, *every, app)}
    programs = {id(c): program(c, variables[id(c)][0]) for c in (*first, *every, app)}
    ports = _ports(programs[id(c)] for c in running)
    read = {id(c): read_container(c, spec, programs[id(c)], ports, variables[id(c)][1]) for c in (*first, *every, app)}
    main, asked = read[id(app)], requested(spec)
    init, unstarted = _before(first, read, spec)
    beside = tuple(read[id(c)] for c in running if c is not app)
    return PodSpec(
        image=str(app.get("image") or ""),
        main=main,
        beside=beside,
        cpu_request=asked.cpu,
        memory_request=asked.memory,
        grace=number(spec.get("terminationGracePeriodSeconds"), 30, zero=True),
        init=init,
        refused=uncreatable(spec, given) or baseline.refused(spec),
        held=held(spec),
        impossible=unbound_claim(spec, given) or unschedulable(spec, labels),
        unstartable=_unstartable(app, spec, main),
        unstarted=unmountable(spec, given) or _too_small(main) or unstarted,
        unready=next(filter(None, _keeps_unready(spec, app, every, read)), ""),
    )


def _too_small(main: Container) -> str:
    """Return why no pod can be created under the main container's memory limit, in the words of the kubelet's event."""
    if main.memory_limit is None or main.memory_limit >= LEAST_POD:
        return ""
    return obstacles.cant_start(main.name, "FailedCreatePodSandBox: cannot allocate memory")


def _keeps_unready(
    spec: dict[str, Any], app: dict[str, Any], every: list[dict[str, Any]], read: Mapping[int, Container]
) -> Iterator[str]:
    """Yield what keeps a pod whose containers can start from ever being ready; empty texts if nothing does."""
    first = [c for c in mappings(spec.get("initContainers")) if is_native(c)]
    yield from (_cant_start(c, spec, read[id(c)]) for c in every if c is not app)
    yield _clash([*first, *every], read)
    yield from (_never_ready(read[id(c)], is_main=c is app) for c in (app, *first, *every))
    yield from (
        obstacles.readiness_gate(str(gate.get("conditionType"))) for gate in mappings(spec.get("readinessGates"))
    )
    yield _evicted(every)


def _before(first: list[dict[str, Any]], read: Mapping[int, Container], spec: dict[str, Any]) -> tuple[float, str]:
    """Return how long the init containers take in sequence, and the obstacle that keeps them from ending."""
    takes = 0.0
    for raw in first:
        one = read[id(raw)]
        if trouble := _cant_start(raw, spec, one):
            return takes, trouble
        if one.native:
            if trouble := _never_started(one):
                return takes, trouble
            takes += INIT
            continue
        if one.program.assumed or one.program.unknown:
            takes += INIT
        elif math.isinf(one.program.ends):
            return takes, obstacles.init_runs_on(one.name)
        elif one.program.code:
            return takes, obstacles.init_fails(one.name, one.program.code)
        else:
            takes += INIT + one.program.ends
        if takes > INIT_MOST:
            return takes, obstacles.init_runs_on(one.name)
    return takes, ""


def _never_ready(one: Container, *, is_main: bool) -> str:
    """Return what keeps a startable container from ever being ready; the main container's probes are simulated instead."""
    if one.hook is None:
        return obstacles.hook_fails(one.name)
    if one.memory_limit is not None and one.memory_limit < one.program.needs and not is_main:
        return obstacles.ends(one.name, SIGKILLED)
    if one.program.ends < CRASHES_WITHIN:
        return obstacles.ends(one.name, one.program.code)
    if is_main:
        return ""
    if trouble := _never_started(one):
        return trouble
    never = one.readiness is not None and one.readiness.always is False
    return obstacles.not_ready(one.name) if never else ""


def _never_started(one: Container) -> str:
    """Return what keeps a container beside the main one from counting as started."""
    if one.startup is None or one.startup.always is not False:
        return ""
    return obstacles.not_ready(one.name) if one.startup.unasked else obstacles.killed(one.name, "startup")


def _ports(programs: Iterable[Program]) -> Ports:
    """Return the programs that keep running, by port; the first of two on one port."""
    ports: dict[int, Program] = {}
    for runs in programs:
        if runs.listens is not None:
            ports.setdefault(runs.listens, runs)
    return ports


def _clash(every: list[dict[str, Any]], read: Mapping[int, Container]) -> str:
    """Return the obstacle if two programs of a pod listen on one port: the later one ends again and again."""
    ports: dict[int, str] = {}
    for container in every:
        port = read[id(container)].program.listens
        if port is not None and port in ports:
            return obstacles.port_taken(str(container.get("name")), ports[port], port)
        if port is not None:
            ports[port] = str(container.get("name"))
    return ""


def _evicted(every: list[dict[str, Any]]) -> str:
    """Return why the kubelet evicts a pod soon after its start: even an idle pod exceeds a tiny storage limit.

    Source: ``podEphemeralStorageLimitEviction`` in k8s.io/kubernetes/pkg/kubelet/eviction; it looks every ten seconds.
    """
    written = (mapping(mapping(one.get("resources")).get("limits")).get("ephemeral-storage") for one in every)
    limits = [limit for limit in written if quantity(limit) is not None]
    total = sum((quantity(limit) or Decimal(0) for limit in limits), start=Decimal(0))
    if not limits or total >= LEAST_WRITTEN:
        return ""
    text = (parse(str(limits[0])) if len(limits) == 1 else plain(total)).text
    return obstacles.evicted(f"Pod ephemeral local storage usage exceeds the total limit of containers {text}.")


def _cant_start(container: dict[str, Any], spec: dict[str, Any], one: Container) -> str:
    """Return the obstacle that keeps a container beside the main one from starting."""
    name, image = one.name, str(container.get("image") or "")
    if why := _unstartable(container, spec, one):
        return obstacles.cant_start(name, why)
    if not IMAGE.fullmatch(image[:500]):
        return obstacles.cant_start(name, f"InvalidImageName: {image[:120]}")
    if _is_shops(image) and release_of(image) is None and image.removeprefix("docker.io/") != SIDECAR:
        return obstacles.cant_start(name, f"ErrImagePull: {image[:120]}")
    return ""


def _is_shops(image: str) -> bool:
    """Whether an image has the name of a shop image. The node has only the known releases of those."""
    return is_shops(image) or image.removeprefix("docker.io/").partition(":")[0] == SIDECAR.partition(":")[0]


def _unstartable(container: dict[str, Any], spec: dict[str, Any], one: Container) -> str:
    """Return why the kubelet can't create a container, in its words."""
    if one.lost:
        return f"CreateContainerConfigError: {one.lost}"
    context = {**mapping(spec.get("securityContext")), **mapping(container.get("securityContext"))}
    if context.get("runAsNonRoot") is True and context.get("runAsUser") == 0:
        return "CreateContainerConfigError: container's runAsUser breaks non-root policy"
    image = str(container.get("image") or "")
    if _is_shops(image) and (lacking := missing_program(listing(container.get("command")))):
        named = lacking[:60]
        why = f"stat {named}: no such file or directory" if "/" in named else "executable file not found in $PATH"
        return f'RunContainerError: exec: "{named}": {why}'
    return ""


def _of(value: Any, replicas: int, rounded: Any) -> int:
    if value is None:
        value = "25%"
    if isinstance(value, str):
        percent = value.removesuffix("%")
        return int(rounded(replicas * int(percent) / 100)) if percent.isdigit() and len(percent) < 9 else 0  # noqa: PLR2004
    return whole(value, 0)
