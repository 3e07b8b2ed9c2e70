"""Mutations: reproducible, of every kind, with every mistake; and the table of agreement."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any, cast

import pytest
import yaml

from benchmarks import mutations as benchmark
from benchmarks.mutations import Tally, left_out
from cluster.admission.rules import JUDGED
from cluster.admission.schema import schema
from cluster.kind.api import Answer, Api
from cluster.kubernetes import CURRENT, MINORS
from graders.cli.exit_codes import NOT_FULL, OK
from tests.contract.server import Server
from tests.corpus import dry_run
from tests.corpus.mutations import _EDITS, NOT_WRITTEN, bases, mutation, new_fields

SOME = 600
TWICE = 2 * len(JUDGED)


def test_a_mutation_is_made_again() -> None:
    """A mutation depends only on its seed and its number."""
    for number in range(60):
        assert mutation(7, number, CURRENT) == mutation(7, number, CURRENT)
    assert mutation(7, 3, CURRENT).text != mutation(8, 3, CURRENT).text
    assert mutation(7, 3, CURRENT).name == "7/3"


def test_every_kind_and_every_mistake() -> None:
    """The kinds with rules take turns; each mutation has one to three mistakes, and each mistake is in the manifest."""
    kinds, edits, sizes = Counter[tuple[str, str]](), Counter[str](), Counter[int]()
    for number in range(SOME):
        one = mutation(1, number, CURRENT)
        kinds[one.kind.api_version, one.kind.name] += 1
        sizes[len(one.edits)] += 1
        edits.update(
            next(name for name, _ in sorted(_EDITS, key=lambda e: -len(e[0])) if edit.startswith(f"{name} "))
            for edit in one.edits
        )
    assert kinds.keys() == JUDGED
    assert max(kinds.values()) - min(kinds.values()) <= 1
    assert set(sizes) == {1, 2, 3}
    assert set(edits) >= {name for name, _ in _EDITS} - {"insert a new field"}


def test_mutations_are_yaml_of_their_kind() -> None:
    """A mutation can be read and has the kind under which it is sent; a doubled key is in it twice."""
    for number in range(SOME):
        one = mutation(2, number, CURRENT)
        written = yaml.safe_load(one.text)
        if not any("apiVersion" in edit or " kind" in edit for edit in one.edits):
            assert (written["apiVersion"], written["kind"]) == (one.kind.api_version, one.kind.name), one
        if len(one.edits) == 1 and one.edits[0].startswith("double "):
            key = one.edits[0].rpartition(".")[2].removeprefix("double ")
            assert len(re.findall(rf"(?m)^[ -]*'?{re.escape(key)}'?:", one.text)) >= 2, one


def test_what_a_cluster_decides_is_not_asked() -> None:
    """No edit inserts a field whose verdict depends on other objects of the cluster."""
    for number in range(SOME):
        for edit in mutation(3, number, CURRENT).edits:
            if edit.startswith("insert "):
                assert edit.rpartition(".")[2] not in NOT_WRITTEN


def test_every_kind_has_a_manifest_that_is_accepted() -> None:
    """The simulated cluster accepts each manifest before its mutation."""
    for named, every in bases().items():
        for one in every:
            said = dry_run.simulated(yaml.safe_dump(one), CURRENT)
            assert said["verdict"] == "accepted", (named, said)


def test_new_fields_are_tried() -> None:
    """Fields that the minor before didn't have are inserted more often than others; the first minor has no such fields."""
    assert new_fields(MINORS[0]) == frozenset()
    if MINORS[0] == CURRENT:
        return
    older, new = schema(MINORS[MINORS.index(CURRENT) - 1]), new_fields(CURRENT)
    assert new
    assert all(name not in older.fields(owner) for owner, name in new)
    tried = [
        edit for number in range(SOME) for edit in mutation(4, number, CURRENT).edits if edit.startswith("insert a new")
    ]
    assert len(tried) > SOME / 50


