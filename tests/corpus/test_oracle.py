"""The oracle: a program's verdicts on manifests are compared with ours, without those that it can't give."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from benchmarks import mutations as benchmark
from cluster.admission.rules import JUDGED
from cluster.admission.schema import ServedKind, schema
from cluster.errors import UsageError
from cluster.kubernetes import CURRENT
from graders.cli.exit_codes import NOT_FULL, OK
from tests.corpus.dry_run import simulated
from tests.corpus.mutations import mutation
from tests.corpus.oracle import Oracle, Row, completed

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
SPOKEN = """\
#!{python} -IS
import json, sys
answers = json.load(open({answers!r}, encoding="utf-8"))
for name in sys.stdin.read().split():
    row = answers[open(name, encoding="utf-8").read()] or sys.exit(2)
    print(json.dumps(row | {{"file": name, "index": 0}}))
"""


def program(folder: Path, texts: Iterable[str], *, breaks: str = "\0", wrong: str = "\0") -> Path:
    """A program with the oracle's protocol and the simulated cluster's verdicts on these texts."""
    answers = {text: None if breaks in text else answer(text, wrong=wrong in text) for text in texts}
    told, file = folder / "answers.json", folder / "oracle"
    told.write_text(json.dumps(answers), encoding="utf-8")
    file.write_text(SPOKEN.format(python=sys.executable, answers=str(told)), encoding="utf-8")
    file.chmod(0o755)
    return file


def answer(text: str, *, wrong: bool) -> Row:
    said = simulated(text, CURRENT)
    if wrong:
        return {"accepted": False, "step": "invalid", "message": "no"}
    decoding = said["status"] == 400
    step = {201: "", 400: "decode", 422: "invalid"}[said["status"]]
    message = said["message"].partition(": ")[2] if decoding else said["message"]
    return {"accepted": not step, "step": step, "message": message}


def kind(api_version: str = "v1", name: str = "ConfigMap") -> ServedKind:
    return schema(CURRENT).kinds[api_version, name]


def row(message: str, *causes: tuple[str, str]) -> Row:
    told = [{"field": field, "reason": "r", "message": words} for field, words in causes]
    status = 422 if message else 201
    return {
        "verdict": "rejected" if message else "accepted", "status": status, "message": message, "causes": told,
        "warnings": [],
    }  # fmt: skip


def test_verdicts(tmp_path: Path) -> None:
    """Each manifest has a verdict in a server's words; a manifest that crashes the program has none, and the others keep theirs."""
    texts = [CONFIG, CONFIG + "dat: {}\n", CONFIG.replace("name: a", "name: A"), CONFIG + "data: {break: x}\n", CONFIG]
    oracle = Oracle.found(str(program(tmp_path, texts, breaks="break")), CURRENT)
    good, unread, wrong, broken, last = oracle.verdicts([(kind(), text) for text in texts])
    assert (good, last, broken) == (row(""), row(""), None)
    assert unread is not None
    assert wrong is not None
    assert (unread["status"], wrong["status"]) == (400, 422)
    assert unread["message"] == (
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dat"'
    )
    assert wrong["message"].startswith('ConfigMap "A" is invalid: metadata.name: Invalid value: "A"')


def test_no_program(tmp_path: Path) -> None:
    """The error for a path without a program, or with another kind of file, is one clear sentence."""
    with pytest.raises(UsageError, match=r"No oracle is at /nowhere/oracle\."):
        Oracle.found("/nowhere/oracle", CURRENT)
    file = tmp_path / "oracle"
    file.write_text("no program", encoding="utf-8")
    with pytest.raises(UsageError, match=r"The oracle can't be run: "):
        Oracle.found(str(file), CURRENT).verdicts([(kind(), CONFIG)])


def test_causes_in_another_order_are_the_same() -> None:
    """A refusal with our causes in another order agrees; a refusal with more, fewer or other causes doesn't."""
    ours = row('X "a" is invalid: [a: b, c: d, e]', ("a", "b"), ("c", "d, e"))
    for same in ('X "a" is invalid: [a: b, c: d, e]', 'X "a" is invalid: [c: d, e, a: b]'):
        found = completed(row(same), ours)
        assert found is not None
        assert found["causes"] == ours["causes"]
    for other in (
        'X "a" is invalid: a: b',
        'X "a" is invalid: [a: b, c: d, e, f: g]',
        'X "a" is invalid: [a: b, c: d]',
        "",
    ):
        found = completed(row(other), ours)
        assert found is not None
        assert found["causes"] == []


def test_what_a_plug_in_decides_is_left_out() -> None:
    """The program has no plug-ins, so a refusal by Pod Security alone isn't counted."""
    label = "metadata.labels[pod-security.kubernetes.io/enforce]"
    assert completed(row(""), row("no", (label, "no"))) is None
    assert completed(row(""), row("no", (label, "no"), ("metadata.name", "no"))) is not None
    assert completed(None, row("")) is None


def test_the_benchmark_asks_the_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The program can replace a server: it gives the same table, without warnings, and the same exit codes."""
    count = 2 * len(JUDGED)
    texts = [mutation(5, number, CURRENT).text for number in range(count)]
    asked = ["--oracle", str(program(tmp_path, texts)), "--count", str(count), "--seed", "5"]
    assert benchmark.main(asked) == OK
    said = capsys.readouterr().out
    assert f"{count} mutations with seed 5, Kubernetes v{CURRENT} by oracle" in said
    assert re.search(r"\nall +\d+ .* 100\.00 +100\.00 +0 +- +\d\n", said)
    program(tmp_path, texts, wrong="kind: LimitRange")
    assert benchmark.main(asked) == NOT_FULL
    said = capsys.readouterr().out
    assert re.search(r"v1 LimitRange +2 +0\.00", said)
    assert "of each kind: missed 99 %" in said
    assert benchmark.main([*asked, "--one", "5/0"]) == OK
    assert capsys.readouterr().out.startswith(mutation(5, 0, CURRENT).text)
