"""Files for ``workbook admit``: they are read as kubectl reads them, and unknown kinds aren't judged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cluster import limits
from cluster.admission import admit_text
from graders.cli.admit import run
from graders.cli.exit_codes import ENVIRONMENT, NOT_FULL, OK
from tests.corpus.faults import fault, file
from tests.support.manifests import DEPLOYMENT


@pytest.fixture
def admit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Admit a text, as a file: the exit code, the lines of JSON as objects, and the text for people."""

    def admitted(text: str) -> tuple[int, list[dict[str, Any]], str]:
        path = tmp_path / "orders.yaml"
        path.write_bytes(text.encode())
        code = run([str(path)], as_json=True)
        rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert run([str(path)], as_json=False) == code
        return code, rows, capsys.readouterr().out.replace(str(path), "FILE")

    return admitted


def states(rows: Sequence[dict[str, Any]]) -> list[str]:
    return [row["state"] for row in rows]


def config_map(name: str, more: str = "") -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n{more}"


def as_json(name: str) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}})


# --- what is read


@pytest.mark.parametrize(
    "written",
    [
        "[2001:db8::]",
        "[10.0.0.1, 2001:db8::]",
        "['2001:db8::']",
        "[2001:db8::1]",
        "[\n  10.0.0.1,\n  fe80::1:0, 2001:db8:: ]",
    ],
)
def test_addresses_in_brackets(admit: Any, written: str) -> None:
    """P29: an address that ends with colons may be in brackets."""
    code, rows, _ = admit(fault("P29"))
    assert (code, states(rows)) == (OK, ["accepted"])
    text = fault("P29").replace("[10.1.2.3, 2001:db8::]", written)
    assert admit(text)[0] == (NOT_FULL if "fe80" in written else OK)


def test_what_only_looks_like_one(admit: Any) -> None:
    """P29: a colon begins a value if go-yaml reads it so, and is part of a name before a comma."""
    assert "did not find expected node content" in admit(config_map("a", "data: {a: [::1]}\n"))[1][0]["message"]
    (cause,) = admit(config_map("a", "data: {a:,b: c}\n"))[1][0]["causes"]
    assert cause["field"] == "data[a:]"


@pytest.mark.parametrize("directive", ["%YAML 1.1", "%YAML 1.2", "%TAG ! tag:example.com,2000:", "# c\n%YAML 1.1"])
def test_directives(admit: Any, directive: str) -> None:
    """P31: kubectl separates a directive from its document, and then refuses it."""
    assert "line 1: did not find expected <document start>" in admit(fault("P31"))[1][0]["message"]
    code, rows, told = admit(fault("P31").replace("%YAML 1.1", directive))
    assert (code, rows[0]["accepted"]) == (NOT_FULL, False)
    assert f"begins with {directive.split()[-2 if 'YAML' in directive else 0]}" in told


@pytest.mark.parametrize("separator", ["--- {a: b}", "--- text", "-----", "---x", "--- !!map", '--- "a"', "--- |"])
def test_more_than_a_separator(admit: Any, separator: str) -> None:
    """P31: text after ---, except a comment, ends kubectl's reading; the documents above it were read."""
    text = f"{config_map('a')}---\n{config_map('b')}{separator}\n{config_map('c')}"
    code, rows, told = admit(text)
    assert (code, states(rows)) == (NOT_FULL, ["accepted", "refused"])
    assert rows[1]["message"] == f"invalid Yaml document separator: {separator[3:].strip()}"
    assert "line 8" in told
    assert admit(text.replace(separator, "---   # a comment"))[0] == OK


@pytest.mark.parametrize(
    "text",
    [
        f"{as_json('a')}\n{as_json('b')}\n", f"{as_json('a')}{as_json('b')}", f"\n{as_json('a')} {as_json('b')}",
        json.dumps(json.loads(as_json("a")), indent=2) + "\n" + json.dumps(json.loads(as_json("b")), indent=2),
        f"{as_json('a')}\n---\n{as_json('b')}", f"{as_json('a')}\n---\n{config_map('b')}", f"{as_json('a')}\n{config_map('b')}",
    ],
)  # fmt: skip
def test_streams_of_json(admit: Any, text: str) -> None:
    """P33: each object of a stream of JSON is judged, whatever is between two of them."""
    code, rows, told = admit(fault("P33"))
    assert (code, [(row["index"], row["state"]) for row in rows]) == (OK, [(0, "accepted"), (1, "accepted")])
    code, rows, told = admit(text)
    assert (code, [row["index"] for row in rows]) == (OK, [0, 1])
    assert "ConfigMap “a” accepted" in told
    assert "ConfigMap “b” accepted" in told


