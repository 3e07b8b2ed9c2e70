"""Exercise ``deployment``: a slip that the API server refuses costs once, and every other line is judged by what was meant."""

from __future__ import annotations

import pytest

from graders.application_platform.exercises.deployment.rubric import CORE
from graders.core.report import State
from graders.present import inline
from tests.faults.plain import PLAIN, in_the_pod, named, simulated
from tests.graders.application_platform.exercises.deployment.timelines import finding

TRAIN, REFUSED = 9, CORE[0].points


def changed(*edits: tuple[str, str]) -> str:
    """The shortest right answer with some of its words replaced."""
    text = PLAIN
    for was, now in edits:
        assert was in text
        text = text.replace(was, now, 1)
    return text


PROBE = "livenessProbe: {httpGet: {path: /healthz, port: 8080}}"
RESOURCES = "resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: 500m, memory: 512Mi}}"
ONE = [
    ("path: /healthz, port: 8080", 'path: /healthz, port: "8080"'), ("path: /readyz, port: 8080", "path: /readyz, port: '8080'"),
    ("path: /healthz", "Path: /healthz"), ("path: /readyz", "paht: /readyz"), ("{path: /readyz, port", "{path: /readyz, Port"),
    ("path: /healthz, port: 8080", "path: /healthz, port: '08080'"),
    ("path: /healthz, port: 8080", "path: /healthz"), (PROBE, "livenessProbe: {httpget: {path: /healthz, port: 8080}}"),
    (PROBE, "livenessProbe: {path: /healthz, port: 8080}"), (PROBE, "livenessProbe: {httpGet: /healthz}"), (PROBE, "livenessProbe: GET /healthz"),
    (PROBE, "liveness: {httpGet: {path: /healthz, port: 8080}}"), (PROBE, PROBE.replace("}}", "}, periodSeconds: ten}")),
    (PROBE, PROBE.replace("}}", "}, successThreshold: 2}")), (PROBE, PROBE.replace("}}", "}, tcpSocket: {port: 8080}}")),
    ("replicas: 3", 'replicas: "3"'), ("replicas: 3", "replicas: three"), ("replicas: 3", "replica: 3"), ("replicas: 3", "Replicas: 3"),
    ("replicas: 3", "replicas: [3]"), ("replicas: 3", "replicas: 3 pods"), ("cpu: 100m", "cpu: 0,1"), ("128Mi", "128MB"), ("512Mi", "512mb"), ("requests: {", "request: {"), ("limits: {", "limit: {"),
    ("resources: {", "resource: {"), (RESOURCES, "requests: {cpu: 100m, memory: 128Mi}\n          limits: {cpu: 500m, memory: 512Mi}"),
    ("containers:\n        - name", "container:\n        - name"), ("    spec:\n      containers", "    Spec:\n      containers"),
    ("apps/v1", "apps/v1beta1"), ("kind: Deployment", "kind: deployment"), ("shop/orders:1.0.0", "[shop/orders]"),
    ("          ports:", "          volumeMounts: [{name: data, mountPath: /data}]\n          ports:"),
    ("        - name: orders", "        - name: Orders_API"), ("cpu: 100m", "cpu: 600m"), ("memory: 512Mi", "memory: 512"), ("cpu: 500m", "cpu: 50m"),
    ("memory: 512Mi", "memory: 64Mi"), ("        - name: orders\n", "        - {name: orders, image: 'shop/sidecar:1.0.0'}\n        - name: orders\n"),
]  # fmt: skip


@pytest.mark.parametrize("slip", ONE, ids=lambda slip: slip[1][:50])
def test_one_refused_slip_costs_once(slip: tuple[str, str]) -> None:
    """A slip that the server refuses costs the points of acceptance and of the train, in any field, and one finding names it."""
    report = simulated(changed(slip))
    assert (report.score, named(report)) == (30 - REFUSED - TRAIN, ["accepted"])


def test_what_follows_is_one_line() -> None:
    """The criteria that the slip would cost, and the skipped stops, are one line, which says that the refusal costs points only once."""
    said = inline.plain(simulated(changed(("path: /healthz", "Path: /healthz"))))
    (line,) = [line for line in said.splitlines() if "same cause" in line]
    assert "9 more have the same cause" in line
    assert "costs points only once" in " ".join(said.split()).replace("│ │ ", "")


