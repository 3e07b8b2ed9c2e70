"""Deployments that were judged wrongly once: their cards, from real runs and from timelines made by hand."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import yaml

from cluster.pods import obstacles
from cluster.train.stops import BAD_RELEASE, HANG, LEAK, OUTAGE, ROLLOUT, SHUTDOWN, SLOW_START, UPDATE
from cluster.train.timeline import Event, EventKind
from graders.core.registry import exercise
from graders.core.report import Finding, State
from tests.corpus.faults import fault
from tests.faults.plain import APP, PLAIN, SPEC, beside, in_the_container, in_the_pod, simulated
from tests.graders.application_platform.exercises.deployment.timelines import (
    OTHER,
    POD,
    events,
    finding,
    hangs,
    judged,
    loses_its_database,
    never_ready,
    waits,
)  # fmt: skip
from tests.support.manifests import DEPLOYMENT
from tests.support.solutions import solution


def line_of(text: str, words: str) -> int:
    """The line in which some words stand first."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def said(found: Finding) -> str:
    return " ".join((found.observed, found.hint, found.why, found.expected, *found.hints))


# -- what keeps a pod from being ready, line 1


SIDE = "{name: side, image: 'shop/sidecar:1.0.0', command: ['false'], resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {cpu: 50m, memory: 64Mi}}}"
FIRST = SIDE.replace("side,", "first,", 1)
WAITING: list[tuple[str, str, str, str, str]] = [
    # the answer, what a pod waits for, what the card says after "no pod was ready after 120 s: ", the field, a word of the hint
    (in_the_pod("schedulingGates: [{name: shop.example/hold}]"), obstacles.scheduling_gate("shop.example/hold"),
     "the scheduling gate “shop.example/hold” is never taken away", "schedulingGates", "schedulingGates"),
    (in_the_pod("schedulerName: mine"), obstacles.no_scheduler("mine"), "no scheduler is called “mine”", "schedulerName", "schedulerName"),
    (in_the_pod("nodeName: big-one"), obstacles.no_node("big-one"), "there is no node called “big-one”", "nodeName", "nodeName"),
    (in_the_pod("readinessGates: [{conditionType: shop.example/ok}]"), obstacles.readiness_gate("shop.example/ok"),
     "nothing sets the condition “shop.example/ok”", "readinessGates", "readinessGates"),
    (in_the_pod(f"initContainers: [{FIRST}]"), obstacles.init_fails("first", 1),
     "the init container “first” ends with exit code 1, again and again", "initContainers", "exit code 0"),
    (in_the_pod(f"initContainers: [{FIRST.replace('false', 'sleep')}]"), obstacles.init_runs_on("first"),
     "the init container “first” doesn't end", "initContainers", "restartPolicy: Always"),
    (beside(SIDE), obstacles.ends("side", 1), "the container “side” ends with exit code 1", "name: side", "“side”"),
    (beside(SIDE.replace("command: ['false']", "livenessProbe: {httpGet: {path: /x, port: 9000}}")), obstacles.killed("side", "liveness"),
     "the container “side” is restarted again and again: its liveness probe fails", "name: side", "“side”"),
    (beside(SIDE.replace("command: ['false']", "readinessProbe: {httpGet: {path: /x, port: 9000}}")), obstacles.not_ready("side"),
     "the container “side” runs and isn't ready", "name: side", "“side”"),
    (beside(SIDE.replace("side,", "twin,", 1)), obstacles.port_taken("twin", "orders", 8080), "both listen at port 8080", "name: twin", "its own port"),
    (in_the_container("lifecycle: {postStart: {exec: {command: ['false']}}}"), obstacles.hook_fails("orders"),
     "the postStart hook of “orders” fails", "postStart", "postStart"),
    (in_the_container("envFrom: [{secretRef: {name: nowhere}}]"),
     obstacles.cant_start("orders", 'CreateContainerConfigError: secret "nowhere" not found'),
     "“orders” takes its environment from the Secret “nowhere”, which isn't there", "secretRef", "Add the Secret “nowhere” to your answer"),
    (in_the_container("env: [{name: LEVEL, valueFrom: {configMapKeyRef: {name: settings, key: level}}}]"),
     obstacles.cant_start("orders", 'CreateContainerConfigError: configmap "settings" not found'),
     "the ConfigMap “settings”, which isn't there", "configMapKeyRef", "Add the ConfigMap “settings” to your answer"),
    (in_the_pod("volumes: [{name: config, configMap: {name: settings}}]"), obstacles.volume_missing("config", "ConfigMap", "settings"),
     "the volume “config” is made from the ConfigMap “settings”, which isn't there", "configMap", "Add the ConfigMap “settings” to your answer"),
    (in_the_container("env: [{name: PORT, value: '9999'}]"), obstacles.killed("orders", "liveness"),
     "PORT makes the shop listen at port 9999, but livenessProbe uses port 8080", "PORT", "Delete PORT"),
    (in_the_container("env: [{name: PORT, value: '9999'}]"), obstacles.not_ready("orders"),
     "PORT makes the shop listen at port 9999, but readinessProbe uses port 8080", "PORT", "Delete PORT"),
    (in_the_container("env: [{name: PORT, value: web}]"), obstacles.ends("orders", 1), "PORT is web, which isn't a port", "PORT", "Delete PORT"),
    (PLAIN.replace("/readyz", "/ready"), obstacles.not_ready("orders"),
     "readinessProbe requests /ready, and the shop answers 404", "path: /ready", "the path in the contract"),
    (PLAIN.replace("/readyz, port: 8080", "/readyz, port: 80"), obstacles.not_ready("orders"),
     "readinessProbe uses port 80, where no program listens", "port: 80}", "8080"),
    (PLAIN.replace("httpGet: {path: /readyz, port: 8080}", "exec: {command: [curl, -f, 'localhost:8080/readyz']}"), obstacles.not_ready("orders"),
     "readinessProbe runs curl, which isn't in the shop's image", "curl", "httpGet"),
    (PLAIN.replace("httpGet: {path: /readyz, port: 8080}", "grpc: {port: 8080}"), obstacles.not_ready("orders"),
     "readinessProbe uses gRPC, which the shop doesn't support", "grpc", "httpGet"),
    (in_the_container("startupProbe: {httpGet: {path: /started, port: 8080}}"), obstacles.killed("orders", "startup"),
     "startupProbe requests /started, and the shop answers 404, so every pod is restarted again and again", "/started", "path"),
    (PLAIN.replace("port: 8080}}\n          readinessProbe: {", "port: 8080}}\n          readinessProbe: {initialDelaySeconds: 300, "),
     obstacles.not_ready("orders"), "its readinessProbe starts only after 300 s", "initialDelaySeconds", "initialDelaySeconds"),
    (in_the_container("command: [sleep, infinity]"), obstacles.not_ready("orders"),
     "command replaces the image's program", "command", "Delete command"),
    (in_the_container("command: ['true']"), obstacles.ends("orders", 0), "command replaces the image's program", "command", "Delete command"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence", "observed", "field", "hint"), WAITING, ids=[w[1][:70] for w in WAITING])
def test_what_a_pod_waits_for(text: str, sentence: str, observed: str, field: str, hint: str) -> None:
    """The rollout's finding says what a pod waits for, with the field's line, and its next step is about that field."""
    found = finding(judged(text, waits(sentence)), ROLLOUT)
    assert found.observed.startswith("no pod was ready after 120 s: ")
    assert observed in found.observed
    assert found.line == line_of(text, field)
    assert hint in found.hint
    assert found.earned == 0
    assert found.hints[0] != found.hint
    assert "units" not in said(found)


def test_a_sentence_is_understood() -> None:
    """Each sentence about an obstacle can be parsed again, also with hostile names, and no other sentence can."""
    name = "a“ b” {code} \n(.*)"
    assert obstacles.understood(obstacles.init_fails(name, 3)) == obstacles.ParsedObstacle(
        obstacles.Obstacle.INIT_FAILS, {"container": name, "code": "3"}
    )
    sentence = obstacles.cant_start("orders", "x" * 900)
    told = obstacles.understood(sentence)
    assert told is not None
    assert len(told.names["why"]) == 300
    assert obstacles.understood("the pod is fine") is None


CREATED: list[tuple[str, str, str, str, str]] = [
    (in_the_pod("serviceAccountName: nobody"),
     'pods "orders-1" is forbidden: error looking up service account a/nobody: serviceaccount "nobody" not found',
     "no ServiceAccount is called “nobody”", "serviceAccountName", "Add the ServiceAccount “nobody” to your answer"),
    (in_the_pod("priorityClassName: urgent"), 'pods "orders-1" is forbidden: no PriorityClass with name urgent was found',
     "no PriorityClass is called “urgent”", "priorityClassName", "Delete priorityClassName"),
    (in_the_pod("runtimeClassName: gvisor"), 'pods "orders-1" is forbidden: pod rejected: RuntimeClass "gvisor" not found',
     "no RuntimeClass is called “gvisor”", "runtimeClassName", "Delete runtimeClassName"),
    (in_the_pod("hostNetwork: true"), 'a pod is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)',
     "the cluster refused to create its pods", "hostNetwork", "Delete what the message names"),
    (in_the_container("securityContext: {privileged: true}"),
     'a pod is forbidden: violates PodSecurity "baseline:latest": privileged (container "orders" must not set securityContext.privileged=true)',
     "the cluster refused to create its pods", "privileged", "Delete what the message names"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "observed", "field", "hint"), CREATED, ids=[c[3] for c in CREATED])
def test_what_no_pod_may_be_created_for(text: str, words: str, observed: str, field: str, hint: str) -> None:
    """S12: a missing object is named with the field that refers to it, and so is a field that the namespace forbids."""
    found = finding(judged(text, never_ready(("orders", EventKind.FAILED_CREATE, words))), ROLLOUT)
    assert observed in found.observed
    assert found.line == line_of(text, field)
    assert hint in found.hint


KIND_SELECTOR = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
NODES: list[tuple[str, str, str, str, str]] = [
    (fault("P13"), KIND_SELECTOR, "no node has the label disktype=ssd of its nodeSelector", "disktype", "Delete disktype from nodeSelector"),
    (fault("P13"), "no node has the label disktype=ssd", "no node has the label disktype=ssd of its nodeSelector", "disktype", "nodeSelector"),
    (in_the_pod("nodeSelector: {kubernetes.io/os: windows}"), KIND_SELECTOR, "the label kubernetes.io/os=windows", "nodeSelector", "nodeSelector"),
    (in_the_pod("nodeSelector: {kubernetes.io/os: linux, zone: a}"), KIND_SELECTOR, "the label zone=a", "nodeSelector", "Delete zone"),
    (in_the_pod("nodeSelector: {disk: ssd, zone: a}"), KIND_SELECTOR, "disk=ssd, zone=a", "nodeSelector", "Delete nodeSelector"),
    (fault("S10"), "0/1 nodes are available: 1 Insufficient nvidia.com/gpu. no new claims to deallocate", "no node has nvidia.com/gpu", "nvidia.com/gpu", "nvidia.com/gpu"),
    (PLAIN.replace("limits: {", "limits: {hugepages-2Mi: 64Mi, "), "Insufficient hugepages-2Mi", "no node has hugepages-2Mi", "hugepages-2Mi", "hugepages-2Mi"),
    (in_the_pod("affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: orders}}}]}}"),
     "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.", "too few nodes for podAntiAffinity", "podAntiAffinity", "preferredDuring"),
    (in_the_pod("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: Exists}]}]}}}"),
     KIND_SELECTOR, "no node has the labels that nodeAffinity requires", "nodeAffinity", "preferredDuring"),
    (in_the_pod("topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: orders}}}]"),
     "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label).",
     "too few nodes for topologySpreadConstraints", "topologySpreadConstraints", "ScheduleAnyway"),
    (in_the_pod("volumes: [{name: data, persistentVolumeClaim: {claimName: disk}}]"), '0/1 nodes are available: persistentvolumeclaim "disk" not found.',
     "the PersistentVolumeClaim “disk”, which isn't there", "claimName", "Delete the claim"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "observed", "field", "hint"), NODES, ids=[n[2] for n in NODES])
def test_why_no_node_takes_a_pod(text: str, words: str, observed: str, field: str, hint: str) -> None:
    """P13, S10: the finding and its next step name what no node has; they mention requests and units only if these are the reason."""
    found = finding(judged(text, never_ready((POD, EventKind.FAILED_SCHEDULING, words))), ROLLOUT)
    assert observed in found.observed
    assert found.line == line_of(text, field)
    assert hint in found.hint
    assert "units" not in said(found)


def test_a_node_without_room() -> None:
    """If a node has too little of a resource, the next step is about requests and their units, at the request's line."""
    text = PLAIN.replace("cpu: 100m", "cpu: 100").replace("cpu: 500m", "cpu: 100")
    found = finding(
        judged(text, never_ready((POD, EventKind.FAILED_SCHEDULING, "0/1 nodes are available: 1 Insufficient cpu."))),
        ROLLOUT,
    )
    assert "no node has room for the cpu that it requests" in found.observed
    assert "units" in found.hint
    assert found.line == line_of(text, "cpu: 100")


def test_the_selector_in_the_simulation() -> None:
    """P13: 21 points; the card names the selector and the label, and no other finding repeats that."""
    report = simulated(fault("P13"))
    assert report.score == 21
    (open_one,) = [f for f in report.findings if f.state is State.FAIL and not f.follows]
    assert "no node has the label disktype=ssd of its nodeSelector" in open_one.observed
    assert "nodeSelector" in open_one.hint
    assert "units" not in said(open_one)


def test_a_key_that_an_object_lacks() -> None:
    """If the object is in the answer, its key is named."""
    text = in_the_container("env: [{name: LEVEL, valueFrom: {configMapKeyRef: {name: settings, key: levle}}}]")
    text += "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: info}\n"
    sentence = obstacles.cant_start(
        "orders", "CreateContainerConfigError: couldn't find key levle in ConfigMap x/settings"
    )
    found = finding(judged(text, waits(sentence)), ROLLOUT)
    assert "the ConfigMap “settings” has no key “levle”" in found.observed
    assert found.hint == "Add the key to the ConfigMap, or write an existing key."


def test_an_object_of_another_name() -> None:
    """If the answer has another object of the kind, the next step names that object."""
    text = in_the_container("envFrom: [{secretRef: {name: order-db}}]")
    text += "---\napiVersion: v1\nkind: Secret\nmetadata: {name: orders-db}\nstringData: {a: b}\n"
    sentence = obstacles.cant_start("orders", 'CreateContainerConfigError: secret "order-db" not found')
    found = finding(judged(text, waits(sentence)), ROLLOUT)
    assert found.hint.startswith("Your answer has the Secret “orders-db”: is that the one you mean?")


def test_two_programs_at_one_port() -> None:
    """Of two containers that listen at one port, a random one ends; the card names both and the port in either case."""
    text = beside("{name: second, image: 'shop/orders:1.0.0', resources: {limits: {cpu: 100m, memory: 64Mi}}}")
    for name in ("orders", "second"):
        found = finding(judged(text, waits(obstacles.ends(name, 1))), ROLLOUT)
        assert "the containers “orders” and “second” both listen at port 8080" in found.observed
        assert found.line == line_of(text, "name: second")
    apart = text.replace("name: second,", "name: second, env: [{name: PORT, value: '9001'}],")
    assert "both listen" not in finding(judged(apart, waits(obstacles.ends("second", 1))), ROLLOUT).observed


def test_a_killed_application() -> None:
    """The card of an application that is killed at its memory limit mentions memory, not an exit code."""
    text = PLAIN.replace("memory: 512Mi", "memory: 8Mi").replace("memory: 128Mi", "memory: 8Mi")
    found = finding(
        judged(
            text,
            never_ready(
                (POD, EventKind.OOM_KILLED, "memory over the limit"),
                (POD, EventKind.WAITING, obstacles.ends("orders", 137)),
            ),
        ),
        ROLLOUT,
    )
    assert "OOM-killed at its start" in found.observed
    assert "memory limit" in found.hint
    assert found.line == line_of(text, "memory: 8Mi")


def test_an_evicted_pod() -> None:
    """The card of an evicted pod mentions its storage."""
    text = PLAIN.replace("limits: {", "limits: {ephemeral-storage: 1Ki, ")
    words = 'Container orders exceeded its local ephemeral storage limit "1Ki". '
    for story in (never_ready((POD, EventKind.EVICTED, words)), waits(obstacles.evicted(words))):
        found = finding(judged(text, story), ROLLOUT)
        assert (
            "the kubelet evicts the pods: Container orders exceeded its local ephemeral storage limit" in found.observed
        )
        assert "ephemeral-storage" in found.hint
        assert found.line == line_of(text, "ephemeral-storage")


RAN_ELSEWHERE: list[tuple[str, str, str, str]] = [
    # what the simulation runs: the answer, the rollout's finding, its field, a word of the hint
    (in_the_container("env: [{name: PORT, value: web}]"), "PORT is web, which isn't a port, so the shop ends at once", "PORT", "Delete PORT"),
    (f"{in_the_container('envFrom: [{configMapRef: {name: s}}]')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: s}}\ndata: {{PORT: '80'}}\n",
     "PORT makes the shop listen at port 80, but livenessProbe uses port 8080", "envFrom", "Delete PORT"),
    (in_the_container("args: [--port=8080]"), "it doesn't know the arguments --port=8080", "args", "Delete args"),
    (in_the_container("command: [sleep, infinity]"), "command replaces the image's program", "command", "Delete command"),
    (in_the_container("env: [{name: SHOP_FAULT_PORT, value: '9000'}]"), "3 pods were ready, but the grader can't inject faults", "SHOP_FAULT_PORT", "Delete SHOP_FAULT_PORT"),
    (PLAIN.replace("  replicas: 3", "  replicas: 3\n  minReadySeconds: 500"), "a pod counts only when it has been ready for 500 s", "minReadySeconds", "minReadySeconds"),
    (PLAIN.replace("  replicas: 3", "  replicas: 3\n  paused: true"), "the Deployment is paused, so it creates no pods", "paused", "paused"),
    (PLAIN.replace("  replicas: 3", "  replicas: 0"), "replicas: 0 means no pods", "replicas", "replicas"),
    (PLAIN.replace("shop/orders:1.0.0", "nginx:1.27"), "orders-1 couldn't start, because nginx:1.27 can't be pulled (ErrImagePull)", "image", "shop/orders:1.0.0"),
    (PLAIN.replace("shop/orders:1.0.0", "Shop/Orders:1.0.0"), "Shop/Orders:1.0.0 isn't a valid image name (InvalidImageName)", "image", "shop/orders:1.0.0"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "observed", "field", "hint"), RAN_ELSEWHERE, ids=[r[1] for r in RAN_ELSEWHERE])
def test_a_rollout_that_is_never_complete(text: str, observed: str, field: str, hint: str) -> None:
    """In the simulation as well, the rollout's finding names its field, and its consequences are one line."""
    report = simulated(text)
    found = finding(report, ROLLOUT)
    assert observed in found.observed
    assert found.line == line_of(text, field)
    assert hint in found.hint
    assert len({f.observed for f in report.findings if f.follows}) == 1


def test_a_port_of_its_own_with_its_probes() -> None:
    """If PORT and the probes name another port, pods are ready and every request is lost; each finding explains PORT."""
    report = simulated(in_the_container("env: [{name: PORT, value: '9999'}]").replace("port: 8080}", "port: 9999}"))
    assert finding(report, ROLLOUT).state is State.PASS
    assert (
        finding(report, "liveness").observed
        == "livenessProbe requests /healthz at port 9999, where PORT makes the shop listen"
    )
    assert "PORT makes the shop listen at 9999: delete PORT" in finding(report, UPDATE).hint


def test_pods_that_are_evicted_all_along() -> None:
    """Each stop that fails because pods are evicted says so, in the same words, and blames neither probes nor limits."""
    text = PLAIN.replace("limits: {", "limits: {ephemeral-storage: 1Ki, ")
    words = "Pod ephemeral local storage usage exceeds the total limit of containers 1Ki. "
    lost = ((2.0, EventKind.EXITED, "", 137.0), (2.0, EventKind.EVICTED, words))
    report = judged(text, loses_its_database(*lost), hangs(*lost))
    observed = {finding(report, stop).observed for stop in (OUTAGE, HANG)}
    assert observed == {f"the kubelet evicts the pods: {words.strip()}"}
    assert finding(report, HANG).line == line_of(text, "ephemeral-storage")


# -- a hang is a hang, line 2


def test_a_probe_by_tcp_notices_nothing() -> None:
    """A process that hangs accepts connections; the card on a tcpSocket probe says so, and that the pod wasn't restarted."""
    text = PLAIN.replace("httpGet: {path: /healthz, port: 8080}", "tcpSocket: {port: 8080}")
    found = finding(judged(text, hangs((90, EventKind.OVER, ""))), HANG)
    assert found.observed == (
        "orders-1 hung for 90 s and wasn't restarted: its liveness probe uses tcpSocket, and a process that hangs still accepts "
        "connections"
    )
    assert "/healthz by httpGet" in found.hint
    assert found.line == line_of(text, "tcpSocket")


UNNOTICED = [
    (PLAIN.replace("httpGet: {path: /healthz, port: 8080}", "exec: {command: ['true']}"), "runs a command", "httpGet"),
    (re.sub(r" +livenessProbe.*\n", "", PLAIN), "it has no liveness probe", "/healthz"),
    (PLAIN.replace("livenessProbe: {", "livenessProbe: {periodSeconds: 60, "), "acts only after 181 s, when it has failed 3 times, 60 s apart", "periodSeconds"),
    (PLAIN.replace("livenessProbe: {", "livenessProbe: {failureThreshold: 20, "), "acts only after 201 s", "failureThreshold"),
    (PLAIN.replace("livenessProbe: {", "livenessProbe: {timeoutSeconds: 60, "), "acts only after 240 s", "timeoutSeconds"),
    (PLAIN.replace("livenessProbe: {", "livenessProbe: {failureThreshold: 1, periodSeconds: 3600, "), "because it runs every 3600 s", "periodSeconds"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "observed", "hint"), UNNOTICED, ids=[u[1] for u in UNNOTICED])
def test_why_a_hang_is_not_noticed(text: str, observed: str, hint: str) -> None:
    """The card of an unnoticed hang says why: the probe is missing, requests another path, or waits too long."""
    found = finding(judged(text, hangs((90, EventKind.OVER, ""))), HANG)
    assert found.observed.startswith("orders-1 hung for 90 s and wasn't restarted: ")
    assert observed in found.observed
    assert hint in found.hint
    assert found.hints[-1] == found.hint
    assert f"(line {found.line})" in found.hints[1]


def test_a_grace_period_that_runs() -> None:
    """If the kubelet killed the pod, no card says that nothing restarted it."""
    text = in_the_container("lifecycle: {preStop: {sleep: {seconds: 80}}}").replace(
        SPEC, SPEC.replace("spec:\n", "spec:\n      terminationGracePeriodSeconds: 90\n")
    )
    found = finding(
        judged(
            text,
            hangs(
                (28, EventKind.UNHEALTHY, "liveness probe failed"),
                (28, EventKind.KILLING, ""),
                (90, EventKind.OVER, ""),
            ),
        ),
        HANG,
    )
    assert found.observed == "orders-1 hung, and the kubelet killed it 28 s later, but it was still ending after 90 s"
    assert "preStop" in found.hint
    assert found.line == line_of(text, "preStop")
    plain = finding(
        judged(PLAIN, hangs((88, EventKind.UNHEALTHY, "liveness probe failed"), (88, EventKind.KILLING, ""))), HANG
    )
    assert "the kubelet killed it 88 s later" in plain.observed
    assert "sooner" in plain.hint


def test_a_pod_that_waits_for_its_next_start() -> None:
    """A pod that was killed and waits in back-off isn't called unnoticed."""
    found = finding(
        judged(PLAIN, hangs((28, EventKind.UNHEALTHY, "liveness probe failed"), (28, EventKind.KILLING, ""), (34, EventKind.EXITED, "", 0.0),
                            (34, EventKind.BACK_OFF, "CrashLoopBackOff", 80.0))), HANG)  # fmt: skip
    assert "the kubelet killed it 28 s later; it hadn't started again after 90 s" in found.observed
    assert "waits 80 s" in found.observed


def test_a_path_that_the_shop_lacks() -> None:
    """S14: the card names 404 and the path, and says that every pod is restarted; no stop mentions a database."""
    report = simulated(fault("S14"))
    assert report.score == 26.5
    liveness = finding(report, "liveness")
    assert liveness.observed == "livenessProbe requests /healtz; the shop has no such path and answers 404"
    assert "restarts every pod again and again" in liveness.why
    stop = finding(report, OUTAGE)
    assert stop.follows
    assert (
        stop.observed
        == "every pod is restarted again and again, because livenessProbe requests /healtz, and the shop answers 404"
    )
    assert "/healtz" in finding(report, HANG).observed
    assert "404" in finding(report, HANG).observed
    assert not [
        f for f in report.findings if "database" in f"{f.observed} {f.hint} {f.why}" and f.state is not State.PASS
    ]


ALWAYS = [
    ("/healthz, port: 8080", "/health, port: 8080", "requests /health, and the shop answers 404"),
    ("/healthz, port: 8080", "/healthz/, port: 8080", "requests /healthz/, and the shop answers 404"),
    ("/healthz, port: 8080", "/healthz, port: 9090", "uses port 9090, where no program listens"),
    ("/healthz, port: 8080", "/healthz, port: 8080, scheme: HTTPS", "uses HTTPS, but the shop uses plain HTTP"),
    ("httpGet: {path: /healthz, port: 8080}", "tcpSocket: {port: 80}", "uses port 80, where no program listens"),
    ("httpGet: {path: /healthz, port: 8080}", "exec: {command: [sh, -c, 'curl -f localhost:8080/healthz']}", "runs curl, which isn't in the shop's image"),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "observed"), ALWAYS, ids=[a[2] for a in ALWAYS])
def test_a_liveness_probe_that_always_fails(was: str, now: str, observed: str) -> None:
    """If liveness never succeeds, for any reason, the stops name the reason, and blame neither the database nor the hang."""
    assert was in PLAIN
    report = simulated(PLAIN.replace(was, now, 1))
    for stop in (OUTAGE, SLOW_START):
        found = finding(report, stop)
        if found.state is State.FAIL:
            assert found.follows
            assert f"livenessProbe {observed}" in found.observed
    assert finding(report, OUTAGE).state is State.FAIL


def test_an_outage_that_liveness_asks_about() -> None:
    """A restart is blamed on the outage if liveness checks the database, with the time of the kill."""
    text = PLAIN.replace("/healthz", "/readyz")
    found = finding(
        judged(text, loses_its_database((28, EventKind.UNHEALTHY, "liveness probe failed"), (28, EventKind.KILLING, ""),
                                        (33, EventKind.EXITED, "", 0.0), (33, EventKind.STARTED, "", 1.0))), OUTAGE)  # fmt: skip
    assert (
        found.observed
        == "orders-1 was restarted 28 s after its database went down: its liveness probe requests /readyz, which answers 503 in that time"
    )
    assert found.line == line_of(text, "livenessProbe")


def test_an_outage_that_ends_before_the_pod_does() -> None:
    """A pod that the kubelet kills in the outage, and that is still terminating at its end, didn't only leave the Service."""
    text = PLAIN.replace("/healthz", "/readyz")
    story = loses_its_database(
        (28, EventKind.UNHEALTHY, "liveness probe failed"), (28, EventKind.KILLING, ""), (28, EventKind.NOT_READY, "")
    )
    assert finding(judged(text, story), OUTAGE).observed.startswith(
        "orders-1 was killed 28 s after its database went down: its liveness"
    )


def test_a_kill_of_which_nothing_is_told() -> None:
    """If a real cluster loses the event of a kill, a probe is named all the same, because the shop exits with 0 only after a signal."""
    text = PLAIN.replace("/healthz", "/readyz")
    found = finding(
        judged(text, loses_its_database((28, EventKind.EXITED, "", 0.0), (28, EventKind.STARTED, "", 1.0))), OUTAGE
    )
    assert found.observed.startswith(
        "orders-1 was restarted 28 s after its database went down: its liveness probe requests /readyz"
    )
    short = in_the_container("startupProbe: {httpGet: {path: /startupz, port: 8080}, periodSeconds: 2}")
    slow = finding(
        judged(short, starts_slowly((5, EventKind.EXITED, "", 0.0), (5, EventKind.STARTED, "", 1.0))), SLOW_START
    )
    assert (
        slow.observed
        == "orders-1 was killed 5 s after its start, because its startup probe failed; it needs 20 s to start"
    )


def test_a_restart_in_an_outage_for_another_reason() -> None:
    """A restart that the outage didn't cause isn't blamed on it."""
    oom = finding(
        judged(
            PLAIN,
            loses_its_database(
                (9, EventKind.OOM_KILLED, ""), (9, EventKind.EXITED, "", 137.0), (9.3, EventKind.STARTED, "", 1.0)
            ),
        ),
        OUTAGE,
    )
    assert (
        oom.observed
        == "orders-1 was restarted 9 s into the outage, for another reason: it was killed at its memory limit"
    )
    slow = finding(
        judged(PLAIN, loses_its_database((9, EventKind.UNHEALTHY, "liveness probe failed"), (9, EventKind.KILLING, ""), (15, EventKind.EXITED, "", 0.0),
                                         (15.3, EventKind.STARTED, "", 1.0))), OUTAGE)  # fmt: skip
    assert "for another reason: its liveness probe failed, though it requests /healthz" in slow.observed
    assert "repair a database" not in said(slow)


STAYED = [
    (re.sub(r" +readinessProbe.*\n", "", PLAIN), "it has no readiness probe", "/readyz"),
    (PLAIN.replace("/readyz", "/healthz"), "requests /healthz, which doesn't check the database", "/readyz"),
    (PLAIN.replace("httpGet: {path: /readyz, port: 8080}", "tcpSocket: {port: 8080}"), "uses tcpSocket", "httpGet"),
    (PLAIN.replace("readinessProbe: {", "readinessProbe: {periodSeconds: 60, "), "needs 181 s to notice", "periodSeconds"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "observed", "hint"), STAYED, ids=[s[1] for s in STAYED])
def test_why_a_pod_stayed_in_the_service(text: str, observed: str, hint: str) -> None:
    """The card of a pod that stays in the Service without its database says why its readiness probe didn't notice."""
    found = finding(judged(text, loses_its_database()), OUTAGE)
    assert observed in found.observed
    assert hint in found.hint


def starts_slowly(*told: tuple[float, EventKind, str] | tuple[float, EventKind, str, float]) -> tuple[Event, ...]:
    """The first lane runs, and so does the stop ``slow-start``: its events, in seconds after the container's start."""
    return loses_its_database() + events(
        SLOW_START, (0, SLOW_START, EventKind.BEGAN, ""), (4, POD, EventKind.STARTED, "", 0.0),
        *((4 + at, POD, *rest) for at, *rest in told), (120, SLOW_START, EventKind.ENDED, ""),
    )  # fmt: skip


def test_a_start_that_is_taken_for_a_hang() -> None:
    """The time of the kill counts, not the time of the restart, and the failed probe is named."""
    story = starts_slowly((15, EventKind.UNHEALTHY, "liveness probe failed"), (15, EventKind.KILLING, ""), (45, EventKind.EXITED, "", 137.0),
                          (45.3, EventKind.STARTED, "", 1.0))  # fmt: skip
    found = finding(judged(PLAIN, story), SLOW_START)
    assert (
        found.observed
        == "orders-1 was killed 15 s after its start, because its liveness probe failed; it needs 20 s to start"
    )
    assert "startup probe" in found.hint
    story = starts_slowly(
        (9, EventKind.UNHEALTHY, "startup probe failed"),
        (9, EventKind.KILLING, ""),
        (10, EventKind.EXITED, "", 0.0),
        (10, EventKind.STARTED, "", 1.0),
    )
    found = finding(
        judged(in_the_container("startupProbe: {httpGet: {path: /startupz, port: 8080}, periodSeconds: 3}"), story),
        SLOW_START,
    )
    assert "its startup probe failed" in found.observed
    assert "failureThreshold" in found.hint


@pytest.mark.parametrize(
    "settings",
    [
        "periodSeconds: 5",
        "periodSeconds: 2, failureThreshold: 2",
        "failureThreshold: 1",
        "periodSeconds: 1",
    ],
)
def test_no_time_of_a_start_that_is_over(settings: str) -> None:
    """No card says that a pod was killed later in its start than the start takes."""
    report = simulated(PLAIN.replace("livenessProbe: {", f"livenessProbe: {{{settings}, "))
    found = finding(report, SLOW_START)
    assert found.state is State.FAIL
    took = int(re.findall(r"killed (\d+) s after its start", found.observed)[0])
    assert took <= 20 or "it needs 20 s" not in found.observed


LINES: list[tuple[str, str, str, str]] = [
    # an answer that fails a stop: the stop, the field whose line the finding has, a word of its hint
    (in_the_pod("terminationGracePeriodSeconds: 2"), SHUTDOWN, "terminationGracePeriodSeconds", "terminationGracePeriodSeconds"),
    (in_the_container("lifecycle: {preStop: {exec: {command: [sleep, '60']}}}"), SHUTDOWN, "preStop", "shorten it"),
    (PLAIN.replace("memory: 512Mi", "memory: 2Gi"), LEAK, "2Gi", "512Mi"),
    (PLAIN.replace(", memory: 512Mi", ""), LEAK, "resources", "memory limit"),
    (PLAIN.replace("  replicas: 3", "  replicas: 3\n  strategy: {type: Recreate}"), UPDATE, "Recreate", "Recreate"),
    (re.sub(r" +readinessProbe.*\n", "", PLAIN), UPDATE, "name: orders\n", "/readyz"),
    (PLAIN.replace("/readyz", "/healthz"), BAD_RELEASE, "readinessProbe", "let the readiness probe request /readyz"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "stop", "field", "hint"), LINES, ids=[f"{one[1]} {one[3]}" for one in LINES])
def test_a_stop_points_at_the_field(text: str, stop: str, field: str, hint: str) -> None:
    """A stop's finding has the line of its field, and its next step is about that field."""
    found = finding(simulated(text), stop)
    assert found.state is State.FAIL
    assert hint in found.hint
    assert found.line == (line_of(text, APP.strip()) if field.endswith("\n") else line_of(text, field))


# -- what is applied, and what an engineer would question, 1c and 1e


POLICY = (
    "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: closed}\nspec: {podSelector: {}}\n"
)
LEFT_OUT = {
    "NetworkPolicy": POLICY,
    "Ingress": "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: closed}\nspec: {defaultBackend: {service: {name: orders, port: {number: 80}}}}\n",
    "Role": "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: closed}\nrules: [{apiGroups: [''], resources: [pods], verbs: [get]}]\n",
    "RoleBinding": "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: closed}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a}\n",
    "ClusterRole": "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: closed}\nrules: []\n",
    "Namespace": "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: closed}\n",
    "PersistentVolumeClaim": "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: closed}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n",
    "PriorityClass": "---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: closed}\nvalue: 1000\n",
    "StorageClass": "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: closed}\nprovisioner: example.com/a\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_what_is_never_applied_is_noted(kind: str) -> None:
    """A kind that this exercise doesn't apply costs nothing, and one sentence says that it isn't applied."""
    report = simulated(PLAIN + LEFT_OUT[kind])
    assert report.score == 30, [f.observed for f in report.findings if f.earned < f.points]
    assert f"The {kind} “closed” isn't applied here; it costs no points." in report.notes


def test_several_that_are_never_applied() -> None:
    """Several such kinds are named in one sentence."""
    report = simulated(PLAIN + POLICY + LEFT_OUT["Namespace"])
    assert report.score == 30
    assert "These aren't applied here, and cost no points: NetworkPolicy “closed”, Namespace “closed”." in report.notes


def test_a_secret_of_a_type() -> None:
    """A Secret of type Opaque is applied, and a Secret of another type isn't."""
    plain = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: mine}\nstringData: {a: b}\n"
    assert not [note for note in simulated(PLAIN + plain).notes if "applied" in note]
    assert not [note for note in simulated(f"{PLAIN}{plain}type: Opaque\n").notes if "applied" in note]
    typed = simulated(f"{PLAIN}{plain}type: example.com/own\n")
    assert typed.score == 30
    assert "The Secret “mine” of type example.com/own isn't applied here; it costs no points." in typed.notes


def test_a_service_account_beside() -> None:
    """P14: a ServiceAccount costs nothing; it is applied, without token and rights, and the card says so."""
    report = simulated(fault("P14"))
    assert report.score == 30
    assert "The ServiceAccount “orders” has no token and no rights here." in report.notes


@pytest.mark.parametrize("kind", ["Database", "deployment2"])
def test_a_kind_that_makes_no_sense(kind: str) -> None:
    """A kind that no server has is refused."""
    report = simulated(f"{PLAIN}---\napiVersion: example.com/v1\nkind: {kind}\nmetadata: {{name: a}}\n")
    assert finding(report, "accepted").state is State.FAIL


def test_another_program_costs() -> None:
    """Another object that starts pods is another answer, and costs half of the first criterion."""
    pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: b}]}\n"
    assert simulated(PLAIN + pod).score == 28.5


