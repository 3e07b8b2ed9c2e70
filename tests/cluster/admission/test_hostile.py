"""Manifests that are slow or large on purpose are judged in bounded time and space."""

from __future__ import annotations

import time

import pytest

from cluster.admission import admit_text
from cluster.errors import LimitError
from cluster.limits import ADMISSION_PROBLEMS, ANSWER_BYTES

_POD = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a{metadata}}}\nspec:\n  selector: {{matchLabels: {{a: b}}}}\n"
    "  template:\n    metadata: {{labels: {{a: b}}}}\n    spec:{spec}\n      containers: [{{name: a, image: a{container}}}]\n"
)  # fmt: skip
_LONG = "a" * (ANSWER_BYTES - 2_000)


def deployment(metadata: str = "", spec: str = "", container: str = "") -> str:
    return _POD.format(metadata=metadata, spec=spec, container=container)


def many(item: str, count: int) -> str:
    return ", ".join(item.format(n) for n in range(count))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(deployment(metadata=f", labels: {{{many('k{}: -', 9_000)}}}"), id="labels that are none"),
        pytest.param(deployment(metadata=f", labels: {{{many('k{}: v', 9_000)}}}"), id="labels"),
        pytest.param(
            deployment(metadata=f', annotations: {{x: &x "{_LONG[:150_000]}", {many("k{}: *x", 8_000)}}}'),
            id="annotations",
        ),
        pytest.param(
            f"x: &x '{_LONG[:150_000]}!'\n" + deployment(metadata=f", labels: {{{many('k{}: *x', 8_000)}}}"),
            id="one long value, many times",
        ),
        pytest.param(
            f"x: &x '{_LONG[:150_000]}'\ny: {{? *x : 1{', ? *x : 1' * 5_000}}}\n", id="one long key, many times"
        ),
        pytest.param(deployment().replace("name: a,", f"name: {_LONG}-!,"), id="a name that is nearly right"),
        pytest.param(deployment().replace("name: a,", f"name: {'a.' * 100_000}!,"), id="a name of many labels"),
        pytest.param(
            deployment(container=f", ports: [{many('{{containerPort: 1, hostPort: {}}}', 4_000)}]"), id="ports"
        ),
        pytest.param(deployment(container=f", env: [{many('{{name: a{}}}', 6_000)}]"), id="variables"),
        pytest.param(
            deployment(
                spec="\n      topologySpreadConstraints: ["
                + many("{{maxSkew: 1, topologyKey: a{}, whenUnsatisfiable: DoNotSchedule}}", 3_000)
                + "]"
            ),
            id="constraints",
        ),
        pytest.param(deployment().replace("containers: [", f"containers: [{'{}, ' * 15_000}"), id="containers"),
        pytest.param(
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  type: NodePort\n"
            f"  ports: [{many('{{name: a{}, port: 1}}', 4_000)}]\n",
            id="node ports",
        ),
        pytest.param("kind: Deployment\nspec:\n" + "".join(f"  k{n}: 1\n" for n in range(9_000)), id="unknown fields"),
        pytest.param("kind: ConfigMap\ndata:\n" + "".join(f"  k{n}: 1\n" for n in range(9_000)), id="wrong types"),
        pytest.param(f"kind: {_LONG}\napiVersion: {_LONG[:1000]}\n", id="a kind that is none"),
        pytest.param(
            "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\n"
            f'spec: {{schedule: "{"1," * 100_000} * * * *", timeZone: "{"A/" * 20_000}"}}\n',
            id="schedule",
        ),
        pytest.param(deployment(container=f', resources: {{limits: {{cpu: "{"9" * 200_000}"}}}}'), id="a quantity"),
    ],
)
def test_bounded(text: str) -> None:
    """Judging takes less than two seconds, and its output fits on two screens."""
    assert len(text.encode()) <= ANSWER_BYTES
    began = time.process_time()
    try:
        verdicts = admit_text(text)
    except LimitError:
        verdicts = ()
    assert time.process_time() - began < 2
    for verdict in verdicts:
        told = (*verdict.causes, *verdict.pointers)
        assert len(told) <= ADMISSION_PROBLEMS
        assert len(verdict.message) + sum(len(c.message) + len(c.field) for c in told) < 2_500_000


def test_no_recursion_error() -> None:
    """Deep nesting is refused before any recursion."""
    for text in ("[" * 100_000, "{a: " * 50_000, "- " * 100_000, "".join(" " * n + "a:\n" for n in range(400))):
        with pytest.raises(LimitError, match="levels deep"):
            admit_text(text)
