"""Recording a server: the recording of a simulated server, which answers from a recording, equals that recording."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from cluster.admission import admit
from cluster.admission.decode import decode
from cluster.admission.ignored import without
from cluster.admission.minor import KNOWN
from cluster.admission.record import record
from cluster.admission.recording.connection import Ask
from cluster.admission.response import ACCEPTED
from cluster.admission.schema import FOLDER, ServedKind, inner, schema
from cluster.manifests.documents import Document

UNPROCESSABLE = 422
_PACKAGES = {
    "meta": "apimachinery.pkg.apis.meta", "resource": "apimachinery.pkg.api.resource",
    "intstr": "apimachinery.pkg.util.intstr",
}  # fmt: skip
_SPECIAL = {
    "Quantity": "io.k8s.apimachinery.pkg.api.resource.Quantity",
    "IntOrString": "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
    "Time": "io.k8s.apimachinery.pkg.apis.meta.v1.Time",
    "MicroTime": "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime",
    "any": "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1",
}
_SCALARS = {
    "string": {"type": "string"}, "bool": {"type": "boolean"}, "float64": {"type": "number"},
    "int32": {"type": "integer", "format": "int32"}, "int64": {"type": "integer", "format": "int64"},
    "[]byte": {"type": "string", "format": "byte"},
}  # fmt: skip


def reference(name: str) -> str:
    """A type's name in OpenAPI documents."""
    return _SPECIAL.get(name) or "io.k8s." + _PACKAGES.get(name.partition("/")[0], "api") + "." + name.replace("/", ".")


def described(spec: str) -> dict[str, Any]:
    """A field's type as an OpenAPI document has it."""
    if spec in _SCALARS:
        return dict(_SCALARS[spec])
    if spec.startswith("[]"):
        return {"type": "array", "items": described(spec[2:])}
    if spec.startswith("map[string]"):
        return {"type": "object", "additionalProperties": described(spec.removeprefix("map[string]"))}
    return {"allOf": [{"$ref": f"#/components/schemas/{reference(spec)}"}]}


