"""The public JSON fits the schemas in docs/schemas/, which are strict."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import meta

from cluster import DEFAULT_WORLD, KIND, SIMULATED, Cluster, world
from cluster.limits import ALIKE_SHARED
from cluster.simulated.world import SimulatedCluster
from graders.classroom.export.standings import Standing
from graders.classroom.results import Outcome
from graders.cli.admit import admit_file
from graders.core.exercise import Exercise
from graders.core.registry import exercises, owners
from graders.core.report import Report, State
from graders.present import verdicts
from graders.present.report_json import report_json
from graders.reading.notebook_cells import answer_in, read_notebook
from graders.similarity.features import Kind
from tests.corpus import manifests
from tests.support.schemas import FOLDER, misfits, schema
from tests.support.solutions import solution
from tests.support.worlds import AwayCluster, BrokenCluster

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("admission", "alike", "export", "grades", "report")
EVERY = pytest.mark.parametrize("one", exercises(), ids=lambda e: e.name)

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
STOP_SIGNAL = """\
apiVersion: v1
kind: Pod
metadata: {name: orders}
spec:
  containers:
  - {name: orders, image: shop/orders:1.0.0, lifecycle: {stopSignal: SIGUSR1}}
"""
ADMITTED = {
    "accepted": CONFIG_MAP,
    "refused": CONFIG_MAP.replace("settings", "Settings"),
    "an unknown field": CONFIG_MAP + "datum: {}\n",
    "not YAML": "kind: [\n",
    "empty": "",
    "decoded only": "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: first}\nvalue: 1\n",
    "a custom resource": "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: orders}\n",
    "a list": f"apiVersion: v1\nkind: List\nitems: [{json.dumps({'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'a'}})}, {{}}]\n",
    "an empty list": "apiVersion: v1\nkind: List\nitems: []\n",
    "an ignored field": STOP_SIGNAL,
    "lines that kubectl passes over": "  " + CONFIG_MAP.replace("\n", "\n  ").rstrip() + "\nkind: Secret\n",
    "a stream of JSON": '{"kind": 1}{"kind": 2}',
    "too deep": "a: " + "[" * 200 + "]" * 200,
}


def objects(node: Any) -> Iterator[Mapping[str, Any]]:
    """The parts of a schema that define an object's properties."""
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield node
        for below in node.values():
            yield from objects(below)
    elif isinstance(node, list):
        for below in node:
            yield from objects(below)


@pytest.mark.parametrize("name", NAMES)
def test_strict(name: str) -> None:
    """Each schema is valid JSON Schema 2020-12, allows no other property, and describes each property."""
    found = schema(name)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    meta.validate(found)
    for node in objects(found):
        assert node["additionalProperties"] is False
        assert set(node["required"]) <= set(node["properties"])
        for key, value in node["properties"].items():
            assert value.get("description", "").endswith("."), key


def test_these_are_all() -> None:
    """docs/schemas/ holds these schemas, and nothing else."""
    assert sorted(path.name for path in FOLDER.iterdir()) == [f"{name}.json" for name in NAMES]


def test_states() -> None:
    """The schemas' words for states, outcomes, worlds and kinds are the code's."""
    report, admitted, grades = (schema(name) for name in ("report", "admission", "grades"))
    assert report["$defs"]["finding"]["properties"]["state"]["enum"] == [str(state) for state in State]
    assert report["properties"]["world"]["enum"] == [SIMULATED, KIND]
    assert admitted["properties"]["state"]["enum"] == list(verdicts.STATES)
    assert grades["properties"]["outcome"]["enum"] == [str(outcome) for outcome in Outcome]
    assert grades["$defs"]["score"]["properties"]["world"]["enum"] == ["", SIMULATED, KIND]
    assert schema("alike")["$defs"]["shared"]["properties"]["features"]["items"]["enum"] == [str(kind) for kind in Kind]
    assert schema("alike")["properties"]["shared"]["maxItems"] == ALIKE_SHARED
    assert schema("export")["properties"]["state"]["enum"] == [str(standing) for standing in Standing]
    assert admitted["$defs"] == {name: report["$defs"][name] | admitted["$defs"][name] for name in ("cause", "ignored")}


