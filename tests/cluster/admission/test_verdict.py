"""Single verdicts: a document's kind, the words of each refusal, and the suggestions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster.admission import admit_text
from cluster.admission.response import Admission
from tests.support.manifests import DEPLOYMENT


def admit(old: str = "", new: str = "") -> Admission:
    assert old in DEPLOYMENT
    return admit_text(DEPLOYMENT.replace(old, new, 1))[0]


def test_accepted() -> None:
    """A plain Deployment is accepted, without a remark."""
    assert admit() == Admission()


@pytest.mark.parametrize(
    ("old", "new", "status", "words"),
    [
        ("kind: Deployment", "kind: Deploymnet", 400, 'no kind "Deploymnet" is registered for version "apps/v1"'),
        ("kind: Deployment", "kind: deployment", 400, 'no kind "deployment" is registered for version "apps/v1"'),
        ("apps/v1", "Apps/v1", 400, 'no kind "Deployment" is registered for version "Apps/v1"'),
        ("apps/v1", "v1", 400, 'no kind "Deployment" is registered for version "v1"'),
        ("apps/v1", "apps/v1beta1", 400, "does not match the expected API version (apps/v1)"),
        ("apps/v1", "a/b/c", 400, "unexpected GroupVersion string: a/b/c"),
        ("kind: Deployment", "kind: 5", 400, "cannot unmarshal number into Go struct field .kind of type string"),
        ("kind: Deployment", "kind: Pod", 400, 'Pod in version "v1" cannot be handled as a Deployment'),
    ],
)
def test_wrong_kind(old: str, new: str, status: int, words: str) -> None:
    """An unknown kind or version is refused in the server's words, and the right one is suggested."""
    verdict = admit(old, new)
    assert verdict.status == status
    assert words in verdict.message
    assert verdict.pointers[0].line


def test_somebody_elses_kind() -> None:
    """A kind that only an operator adds isn't found."""
    verdict = admit_text("apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: a}\n")[0]
    assert (verdict.status, verdict.message) == (404, "the server could not find the requested resource")


@pytest.mark.parametrize("old", ["kind: Deployment\n", "apiVersion: apps/v1\n"])
def test_missing_type(old: str) -> None:
    """A missing kind or apiVersion is filled in from the request's path, as the server does."""
    assert admit(old, "").accepted


def test_list() -> None:
    """kubectl splits a List; the server refuses it."""
    verdict = admit_text("apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Service}]\n")[0]
    assert verdict.message == (
        'List in version "v1" cannot be handled as a Service: converting (v1.List) to (core.Service): unknown conversion'
    )


def test_other_kinds_are_decoded_strictly() -> None:
    """A kind without its own rules is still decoded strictly, and its metadata is judged."""
    text = "apiVersion: v1\nkind: Namespace\nmetadata: {name: Shop}\n"
    assert admit_text(text)[0].causes[0].field == "metadata.name"
    assert admit_text(text.replace("Shop", "shop"))[0].accepted
    assert "spec.x" in admit_text(text.replace("Shop", "shop") + "spec: {x: 1}\n")[0].message


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "meant"),
    [
        ("livenessProbe:", "livenesProbe:", 28, "livenesProbe", "did you mean livenessProbe?"),
        ("replicas:", "Replicas:", 6, "Replicas", "did you mean replicas?"),
        ("      containers:", "      livenessProbe: {}\n      containers:", 15, "livenessProbe",
         "livenessProbe belongs under spec.template.spec.containers[0]"),
        ("          ports:", "          requests: {cpu: 1}\n          ports:", 18, "requests",
         "requests belongs under spec.template.spec.containers[0].resources"),
        ("          resources:\n", "          resources:\n            cpu: 1\n", 22, "cpu",
         "cpu belongs under requests or limits"),
        ("requests:", "request:", 22, "request", "did you mean requests?"),
        ("          ports:", "          port: 8080\n          ports:", 18, "port", "did you mean ports?"),
        ("metadata:\n  name", "name: x\nmetadata:\n  name", 3, "name", "name belongs under metadata"),
        ("replicas: 3", 'replicas: "3"', 6, "replicas", "write it without quotes: 3"),
        ("image: shop/orders:1.0.0", "image: 1.5", 17, "image", 'put it in quotes: "1.5"'),
        ("memory: 128Mi", "memory: 128MB", 24, "memory", "did you mean 128Mi?"),
        ("cpu: 100m", "cpu: 2 cores", 23, "cpu", "did you mean 2?"),
        ("            - name: http\n  ", "", 18, "ports", "begin each entry with “- ”"),
    ],
)  # fmt: skip
def test_pointers(old: str, new: str, line: int, field: str, meant: str) -> None:
    """A decoding error has the line, the field, and the probable meaning, beside the server's words."""
    verdict = admit(old, new)
    assert verdict.status == 400
    assert verdict.causes == ()
    pointer = verdict.pointers[0]
    assert (pointer.line, pointer.field.rpartition(".")[2], pointer.suggestion) == (line, field, meant)


def test_fields_of_another_kind() -> None:
    """Several fields that belong to another kind suggest that kind."""
    text = DEPLOYMENT.replace("kind: Deployment", "kind: DaemonSet").replace("  replicas", "  strategy: {}\n  replicas")
    assert admit_text(text)[0].pointers[0].suggestion == "did you mean Deployment?"