def test_beside_a_cronjob() -> None:
    """The same rule holds for daily-report."""
    report = simulated(f"{solution(exercise('daily-report'))}\n{POLICY}", "daily-report")
    assert report.score == report.max
    assert "The NetworkPolicy “closed” isn't applied here; it costs no points." in report.notes


SCALER = "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: orders}\nspec: {maxReplicas: 9, minReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: orders}}\n"
BUDGET = "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: orders}\nspec: {minAvailable: 2, selector: {matchLabels: {app: orders}}}\n"
SERVICE = "---\napiVersion: v1\nkind: Service\nmetadata: {name: orders}\nspec: {selector: {app: orders}, ports: [{port: 80, targetPort: http}]}\n"
QUESTIONED: list[tuple[str, str, str]] = [
    ("HPA of one", PLAIN + SCALER.replace("maxReplicas: 9, minReplicas: 3", "maxReplicas: 1"), "maxReplicas: 1 (line 21) lowers your Deployment to 1 pod; your manifest has 3."),
    ("HPA of two", PLAIN + SCALER.replace("9, minReplicas: 3", "2, minReplicas: 2"), "lowers your Deployment to 2 pods"),
    ("HPA above", PLAIN + SCALER.replace("minReplicas: 3", "minReplicas: 5"), "minReplicas: 5 (line 21) raises your Deployment to 5 pods at once; your manifest has 3."),
    ("HPA equal", PLAIN + SCALER.replace("9", "3"), "minReplicas and maxReplicas are both 3"),
    ("HPA down to one", PLAIN + SCALER.replace("minReplicas: 3", "minReplicas: 1"), "one pod remains in a quiet hour"),
    ("HPA of another", PLAIN + SCALER.replace("name: orders}}", "name: order}}"), "scales “order” (line 21), not your Deployment"),
    ("PDB none", PLAIN + BUDGET.replace("minAvailable: 2", "maxUnavailable: 0"), "maxUnavailable: 0 (line 21) allows no eviction, so a node that runs such a pod can't be drained."),
    ("PDB none in percent", PLAIN + BUDGET.replace("minAvailable: 2", "maxUnavailable: '0%'"), "maxUnavailable: 0% (line 21) allows no eviction"),
    ("PDB all", PLAIN + BUDGET.replace("minAvailable: 2", "minAvailable: 3"), "minAvailable: 3 (line 21) allows no eviction"),
    ("PDB more than all", PLAIN + BUDGET.replace("minAvailable: 2", "minAvailable: 5"), "minAvailable: 5 (line 21) allows no eviction"),
    ("PDB all in percent", PLAIN + BUDGET.replace("minAvailable: 2", "minAvailable: 90%"), "minAvailable: 90% (line 21) allows no eviction"),
    ("PDB that keeps none", PLAIN + BUDGET.replace("minAvailable: 2", "minAvailable: 0"), "allows the eviction of all pods at once"),
    ("PDB of others", PLAIN + BUDGET.replace("{app: orders}", "{app: order}"), "selects none of your pods (line 21)"),
    ("startup of a day", in_the_container("startupProbe: {httpGet: {path: /startupz, port: 8080}, failureThreshold: 8640}"), "The startup probe allows 24 h (line 13)"),
    ("grace of years", in_the_pod("terminationGracePeriodSeconds: 99999999"), "A pod may take 3.17 years to end (line 10)"),
    ("Service of others", fault("P18"), "Your Service “orders” selects none of your pods (line 44): it requires app: order, but they have app: orders."),
    ("Service without a selector", PLAIN + SERVICE.replace("selector: {app: orders}, ", ""), "has no selector"),
    ("Service at a name", PLAIN + SERVICE.replace("targetPort: http", "targetPort: web"), "to port web (line 21), a name that no port of a container has"),
    ("Service at a port", PLAIN + SERVICE.replace("targetPort: http", "targetPort: 80"), "to port 80 (line 21), where none of your containers listens"),
    ("Service without a target", PLAIN + SERVICE.replace(", targetPort: http", ""), "to port 80 (line 21), where none of your containers listens"),
    ("containerPort", fault("S17"), "containerPort: 3000 (line 13): the exercise asks for containerPort 8080. The field is only information, so the run isn't affected."),
    ("no containerPort", re.sub(r" +ports:.*\n", "", PLAIN), "The container has no containerPort: the exercise asks for containerPort 8080."),
    ("no slash", fault("P19"), "path: healthz (line 32) has no leading slash; the kubelet requests /healthz."),
    ("no slash for readiness", PLAIN.replace("/readyz", "readyz"), "path: readyz (line 16) has no leading slash; the kubelet requests /readyz."),
    ("another release", PLAIN.replace("shop/orders:1.0.0", "shop/orders:1.0.1"), "The image is shop/orders:1.0.1 (line 12); the exercise asks for shop/orders:1.0.0."),
    ("no way back", PLAIN.replace("  replicas: 3", "  replicas: 3\n  revisionHistoryLimit: 0"), "revisionHistoryLimit: 0 (line 6) keeps no earlier revision"),
    ("an unused ConfigMap", f"{PLAIN}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings}}\ndata: {{a: b}}\n", "None of your pods uses the ConfigMap “settings” (line 20)."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "note"), [q[1:] for q in QUESTIONED], ids=[q[0] for q in QUESTIONED])
