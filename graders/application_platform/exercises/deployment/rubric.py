"""Exercise ``deployment``: a Deployment for the orders API that keeps the contract, and what becomes of it.

The core criteria read the document; the train's read what happened when it ran.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from markupsafe import Markup

from cluster import Cluster
from cluster.admission.response import Admission, Cause
from cluster.manifests.documents import Document, Path
from cluster.train.stops import APPLIED, Scenario
from cluster.train.timeline import Timeline
from graders.application_platform.contract import IMAGE, PORT, RELEASE, REPLICAS
from graders.application_platform.exercises.deployment import probes, questions, resources, train
from graders.core.exercise import Criterion, Exercise, Sample, Verdict, failed, follows, passed
from graders.families.manifest import admitted, refusal_hints
from graders.families.manifest.deployment import CONTAINERS, DEPLOYMENT, Manifest, containers, of_deployment, parse
from graders.families.manifest.documents import is_started
from graders.families.manifest.refusals import judged_once, refusal
from graders.reading.text import shown

OWN_STORAGE = frozenset({"emptyDir", "configMap", "secret", "downwardAPI", "projected", "ephemeral", "image"})
"""Volumes that begin and end with their pod, or that nobody writes to."""


@dataclass(frozen=True, slots=True)
class DeploymentEvidence:
    """What the world said and did: each document's admission, the Deployment's own, and the run.

    ``timeline`` is None where the Deployment wasn't admitted, so that nothing ran. ``refused`` are then all causes, ``meant``
    is the answer as it was meant with the same evidence, and ``left`` are the causes of which nobody can say what was meant.
    """

    admissions: tuple[Admission, ...]
    admission: Admission
    timeline: Timeline | None
    meant: tuple[Manifest, DeploymentEvidence] | None = None
    refused: tuple[Cause, ...] = ()
    left: tuple[Cause, ...] = ()


def observe(
    answer: Manifest, world: Cluster, so_far: Callable[[DeploymentEvidence], None] | None = None
) -> DeploymentEvidence:
    """Ask the world for its verdict on every document, and run the Deployment where it is admitted."""
    admissions = admitted.admissions(answer.documents, world, DEPLOYMENT)
    admission = admissions[answer.documents.index(answer.deployment)]
    if not admission.accepted:
        why, bare = refusal(answer.deployment, admission), DeploymentEvidence(admissions, admission, None)
        return replace(bare, meant=(_read(answer, why.meant), bare), refused=why.causes, left=why.left)

    def tell(timeline: Timeline) -> None:
        if so_far is not None:
            so_far(DeploymentEvidence(admissions, admission, timeline))

    # What the server refuses isn't there for the pods either.
    there = tuple(d for d, verdict in zip(answer.documents, admissions, strict=True) if verdict.accepted)
    timeline = world.run(Scenario(there), tell if so_far else None)
    return DeploymentEvidence(admissions, admission, timeline)


def _read(answer: Manifest, meant: Document) -> Manifest:
    """The answer with another text of its Deployment."""
    documents = tuple(meant if d is answer.deployment else d for d in answer.documents)
    return of_deployment(documents, meant, IMAGE, PORT)


def accepted(answer: Manifest, evidence: DeploymentEvidence) -> Verdict:
    """The API server accepts every document, and none starts a program that the exercise doesn't run."""
    return admitted.accepted(answer.documents, evidence.admissions, APPLIED)


def replicas(answer: Manifest, _evidence: DeploymentEvidence) -> Verdict:
    """Three replicas are asked for."""
    written = answer.deployment.get("spec", "replicas")
    line = answer.deployment.line("spec", "replicas")
    if written is None:
        return failed("replicas isn't set, so there is 1 pod", f"Set spec.replicas to {REPLICAS}.", line=line)
    if isinstance(written, (int, float)) and not isinstance(written, bool) and written == REPLICAS:
        return passed(f"replicas: {REPLICAS}")
    observed = f"“{shown(written)}”, a text and not a number" if isinstance(written, str) else shown(written)
    return failed(f"replicas: {observed}", f"Set spec.replicas to {REPLICAS}.", line=line)


def stateless(answer: Manifest, _evidence: DeploymentEvidence) -> Verdict:
    """No pod keeps data that outlives it: no claims, no host paths."""
    if answer.container is None:
        return follows("there is no container in spec.template.spec.containers")
    volumes = answer.deployment.get("spec", "template", "spec", "volumes")
    kept = [
        (index, str(volume.get("name")), kind)
        for index, volume in enumerate(volumes if isinstance(volumes, list) else [])
        if isinstance(volume, dict)
        for kind, source in volume.items()
        if kind != "name" and source is not None and kind not in OWN_STORAGE
    ]
    if not kept:
        return passed("no volume outlives its pod")
    observed = ", ".join(f"volume “{shown(name)}” is a {shown(kind)}" for _, name, kind in kept[:3])
    return failed(observed, "Leave orders to the database and uploads to object storage; take the volume out.",
                  line=answer.deployment.line("spec", "template", "spec", "volumes", kept[0][0]))  # fmt: skip