def test_lines_in_a_stream_of_json(admit: Any) -> None:
    """P33: a mistake in the second object of a stream is reported with its line."""
    text = f"{as_json('a')}\n" + json.dumps({**json.loads(as_json("b")), "dat": {}}, indent=1)
    code, rows, told = admit(text)
    assert (code, states(rows)) == (NOT_FULL, ["accepted", "refused"])
    assert "line 8: dat: unknown field" in told


@pytest.mark.parametrize(
    ("written", "accepted"),
    [
        ('"\\/"', False),
        ('"a\\/b"', False),
        ('"\\\'"', True),
        ("'\\/'", True),
        ("a\\/b", True),
        ('"\\\\/"', True),
        ('"/"', True),
    ],
)
def test_backslashes(admit: Any, written: str, accepted: bool) -> None:
    """P31: in double quotes, a slash needs no backslash, and YAML allows none; JSON allows one."""
    code, _, told = admit(config_map("a", f"data: {{x: {written}}}\n"))
    assert (code == OK) == accepted
    assert accepted or "after a backslash" in told
    assert admit(as_json("a").replace('"a"', '"a", "annotations": {"x": "\\/"}'))[0] == OK


# --- how much is read


def test_many_documents(admit: Any) -> None:
    """P34: each of 21 documents has its verdict, and each of 500 as well."""
    code, rows, _ = admit(fault("P34"))
    assert (code, states(rows), [row["index"] for row in rows]) == (OK, ["accepted"] * 21, list(range(21)))
    assert len(admit("---\n".join(config_map(f"c{n}") for n in range(500)))[1]) == 500


def test_a_large_file(admit: Any) -> None:
    """P34: a file of two megabytes and 500 documents is judged as a whole, as YAML, as a list and as a stream of JSON."""
    data = {f"key{n}": f"a text of some length, number {n}" for n in range(95)}
    objects = [{**json.loads(as_json(f"c{n}")), "data": data} for n in range(500)]
    stream = "\n".join(map(json.dumps, objects))
    written = "---\n".join(
        config_map(f"c{n}", "data:\n" + "".join(f"  {k}: {v}\n" for k, v in data.items())) for n in range(500)
    )
    for text in (stream, json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}), written):
        assert len(text) > 1_900_000
        code, rows, _ = admit(text)
        assert (code, states(rows)) == (OK, ["accepted"] * 500)


BEYOND = {
    "bytes": (
        config_map("a", f"data: {{x: {'y' * limits.ADMIT_BYTES}}}\n"),
        "kB; workbook admit reads at most 4,096 kB",
    ),
    "documents": (
        "---\n".join(config_map("a") for _ in range(limits.ADMIT_DOCUMENTS + 1)),
        "more than 2,000 documents",
    ),
    "items": (
        json.dumps({"apiVersion": "v1", "kind": "List", "items": [json.loads(as_json("a"))] * 2_001}),
        "2,000 documents",
    ),
    "nesting": ("a: " + "[" * 200 + "]" * 200, "more than 100 levels"),
    "values": ("a: [" + "1," * limits.ADMIT_NODES + "]", "more than 400,000 values"),
    "values of JSON": ('{"a": ["\\ud83d\\ude00", ' + "1, " * limits.ADMIT_NODES + "1]}", "more than 400,000 values"),
    "repeated text": (f"a: &a {'x' * 1_000_000}\nb: [{'*a, ' * 80}]", "repeats more than 67,108,864 characters"),
}


