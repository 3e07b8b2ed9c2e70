"""Exercise ``deployment``: a Deployment for the orders API that keeps the contract, and its run.

The core criteria read the document; the train's criteria read the timeline of the run.
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
"""Volumes that live as long as their pod, or that are read-only."""


@dataclass(frozen=True, slots=True)
class DeploymentEvidence:
    """The world's results: each document's admission, the Deployment's own, and the run.

    ``timeline`` is None if the Deployment was refused, so that nothing ran. ``refused`` are then all causes, ``meant`` is
    the corrected answer with the same evidence, and ``left`` are the causes without a certain correction.
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
    """Ask the world for its verdict on every document, and run the Deployment if it is admitted."""
    admissions = admitted.admissions(answer.documents, world, DEPLOYMENT)
    admission = admissions[answer.documents.index(answer.deployment)]
    if not admission.accepted:
        why, bare = refusal(answer.deployment, admission), DeploymentEvidence(admissions, admission, None)
        return replace(bare, meant=(_read(answer, why.meant), bare), refused=why.causes, left=why.left)

    def tell(timeline: Timeline) -> None:
        if so_far is not None:
            so_far(DeploymentEvidence(admissions, admission, timeline))

    # Refused objects don't exist for the pods.
    there = tuple(d for d, verdict in zip(answer.documents, admissions, strict=True) if verdict.accepted)
    timeline = world.run(Scenario(there), tell if so_far else None)
    return DeploymentEvidence(admissions, admission, timeline)


def _read(answer: Manifest, meant: Document) -> Manifest:
    """Return the answer with another Deployment."""
    documents = tuple(meant if d is answer.deployment else d for d in answer.documents)
    return of_deployment(documents, meant, IMAGE, PORT)


def accepted(answer: Manifest, evidence: DeploymentEvidence) -> Verdict:
    """The API server accepts every document, and no document starts a program that the exercise doesn't run."""
    return admitted.accepted(answer.documents, evidence.admissions, APPLIED)


def replicas(answer: Manifest, _evidence: DeploymentEvidence) -> Verdict:
    """The Deployment has three replicas."""
    written = answer.deployment.get("spec", "replicas")
    line = answer.deployment.line("spec", "replicas")
    if written is None:
        return failed("replicas isn't set, so the Deployment has 1 pod", f"Set spec.replicas to {REPLICAS}.", line=line)
    if isinstance(written, (int, float)) and not isinstance(written, bool) and written == REPLICAS:
        return passed(f"replicas: {REPLICAS}")
    observed = f"“{shown(written)}”, which is a text, not a number" if isinstance(written, str) else shown(written)
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
    return failed(observed, "Keep orders in the database and uploads in object storage; delete the volume.",
                  line=answer.deployment.line("spec", "template", "spec", "volumes", kept[0][0]))  # fmt: skip


def notes(answer: Manifest, evidence: DeploymentEvidence) -> tuple[str, ...]:
    """Remarks: what the grader changed, assumed and left out for the run, engineering advice, and the server's warnings."""
    changed = [
        "the namespace",
        "the image tag, at stops that bring a new release",
    ]
    if any(c.get("imagePullPolicy") not in (None, "IfNotPresent") for _, c in containers(answer.deployment)):
        changed.append("the pull policy of shop images, which is IfNotPresent")
    warned = admitted.server_remarks(evidence.admissions)
    if evidence.timeline is None:
        return warned
    run = f"For this run we changed: {'; '.join(changed)}."
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
        why="A refused manifest never runs: kubectl apply ends with this message.",
        docs_url="kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/",
        hints=refusal_hints.ANY,
    ),
    Criterion(
        name="replicas", points=3, title="Three replicas", judge=replicas,
        expected=f"spec.replicas: {REPLICAS}",
        why="With one pod every restart is an outage; with three, the others continue to serve.",
        docs_url="kubernetes.io/docs/concepts/workloads/controllers/deployment/",
        hints=(
            "How many pods should serve while one of them restarts?",
            "The Deployment's spec has a field for the number of pods.",
            "It is called replicas; it is beside selector and template, and its value is a number.",
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
            "Where is an order stored when the pod that accepted it is gone?",
            "Look at the volumes: which of them would exist longer than the pod?",
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
"""The fields that each criterion reads, in the Deployment and in the application's container."""


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
