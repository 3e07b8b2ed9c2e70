"""The Pod Security Standard “baseline”: its refusals, in the words of the API server's admission controller."""

from __future__ import annotations

from typing import Any

import pytest

from cluster.admission.baseline import refused

PREFIX = 'violates PodSecurity "baseline:latest": '


def pod(context: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    container = {"name": "orders", "image": "shop/orders:1.0.0", "securityContext": context or {}}
    return {"containers": [container | fields.pop("container", {})], **fields}


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (pod({"privileged": True}), 'privileged (container "orders" must not set securityContext.privileged=true)'),
        (pod(hostNetwork=True, hostPID=True), "host namespaces (hostNetwork=true, hostPID=true)"),
        (pod(volumes=[{"name": "host", "hostPath": {"path": "/"}}]), 'hostPath volumes (volume "host")'),
        (pod(container={"ports": [{"containerPort": 80, "hostPort": 80}]}), 'hostPort (container "orders" uses hostPort 80)'),
        (
            pod({"capabilities": {"add": ["NET_ADMIN", "CHOWN"]}}),
            'non-default capabilities (container "orders" must not include "NET_ADMIN" in securityContext.capabilities.add)',
        ),
        (
            pod({"seccompProfile": {"type": "Unconfined"}}),
            'seccompProfile (container "orders" must not set securityContext.seccompProfile.type to "Unconfined")',
        ),
    ],
)  # fmt: skip
def test_refused(spec: dict[str, Any], said: str) -> None:
    """A pod that accesses its node is refused, and the cause is named."""
    assert refused(spec) == PREFIX + said


@pytest.mark.parametrize(
    "spec",
    [
        pod(),
        pod({"privileged": False, "runAsUser": 0, "capabilities": {"add": ["CHOWN"], "drop": ["ALL"]}}),
        pod({"readOnlyRootFilesystem": True, "seccompProfile": {"type": "RuntimeDefault"}}),
        pod(hostNetwork=False, volumes=[{"name": "tmp", "emptyDir": {}}]),
        pod(securityContext={"sysctls": [{"name": "net.ipv4.tcp_syncookies", "value": "1"}]}),
        {"containers": "none", "volumes": 3, "securityContext": []},
    ],
)
def test_allowed(spec: dict[str, Any]) -> None:
    """A pod without access to the node may be created; invalid shapes aren't judged here."""
    assert refused(spec) == ""