class SimulatedServer:
    """Answers a recorder's requests like a server of a minor, with the simulated admission and the minor's recording."""

    def __init__(self, minor: str) -> None:
        self.minor, self.schema = minor, schema(minor)
        self.posts = 0

    def ask(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if method == "POST":
            self.posts += 1
            return self.create(body, path)
        if path == "/version":
            return 200, {"gitVersion": self.schema.version}
        if path == "/metrics":
            lines = (
                f'kubernetes_feature_enabled{{name="{name}",stage="BETA"}} {int(on)}'
                for name, on in self.schema.gates.items()
            )
            return 200, "# HELP a gate\n" + "\n".join(lines) + "\n"
        if path == "/apis":
            return 200, {"groups": [{"versions": [{"groupVersion": group} for group in sorted(self.groups())]}]}
        if path.startswith("/openapi/v3/"):
            return 200, self.document(path.removeprefix("/openapi/v3/"))
        return 200, {"resources": list(self.resources(path.removeprefix("/apis/").removeprefix("/api/")))}

    def groups(self) -> set[str]:
        return {version for version, _ in (*self.schema.kinds, *self.schema.others) if "/" in version}

    def resources(self, group: str) -> Iterator[dict[str, Any]]:
        for version, name in (*self.schema.kinds, *self.schema.others):
            if version == group:
                kind = self.schema.kinds.get((version, name), ServedKind(version, name, "", f"{name.lower()}s", True))
                yield {"name": kind.plural, "kind": name, "verbs": ["create"], "namespaced": kind.namespaced}
                yield {"name": f"{kind.plural}/status", "kind": name, "verbs": ["get"], "namespaced": kind.namespaced}

    def document(self, group: str) -> dict[str, Any]:
        types = {name: self.described(name) for name in self.types()}
        for kind in self.schema.kinds.values():
            if kind.api_version == group.partition("/")[2]:
                gvk = {"kind": kind.name}
                types[kind.type]["x-kubernetes-group-version-kind"] = [gvk]
        return {"components": {"schemas": {reference(name): found for name, found in types.items()}}}

    def types(self) -> Iterator[str]:
        queue = [kind.type for kind in self.schema.kinds.values()]
        for name in queue:
            queue.extend(
                held
                for spec in self.schema.fields(name).values()
                if (held := inner(spec)) not in queue and self.schema.knows(held)
            )
        return iter(dict.fromkeys(queue))

    def described(self, name: str) -> dict[str, Any]:
        gates = self.schema.ignored(name)
        properties = {field: described(spec) for field, spec in self.schema.fields(name).items()}
        for field, gate in gates.items():
            properties[field]["description"] = f"Needs the {gate} feature gate." if gate else "Is alpha."
        if name == "core/v1.Secret":
            properties["stringData"]["description"] = "It is write-only."
        return {"properties": properties}

    def create(self, body: Any, path: str) -> tuple[int, Any]:
        document = Document(0, body)
        verdict = admit(document, self.minor)
        if not verdict.accepted:
            causes = [{"field": c.field, "reason": c.reason, "message": c.message} for c in verdict.causes]
            return verdict.status, {"message": verdict.message, "details": {"causes": causes}}
        kind = self.schema.kinds[body["apiVersion"], body["kind"]]
        assert path.endswith(f"/{kind.plural}")
        decoded, state = decode(body, kind.type, self.schema)
        return ACCEPTED, without(decoded, state.ignored)


@cache
def recorded(minor: str) -> tuple[Mapping[str, Any], int]:
    """The recording of a simulated server, and the number of create requests."""
    server = SimulatedServer(minor)
    return record(server.ask), server.posts


@pytest.mark.parametrize("minor", KNOWN)
@pytest.mark.parametrize(
    "part", ["version", "scheme", "gates", "kinds", "types", "names", "embedded", "ignored", "others"]
)
def test_recorded_as_it_is(minor: str, part: str) -> None:
    """Recording a server that answers from a recording gives the same recording again, part by part."""
    expected = json.loads((FOLDER / minor / "schema.json").read_text(encoding="utf-8"))
    assert recorded(minor)[0][part] == expected[part]


def test_few_questions() -> None:
    """A recording takes at most a few thousand requests, so it takes seconds."""
    assert recorded("1.37")[1] < 5_000


def test_progress_is_told() -> None:
    """Recording reports its current subject and its progress."""
    told: list[tuple[str, int, int]] = []
    record(SimulatedServer("1.37").ask, lambda what, done, of: told.append((what, done, of)))
    assert {what for what, _, _ in told} == {"documents", "Go's names", "ignored fields"}
    assert all(0 <= done <= of for _, done, of in told)


def test_a_refused_sample_is_left_out() -> None:
    """If a server refuses one of the recorder's samples, the recorder uses the others."""
    server = SimulatedServer("1.37")

    def ask(method: str, path: str, body: Any) -> tuple[int, Any]:
        if method == "POST" and body["kind"] == "Job":
            return UNPROCESSABLE, {"message": "no", "details": {"causes": [{"field": "metadata.name"}]}}
        return server.ask(method, path, body)

    found = record(ask)
    assert "batch/v1.PodFailurePolicyRule.onExitCodes" in found["undecided"]
    assert found["ignored"]["batch/v1.JobSpec"] == {"scheduling": "WorkloadWithJob"}  # a CronJob has one, too


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        ("/openapi/v3/api/v1", (503, {}), "answered 503 to GET /openapi/v3/api/v1"),
        ("/metrics", (200, "nothing"), "gate"),
    ],
)
def test_what_cant_be_recorded(path: str, answer: tuple[int, Any], words: str) -> None:
    """A server without documents or metrics can't be recorded, and the error names the missing part."""
    server = SimulatedServer("1.37")
    ask: Ask = lambda method, asked, body: answer if asked == path else server.ask(method, asked, body)  # noqa: E731
    with pytest.raises(OSError, match=words):
        record(ask)
