"""Our lines and suggestions for a real server's refusals, in the words of any minor version."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cluster.admission import admit
from cluster.admission.response import Admission, Cause
from cluster.errors import AnswerError
from cluster.kind.context import connect
from cluster.kind.dry_run import admitted, admitted_text
from cluster.kind.hints import with_hints
from cluster.kind.world import KindCluster
from cluster.kubernetes import CURRENT
from cluster.manifests.documents import Document, read
from tests.cluster.kind.fake import api_server, kubeconfig

DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders}
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      containers:
        - name: orders
          image: shop/orders:1.0.0
"""
HANDLED = 'Deployment in version "v1" cannot be handled as a Deployment: '


def document(more: str = "") -> Document:
    """The Deployment, with more lines below its container's, from line 12 on."""
    return read(MANIFEST + more)[0]


def refused(message: str, *causes: tuple[str, str, str], status: int = 400) -> Admission:
    """A server's refusal without lines and suggestions."""
    return Admission(422 if causes else status, message, tuple(Cause(*cause) for cause in causes))


def hinted(server: Admission, document: Document) -> Admission:
    return with_hints(server, admit(document), document)


def pointed(admission: Admission) -> list[tuple[str, int, str]]:
    return [(p.field, p.line, p.suggestion) for p in admission.pointers]


PROBE = "          readinessProbe:\n            httpGet: /readyz\n"
VOLUME = "      volumes:\n        - name: tmp\n          emptyDir: yes please\n"
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  rules:
    - host: shop.example.com
      http: orders
"""


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        (MANIFEST + PROBE, "Probe.spec.template.spec.containers.readinessProbe.{}httpGet of type v1.HTTPGetAction", 13),
        (MANIFEST + VOLUME, "Volume.spec.template.spec.volumes.{}emptyDir of type v1.EmptyDirVolumeSource", 14),
        (INGRESS, "IngressRule.spec.rules.{}http of type v1.HTTPIngressRuleValue", 7),
    ],
    ids=["ProbeHandler", "VolumeSource", "IngressRuleValue"],
)
@pytest.mark.parametrize("embedded", [False, True], ids=["1.34", "1.37"])
def test_go_names_of_embedded_structs_do_not_matter(text: str, path: str, line: int, embedded: bool) -> None:
    """A decoding path with the names of embedded structs and one without blame the same field; the message is the server's."""
    (answer,) = read(text)
    name = {13: "ProbeHandler.", 14: "VolumeSource.", 7: "IngressRuleValue."}[line] if embedded else ""
    kind = answer.get("kind")
    message = (
        f'{kind} in version "v1" cannot be handled as a {kind}: json: cannot unmarshal string into Go struct field '
    )
    said = hinted(refused(message + path.format(name)), answer)
    assert said.message == message + path.format(name)
    assert said.pointers == admit(answer).pointers
    assert [pointer.line for pointer in said.pointers] == [line]


def test_go_type_names_do_not_matter() -> None:
    """Names of Go's structs and types may differ between minor versions."""
    answer = document("          ports: {a: 1}\n")
    words = "json: cannot unmarshal object into Go struct field ContainerV2.spec.template.spec.containers.ports of type []core.Port"
    assert hinted(refused(HANDLED + words), answer).pointers == admit(answer).pointers != ()


def test_order_of_unknown_fields_does_not_matter() -> None:
    """Several unknown fields keep our pointers, in the order of their lines, in whatever order the server names them."""
    answer = document("          Ports: []\n          comand: []\n")
    below = "spec.template.spec.containers[0]"
    said = refused(f'{HANDLED}strict decoding error: unknown field "{below}.comand", unknown field "{below}.Ports"')
    assert hinted(said, answer).pointers == admit(answer).pointers
    assert pointed(hinted(said, answer)) == [
        (f"{below}.Ports", 12, "did you mean ports?"), (f"{below}.comand", 13, "did you mean command?"),
    ]  # fmt: skip


def test_only_blamed_fields_are_pointed_at() -> None:
    """A field that this server knows gets no pointer; a field that only the server doesn't know gets its line."""
    answer = document("          Ports: []\n          tty: true\n")
    said = refused(f'{HANDLED}strict decoding error: unknown field "spec.template.spec.containers[0].tty"')
    (pointer,) = hinted(said, answer).pointers
    assert (pointer.field, pointer.line, pointer.suggestion) == ("spec.template.spec.containers[0].tty", 13, "")
    assert pointer.message == 'unknown field "spec.template.spec.containers[0].tty"'