LOST = [
    # What is refused, what it costs in all: as much as the lines that read it, if they are worth more than the server's.
    ((RESOURCES, "resources: none"), 8.0), ((RESOURCES, "resources: {requests: none, limits: {cpu: 500m, memory: 512Mi}}"), 3.5),
    ((PLAIN[PLAIN.index("containers:"):], "containers: nothing\n"), 15.0),
]  # fmt: skip


@pytest.mark.parametrize(("slip", "lost"), LOST, ids=str)
def test_an_unreadable_value_costs_what_it_is_worth(slip: tuple[str, str], lost: float) -> None:
    """A refused value with no plausible meaning costs the criteria that read it, and nothing more."""
    report = simulated(changed(slip))
    assert (report.score, named(report)) == (30 - lost - TRAIN, ["accepted"])
    assert f"costs {lost:g} points in all" in " ".join(f.observed for f in report.findings)


SEVERAL = [
    # Each mistake beside the first costs its own points.
    ([("path: /healthz", "Path: /health")], 2.0, "liveness"), ([("port: 8080}}\n          readiness", "port: '80'}}\n          readiness")], 1.0, "liveness"),
    ([("path: /healthz, port: 8080", "path: /readyz, port: '8080'")], 2.0, "liveness"), ([("replicas: 3", "replica: 2")], 3.0, "replicas"),
    ([("replicas: 3", '"replicas": "2"')], 3.0, "replicas"), ([("128Mi", "256MB")], 0.25, "figures"),
    ([("path: /healthz", "Path: /healthz"), ("/readyz", "/healthz")], 2.0, "readiness"),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "lost", "criterion"), SEVERAL, ids=str)
def test_what_is_wrong_beside_the_slip_costs_its_own(edits: list[tuple[str, str]], lost: float, criterion: str) -> None:
    """A mistake beside the slip has its own finding and its own cost, judged on the corrected answer."""
    report = simulated(changed(*edits))
    assert named(report) == ["accepted", criterion]
    assert report.score == pytest.approx(30 - REFUSED - TRAIN - lost, abs=0.011)


def test_two_unreadable_values() -> None:
    """Two refused values with no plausible meaning cost the criteria that read them, each once."""
    report = simulated(changed((PROBE, "livenessProbe: yes please"), ("replicas: 3", "replicas: some")))
    assert report.score == 30 - TRAIN - 6
    assert finding(report, "liveness").observed == "the API server refuses this field, too"
    assert finding(report, "replicas").follows


def test_a_refused_document_beside_the_deployment() -> None:
    """If another document is refused, the Deployment is judged as written, and it runs."""
    report = simulated(f"{PLAIN}---\napiVersion: v1\nkind: Service\nmetadata: {{name: orders}}\nspec: {{ports: []}}\n")
    assert report.score == 30 - REFUSED
    assert [f.criterion for f in report.findings if f.state is not State.PASS] == ["accepted"]


@pytest.mark.parametrize(
    "strategy", ["{rollingUpdate: {maxUnavailable: 3}}", "{rollingUpdate: {maxUnavailable: 100%}}"]
)
def test_an_update_that_takes_all_pods_at_once(strategy: str) -> None:
    """If a bad release leaves no old pod, the hints are about the strategy."""
    found = finding(simulated(changed(("  replicas: 3", f"  replicas: 3\n  strategy: {strategy}"))), "bad-release")
    assert "no old pod was left" in found.observed
    assert "strategy" in found.hints[1]
    assert not any("readiness" in hint for hint in found.hints)


def required(kind: str, topology: str = "kubernetes.io/hostname", app: str = "orders") -> str:
    term = f"{{topologyKey: {topology}, labelSelector: {{matchLabels: {{app: {app}}}}}}}"
    return f"affinity: {{{kind}: {{requiredDuringSchedulingIgnoredDuringExecution: [{term}]}}}}"


def spread(more: str) -> str:
    return f"topologySpreadConstraints: [{{maxSkew: 1, labelSelector: {{matchLabels: {{app: orders}}}}, {more}}}]"