def test_what_an_engineer_would_question(text: str, note: str) -> None:
    """P18, P19, S17: a manifest that works but is questionable earns full marks, and one note names the oddity."""
    report = simulated(text)
    assert report.score == 30, [f.observed for f in report.findings if f.earned < f.points]
    assert [one for one in report.notes if note in one], report.notes


QUIET: dict[str, str] = {
    "the solution": DEPLOYMENT,
    "a budget and a Service": PLAIN + BUDGET + SERVICE,
    "a budget in percent": PLAIN + BUDGET.replace("minAvailable: 2", "maxUnavailable: 34%"),
    "a budget by expressions": PLAIN + BUDGET.replace("matchLabels: {app: orders}", "matchExpressions: [{key: app, operator: Exists}]"),
    "a generous start": in_the_container("startupProbe: {httpGet: {path: /startupz, port: 8080}, failureThreshold: 60}"),
    "a grace period of two minutes": in_the_pod("terminationGracePeriodSeconds: 120"),
    "a Service by number": PLAIN + SERVICE.replace("targetPort: http", "targetPort: 8080"),
    "a name elsewhere": PLAIN + SERVICE.replace("spec: {selector: {app: orders}, ports: [{port: 80, targetPort: http}]}", "spec: {type: ExternalName, externalName: example.org}"),
    "an image with its registry": PLAIN.replace("shop/orders:1.0.0", "docker.io/shop/orders:1.0.0"),
}  # fmt: skip


