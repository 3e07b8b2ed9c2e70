"""Pods that can't run on the simulated cluster: the obstacles, in the same words as on a real cluster."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from cluster.manifests.documents import read
from cluster.pods import obstacles
from cluster.simulated.driver import run
from cluster.train.stops import HANG, NO_FAULT_PORT, OUTAGE, ROLLOUT, SLOW_START, UPDATE, Scenario
from cluster.train.timeline import EventKind, Timeline
from tests.support.manifests import DEPLOYMENT

SMALL = {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "50m", "memory": "64Mi"}}
LIVE = {"httpGet": {"path": "/healthz", "port": 9000}}


def side(*command: str, **fields: Any) -> dict[str, Any]:
    """Another container of the shop's sidecar image."""
    more = {"command": list(command)} if command else {}
    return {"name": "side", "image": "shop/sidecar:1.0.0", "resources": SMALL, **more, **fields}


def train(
    beside: str = "", *, add: tuple[dict[str, Any], ...] = (), main: dict[str, Any] | None = None, **pod: Any
) -> Timeline:
    """The train of the solution with other containers, with fields of its own container, and of its pod."""
    manifest = yaml.safe_load(DEPLOYMENT)
    spec = manifest["spec"]["template"]["spec"]
    spec["containers"][0] |= main or {}
    spec["containers"] += add
    spec |= pod
    return run(
        Scenario(tuple(read(f"{yaml.safe_dump(manifest)}\n---\n{beside}" if beside else yaml.safe_dump(manifest))))
    )


def rolled_out(timeline: Timeline) -> bool:
    return timeline.first(OUTAGE, EventKind.SKIPPED) is None


def waited_for(timeline: Timeline, stop: str = ROLLOUT) -> list[str]:
    return [e.detail for e in timeline.of(stop, EventKind.WAITING)]