def test_another_kind_is_suggested_for_all_its_fields_alone() -> None:
    """Another kind is suggested only if the server knows none of that kind's fields."""
    text = MANIFEST.replace("kind: Deployment", "kind: DaemonSet").replace(
        "spec:\n", "spec:\n  replicas: 1\n  strategy: {}\n", 1
    )
    (answer,) = read(text)
    handled = 'DaemonSet in version "v1" cannot be handled as a DaemonSet: strict decoding error: '
    both = refused(handled + 'unknown field "spec.strategy", unknown field "spec.replicas"')
    assert pointed(hinted(both, answer))[0] == ("kind", 2, "did you mean Deployment?")
    one = refused(handled + 'unknown field "spec.strategy"')
    assert [field for field, *_ in pointed(hinted(one, answer))] == ["spec.strategy"]


def test_a_field_refused_for_another_reason() -> None:
    """If we call a field unknown and the server says that its type is wrong, our suggestion is dropped."""
    answer = document("          tty: maybe\n          Ports: []\n")
    words = "json: cannot unmarshal string into Go struct field Container.spec.template.spec.containers.Handler.stdin of type bool"
    assert pointed(hinted(refused(HANDLED + words), answer)) == [("spec.template.spec.containers.stdin", 9, "")]


def test_a_decode_path_is_looked_for_in_the_answer() -> None:
    """A decoding path names no list entries; if only one entry has the field, its line is known."""
    answer = document("        - name: second\n          stdin: maybe\n")
    words = "json: cannot unmarshal string into Go struct field Container.spec.template.spec.containers.{} of type bool"
    server = refused(HANDLED + words.format("stdin"))
    assert pointed(with_hints(server, Admission(), answer)) == [("spec.template.spec.containers.stdin", 13, "")]
    server = refused(HANDLED + words.format("name"))
    assert pointed(with_hints(server, Admission(), answer)) == [("spec.template.spec.containers.name", 9, "")]


def test_keys_that_stand_twice() -> None:
    """The server counts a document's lines from its beginning, and another reader names the key's path."""
    answer = read("a: 1\n---\n" + MANIFEST + "          image: shop/orders:1.0.1\n")[1]
    ours = admit(answer).pointers
    assert [pointer.line for pointer in ours] == [14]
    for words in (
        'yaml: unmarshal errors:\n  line 13: key "image" already set in map',
        'duplicate field "spec.template.spec.containers[0].image"',
    ):
        assert hinted(refused(f"{HANDLED}strict decoding error: {words}"), answer).pointers == ours
    another = refused(f'{HANDLED}strict decoding error: duplicate field "spec.replicas"')
    assert pointed(hinted(another, answer)) == [("spec.replicas", 6, "")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MANIFEST.replace("apps/v1", "apps/v9"), 'Deployment in version "v9" cannot be handled as a Deployment: no kind '
         '"Deployment" is registered for version "apps/v9" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:37"'),
        ("[1]\n", "the object provided is unrecognized (must be of type Deployment): couldn't get version/kind; json parse "
         "error: json: cannot unmarshal array into Go value of type meta.Type (5b315d)"),
    ],
    ids=["scheme", "Go value"],
)  # fmt: skip
def test_what_says_nothing_of_the_answer_does_not_matter(text: str, said: str) -> None:
    """Positions in Go's source and the first bytes of the body aren't part of a problem."""
    (answer,) = read(text)
    assert hinted(refused(said), answer).pointers == admit(answer).pointers != ()


def test_a_status_of_its_own() -> None:
    """A refusal with another status is another refusal, whatever its words are."""
    answer = document("          Ports: []\n")
    said = replace(refused(admit(answer).message), status=403)
    assert hinted(said, answer) == replace(said, pointers=hinted(said, answer).pointers)
    assert all(not pointer.suggestion for pointer in hinted(said, answer).pointers)


# --- 422: causes


def test_a_cause_keeps_its_line_and_suggestion() -> None:
    """A cause of the same field and reason gets our line and suggestion; field, reason and message are the server's."""
    answer = document("          imagePullPolicy: Allways\n")
    field = "spec.template.spec.containers[0].imagePullPolicy"
    server = refused(
        "…", (field, "FieldValueNotSupported", 'Unsupported value: "Allways": supported values: "Always", "Lazy"')
    )
    (cause,) = hinted(server, answer).causes
    assert (cause.line, cause.suggestion) == (12, "did you mean Always?")
    assert replace(cause, line=0, suggestion="") == server.causes[0]


