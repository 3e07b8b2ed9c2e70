"""Namespaces: the server's messages on finalizers and labels, as recorded from servers of both minor versions."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from cluster.admission import admit_text
from cluster.kubernetes import MINORS

BOTH = pytest.mark.parametrize("minor", MINORS)
ENFORCE = "pod-security.kubernetes.io/enforce"
NEITHER = "name is neither a standard finalizer name nor is it fully qualified"
LABEL = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)


def said(minor: str, *, name: str = "shop", finalizers: Any = None, **labels: str) -> list[tuple[str, str]]:
    written = {
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": {"name": name, "labels": {key.replace("__", "/").replace("_", "-"): one for key, one in labels.items()}},
        "spec": {"finalizers": finalizers or []},
    }  # fmt: skip
    (verdict,) = admit_text(yaml.safe_dump(written), minor)
    return [(cause.field, cause.message) for cause in verdict.causes]


@BOTH
def test_finalizers(minor: str) -> None:
    """A Namespace's finalizers are standard names or contain a slash; the field in the message has no index."""
    assert said(minor, finalizers=["kubernetes", "a.example/b"]) == []
    assert said(minor, finalizers=["kubernetes", "true"]) == [("spec.finalizers", f'Invalid value: "true": {NEITHER}')]
    where, what = zip(*said(minor, finalizers=[""]), strict=True)
    assert set(where) == {"spec.finalizers"}
    assert [one.partition(" (")[0] for one in what] == [
        'Invalid value: "": name part must be non-empty',
        'Invalid value: "": name part must consist of alphanumeric characters, \'-\', \'_\' or \'.\', and must start and end with an alphanumeric character',
        f'Invalid value: "": {NEITHER}',
    ]  # fmt: skip


@BOTH
@pytest.mark.parametrize("mode", ["enforce", "audit", "warn"])
def test_pod_security(mode: str, minor: str) -> None:
    """Pod Security labels name a level, and a version that is the latest or a minor of 1."""
    key = f"pod-security.kubernetes.io/{mode}"
    for level in ("privileged", "baseline", "restricted"):
        assert said(minor, **{key: level}) == []
    for level in ("BASELINE", "orders", ""):
        words = f'Invalid value: "{level}": must be one of privileged, baseline, restricted'
        assert said(minor, **{key: level}) == [(f"metadata.labels[{key}]", words)]
    for version in ("latest", "v1.0", "v1.37"):
        assert said(minor, **{f"{key}-version": version}) == []
    for version in ("1.37", "v2.0", "v1.037", "Latest"):
        words = f'Invalid value: "{version}": must be "latest" or "v1.x"'
        assert said(minor, **{f"{key}-version": version}) == [(f"metadata.labels[{key}-version]", words)]


@BOTH
def test_pod_security_comes_last(minor: str) -> None:
    """The plug-in judges these labels only if the rest of the Namespace is valid."""
    found = said(minor, finalizers=["no"], **{ENFORCE: "no"})
    assert [field for field, _ in found] == ["spec.finalizers"]


@BOTH
def test_the_name_is_a_label(minor: str) -> None:
    """The server adds the name to a Namespace as a label, so an invalid name is reported twice."""
    found = said(minor, name="-ORDERS")
    assert [field for field, _ in found] == ["metadata.name", "metadata.labels"]
    assert found[1][1] == f'Invalid value: "-ORDERS": {LABEL}'
    assert [field for field, _ in said(minor, name="a.b")] == ["metadata.name"]