@pytest.mark.parametrize("name", BEYOND)
def test_bounds_of_its_own(admit: Any, name: str) -> None:
    """P34: the part above the limit isn't judged, and the message says so; the part before it is, and the exit code shows that."""
    text, words = BEYOND[name]
    code, rows, told = admit(text)
    assert (code, states(rows)[-1], rows[-1]["accepted"]) == (ENVIRONMENT, "not judged", None)
    assert len(rows) in (1, limits.ADMIT_DOCUMENTS + 1)
    assert words in rows[-1]["message"]
    assert "✘" not in told
    for foreign in ("Your answer", "exercise", "unrecognized"):
        assert foreign not in told


def test_more_than_is_opened(admit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """P34: the message on a file that is too large to be read to its end has the same form."""
    monkeypatch.setattr("graders.reading.notebook_cells.NOTEBOOK_BYTES", 100)
    code, rows, told = admit(config_map("a" * 100))
    assert (code, states(rows)) == (ENVIRONMENT, ["not judged"])
    assert "so none of it is judged. Split it into several files." in told


def test_an_alias_bomb(admit: Any) -> None:
    """P34: an alias bomb is refused in go-yaml's words, at almost no cost."""
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{after}: &{after} [{','.join(['*' + before] * 10)}]\n"
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    code, rows, _ = admit(bomb)
    assert (code, states(rows)) == (NOT_FULL, ["refused"])
    assert "document contains excessive aliasing" in rows[0]["message"]


# --- what isn't judged here

OWN = ["admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration", "apiregistration.k8s.io/v1 APIService",
       "coordination.k8s.io/v1 Lease", "node.k8s.io/v1 RuntimeClass", "discovery.k8s.io/v1 EndpointSlice"]  # fmt: skip
CUSTOM = ["monitoring.coreos.com/v1 ServiceMonitor", "argoproj.io/v1alpha1 Application", "gateway.networking.k8s.io/v1 HTTPRoute",
          "apps.openshift.io/v1 DeploymentConfig", "batch.volcano.sh/v1alpha1 Job", "example.com/v1 Deployment",
          "autoscaling.k8s.io/v1 VerticalPodAutoscaler", "cert-manager.io/v1 Certificate"]  # fmt: skip
PROGRAMS = ["kustomize.config.k8s.io/v1beta1 Kustomization", "kubelet.config.k8s.io/v1beta1 KubeletConfiguration",
            "kind.x-k8s.io/v1alpha4 Cluster"]  # fmt: skip
MISTAKES = {
    "apps/v1 Deploymnet": "did you mean Deployment?", "apps/v1 deployment": "did you mean Deployment?",
    "app/v1 Deployment": "did you mean apps/v1?", "apps.k8s.io/v1 Deployment": "did you mean apps/v1?",
    "apps/v2 Deployment": "did you mean apps/v1?", "networking.k8s.oi/v1 Ingress": "did you mean networking.k8s.io/v1?",
    "rbac.authorisation.k8s.io/v1 Role": "did you mean rbac.authorization.k8s.io/v1?", "v1 Widget": "",
    "coordination.k8s.io/v1 Leese": "did you mean Lease?", "coordination.k8s.io/v1beta9 Lease": "did you mean coordination.k8s.io/v1?",
    "widgets/v1 Widget": "", "example.com/V1 Widget": "", "example.com/v1 My Widget": "", "Example.com/v1 Widget": "",
}  # fmt: skip


def of_kind(named: str) -> str:
    version, _, kind = named.partition(" ")
    return f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\nspec: {{x: 1}}\n"


@pytest.mark.parametrize("named", ["P35", *OWN])
def test_kinds_without_a_schema(admit: Any, named: str) -> None:
    """P35: a kind of Kubernetes without a recorded schema is neither accepted nor refused."""
    code, rows, told = admit(fault(named) if named == "P35" else of_kind(named))
    assert (code, states(rows), rows[0]["accepted"], rows[0]["status"]) == (OK, ["not judged"], None, None)
    assert "is one of Kubernetes' own, but its schema isn't recorded in the workbook." in rows[0]["message"]
    assert "not judged here" in told
    assert "1 object: 1 not judged.\n" in told
    assert not {"✔", "✘", "did you mean"} & {sign for sign in ("✔", "✘", "did you mean") if sign in told}


@pytest.mark.parametrize("named", ["P36", *CUSTOM])
def test_custom_resources(admit: Any, named: str) -> None:
    """P36: a custom resource isn't judged, and one sentence says so, also if Kubernetes has a kind of that name."""
    code, rows, told = admit(fault(named) if named == "P36" else of_kind(named))
    assert (code, states(rows)) == (OK, ["not judged"])
    assert "comes from a CRD (CustomResourceDefinition)" in rows[0]["message"]
    assert not any(sign in told for sign in ("✔", "✘", "did you mean", "registered"))


@pytest.mark.parametrize("named", PROGRAMS)
def test_files_of_programs(admit: Any, named: str) -> None:
    """P36: a program's configuration file isn't an object for an API server, and isn't judged."""
    code, rows, _ = admit(of_kind(named))
    assert (code, states(rows)) == (OK, ["not judged"])
    assert "is a program's configuration file" in rows[0]["message"]


@pytest.mark.parametrize("named", MISTAKES)
def test_mistakes(admit: Any, named: str) -> None:
    """P35, P36: a kind that can't be a custom resource, or is clearly misspelled, is refused, and only a similar kind is suggested."""
    code, rows, told = admit(of_kind(named))
    assert (code, states(rows)) == (NOT_FULL, ["refused"])
    assert MISTAKES[named] in told if MISTAKES[named] else "did you mean" not in told


def test_what_is_not_judged_hides_nothing(admit: Any) -> None:
    """P36: objects beside unjudged ones are judged and decide the exit code; a summary counts all."""
    text = f"{of_kind(CUSTOM[0])}---\n{config_map('a')}---\n{of_kind('scheduling.k8s.io/v1 PriorityClass').replace('spec: {x: 1}', 'value: 1')}"
    code, rows, told = admit(text)
    assert (code, states(rows)) == (OK, ["not judged", "accepted", "decoded only"])
    assert told.endswith("3 objects: 1 accepted, 1 decoded only, 1 not judged.\n")
    code, rows, told = admit(f"{text}---\n{config_map('B')}")
    assert (code, states(rows)[-1]) == (NOT_FULL, "refused")
    assert told.endswith("4 objects: 1 accepted, 1 decoded only, 1 refused, 1 not judged.\n")


def test_custom_resources_in_an_answer() -> None:
    """P36: an exercise refuses a custom resource, like a cluster without its CRD."""
    (verdict,) = admit_text(fault("P36"))
    assert (verdict.accepted, verdict.status, bool(verdict.unjudged)) == (False, 404, True)


@pytest.mark.parametrize(
    "text", ["apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: a}\nvalue: 1\n",
             "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: a}\nprovisioner: x\n",
             "apiVersion: v1\nkind: PodTemplate\nmetadata: {name: a}\n"],
)  # fmt: skip
def test_decoded_only(admit: Any, text: str) -> None:
    """P37: only the fields and the metadata of a kind without rules are judged, and the output says so."""
    code, rows, told = admit(text)
    assert (code, states(rows), rows[0]["accepted"]) == (OK, ["decoded only"], True)
    assert "decoded only" in told
    code, rows, _ = admit(text.replace("name: a", "nam: a"))
    assert (code, states(rows)) == (NOT_FULL, ["refused"])


# --- lists


@pytest.mark.parametrize("kind", ["List", "ConfigMapList"])
@pytest.mark.parametrize("style", ["yaml", "json"])
def test_lists(admit: Any, kind: str, style: str) -> None:
    """P37: a list is judged item by item, each with its place and its lines."""
    items = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}},
             {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "b"}, "spec": {"replica": 1}}]  # fmt: skip
    whole = {"apiVersion": "v1", "kind": kind, "metadata": {"resourceVersion": ""}, "items": items}
    text = json.dumps(whole, indent=1)
    if style == "yaml":
        text = (f"apiVersion: v1\nkind: {kind}\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {{name: a}}\n"
                "- apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: b}\n  spec:\n    replica: 1\n")  # fmt: skip
    code, rows, told = admit(text)
    assert (code, states(rows)) == (NOT_FULL, ["accepted", "refused"])
    assert [(row["index"], row["item"]) for row in rows] == [(0, "items[0]"), (0, "items[1]")]
    number = text[: text.index("replica")].count("\n") + 1
    assert f"line {number}: spec.replica: unknown field" in told
    assert "Deployment “b” (items[1])" in told