def notes(answer: Manifest, evidence: DeploymentEvidence) -> tuple[str, ...]:
    """What the grader changed, assumed and left out for the run, what an engineer would question, what the server warned of."""
    changed = [
        "the namespace is the run's own",
        "each stop that says so puts its own release in the image's tag",
    ]
    if any(c.get("imagePullPolicy") not in (None, "IfNotPresent") for _, c in containers(answer.deployment)):
        changed.append("the pull policy of shop images is IfNotPresent")
    warned = admitted.server_remarks(evidence.admissions)
    if evidence.timeline is None:
        return warned
    run = f"For the run: {'; '.join(changed)}; nothing else."
    said = (f"{evidence.timeline.note}.",) if evidence.timeline.note else ()
    left_out = (
        *admitted.without_rights(answer.documents),
        *admitted.not_applied(answer.documents, evidence.admissions, APPLIED),
    )
    return (run, *said, *questions.assumed(answer), *left_out, *questions.asked(answer, evidence.admissions), *warned)


CORE: tuple[Criterion[Manifest, DeploymentEvidence], ...] = (
    Criterion(
        name="accepted", points=3, title="The API server accepts it", judge=accepted,
        expected="a Deployment that the API server accepts",
        why="What the server refuses never runs: kubectl apply ends with this message.",
        docs_url="kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/",
        hints=refusal_hints.ANY,
    ),
    Criterion(
        name="replicas", points=3, title="Three replicas", judge=replicas,
        expected=f"spec.replicas: {REPLICAS}",
        why="With one pod every restart is an outage; with three the others serve on.",
        docs_url="kubernetes.io/docs/concepts/workloads/controllers/deployment/",
        hints=(
            "How many pods should there be while one of them restarts?",
            "The Deployment's spec has a field for the number of pods.",
            "It is called replicas, stands beside selector and template, and is a plain number.",
        ),
    ),
    *resources.CRITERIA,
    *probes.CRITERIA,
    Criterion(
        name="stateless", points=1, title="It keeps no state", judge=stateless,
        expected="no volume that outlives its pod: no claims and no host paths",
        why="A stateless service scales out by adding replicas; a volume ties a pod to its data, or to one node.",
        docs_url="kubernetes.io/docs/concepts/storage/volumes/",
        hints=(
            "Where does an order live when the pod that took it is gone?",
            "Look at the volumes: which of them would still be there after the pod?",
            "Only volumes such as emptyDir, configMap and secret belong in a stateless service.",
        ),
    ),
)  # fmt: skip

_READS: Mapping[str, tuple[Path, ...]] = {
    "replicas": (("spec", "replicas"),),
    "stateless": (("spec", "template", "spec", "volumes"), CONTAINERS),
}
_READS_OF_THE_CONTAINER: Mapping[str, tuple[Path, ...]] = {
    "requests": (("resources", "requests"),),
    "limits": (("resources", "limits"),),
    "figures": (("resources", "requests"), ("resources", "limits")),
    "liveness": (("livenessProbe",),),
    "readiness": (("readinessProbe",),),
}
"""Which fields each criterion reads, in the Deployment and in the application's container."""


def _reads(answer: Manifest) -> dict[str, tuple[Path, ...]]:
    within = {name: tuple((*answer.path, *path) for path in paths) for name, paths in _READS_OF_THE_CONTAINER.items()}
    return {**_READS, **within}


def _figure(evidence: DeploymentEvidence) -> Markup:
    from graders.application_platform.exercises.deployment.figure import figure  # noqa: PLC0415  a figure is drawn only where somebody looks

    return figure(evidence)


EXERCISE: Exercise[Manifest, DeploymentEvidence] = Exercise(
    name="deployment",
    title="A Deployment that keeps the contract",
    kind="manifest",
    section="06-hands-on",
    minutes=25,
    criteria=(*judged_once(CORE, _reads, CORE[0].points), *train.CRITERIA),
    parse=partial(parse, image=IMAGE, port=PORT),
    observe=observe,
    is_started=is_started,
    notes=notes,
    echo=lambda answer: admitted.echo(answer.documents),
    runs_on_cluster=True,
    ran=lambda evidence: evidence.timeline is not None,
    figure=_figure,
    json=lambda evidence, problem: admitted.json(evidence.admission if evidence else None, problem),
    sample=Sample(__file__, 15),
    prints=lambda: (f"image `{IMAGE}:{RELEASE}`", f"container port {PORT}", f"**{REPLICAS} replicas**"),
)