@pytest.mark.parametrize("name", QUIET)
def test_what_needs_no_question(name: str) -> None:
    """A correct answer gets no remark except on the changes for the run."""
    report = simulated(QUIET[name])
    assert report.score == 30
    assert [note for note in report.notes if not note.startswith("For this run")] == []


def test_a_path_that_is_a_url() -> None:
    """The kubelet reads a path as a URL and uses only its path, so a query, a fragment or a host has no effect."""
    for written in ("'http://orders:8080/healthz'", "'healthz?verbose'", "'/healthz#x'", "'//orders/healthz'"):
        assert finding(simulated(PLAIN.replace("/healthz", written)), "liveness").state is State.PASS


def test_a_scaler_that_is_as_it_should_be() -> None:
    """A HorizontalPodAutoscaler isn't applied, because it would change the judged replicas, and only that is mentioned."""
    report = simulated(PLAIN + SCALER)
    assert report.score == 30
    assert report.notes[1:] == ("The HorizontalPodAutoscaler “orders” isn't applied here; it costs no points.",)


def test_remarks_are_few() -> None:
    """A card shows at most four such remarks."""
    text = in_the_pod("terminationGracePeriodSeconds: 99999999").replace("containerPort: 8080", "containerPort: 1")
    text = (
        text.replace("/healthz", "healthz")
        .replace("/readyz", "readyz")
        .replace("  replicas: 3", "  replicas: 3\n  revisionHistoryLimit: 0")
    )
    text += SCALER.replace("9, minReplicas: 3", "1") + BUDGET.replace("minAvailable: 2", "maxUnavailable: 0")
    notes = simulated(text + SERVICE.replace("app: orders", "app: none")).notes
    assert len([note for note in notes if "For this run" not in note and "applied" not in note]) == 4
    assert all(len(note) <= 200 for note in notes)