def test_lists_of_a_kind(admit: Any) -> None:
    """P37: items of a list of one kind need no kind; lists may contain lists, and may be beside documents."""
    code, rows, told = admit(fault("P37"))
    assert (code, len(rows), rows[0]["accepted"]) == (OK, 1, True)
    assert "RoleBinding “a” (items[0])" in told
    text = ("apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: {name: a}\n- apiVersion: v1\n  kind: List\n"
            f"  items: [{as_json('b')}, {as_json('C')}]\n---\n{config_map('d')}")  # fmt: skip
    code, rows, told = admit(text)
    assert (code, [row["accepted"] for row in rows]) == (NOT_FULL, [False, True, False, True])
    assert [row.get("item") for row in rows] == ["items[0]", "items[1].items[0]", "items[1].items[1]", None]
    assert 'Deployment.apps "a" is invalid' in rows[0]["message"]
    assert [row["index"] for row in rows] == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("apiVersion: v1\nkind: List\nitems: []\n", "not judged"),
        ("apiVersion: v1\nkind: List\nitems: null\n", "not judged"),
        ("apiVersion: v1\nkind: List\n", "refused"),
        ("apiVersion: v1\nkind: List\nitems: {a: b}\n", "refused"),
        ("apiVersion: v1\nkind: List\nitems: [1]\n", "refused"),
        ("apiVersion: v1\nkind: List\nitems: [null]\n", "refused"),
        ("apiVersion: v2\nkind: List\nitems: []\n", "refused"),
        ("apiVersion: v1\nkind: WidgetList\nitems: []\n", "refused"),
        ("apiVersion: apps/v1\nkind: DeploymntList\nitems: []\n", "refused"),
        ("apiVersion: netwrking.k8s.io/v1\nkind: IngressList\nitems: []\n", "refused"),
        ("apiVersion: example.com/v1\nkind: WidgetList\nitems: [{}]\n", "not judged"),
        ("apiVersion: example.com/v1\nkind: WishList\nmetadata: {name: a}\n", "not judged"),
        (config_map("a", "items: [{}]\n"), "refused"),
        ("apiVersion: coordination.k8s.io/v1\nkind: LeaseList\nitems: [{metadata: {name: a}}]\n", "not judged"),
    ],
)
def test_what_is_a_list(admit: Any, text: str, state: str) -> None:
    """P37: a list is a document that kubectl treats as one: its kind exists or may exist, and it has items."""
    _, rows, _ = admit(text)
    assert states(rows) == [state]


