"""Refusals of the API server: the next step says what to write and where, and the hints are about that class of mistake."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cluster.admission.response import Cause
from cluster.admission.verdict import admit
from cluster.kubernetes import CURRENT
from cluster.manifests.bounds import FILE
from cluster.manifests.documents import Document, read_each
from graders.core.report import Finding
from graders.families.manifest import refusal_hints, refusal_steps
from tests.corpus.mutations import bases, mutation
from tests.faults.plain import PLAIN, simulated
from tests.graders.application_platform.exercises.deployment.timelines import finding
from tests.support.manifests import CRON_JOB

MOUNT = "volumeMounts: [{name: data, mountPath: /data}]"
BELOW_IMAGE = "          ports: ["
TWIN = "        - {name: orders, image: 'shop/sidecar:1.0.0'}\n"
SERVICE = "---\napiVersion: v1\nkind: Service\nmetadata: {name: orders}\nspec: {selector: {app: orders}, ports: [{name: http, port: 80}]}\n"


def first(was: str, now: str, text: str = PLAIN, name: str = "deployment") -> Finding:
    assert was in text
    return finding(simulated(text.replace(was, now, 1), name), "accepted")


STEPS = [
    # what was written, what is written in its place, the next step, a word of the first hint
    ("cpu: 100m", "cpu: 600m", "Lower the cpu request to 500m or less, or raise the cpu limit: a request can't be above its limit.", "ask for"),
    ("memory: 128Mi", "memory: 1Gi", "Lower the memory request to 512Mi or less, or raise the memory limit", "ask for"),
    ("livenessProbe: {", "livenessProbe: {initialDelaySeconds: 10s, ", "Write the number alone: 10.", "kind of value"),
    ("livenessProbe: {", "livenessProbe: {periodSeconds: 1m, ", "Write a whole number of seconds, with nothing beside it.", "kind of value"),
    ("replicas: 3", "replicas: 3 pods", "Write the number alone: 3.", "kind of value"), ("replicas: 3", "replicas: three", "Write it in digits.", "kind of value"),
    ("cpu: 100m", "cpu: 0,1", "Write a decimal point", "unit"),
    ("memory: 512Mi", "memory: 512", "Write the memory limit with its unit: 512 isn't 512Mi.", "ask for"),
    ("cpu: 100m", "cpu: 100", "Write the cpu request with its unit: 100 isn't 100m.", "ask for"),
    (BELOW_IMAGE, f"          env: [{{name: LEVEL, value: 1}}]\n{BELOW_IMAGE}", 'Put it in quotes: "1".', "a text or a number"),
    ("        - name: orders\n", f"{TWIN}        - name: orders\n", "Two entries of containers have the name “orders”: give one of them another name, or delete it.", "two entries"),
    ("[{name: http, containerPort: 8080}]", "[{name: http, containerPort: 8080}, {name: http, containerPort: 9090}]", "Two entries of ports have the name “http”", "two entries"),
    (BELOW_IMAGE, f"          {MOUNT}\n{BELOW_IMAGE}", "Add a volume with the name “data” to the pod's volumes, or mount an existing one.", "refer"),
    (BELOW_IMAGE, f"          {MOUNT[:-1]}, {{name: data, mountPath: /data}}]\n{BELOW_IMAGE}", "Add a volume with the name “data”", "refer"),
    ("path: /healthz, port: 8080", "path: /healthz", "Add port to spec.template.spec.containers[0].livenessProbe.httpGet, with a number from 1 to 65535.", "numbers"),
    ("containerPort: 8080", "containerPort: 80800", "Write a number from 1 to 65535 as containerPort.", "numbers"),
    ("path: /healthz, port: 8080", "path: /healthz, port: 808080", "Write a number from 1 to 65535 as port.", "numbers"),
    ("port: 8080}}\n          readiness", "port: 8080}, failureThreshold: -1}\n          readiness", "Write 0 or more as failureThreshold.", "numbers"),
    ("port: 8080}}\n          readiness", "port: 8080}, successThreshold: 3}\n          readiness", "Write 1 as successThreshold, or leave successThreshold out.", "name"),
    ("livenessProbe: {httpGet: {path: /healthz, port: 8080}}", "livenessProbe: {periodSeconds: 5}", "Below livenessProbe, indented, write what to request: httpGet: with path: and port: below it.", "miss"),
    ("port: 8080}}\n          readiness", "port: 8080}, exec: {command: ['true']}}\n          readiness", "Keep one of httpGet and exec in spec.template.spec.containers[0].livenessProbe", "alternatives"),
    ("  selector: {matchLabels: {app: orders}}\n", "", "Add selector to spec.", "miss"),
    ("  selector: {matchLabels: {app: orders}}\n", "  selector: {}\n", "Write matchLabels below selector, with a label that the pods have.", "pods"),
    ("template:\n    metadata: {labels: {app: orders}}", "template:\n    metadata: {labels: {tier: web}}", "The selector asks for app: orders, and the pods have no label app.", "pods"),
    ("        - name: orders\n          image", "        - image", "Add name to spec.template.spec.containers[0].", "miss"),
    ("name: orders\n          image", "name: ''\n          image", "Write a value for spec.template.spec.containers[0].name: it is empty.", "miss"),
    ("metadata: {name: orders}", "metadata: {}", "Add name to metadata.", "miss"),
    ("metadata: {name: orders}", "metadata: {name: -}", "Write name in lowercase letters, digits and hyphens, with a letter or a digit at both ends.", "characters"),
    ("metadata: {name: orders}", f"metadata: {{name: {'o' * 254}}}", "Shorten it to 253 characters at most.", "name"),
    ("  replicas: 3\n", "  replicas: -3\n", "Write 0 or more as replicas.", "numbers"),
    ("  replicas: 3\n", "  replicas: 3\n  strategy: {type: Rolling}\n", "Write Recreate or RollingUpdate there.", "values"),
    ("  replicas: 3\n", "  replicas: 3\n  strategy: {type: blue-green}\n", "Write Recreate or RollingUpdate there.", "values"),
    ("  replicas: 3\n", "  replicas: 3\n  strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}\n", "Leave rollingUpdate out: it may not be specified when strategy type is 'Recreate'.", "allowed there"),
    ("  replicas: 3\n", "  replicas: 3\n  strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}\n", "Raise maxSurge or maxUnavailable: with 0 for both, no pod can be replaced.", "name"),
    ("  replicas: 3\n", "  replicas: 3\n  color: blue\n", "spec has no field color: correct its name, or delete it.", "level"),
    ("  replicas: 3\n", "  replicas: [3]\n", "Write one whole number there.", "kind of value"),
    ("image: shop/orders:1.0.0", "image: [shop/orders]", "Write one text there.", "kind of value"),
    ("path: /healthz, port: 8080", "path: /healthz, port: [8080]", "Write one whole number there, or a port's name.", "form"),
    ("    spec:\n      containers", "    spec:\n      restartPolicy: OnFailure\n      containers", "Write Always there.", "values"),
    ("path: /healthz, port: 8080", "path: /healthz, port: '8080'", "Write it without quotes: 8080.", "number or a text"),
    ("128Mi", "128MB", "Did you mean 128Mi?", "unit"), ("livenessProbe", "livenesProbe", "Did you mean livenessProbe?", "spelled"),
    ("apps/v1", "apps/v9", "Did you mean apps/v1?", "first two lines"), ("path: /healthz", "path:/healthz", "Put a space after the colon: path: /healthz.", "between"),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "step", "hint"), STEPS, ids=[s[2][:60] for s in STEPS])
def test_the_next_step_about_a_deployment(was: str, now: str, step: str, hint: str) -> None:
    """Each class of refusal has a next step that says what to write, and a first hint about that class."""
    found = first(was, now)
    assert found.hint.startswith(step)
    assert hint in found.hints[0]
    assert len({found.hint, *found.hints}) == 4


BESIDE = [
    ("port: 80}", "port: 0}", "Write a number from 1 to 65535 as port."), ("name: http, port: 80}", "name: http, targetPort: 8080}", "Add port to spec.ports[0], with a number from 1 to 65535."),
    ("[{name: http, port: 80}]", "[{port: 80}, {port: 81}]", "Add name to spec.ports[0]."), ("ports: [{name: http, port: 80}]", "ports: []", "Write a value for spec.ports: it is empty."),
    ("[{name: http, port: 80}]", "[{name: http, port: 80}, {name: http, port: 81}]", "Two entries of ports have the name “http”"),
    ("port: 80}", "port: 80, targetPort: '8080'}", "Write it without quotes: 8080."), ("spec: {selector", "spec: {type: Loadbalancer, selector", "Did you mean LoadBalancer?"),
    ("spec: {selector", "spec: {type: Public, selector", "Write ClusterIP, ExternalName, LoadBalancer or NodePort there."),
    ("spec: {selector", "spec: {externalTrafficPolicy: Local, selector", "Change externalTrafficPolicy, or leave it out: it may only be set for externally-accessible services."),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "step"), BESIDE, ids=[b[2][:60] for b in BESIDE])
def test_the_next_step_about_a_service(was: str, now: str, step: str) -> None:
    """A refused Service beside the Deployment has its own next step."""
    assert was in SERVICE
    assert finding(simulated(PLAIN + SERVICE.replace(was, now, 1)), "accepted").hint.startswith(step)


OF_A_CRON_JOB = [
    ('  schedule: "0 2 * * *"\n', "", "Write spec.schedule, five fields in quotes."), ("  schedule:", "  concurrencyPolicy: Sometimes\n  schedule:", "Write Allow, Forbid or Replace there."),
    ("  schedule:", "  startingDeadlineSeconds: -1\n  schedule:", "Write 0 or more as startingDeadlineSeconds."), ("  schedule:", "  successfulJobsHistoryLimit: -1\n  schedule:", "Write 0 or more"),
    ("              image: myapp/reporter:v1.2.0\n", "", "Add image to spec.jobTemplate.spec.template.spec.containers[0]."),
    ("            - name: reporter\n", "            - name: reporter\n              image: a\n            - name: reporter\n", "Two entries of containers have the name “reporter”"),
    ("name: daily-report", f"name: {'d' * 53}", "Shorten it to 52 characters at most."),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "step"), OF_A_CRON_JOB, ids=[b[2][:60] for b in OF_A_CRON_JOB])
def test_the_next_step_about_a_cron_job(was: str, now: str, step: str) -> None:
    """The same classes have the same next steps in a CronJob."""
    assert first(was, now, CRON_JOB, "daily-report").hint.startswith(step)


def refused(count: int) -> Iterator[tuple[Document, Cause]]:
    """Causes without their own suggestion, of mutations of the kinds that learners write."""
    kinds = sorted(bases())
    ours = [number for number, kind in enumerate(kinds) if kind[1] in {"Deployment", "CronJob", "Service"}]
    for turn in range(count):
        for number in ours:
            for document in read_each(mutation(7, turn * len(kinds) + number, CURRENT).text, FILE):
                if isinstance(document, Document):
                    verdict = admit(document)
                    yield from ((document, cause) for cause in (*verdict.pointers, *verdict.causes))


def test_no_cause_is_without_a_step() -> None:
    """For any refusal, the next step says more than where to look, and the three hints differ from it and each other."""
    seen = 0
    for document, cause in refused(60):
        if cause.suggestion:
            continue
        seen += 1
        step, hints = refusal_steps.step(cause, document), refusal_hints.ladder(cause)
        assert step.endswith("."), cause
        assert not step.startswith("Look at"), cause
        assert "`" not in step, cause
        assert "Invalid value" not in step, cause
        assert len({step, *hints}) == 4, cause
    assert seen > 60


def test_words_of_another_server() -> None:
    """A refusal in unknown words also has a next step."""
    odd = Cause("spec.replicas", "FieldValueInvalid", "Invalid value: 9: that is odd", 1)
    assert refusal_steps.step(odd, Document(0, {})) == "Change replicas, or leave it out: that is odd."
    bare = Cause("", "", "the server is in no mood")
    assert refusal_steps.step(bare, Document(0, {})) == "Correct what the message names: the server is in no mood."


def test_another_program_has_hints_of_its_own() -> None:
    """If a document starts another program, the hints are about that document."""
    found = finding(
        simulated(f"{PLAIN}---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{{name: a, image: b}}]}}\n"), "accepted",
    )  # fmt: skip
    assert "document" in " ".join(found.hints)