@pytest.mark.parametrize(
    ("old", "new", "field", "line", "meant"),
    [
        ("name: orders", "name: Orders_API", "metadata.name", 4, "did you mean orders-api?"),
        ("          ports:", "          imagePullPolicy: always\n          ports:",
         "spec.template.spec.containers[0].imagePullPolicy", 18, "did you mean Always?"),
        ("  name: orders", "  name: orders\n  labels: {a: b, tier: two words}", "metadata.labels", 5,
         "did you mean two-words?"),
        ("          ports:", "          volumeMounts: [{name: dta, mountPath: /d}]\n          ports:",
         "spec.template.spec.containers[0].volumeMounts[0].name", 18, ""),
        ("containerPort: 8080", "containerPort: 80800", "spec.template.spec.containers[0].ports[0].containerPort",
         20, ""),
        ("        app: orders\n    spec", "        app: order\n    spec", "spec.template.metadata.labels", 12,
         "the selector asks for app: orders, and the pods have app: order"),
        ("port: http", 'port: "8080"', "spec.template.spec.containers[0].livenessProbe.httpGet.port", 31,
         "write it without quotes: 8080"),
    ],
)  # fmt: skip
def test_causes(old: str, new: str, field: str, line: int, meant: str) -> None:
    """A validation error has the server's field and reason, the learner's line, and a suggestion if one is known."""
    verdict = admit(old, new)
    assert verdict.status == 422
    assert verdict.pointers == ()
    (cause,) = verdict.causes
    assert (cause.field, cause.line, cause.suggestion) == (field, line, meant)
    assert verdict.message.startswith('Deployment.apps "')


@pytest.mark.parametrize(
    ("old", "new", "warning"),
    [
        ("memory: 128Mi", "memory: 128m",
         'spec.template.spec.containers[0].resources.requests[memory]: fractional byte value "128m" is invalid, '
         "must be an integer"),
        ("containerPort: 8080", "containerPort: 8080\n            - containerPort: 8080",
         "spec.template.spec.containers[0].ports[1]: duplicate port definition with "
         "spec.template.spec.containers[0].ports[0]"),
        ("          ports:", "          env: [{name: A, value: x}, {name: A, value: z}]\n          ports:",
         'spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using '
         "apply"),
        ("  name: orders\nspec", "  name: orders.api\nspec",
         "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label "
         "is recommended: [must not contain dots]"),
        ("      containers:", "      terminationGracePeriodSeconds: -1\n      containers:",
         "spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be "
         "treated as 1"),
        ("      containers:", "      nodeSelector: {beta.kubernetes.io/os: linux}\n      containers:",
         "spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "
         '"kubernetes.io/os" instead'),
    ],
)  # fmt: skip
def test_warnings(old: str, new: str, warning: str) -> None:
    """A manifest that works differently than it looks is accepted with the warning of a real server."""
    assert admit(old, new) == Admission(warnings=(warning,))


def test_zone_suggested() -> None:
    """A time zone in the wrong case gets the right one as a suggestion."""
    text = (
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: r}\nspec:\n  schedule: 0 2 * * 7\n"
        "  timeZone: europe/paris\n  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, "
        "containers: [{name: r, image: r}]}}}}\n"
    )
    schedule, zone = admit_text(text)[0].causes
    assert (schedule.line, schedule.suggestion) == (5, "Sunday is 0 here")
    assert (zone.line, zone.suggestion) == (6, "did you mean Europe/Paris?")


def test_unreadable_is_refused_too() -> None:
    """An unreadable text is refused as the server refuses it, with a clearer message."""
    (verdict,) = admit_text("kind: Service\na: [1\nb: 2\n")
    assert verdict.status == 400
    assert verdict.message == (
        "the object provided is unrecognized (must be of type Service): yaml: line 2: did not find expected ',' or ']'"
    )
    assert verdict.pointers[0].line == 2  # the bracket that is open


def test_nothing_is_an_object_without_fields() -> None:
    """For the server, an empty text is a Deployment without fields."""
    assert [c.field for c in admit_text("# nothing yet\n")[0].causes] == [
        "metadata.name", "spec.selector", "spec.template.metadata.labels", "spec.template.spec.containers",
    ]  # fmt: skip


def test_every_document() -> None:
    """Each document of a text has its verdict."""
    assert [v.status for v in admit_text(f"{DEPLOYMENT}---\nkind: Service\n")] == [201, 422]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("x" * 300),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ("spec", "metadata", "template", "containers", "name", "ports", "resources", "requests", "cpu", "env",
             "labels", "selector", "matchLabels", "replicas", "volumes", "schedule", "timeZone", "data", "x")
        ),
        inner, max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(("Deployment", "Service", "CronJob", "ConfigMap", "HorizontalPodAutoscaler", "Secret", "x")),
    body=st.dictionaries(st.sampled_from(("spec", "metadata", "data", "status")), _JSON, max_size=3),
)
def test_whatever_stands_there(kind: str, body: dict[str, object]) -> None:
    """Any document gets a verdict."""
    from cluster.admission import admit as judge  # noqa: PLC0415
    from cluster.manifests.documents import Document  # noqa: PLC0415

    version = {"Deployment": "apps/v1", "CronJob": "batch/v1", "HorizontalPodAutoscaler": "autoscaling/v2"}
    verdict = judge(Document(0, {"apiVersion": version.get(kind, "v1"), "kind": kind, **body}))
    assert verdict.accepted == (not verdict.message)


def test_speed() -> None:
    """A manifest is read and judged in a few milliseconds of processor time; the bound is a tenth of a second."""
    admit()
    began = time.process_time()
    for _ in range(50):
        admit()
    assert (time.process_time() - began) / 50 < 0.1


def test_millions_of_cores() -> None:
    """A request in millions of cores above its limit is read as thousandths."""
    assert (
        admit("cpu: 100m", "cpu: 100M").causes[0].suggestion
        == "M is a million; did you mean 100m, thousandths of a core?"
    )
