"""The recorded schema: its content, and its agreement with JSON Schema."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs
import pytest

from cluster.admission.decode import decode
from cluster.admission.json_schema import json_schema
from cluster.admission.minor import KNOWN
from cluster.admission.schema import FOLDER, schema
from cluster.kubernetes import displayed
from cluster.manifests.documents import read
from tests import corpus


@cache
def validator(type_name: str, minor: str) -> Any:
    """A JSON Schema validator of a recorded type."""
    return jsonschema_rs.validator_for(json_schema(type_name, schema(minor)))


@pytest.mark.parametrize("minor", KNOWN)
def test_decoding_agrees_with_a_schema_validator(minor: str) -> None:
    """On both corpora, decoding refuses exactly the same manifests as the same types in JSON Schema."""
    judged = 0
    for name in corpus.NAMES:
        for row in corpus.rows(name, minor):
            if row["message"].startswith("the object provided") or "parsing time" in row["message"]:
                continue
            for document in read(row["manifest"]):
                kind = schema(minor).kinds.get((document.get("apiVersion"), document.get("kind")))
                if kind is None or "illegal base64" in row["message"]:
                    continue
                _, state = decode(document.data, kind.type, schema(minor))
                fits = not state.error and not state.unknown
                assert validator(kind.type, minor).is_valid(document.data) == fits, (row["id"], state)
                judged += 1
    assert judged > 600


@pytest.mark.parametrize("minor", KNOWN)
def test_recorded_from_its_minor(minor: str) -> None:
    """A minor's schema was recorded from a server of that minor, and has the kinds of exercises and answers."""
    assert schema(minor).version.startswith(f"{displayed(minor)}.")
    for kind in (
        ("apps/v1", "Deployment"), ("batch/v1", "CronJob"), ("v1", "Service"), ("v1", "ConfigMap"),
        ("policy/v1", "PodDisruptionBudget"), ("autoscaling/v2", "HorizontalPodAutoscaler"), ("v1", "Secret"),
        ("networking.k8s.io/v1", "Ingress"), ("networking.k8s.io/v1", "NetworkPolicy"), ("v1", "ServiceAccount"),
    ):  # fmt: skip
        assert kind in schema(minor).kinds


@pytest.mark.parametrize("minor", KNOWN)
def test_gos_own_names(minor: str) -> None:
    """Fields have Go's names, which OpenAPI doesn't contain."""
    go_name = schema(minor).go_name
    assert go_name("core/v1.ContainerPort", "protocol", "string") == "v1.Protocol"
    assert go_name("core/v1.Capabilities", "drop", "string", item=True) == "v1.Capability"
    assert go_name("core/v1.Container", "ports", "[]core/v1.ContainerPort") == "[]v1.ContainerPort"


@pytest.mark.parametrize("minor", KNOWN)
def test_no_descriptions(minor: str) -> None:
    """Only the parts that admission needs are recorded, so the file stays small."""
    assert len((FOLDER / minor / "schema.json").read_bytes()) < 128 * 1024