def test_a_cause_that_moved() -> None:
    """The order of causes may differ between minor versions: each gets its own line."""
    answer = document("          imagePullPolicy: Allways\n          ports: [{containerPort: 0}]\n")
    ours = admit(answer)
    assert len(ours.causes) == 2
    server = refused("…", *((c.field, c.reason, c.message + "!") for c in reversed(ours.causes)))
    assert [(c.line, c.suggestion) for c in hinted(server, answer).causes] == [
        (c.line, c.suggestion) for c in reversed(ours.causes)
    ]


def causes_of(*reasons: tuple[str, str]) -> tuple[Cause, ...]:
    return tuple(
        Cause("spec.replicas", reason, message, number, f"suggestion {number}")
        for number, (reason, message) in enumerate(reasons, start=1)
    )


@pytest.mark.parametrize(
    ("ours", "said", "lines"),
    [
        (["R:a", "I:b"], ["I:b", "R:a"], [2, 1]),
        (["R:a", "I:b"], ["I:other", "R:words"], [2, 1]),
        (["I:a", "I:b"], ["I:b", "I:a"], [2, 1]),
        (["I:a", "I:b"], ["I:other", "I:a"], [2, 1]),
        (["I:a", "I:b"], ["I:x", "I:y"], [1, 2]),
        (["I:a", "I:a"], ["I:a", "I:a"], [1, 2]),
        (["I:a"], ["I:x", "I:y", "I:a"], [4, 4, 1]),
        (["I:a", "I:b"], ["D:a"], [4]),
        ([], ["I:a"], [4]),
    ],
    ids=["other order", "other words", "by words", "by words first", "in order", "twice", "more than ours",
         "other reason", "only the server's"],
)  # fmt: skip
def test_several_causes_on_one_field(ours: list[str], said: list[str], lines: list[int]) -> None:
    """Several causes on one field are matched by reason, then by words, then by order."""
    reasons = {"R": "FieldValueRequired", "I": "FieldValueInvalid", "D": "FieldValueDuplicate"}
    answer = document()
    known = Admission(422, "…", causes_of(*((reasons[one[0]], one[2:]) for one in ours)))
    server = refused("…", *(("spec.replicas", reasons[one[0]], one[2:]) for one in said))
    assert [cause.line for cause in with_hints(server, known, answer).causes] == lines


def test_a_cause_that_only_the_server_has() -> None:
    """A cause that only the server has gets the line of its field, or of the nearest written ancestor."""
    answer = document("          stdin: true\n")
    assert admit(answer).accepted
    container = "spec.template.spec.containers[0]"
    server = refused("…", (f"{container}.stdin", "FieldValueForbidden", "Forbidden: no more"),
                     (f"{container}.resources.limits[memory]", "FieldValueRequired", "Required value"),
                     ("metadata.labels[app.kubernetes.io/name]", "FieldValueRequired", "Required value"))  # fmt: skip
    assert [(c.line, c.suggestion) for c in hinted(server, answer).causes] == [(12, ""), (10, ""), (3, "")]


CORPUS = Path(__file__).parents[2] / "corpus"
MANIFESTS = [
    json.loads(row)["manifest"] for row in (CORPUS / "admission.jsonl").read_text(encoding="utf-8").splitlines()
]


def in_other_words(ours: Admission) -> Admission:
    """A refusal in the words of another minor: the same fields and kinds of cause, with almost no common word."""
    message = re.sub(
        r"Go struct field \w+\.([\w.]*?)(\w+) of type \S+", r"Go struct field X.\1Embedded.\2 of type Y", ours.message
    )
    head, strict, fields = message.partition("strict decoding error: ")
    if strict and "already set in map" not in fields:
        message = head + strict + ", ".join(reversed(fields.split(", ")))
    causes = sorted(ours.causes, key=lambda cause: cause.field)
    return refused(message, *((c.field, c.reason, f"in other words: {c.message}") for c in causes), status=ours.status)


def test_every_refusal_in_other_words() -> None:
    """No refusal of the corpus loses a line, suggestion or pointer with another minor version's words."""
    refusals = 0
    for text in MANIFESTS:
        ours, answer = _judged(text)
        if ours.accepted or answer is None:
            continue
        refusals += 1
        told = with_hints(in_other_words(ours), ours, answer)
        assert told.pointers == ours.pointers
        assert {(c.field, c.line, c.suggestion) for c in told.causes} == {
            (c.field, c.line, c.suggestion) for c in ours.causes
        }
    assert refusals > 100