class Canned:
    """An API that answers as the simulated cluster does, or differently for some manifests."""

    context = "canned"

    def __init__(self, minor: str, wrong: str = "") -> None:
        self._minor = minor
        self._wrong = wrong

    def ask(self, _method: str, _path: str, body: bytes, **_: Any) -> Answer:
        said = dry_run.simulated(body.decode(), self._minor)
        if self._wrong and self._wrong in body.decode():
            return Answer(
                422, {"message": "no", "details": {"causes": [{"field": "spec", "reason": "x", "message": "no"}]}}
            )
        if said["verdict"] == "accepted":
            return Answer(201, {}, tuple(said["warnings"]))
        return Answer(
            said["status"], {"message": said["message"], "details": {"causes": said["causes"]}}, tuple(said["warnings"])
        )


def reach(monkeypatch: pytest.MonkeyPatch, wrong: str = "") -> None:
    server = Server(cast(Api, Canned(CURRENT, wrong)), f"v{CURRENT}.1")
    monkeypatch.setattr(Server, "reach", lambda _context: server)


def test_agreement_is_reached(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """If both agree on everything, the table says so, and the exit code is 0."""
    reach(monkeypatch)
    assert benchmark.main(["--count", str(TWICE), "--seed", "5"]) == OK
    said = capsys.readouterr().out
    assert f"{TWICE} mutations with seed 5, Kubernetes v{CURRENT}.1" in said
    assert re.search(rf"\nall +{TWICE} .* 100\.00 +100\.00 +0 +100\.00 +0\n", said)
    assert "verdicts: reached" in said
    assert "messages: reached" in said


def test_disagreement_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    """Each difference is listed with the number that reproduces it, verdicts first, and the exit code is 1."""
    reach(monkeypatch, "kind: ConfigMap")
    file = tmp_path / "differing.txt"
    assert benchmark.main(["--count", str(TWICE), "--seed", "5", "--show", "1", "--write", str(file)]) == NOT_FULL
    said = capsys.readouterr().out
    number = next(n for n in range(TWICE) if mutation(5, n, CURRENT).kind.name == "ConfigMap")
    assert f"5/{number} ConfigMap" in file.read_text()
    assert re.search(r"v1 ConfigMap +2 +0\.00", said)
    assert "--show 2, or --write FILE" in said or "words or warnings" in said
    kept = tmp_path / "kept.jsonl"
    benchmark.main(["--count", "340", "--seed", "5", "--keep", str(kept)])
    rows = [json.loads(line) for line in kept.read_text().splitlines()]
    assert 100 < len(rows) < 300
    assert sum(row["id"].startswith("ConfigMap/") for row in rows) == 1  # the server says the same of all of them
    assert {*rows[0]} == {"id", "category", "manifest"}
    capsys.readouterr()
    assert benchmark.main(["--one", f"5/{number}"]) == OK
    assert capsys.readouterr().out.startswith(mutation(5, number, CURRENT).text)


def row(status: int, message: str = "", causes: int = 0, *warnings: str) -> dict[str, Any]:
    told = [{"field": f"f{n}", "reason": "r", "message": "m"} for n in range(causes)]
    return {
        "verdict": "accepted" if status == 201 else "rejected",
        "status": status,
        "message": message,
        "causes": told,
        "warnings": list(warnings),
    }


def test_what_is_counted() -> None:
    """Messages are compared only for refusals; the same causes in another order are counted separately."""
    tally = Tally()
    assert tally.count(row(201, "", 0, "b", "a"), row(201, "", 0, "a", "b"))
    assert not tally.count(row(201, "", 0, "a"), row(201))
    assert tally.count(row(422, "f0, f1", 2), row(422, "f1, f0", 2))
    assert not tally.count(row(422, "x", 1), row(422, "y", 2))
    assert not tally.count(row(422, "x", 1), row(201))
    assert (tally.manifests, tally.accepted, tally.verdicts, tally.refused, tally.messages, tally.reordered, tally.warnings) == (
        5, 2, 4, 3, 0, 1, 4)  # fmt: skip
    total = Tally()
    total += tally
    assert total == tally


def test_what_the_cluster_decides_is_left_out() -> None:
    """A name or an address that is already in use says nothing about the manifest."""
    assert left_out(row(409, "already exists"))
    assert left_out(row(422, "spec.clusterIPs: failed to allocate IP 1.2.3.4"))
    assert left_out(row(403, "no PriorityClass with name high was found"))
    assert not left_out(row(422, "metadata.name: Required value"))
    assert not left_out(row(201))
