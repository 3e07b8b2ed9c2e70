"""The ``workbook`` command: output, exit codes and usage errors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import workbook
from tests.support.drawing import DRAWING
from tests.support.manifests import DEPLOYMENT

ROOT = Path(__file__).parents[3]
FINDING = {"criterion", "state", "points", "earned", "saw", "expected", "why", "hint", "read"}


def test_full_marks(tmp_path: Path) -> None:
    """Full marks end with exit code 0, and JSON has the documented keys."""
    file = tmp_path / "orders.yaml"
    file.write_text(DEPLOYMENT)
    done = workbook("check", "deployment", str(file), "--format", "json")
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert set(report) == {"exercise", "world", "score", "max", "seconds", "findings", "admission"}
    assert (report["score"], report["max"], report["world"]) == (30, 30, "simulated")
    assert all(set(finding) == FINDING for finding in report["findings"])
    assert set(report["admission"]) == {"accepted", "status", "causes", "message"}


def test_less_than_full_marks() -> None:
    """Less than full marks end with exit code 1, also from standard input."""
    done = workbook("check", "deployment", "-", stdin=DEPLOYMENT.replace("replicas: 3", "replicas: 1"))
    assert done.returncode == 1
    assert "Three replicas" in done.stdout


@pytest.mark.parametrize("asked", [0, 1, 2, 3, 5])
def test_hints(asked: int) -> None:
    """Each --hint shows one more rung for the first open criterion, below the card, up to three."""
    done = workbook(
        "check", "deployment", "-", *["--hint"] * asked, stdin=DEPLOYMENT.replace("replicas: 3", "replicas: 1")
    )
    assert done.returncode == 1
    assert done.stdout.count(" of 3: Three replicas") == min(asked, 3)
    assert ("How many pods should serve" in done.stdout) == bool(asked)
    assert ("beside selector and" in done.stdout) == (asked >= 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [(DEPLOYMENT, "no hints left"), ("a: [b", "Correct that first"), ("# later", "Hint 1 of 3")],
)
def test_hints_where_nothing_is_open(text: str, said: str) -> None:
    """For a right or an unreadable answer one sentence replaces the hint; an answer that is not started has hints."""
    assert said in workbook("check", "deployment", "-", "--hint", stdin=text).stdout


def test_json_has_no_hints() -> None:
    """Hints with JSON are a usage error."""
    done = workbook("check", "deployment", "-", "--hint", "--format", "json", stdin=DEPLOYMENT)
    assert (done.returncode, done.stdout) == (2, "")
    assert "JSON output has no hints" in done.stderr


def test_drawing() -> None:
    """A drawing is checked from standard input, and its JSON has no admission."""
    done = workbook("check", "diagram", "-", "--format", "json", stdin=DRAWING)
    assert (done.returncode, json.loads(done.stdout)["score"]) == (0, 20)
    assert "admission" not in json.loads(done.stdout)


def test_notebook() -> None:
    """A notebook is read like any other file: the released one is not started, which isn't full marks."""
    done = workbook("check", "deployment", "notebooks/application-platform/06-hands-on.ipynb", "--format", "json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["score"]) == (1, 0)
    assert {f["state"] for f in report["findings"]} == {"not started"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "deploymnet", "-"), "Did you mean “deployment”?"),
        (("check", "deployment", "no-such-file.yaml"), "no-such-file.yaml"),
        (("check",), "Missing argument"),
        (("check", "deployment", "-", "--on", "mars"), "mars"),
        (("admit", "no-such-file.yaml"), "no-such-file.yaml"),
        (("nonsense",), "nonsense"),
    ],
)
def test_usage(arguments: tuple[str, ...], said: str) -> None:
    """A usage error is one message on standard error, without a traceback, with exit code 2."""
    done = workbook(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["check", "admit", "lab", "grade", "release", "doctor"])
def test_help(command: str) -> None:
    """Every command's help has examples."""
    done = workbook(command, "--help")
    assert done.returncode == 0
    assert "Example" in done.stdout
    assert f"workbook {command}" in done.stdout


def test_admit(tmp_path: Path) -> None:
    """``admit`` prints the API server's verdict: one JSON object for each document, with its file and index."""
    file = tmp_path / "two.yaml"
    file.write_text(DEPLOYMENT + "---\n" + DEPLOYMENT.replace("replicas:", "replica:"))
    done = workbook("admit", str(file), "--format", "json")
    good, bad = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 1
    assert (good["file"], good["index"], good["accepted"], good["status"]) == (str(file), 0, True, 201)
    assert (bad["index"], bad["accepted"], bad["status"]) == (1, False, 400)
    assert 'unknown field "spec.replica"' in bad["message"]


def test_admit_accepts() -> None:
    """A manifest that the server would accept ends with exit code 0."""
    done = workbook("admit", "-", stdin=DEPLOYMENT)
    assert done.returncode == 0
    assert "accepted" in done.stdout


def test_admit_unreadable() -> None:
    """YAML that doesn't parse isn't accepted, and the line is named."""
    done = workbook("admit", "-", stdin="kind: [\n")
    assert done.returncode == 1
    assert "line" in done.stdout