NEVER: dict[str, tuple[dict[str, Any], str]] = {
    "init fails": ({"initContainers": [side("false")]}, obstacles.init_fails("side", 1)),
    "init exits 3": ({"initContainers": [side("sh", "-c", "exit 3")]}, obstacles.init_fails("side", 3)),
    "init sleeps for ever": ({"initContainers": [side("sleep", "infinity")]}, obstacles.init_runs_on("side")),
    "init waits for a name": (
        {"initContainers": [side("sh", "-c", "until nc -z db 5432; do sleep 1; done")]}, obstacles.init_runs_on("side"),
    ),
    "init is a server": ({"initContainers": [side()]}, obstacles.init_runs_on("side")),
    "init takes five minutes": ({"initContainers": [side("sleep", "300")]}, obstacles.init_runs_on("side")),
    "native sidecar crashes": (
        {"initContainers": [side("false", restartPolicy="Always")]}, obstacles.ends("side", 1),
    ),
    "native sidecar never started": (
        {"initContainers": [side(restartPolicy="Always", startupProbe={"httpGet": {"path": "/nowhere", "port": 9000}})]},
        obstacles.killed("side", "startup"),
    ),
    "sidecar crashes": ({"add": (side("false"),)}, obstacles.ends("side", 1)),
    "sidecar ends well": ({"add": (side("true"),)}, obstacles.ends("side", 0)),
    "sidecar is never ready": (
        {"add": (side(readinessProbe={"httpGet": {"path": "/readyz", "port": 9000}}),)}, obstacles.not_ready("side"),
    ),
    "sidecar at the port of a native one": (
        {"initContainers": [side(restartPolicy="Always")], "add": ({**side(), "name": "other"},)},
        obstacles.port_taken("other", "side", 9000),
    ),
    "a readiness that can't be asked": (
        {"main": {"readinessProbe": {"httpGet": {"path": "/readyz", "port": "web"}}}}, obstacles.not_ready("orders"),
    ),
    "sidecar asked at another port": (
        {"add": (side(readinessProbe={"tcpSocket": {"port": 9001}}),)}, obstacles.not_ready("side"),
    ),
    "sidecar of no such release": (
        {"add": (side(image="shop/sidecar:9.9.9"),)}, obstacles.cant_start("side", "ErrImagePull: shop/sidecar:9.9.9"),
    ),
    "two at one port": (
        {"add": (side(image="shop/orders:1.0.0"),)}, obstacles.port_taken("side", "orders", 8080),
    ),
    "sidecar at the shop's port": (
        {"add": (side(env=[{"name": "PORT", "value": "8080"}]),)}, obstacles.port_taken("side", "orders", 8080),
    ),
    "gates": ({"schedulingGates": [{"name": "a.b/c"}]}, obstacles.scheduling_gate("a.b/c")),
    "scheduler": ({"schedulerName": "mine"}, obstacles.no_scheduler("mine")),
    "node": ({"nodeName": "worker-7"}, obstacles.no_node("worker-7")),
    "readiness gates": ({"readinessGates": [{"conditionType": "a.b/c"}]}, obstacles.readiness_gate("a.b/c")),
    "postStart fails": (
        {"main": {"lifecycle": {"postStart": {"exec": {"command": ["false"]}}}}}, obstacles.hook_fails("orders"),
    ),
    "postStart asks too early": (
        {"main": {"lifecycle": {"postStart": {"httpGet": {"path": "/healthz", "port": 8080}}}}},
        obstacles.hook_fails("orders"),
    ),
    "port moved": ({"main": {"env": [{"name": "PORT", "value": "9999"}]}}, obstacles.killed("orders", "liveness")),
    "a database that isn't there": (
        {"main": {"env": [{"name": "DATABASE_URL", "value": "postgresql://db/orders"}]}}, obstacles.not_ready("orders"),
    ),
    "settings that can't be": ({"main": {"env": [{"name": "PORT", "value": "http"}]}}, obstacles.ends("orders", 1)),
    "arguments of another program": ({"main": {"args": ["--verbose"]}}, obstacles.ends("orders", 1)),
    "hardly any storage": (
        {"main": {"resources": {"limits": {"ephemeral-storage": "1Ki"}}}},
        obstacles.evicted("Pod ephemeral local storage usage exceeds the total limit of containers 1Ki."),
    ),
    "a secret that isn't there": (
        {"main": {"envFrom": [{"secretRef": {"name": "keys"}}]}},
        obstacles.cant_start("orders", 'CreateContainerConfigError: secret "keys" not found'),
    ),
    "a volume without its map": (
        {"main": {"volumeMounts": [{"name": "v", "mountPath": "/v"}]}, "volumes": [{"name": "v", "configMap": {"name": "m"}}]},
        obstacles.volume_missing("v", "ConfigMap", "m"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NEVER)
def test_no_pod_is_ever_ready(name: str) -> None:
    """The rollout and the slow start end without a ready pod, every later stop is skipped, and the reason is logged once."""
    given, why = NEVER[name]
    timeline = train(**given)
    assert not list(timeline.of(ROLLOUT, EventKind.READY))
    assert not rolled_out(timeline)
    assert timeline.first(UPDATE, EventKind.SKIPPED)
    assert waited_for(timeline) == waited_for(timeline, SLOW_START) == [why]


ALWAYS: dict[str, dict[str, Any]] = {
    "init ends well": {"initContainers": [side("true")]},
    "init sleeps a little": {"initContainers": [side("sleep", "5")]},
    "init with a command of its own": {"initContainers": [side("sh", "-c", "mkdir -p /tmp/x && touch /tmp/x/y")]},
    "no memory limit by 0": {"main": {"resources": {"limits": {"memory": "0"}}}},
    "sidecar whose probes ask the shop": {
        "add": (side(livenessProbe={"httpGet": {"path": "/healthz", "port": 8080}}, readinessProbe={"tcpSocket": {"port": 8080}}),)
    },
    "foreign init": {"initContainers": [{"name": "wait", "image": "busybox", "command": ["false"]}]},
    "native sidecar": {"initContainers": [side(restartPolicy="Always")]},
    "native sidecar with probes": {
        "initContainers": [side(restartPolicy="Always", startupProbe=LIVE, readinessProbe=LIVE, livenessProbe=LIVE)]
    },
    "sidecar": {"add": (side(),)},
    "sidecar that sleeps": {"add": (side("sleep", "infinity"),)},
    "foreign sidecar": {"add": ({"name": "proxy", "image": "envoyproxy/envoy:v1", "livenessProbe": LIVE},)},
    "another shop at another port": {
        "add": (side(image="shop/orders:1.0.0", env=[{"name": "PORT", "value": "8090"}]),)
    },
    "postStart sleeps": {"main": {"lifecycle": {"postStart": {"sleep": {"seconds": 3}}}}},
    "kubelet's labels": {"nodeSelector": {"beta.kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}},
    "default names": {"schedulerName": "default-scheduler", "serviceAccountName": "default"},
    "optional references": {"main": {"envFrom": [{"secretRef": {"name": "x", "optional": True}}]}},
    "a volume without a mount": {"volumes": [{"name": "v", "secret": {"secretName": "nowhere"}}]},
    "hostname spread": {
        "topologySpreadConstraints": [
            {"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "DoNotSchedule"}
        ]
    },
}  # fmt: skip


@pytest.mark.parametrize("name", ALWAYS)
def test_what_runs(name: str) -> None:
    """Unusual pods that run become ready, without an obstacle."""
    timeline = train(**ALWAYS[name])
    assert rolled_out(timeline)
    assert waited_for(timeline) == []


def test_what_is_in_the_answer_is_there() -> None:
    """A reference to an object of the answer is resolved, and its values count."""
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {PORT: '9999'}\n"
    fine = {"envFrom": [{"configMapRef": {"name": "settings"}}], "env": [{"name": "PORT", "value": "8080"}]}
    assert rolled_out(train(config, main=fine))
    assert not rolled_out(train(config, main={"envFrom": fine["envFrom"]}))


def test_a_moved_port_with_its_probes() -> None:
    """Pods with the right probes on a moved port are ready, but the Service's requests don't reach them."""
    probe = {"httpGet": {"path": "/readyz", "port": 9999}}
    live = {"httpGet": {"path": "/healthz", "port": 9999}}
    timeline = train(main={"env": [{"name": "PORT", "value": "9999"}], "readinessProbe": probe, "livenessProbe": live})
    assert rolled_out(timeline)
    failed = timeline.first(UPDATE, EventKind.REQUESTS_FAILED)
    assert failed is not None
    assert str(int(failed.value or 0)) == failed.detail


def test_the_release_of_the_environment() -> None:
    """SHOP_RELEASE in the manifest overrides the image's, because the image's value is only a default."""
    started = train(main={"env": [{"name": "SHOP_RELEASE", "value": "1.0.0"}]})
    assert max(e.at for e in started.of(SLOW_START, EventKind.READY)) < 10


@pytest.mark.parametrize("variable", ["SHOP_FAULT_PORT", "SHOP_FAULT_HOST"])
def test_pods_that_cannot_be_broken(variable: str) -> None:
    """If the fault port has moved, nothing can be broken, and the stops are skipped, as on a real cluster."""
    value = {"SHOP_FAULT_PORT": "8082", "SHOP_FAULT_HOST": "127.0.0.1"}[variable]
    skipped = train(main={"env": [{"name": variable, "value": value}]}).first(OUTAGE, EventKind.SKIPPED)
    assert skipped is not None
    assert skipped.detail == NO_FAULT_PORT


def test_a_probe_before_the_port_is_open_is_chance() -> None:
    """A liveness probe that may run once before the port is open doesn't kill a normal start, but kills a start of 20 s."""
    eager = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 1, "failureThreshold": 1}
    timeline = train(main={"livenessProbe": eager})
    assert not [e for e in timeline.of(ROLLOUT, EventKind.STARTED) if e.value]
    assert [e for e in timeline.of(SLOW_START, EventKind.STARTED) if e.value]


def test_a_sidecar_that_sleeps_holds_the_end_up() -> None:
    """As process 1, sleep ignores SIGTERM, so its pod ends with the grace period; the shop's exit code stays 0."""
    ended = {e.value for e in train(add=(side("sleep", "infinity"),)).of("shutdown", EventKind.EXITED)}
    assert ended == {0.0}


@pytest.mark.parametrize(
    "probe", [{"httpGet": {"path": "/healthz", "port": "web"}}, {"exec": {"command": ["curl", "-f", "localhost:8080"]}}]
)
def test_a_probe_that_cannot_be_asked(probe: dict[str, Any]) -> None:
    """The kubelet ignores the result of a probe that it can't run: nothing restarts, and a hang continues."""
    timeline = train(main={"livenessProbe": probe})
    assert rolled_out(timeline)
    assert not [
        e for stop in (ROLLOUT, OUTAGE, HANG, SLOW_START) for e in timeline.of(stop, EventKind.STARTED) if e.value
    ]


def test_a_sidecar_that_answers_404_is_restarted() -> None:
    """A sidecar whose liveness path answers 404 is killed again and again, and its pod leaves the Service each time."""
    probe = {"httpGet": {"path": "/alive", "port": 9000}, "periodSeconds": 2}
    left = [e for e in train(add=(side(livenessProbe=probe),)).events if e.kind is EventKind.NOT_READY]
    assert len(left) > 5


def test_crowds_are_judged_in_no_time() -> None:
    """Hundreds of crashing containers cost no more than the visible ones."""
    crowd = tuple({**side("sleep", "5"), "name": f"side-{n}"} for n in range(300))
    assert len(train(add=crowd).events) < 3000