def answers(one: Exercise[Any, Any]) -> Iterator[str]:
    """Answers to an exercise of all kinds: the author's, the stub, half right, empty and unreadable."""
    yield solution(one)
    yield answer_in(read_notebook(ROOT / f"notebooks/{owners()[one.name].id}/{one.section}.ipynb"), one.name) or ""
    if one.sample is not None:
        yield one.sample.text
    yield from ("", "a: [", "digraph {", "- 1", "kind: Pod", "x: y", "\x1b[2J")


WORLDS: tuple[Cluster, ...] = (world(), AwayCluster(), BrokenCluster())


@EVERY
@pytest.mark.parametrize("where", WORLDS, ids=["simulated", "away", "broken"])
def test_reports(one: Exercise[Any, Any], where: Cluster) -> None:
    """Each report fits the schema, for any answer and in any world."""
    for text in answers(one):
        report = one.judge(text, where)
        assert misfits("report", report_json(report)) == [], text


def test_live_reports() -> None:
    """A report on a running train fits the schema, too."""
    one = next(e for e in exercises() if e.runs_on_cluster)
    so_far: list[Report] = []
    one.judge(solution(one), world(), so_far.append)
    waiting = Report(one.name, SIMULATED, tuple(c.blank(State.WAITING, "not yet") for c in one.criteria))
    for report in (*so_far, waiting):
        assert misfits("report", report_json(report)) == []


def test_a_report_that_is_not_judged_blames_no_server() -> None:
    """If the cluster doesn't answer, the JSON has no verdict of an API server."""
    one = next(e for e in exercises() if e.runs_on_cluster)
    shape = json.loads(report_json(one.judge(solution(one), AwayCluster())))
    assert shape["score"] is None
    assert "admission" not in shape
    assert "admission" in json.loads(report_json(one.judge(solution(one), world())))


def test_admissions(tmp_path: Path) -> None:
    """Each line that ``workbook admit`` prints fits the schema, in every state."""
    files = []
    for number, text in enumerate(ADMITTED.values()):
        files.append(tmp_path / f"{number}.yaml")
        files[-1].write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "graders.cli.__main__", "admit", *map(str, files), "--format", "json"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert [(line, found) for line in lines if (found := misfits("admission", line))] == []
    said = [json.loads(line) for line in lines]
    assert {row["state"] for row in said} == set(verdicts.STATES)
    assert {key for row in said for key in row} == set(schema("admission")["properties"])
    assert {row["file"] for row in said} == {str(file) for file in files}


def test_admissions_of_the_corpus(tmp_path: Path) -> None:
    """The verdicts on hundreds of mistakes fit the schema."""
    file, cluster = tmp_path / "one.yaml", SimulatedCluster()
    for row in manifests("admission")[::5]:
        file.write_text(row["manifest"], encoding="utf-8")
        for one in admit_file(str(file), cluster):
            line = verdicts.line(one.file, one.index, one.item, one.admission)
            assert misfits("admission", line) == [], row["id"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("report", {"exercise": "e", "world": DEFAULT_WORLD, "score": None, "max": 1, "seconds": 0, "findings": []}),
        ("report", {"exercise": "e", "world": "mars", "score": 0, "max": 1, "seconds": 0, "findings": []}),
        ("report", {"exercise": "e", "world": DEFAULT_WORLD, "score": 0, "max": 1, "seconds": 0, "findings": [], "more": 1}),
        ("admission", {"file": "f", "index": 0, "state": "refused", "accepted": True, "status": 201, "causes": [], "message": ""}),
        ("admission", {"file": "f", "index": 0, "state": "not judged", "accepted": False, "status": 400, "causes": [], "message": "m"}),
        ("grades", {"lesson": "l", "student": "s", "outcome": "graded", "score": None, "max": 1, "problem": "", "note": "", "exercises": []}),
        ("grades", {"lesson": "l", "student": "s", "outcome": "reported", "score": 0, "max": 1, "problem": "", "note": "", "exercises": []}),
        ("export", {"lesson": "l", "student": "s", "login": "", "name": "", "email": "", "state": "missing", "points": 0, "max": 1,
                    "late_penalty": 0, "problem": "", "exercises": []}),
        ("export", {"lesson": "l", "student": "", "login": "", "name": "", "email": "", "state": "missing", "points": None, "max": 1,
                    "late_penalty": 0, "problem": "", "exercises": []}),
    ],
)  # fmt: skip
def test_what_contradicts_itself(name: str, line: Mapping[str, Any]) -> None:
    """A line with contradicting values, an unknown word or an unknown key breaks the schema."""
    assert misfits(name, json.dumps(line))