def test_no_cluster_to_judge_on() -> None:
    """Without a kind cluster, `--on kind` ends with exit code 3, a reason and a next step, and calls nothing wrong."""
    done = workbook("check", "deployment", "-", "--on", "kind", stdin=DEPLOYMENT)
    assert done.returncode == 3
    assert "not judged" in done.stdout
    assert "workbook cluster up" in done.stdout
    admitted = workbook("admit", "-", "--on", "kind", stdin=DEPLOYMENT)
    assert (admitted.returncode, "workbook cluster up" in admitted.stderr) == (3, True)


def test_a_context_named_outright() -> None:
    """The reason names a context that the kubeconfig lacks."""
    done = workbook("check", "deployment", "-", "--on", "kind", "--context", "department", stdin=DEPLOYMENT)
    assert (done.returncode, "no context department" in done.stdout) == (3, True)


@pytest.mark.parametrize(
    ("command", "answer"),
    [(("check", "deployment", "-"), DEPLOYMENT), (("admit", "-"), DEPLOYMENT), (("run", "diagram", "-"), DRAWING)],
    ids=["check", "admit", "run"],
)
def test_naming_a_context_means_kind(command: tuple[str, ...], answer: str) -> None:
    """Naming a context chooses the world kind, in every command with that option."""
    done = workbook(*command, "--context", "department", stdin=answer)
    assert (done.returncode, "no context department" in done.stdout + done.stderr) == (3, True)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("check", "deployment", "-", "--on", "simulated"), "a context alone means kind"),
        (("admit", "-", "--on", "simulated"), "a context alone means kind"),
        (("check", "deployment", "-", "--on", "mars"), "no world called “mars”"),
        (("check", "diagram", "-"), "diagram doesn't run on a cluster"),
        (("check", "hello", "-", "--on", "kind"), "hello doesn't run on a cluster"),
    ],
)
def test_a_context_in_vain(command: tuple[str, ...], said: str) -> None:
    """A context without an effect is a usage error, and isn't ignored."""
    done = workbook(*command, "--context", "department", stdin=DEPLOYMENT)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_context_that_the_environment_names() -> None:
    """WORKBOOK_CONTEXT names the cluster for `--on kind`; by itself it doesn't choose a world."""
    named = {"WORKBOOK_CONTEXT": "department"}
    done = workbook("check", "deployment", "-", "--on", "kind", stdin=DEPLOYMENT, **named)
    assert (done.returncode, "no context department" in done.stdout) == (3, True)
    assert workbook("check", "deployment", "-", stdin=DEPLOYMENT, **named).returncode == 0
    assert workbook("admit", "-", stdin=DEPLOYMENT, **named).returncode == 0


@pytest.mark.parametrize("command", ["up", "down", "load", "status"])
def test_a_cluster_without_docker(command: str) -> None:
    """Without Docker, `workbook cluster` says what is missing and how to get it, with exit code 3."""
    done = subprocess.run(
        [sys.executable, "-m", "graders.cli.__main__", "cluster", command], capture_output=True, text=True, cwd=ROOT, check=False,
        env={"PATH": "", "HOME": str(ROOT), "TERM": "dumb"},
    )  # fmt: skip
    assert done.returncode == 3
    assert "docs.docker.com" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


NAMED_BY_A_DIGIT = "apiVersion: v1\nkind: Service\nmetadata: {name: 2orders}\nspec: {ports: [{port: 80}]}\n"
STOPPED = DEPLOYMENT.replace(
    "          livenessProbe:", "          lifecycle: {stopSignal: SIGUSR1}\n          livenessProbe:"
)


def test_admit_as_another_minor() -> None:
    """``admit`` answers as the requested minor, in any notation of the version."""
    for version, accepted in (("1.34", 1), ("v1.34", 1), ("1.34.4", 1), ("1.37", 0)):
        done = workbook("admit", "-", "--kubernetes", version, stdin=NAMED_BY_A_DIGIT)
        assert (done.returncode, done.stderr) == (accepted, "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--kubernetes", "1.36"), "1.34 and 1.37"),
        (("--kubernetes", "newest"), "1.34 and 1.37"),
        (("--kubernetes", "1.34", "--on", "kind"), "Leave --kubernetes out"),
        (("--kubernetes", "1.34", "--context", "mine"), "Leave --kubernetes out"),
    ],
)
def test_no_such_minor(arguments: tuple[str, ...], words: str) -> None:
    """An unknown minor, and a minor together with a real cluster, end with exit code 2 and a next step."""
    done = workbook("admit", "-", *arguments, stdin=DEPLOYMENT)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_admit_tells_of_ignored_fields() -> None:
    """Text and JSON report a field that the server ignores with its line, separate from the server's warnings."""
    done = workbook("admit", "-", stdin=STOPPED)
    assert done.returncode == 0
    assert "  ignored: line 28: spec.template.spec.containers[0].lifecycle.stopSignal: Kubernetes " in done.stdout
    said = json.loads(workbook("admit", "-", "--format", "json", stdin=STOPPED).stdout)
    (ignored,) = said["ignored"]
    assert (ignored["field"], ignored["line"]) == ("spec.template.spec.containers[0].lifecycle.stopSignal", 28)
    assert ignored["message"].endswith("its feature gate is off by default")