def _judged(text: str) -> tuple[Admission, Document | None]:
    try:
        answer = next(iter(read(text)), None)
    except AnswerError:
        return Admission(), None
    return (admit(answer), answer) if answer else (Admission(), None)


# --- as it comes over the wire


def status(code: int, message: str, *causes: tuple[str, str, str]) -> tuple[int, Any]:
    body: dict[str, Any] = {"kind": "Status", "status": "Failure", "message": message, "code": code}
    if causes:
        body["details"] = {
            "causes": [dict(zip(("field", "reason", "message"), cause, strict=True)) for cause in causes]
        }
    return code, body


def test_an_answer_over_the_wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Status object's causes and message are the server's; lines and suggestions come from our own reading of the answer."""
    answer = document("          imagePullPolicy: Allways\n")
    cause = ("spec.template.spec.containers[0].imagePullPolicy", "FieldValueNotSupported", "not one of ours")
    with api_server({("POST", DEPLOYMENTS): status(422, "is invalid", cause)}) as server:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "config", {"kind-x": server.url}, "kind-x")))
        said = admitted(connect("kind-x"), answer)
    assert said == Admission(422, "is invalid", (Cause(*cause, 12, "did you mean Always?"),))


def test_keys_are_sent_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are sent in alphabetical order, so that of two wrong values the server reports the same one as for YAML."""
    answer = document("          tty: maybe\n          stdin: maybe\n          env: [{value: 1, name: 2}]\n")
    with api_server({("POST", DEPLOYMENTS): status(400, "")}) as server:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "config", {"kind-x": server.url}, "kind-x")))
        admitted(connect("kind-x"), answer)
    sent = json.loads(server.bodies[0])
    assert sent == answer.data
    assert json.dumps(sent) == json.dumps(sent, sort_keys=True) != json.dumps(answer.data)


@pytest.mark.parametrize(("minor", "known"), [("34", "1.34"), ("37", "1.37"), ("99", CURRENT)])
def test_a_server_of_a_known_minor(minor: str, known: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of a known minor gets that minor's suggestions: a field that only a newer minor has isn't suggested."""
    answer = document("          readinessProbe: {httpGet: {port: 80, protocl: TCP}}\n")
    suggestions = {name: admit(answer, name).pointers[0].suggestion for name in ("1.34", "1.37", CURRENT)}
    assert (suggestions["1.34"], suggestions["1.37"]) == ("", "did you mean protocol?")
    field = "spec.template.spec.containers[0].readinessProbe.httpGet.protocl"
    said = status(400, f'{HANDLED}strict decoding error: unknown field "{field}"')
    version = {"major": "1", "minor": minor, "gitVersion": f"v1.{minor}.0"}
    with api_server({("POST", DEPLOYMENTS): said, ("GET", "/version"): (200, version)}) as server:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "config", {"kind-x": server.url}, "kind-x")))
        (told,) = KindCluster("kind-x").admit((answer,))
    assert pointed(told) == [(field, 12, suggestions[known])]


def test_a_text_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server appends the first bytes of a text that isn't YAML; the line and the next step come from the workbook."""
    words = "the object provided is unrecognized (must be of type Deployment): yaml: line 2: mapping values are not allowed in this context"
    with api_server({("POST", DEPLOYMENTS): status(400, f"{words} (6b696e643a20446570 ...)")}) as server:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "config", {"kind-x": server.url}, "kind-x")))
        (said,) = admitted_text(connect("kind-x"), "kind: Service\n a: b: c\n")
    assert said.message.endswith("...)")
    (pointer,) = said.pointers
    assert (pointer.line, bool(pointer.suggestion)) == (2, True)


@pytest.mark.parametrize("kept", [False, True])
def test_ignored_fields(kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that the workbook expects to be ignored is reported only if the server's answer lacks it, because gates may differ."""
    answer = document("          lifecycle: {stopSignal: SIGTERM}\n")
    created = answer.data if kept else {"spec": {"template": {"spec": {"containers": [{"name": "orders"}]}}}}
    with api_server({("POST", DEPLOYMENTS): (201, created)}) as server:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "config", {"kind-x": server.url}, "kind-x")))
        said = admitted(connect("kind-x"), answer)
    assert said.accepted
    told = [] if kept else [("spec.template.spec.containers[0].lifecycle.stopSignal", 12)]
    assert [(cause.field, cause.line) for cause in said.ignored] == told