ODD = [
    SERVICE.replace("{app: orders}", "[app]"), SERVICE.replace("targetPort: http", "targetPort: {a: b}"), SERVICE.replace("name: orders", "name: {a: b}", 1),
    BUDGET.replace("minAvailable: 2", "minAvailable: [2]"), BUDGET.replace("{matchLabels: {app: orders}}", "all"),
    SCALER.replace("maxReplicas: 9", "maxReplicas: {}"), "---\napiVersion: v1\nkind: Secret\nmetadata: {name: [a]}\n",
]  # fmt: skip


@pytest.mark.parametrize("document", ODD)
def test_what_is_refused_is_not_questioned(document: str) -> None:
    """A malformed document beside the Deployment is refused, with no other remark."""
    report = simulated(PLAIN + document)
    assert finding(report, "accepted").state is State.FAIL
    assert report.state is State.FAIL
    assert [note for note in report.notes if not note.startswith("For this run")] == []


PROXY = "{name: proxy, image: 'envoyproxy/envoy:v1.31.0', resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {cpu: 50m, memory: 64Mi}}}"
ASSUMED: list[tuple[str, str]] = [
    (beside(PROXY), "The container “proxy” has another image, envoyproxy/envoy:v1.31.0: it is assumed to run and to be ready."),
    (in_the_pod("initContainers: [{name: wait, image: 'busybox:1.36', command: [sh, -c, 'exit 0']}]"),
     "The init container “wait” has another image, busybox:1.36: it is assumed to succeed."),
    (in_the_pod("initContainers: [{name: mesh, image: 'mesh:1', restartPolicy: Always}]"),
     "The container “mesh” has another image, mesh:1: it is assumed to run and to be ready."),
    (f"{beside(PROXY)}        - {PROXY.replace('name: proxy', 'name: logs').replace('envoyproxy/envoy:v1.31.0', 'logs:2')}\n",
     "The containers “proxy” (envoyproxy/envoy:v1.31.0), “logs” (logs:2) have other images: each is assumed to run and to be ready."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "note"), ASSUMED, ids=[a[1][:30] for a in ASSUMED])
