"""The recorded schema: what is in it, and that another reader of it agrees on what fits."""

from __future__ import annotations

import json
import time
from functools import cache
from typing import Any

import jsonschema_rs

from cluster.kubernetes import CURRENT, displayed
from cluster.manifests import read
from cluster.simulated.admission.decode import decode
from cluster.simulated.admission.json_schema import json_schema
from cluster.simulated.admission.schema import go_name, kinds, recorded
from tests import corpus


@cache
def validator(type_name: str) -> Any:
    """A JSON Schema validator of a recorded type."""
    return jsonschema_rs.validator_for(json_schema(type_name))


def test_decoding_agrees_with_a_schema_validator() -> None:
    """On both corpora decoding refuses exactly what the same types as JSON Schema refuse."""
    judged = 0
    for name in corpus.NAMES:
        for row in corpus.rows(name):
            if row["message"].startswith("the object provided") or "parsing time" in row["message"]:
                continue
            for document in read(row["manifest"]):
                kind = kinds().get((document.get("apiVersion"), document.get("kind")))
                if kind is None or "illegal base64" in row["message"]:
                    continue
                _, state = decode(document.data, kind.type)
                fits = not state.error and not state.unknown
                assert validator(kind.type).is_valid(document.data) == fits, (row["id"], state)
                judged += 1
    assert judged > 600


def test_recorded_from_its_minor() -> None:
    """The schema is that of the current minor, and has the kinds that exercises and answers bring along."""
    assert recorded()["version"].startswith(f"{displayed(CURRENT)}.")
    for kind in (
        ("apps/v1", "Deployment"), ("batch/v1", "CronJob"), ("v1", "Service"), ("v1", "ConfigMap"),
        ("policy/v1", "PodDisruptionBudget"), ("autoscaling/v2", "HorizontalPodAutoscaler"), ("v1", "Secret"),
        ("networking.k8s.io/v1", "Ingress"), ("networking.k8s.io/v1", "NetworkPolicy"), ("v1", "ServiceAccount"),
    ):  # fmt: skip
        assert kind in kinds()


def test_gos_own_names() -> None:
    """Fields are called what Go calls them, which OpenAPI doesn't know."""
    assert go_name("core/v1.ContainerPort", "protocol", "string") == "v1.Protocol"
    assert go_name("core/v1.Capabilities", "drop", "string", item=True) == "v1.Capability"
    assert go_name("core/v1.Container", "ports", "[]core/v1.ContainerPort") == "[]v1.ContainerPort"


def test_no_descriptions() -> None:
    """Only types are recorded: the file stays small and loads in milliseconds."""
    recorded.cache_clear()
    began = time.process_time()
    recorded()
    assert time.process_time() - began < 0.1
    assert "description" not in json.dumps(recorded()["types"]["meta/v1.ObjectMeta"])
