"""A colon without a space after it: the card names the line in which it stands, and says to write the space."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from cluster.manifests.yaml_slips import tight
from graders.core.registry import exercise
from graders.core.report import Report
from tests.faults.plain import PLAIN, simulated
from tests.graders.application_platform.exercises.deployment.timelines import finding
from tests.support.manifests import DEPLOYMENT
from tests.support.solutions import solution

_PAIR = re.compile(r"(?P<before>\s*(?:- )?[\w./-]+:) (?P<value>\S.*)")
_IN_BRACES = re.compile(r"(?<=[{ ])([A-Za-z][\w]*:) (?=[^{}\[\]]*[,}])")
BLOCKS = {"deployment": solution(exercise("deployment")), "daily-report": solution(exercise("daily-report"))}


def told(report: Report) -> tuple[str, str]:
    """The first finding's text, its line, and the next step."""
    if report.problem:
        return report.problem, report.hint
    first = finding(report, "accepted")
    return f"{first.observed} In line {first.line}.", first.hint


def lines() -> Iterator[tuple[str, int]]:
    for name, text in BLOCKS.items():
        for number, line in enumerate(text.splitlines(), 1):
            if _PAIR.fullmatch(line):
                yield name, number


@pytest.mark.parametrize(("name", "number"), [*lines()])
def test_each_line_of_a_solution(name: str, number: int) -> None:
    """If any name of a solution has no space after its colon, its line is named, with the corrected pair."""
    text = BLOCKS[name].splitlines()
    found = _PAIR.fullmatch(text[number - 1])
    assert found is not None
    text[number - 1] = f"{found['before']}{found['value']}"
    observed, hint = told(simulated("\n".join(text), name))
    assert f"n line {number}" in observed
    assert "space" in hint
    assert f"{found['before'].strip().removeprefix('- ')} {found['value']}" in hint


@pytest.mark.parametrize("at", [found.start(1) for found in _IN_BRACES.finditer(PLAIN)])
def test_each_pair_in_braces(at: int) -> None:
    """In braces, YAML reads such a pair as a name; the card says that a space is missing, and the slip costs points once."""
    name = re.match(r"\w+:", PLAIN[at:])
    assert name is not None
    text = PLAIN[:at] + name[0] + PLAIN[at + name.end() + 1 :]
    report = simulated(text)
    observed, hint = told(report)
    assert f"In line {text.count(chr(10), 0, at) + 1}." in observed or "selector" in observed
    assert "a space after the colon" in hint
    assert name[0] in hint
    assert report.score == 18


APP = DEPLOYMENT
ELSEWHERE = [
    (APP.replace("path: /healthz", 'path:"/healthz"'), 30, "path: "), (APP.replace("path: /healthz", "path:/healthz # alive\n\n\n"), 30, "path: /healthz”"),
    (f"{APP}  minReadySeconds:3\n", 36, "minReadySeconds: 3"), (f"{APP}  minReadySeconds:3", 36, "minReadySeconds: 3"),
    (f"{APP}status:{{}}\n", 36, "status: {}"), (f"# mine\n\n{APP.replace('kind: ', 'kind:')}", 4, "kind: Deployment"),
    (APP.replace("          ports:", "          command:[sleep, infinity]\n          ports:"), 18, "command: [sleep"),
    (PLAIN.replace("httpGet: {", "httpGet:{", 1), 15, "httpGet: {"), (PLAIN.replace("livenessProbe: {", "livenessProbe:{"), 15, "livenessProbe: {"),
    (PLAIN.replace("resources: {", "resources:{"), 14, "resources: {"), (PLAIN.replace("metadata: {name", "metadata:{name"), 3, "metadata: {name"),
    (APP.replace("replicas: 3", "strategy:\n    type:Recreate\n  replicas: 3"), 7, "type: Recreate"),
    (APP.replace("replicas: 3", "strategy: type:Recreate\n  replicas: 3"), 6, "type: Recreate"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "meant"), ELSEWHERE, ids=[e[2] for e in ELSEWHERE])
def test_wherever_it_stands(text: str, line: int, meant: str) -> None:
    """The line and the meaning are named at the end of a block, in a list, before a brace, and with a comment."""
    observed, hint = told(simulated(text))
    assert f"n line {line}" in observed
    assert "space" in hint
    assert meant in hint


@pytest.mark.parametrize("text", ["http://orders:8080", "a::b", "12:30", ":8080", "a: b", "name", "- a:b", "a:"])
def test_what_is_no_such_pair(text: str) -> None:
    """An address, a time and a single name aren't such pairs."""
    assert tight(text) is None