def test_a_foreign_container_is_named_as_assumed(text: str, note: str) -> None:
    """1a: a container with another image costs nothing, and the card states the assumption about it."""
    report = simulated(text)
    assert report.score == 30
    assert note in report.notes
    assert [one for one in report.notes if "assumed" in one] == [note]


Change = Callable[[str], str]


def test_the_shops_own_images_are_not_assumed() -> None:
    """The shop's sidecar is a known image."""
    report = simulated(
        beside(
            "{name: side, image: 'shop/sidecar:1.0.0', resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {cpu: 50m, memory: 64Mi}}}"
        )
    )
    assert not [note for note in report.notes if "assumed" in note]


def test_yaml_stays_readable() -> None:
    """The changes of this module apply to a valid manifest."""
    for text in (PLAIN, in_the_pod("nodeName: a"), in_the_container("command: [a]"), beside(SIDE), *QUIET.values()):
        assert list(yaml.safe_load_all(text))
    assert OTHER != POD


def test_a_restart_cuts_off_what_a_shutdown_would_finish() -> None:
    """If a wrong liveness path restarts every pod, a request that a shutdown cuts off isn't blamed on the port."""
    story = events(
        SHUTDOWN, (60, POD, EventKind.FAULT, ""), (60, POD, EventKind.DELETED, ""), (65, POD, EventKind.REQUESTS_FAILED, "", 1.0), (66, POD, EventKind.EXITED, "", 0.0),
    )  # fmt: skip
    wrong = finding(judged(PLAIN.replace("/healthz", "/health"), story), "shutdown")
    assert wrong.follows
    assert "restarted again and again, because livenessProbe requests /health" in wrong.observed
    assert "at which the shop listens" in finding(judged(PLAIN, story), "shutdown").hint