ZONE, HOST = "topologyKey: topology.kubernetes.io/zone", "topologyKey: kubernetes.io/hostname"
BEYOND = [
    (required("podAntiAffinity"), "One node can't keep pods as far apart as podAntiAffinity asks"),
    (required("podAntiAffinity", "topology.kubernetes.io/zone"), "One node can't keep pods as far apart as podAntiAffinity asks"),
    (required("podAffinity", "topology.kubernetes.io/zone"), "One node has none of the zones that podAffinity asks about"),
    (spread(f"{ZONE}, whenUnsatisfiable: DoNotSchedule"), "One node can't spread pods as topologySpreadConstraints asks"),
    (spread(f"{HOST}, whenUnsatisfiable: DoNotSchedule, minDomains: 3"), "One node can't spread pods as topologySpreadConstraints asks"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "note"), BEYOND, ids=[b[0][:70] for b in BEYOND])
def test_what_one_node_cannot_hold(field: str, note: str) -> None:
    """Pods that must be spread or kept apart find enough nodes in the simulation, and the card says what happens with one node."""
    report = simulated(in_the_pod(field))
    assert report.score == 30
    assert any(said.startswith(f"{note}: pods would stay Pending") for said in report.notes)


HELD = [
    required("podAntiAffinity", app="others"), required("podAffinity"), spread(f"{ZONE}, whenUnsatisfiable: ScheduleAnyway"),
    spread(f"{HOST}, whenUnsatisfiable: DoNotSchedule"), "nodeSelector: {kubernetes.io/os: linux}",
]  # fmt: skip


@pytest.mark.parametrize("field", HELD)
def test_what_one_node_can_hold(field: str) -> None:
    """If one node holds the pods, or the rule is only a preference, the card has no note."""
    report = simulated(in_the_pod(field))
    assert report.score == 30
    assert "Pending" not in " ".join(report.notes)


def test_what_no_node_would_hold() -> None:
    """Pods that no node accepts get the rollout's finding, and no note that there are enough nodes."""
    report = simulated(in_the_pod(required("podAffinity", "topology.kubernetes.io/zone", "others")))
    assert "podAffinity" in finding(report, "rollout").observed
    assert "Pending" not in " ".join(report.notes)


ASKED = [
    # what stands in a probe, the criterion, what is seen, a word of each hint
    (("path: /healthz", "path: /health"), "liveness", "requests /health; the shop has no such path and answers 404", ("answer at /health?", "404", "liveness")),
    (("path: /healthz", "path: /"), "liveness", "404", ("answer at /?", "404", "liveness")),
    (("path: /readyz", "path: /ready"), "readiness", "requests /ready; the shop has no such path and answers 404", ("answer at /ready?", "404", "readiness")),
    (("path: /readyz", "path: /healthz/ready"), "readiness", "404", ("answer at /healthz/ready?", "404", "readiness")),
    (("path: /healthz", "path: /readyz"), "liveness", "an outage of the database restarts every pod", ("/readyz", "restart", "another path")),
    (("path: /readyz", "path: /healthz"), "readiness", "lost its database", ("/healthz", "process", "another path")),
    (("path: /healthz", "path: /orders"), "liveness", "requests /orders", ("hangs", "path", "health")),
    (("path: /readyz", "path: /metrics"), "readiness", "requests /metrics", ("accept orders", "path", "ready")),
    (("path: /healthz, port: 8080", "path: /healthz, port: 80"), "liveness", "at port 80", ("listen", "port", "number")),
    (("path: /healthz, port: 8080", "path: /healthz, port: web"), "liveness", "no port of the container has that name", ("listen", "name", "number")),
    (("httpGet: {path: /healthz, port: 8080}", "tcpSocket: {port: 8080}"), "liveness", "tcpSocket", ("accepts connections", "waits for an answer", "httpGet")),
    (("path: /healthz, port: 8080", "path: /healthz, port: 8080, scheme: HTTPS"), "liveness", "HTTPS", ("protocol", "HTTP", "field")),
    (("path: /healthz", "path: “/healthz”"), "liveness", "curly", ("character by character", "straight", "no quotes")),
]  # fmt: skip


@pytest.mark.parametrize(("slip", "criterion", "observed", "hints"), ASKED, ids=[a[0][1] for a in ASKED])
def test_what_a_probe_asks(slip: tuple[str, str], criterion: str, observed: str, hints: tuple[str, str, str]) -> None:
    """A probe's finding and its three hints are about the wrong path, port or handler; an unknown path is a 404."""
    found = finding(simulated(changed(slip)), criterion)
    assert observed in found.observed
    for word, hint in zip(hints, found.hints, strict=True):
        assert word in hint
    assert len({found.hint, *found.hints}) == 4