def test_an_answer_that_is_a_list() -> None:
    """P37: an exercise also finds its Deployment in a list, with its lines."""
    from cluster import world  # noqa: PLC0415
    from graders.core.registry import exercise  # noqa: PLC0415

    listed = "apiVersion: v1\nkind: List\nitems:\n-\n" + "".join(f"  {line}\n" for line in DEPLOYMENT.splitlines())
    one = exercise("deployment")
    assert one.judge(listed, world()).score == one.judge(DEPLOYMENT, world()).score == one.points
    wrong = one.judge(listed.replace("replicas: 3", "replicas: 2"), world())
    (finding,) = [f for f in wrong.findings if f.criterion == "replicas"]
    assert finding.line == listed[: listed.index("replicas:")].count("\n") + 1


# --- hints


@pytest.mark.parametrize(
    "written",
    ["0999", "0123", "1.10", "1_000", "0x1F", "1e3", "0o17", "007", "+5", "yes", "No", "12345678901234567890123"],
)
def test_hints_keep_what_was_written(admit: Any, written: str) -> None:
    """P64: the hint to put a value in quotes shows the written value, not the value that YAML made of it."""
    assert 'put it in quotes: "0999"' in admit(fault("P64"))[2]
    code, _, told = admit(fault("P64").replace("0999", written))
    assert code == NOT_FULL
    assert f'put it in quotes: "{written}"' in told


def test_hints_to_leave_quotes_out(admit: Any) -> None:
    """P64: a number that would be octal without its quotes is suggested without its leading zeros."""
    told = admit(DEPLOYMENT.replace("replicas: 3", 'replicas: "010"'))[2]
    assert "write it without quotes: 10\n" in told


SAME = {
    "a volume that is refused itself": fault("P65"),
    "of an init container": fault("P65").replace("containers:", "initContainers:"),
    "a service account of its own name": fault("P65").replace("defaultMode: 777", "items: [{key: k, path: ..}]"),
}


@pytest.mark.parametrize("name", SAME)
def test_no_hint_suggests_what_is_written(admit: Any, name: str) -> None:
    """P65: a hint never suggests the written name; a mistake that follows from another one has no hint."""
    code, rows, told = admit(SAME[name])
    assert code == NOT_FULL
    assert any("Not found" in cause["message"] for cause in rows[0]["causes"])
    assert "did you mean v?" not in told


def test_a_misspelled_volume_is_suggested(admit: Any) -> None:
    """P65: a mount with nearly a volume's name gets that name as a suggestion, also if the volume itself is refused."""
    text = fault("P65").replace("name: v\n", "name: shared\n").replace("name: v,", "name: shred,")
    assert "did you mean shared?" in admit(text)[2]


# --- what the server takes


@pytest.mark.parametrize(
    ("more", "accepted"),
    [
        ("data: {a: null, b: ~}", True), ("stringData: {a: null}", True), ("data: null\nstringData: null\ntype: null", True),
        ("type: kubernetes.io/tls\ndata: {tls.crt: null, tls.key: }", True),
        ("type: kubernetes.io/basic-auth\ndata: {username: null}", True),
        ("type: kubernetes.io/ssh-auth\ndata: {ssh-privatekey: null}", False),
        ("type: kubernetes.io/dockerconfigjson\ndata: {.dockerconfigjson: null}", False),
    ],
)  # fmt: skip
def test_nothing_as_a_value(admit: Any, more: str, accepted: bool) -> None:
    """P29: null is an empty value in a Secret, as for the server."""
    assert (admit(f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\n{more}\n")[0] == OK) == accepted


@pytest.mark.parametrize("more", ["", ", nodePort: 30080"])
def test_no_node_port_that_nobody_wrote(admit: Any, more: str) -> None:
    """P29: a port that is written twice is one mistake, and no node port is blamed that the manifest doesn't have."""
    ports = f"[{{name: a, port: 80}}, {{name: b, port: 80{more}}}]"
    _, rows, _ = admit(
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {{type: NodePort, ports: {ports}}}\n"
    )
    assert [cause["field"] for cause in rows[0]["causes"]] == ["spec.ports[1]"]


@pytest.mark.parametrize(
    "kind", ["v1 ServiceAccount", "v1 ConfigMap", "rbac.authorization.k8s.io/v1 Role", "v1 ResourceQuota"]
)
def test_names_are_required(admit: Any, kind: str) -> None:
    """P37: an object of any kind needs a name, with or without rules for its kind."""
    version, _, name = kind.partition(" ")
    code, rows, _ = admit(f"apiVersion: {version}\nkind: {name}\n")
    assert code == NOT_FULL
    assert "metadata.name: Required value" in rows[0]["message"]


def test_what_kubectl_passes_over(admit: Any) -> None:
    """P31: text that kubectl never reads is named with its line, and the verdict is about the text that it reads."""
    code, rows, told = admit(f"{{{as_json('a')[1:-1]}}} \n---\n  " + config_map("b").replace("\n", "\n  ") + "\nx: y\n")
    assert (code, states(rows)) == (OK, ["accepted", "accepted"])
    assert rows[1]["ignored"][0]["line"] == 7
    assert "ignored: line 7: kubectl ignores everything from this line" in told


def test_files_of_faults_are_there() -> None:
    """Each of these faults is a file, and the tests above read its bytes."""
    assert all(file(name).is_file() for name in ("P29", "P31", "P33", "P34", "P35", "P36", "P37", "P64", "P65"))
