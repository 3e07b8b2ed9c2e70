"""Bad input, kind by kind: one clear message with a next step, and no lost work."""

from __future__ import annotations

import time

import pytest

from cluster import world
from graders.core.registry import exercise
from graders.core.report import Report, State
from graders.present import card
from tests.support.manifests import DEPLOYMENT

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
BAD_MANIFESTS = {
    "tabs": ("apiVersion: apps/v1\nkind: Deployment\n\tmetadata:\n", "tab", 3),
    "an open bracket": ("kind: Deployment\nspec: [\n", "bracket", 0),
    "a missing colon": ("kind: Deployment\nspec\n  replicas: 3\n", "colon", 0),
    "an alias bomb": (BOMB + DEPLOYMENT, "written out", 0),
    "3 MB": ("# " + "x" * 3_000_000 + "\n" + DEPLOYMENT, "at most 256 kB", 0),
    "binary": ("\x00\x01\x02\xff" * 100, "U+0000", 0),
    "a Python tag": ("!!python/object/apply:os.system ['touch /tmp/owned']\n", "Python object", 0),
    "HTML": ("<html><body><script>alert(1)</script></body></html>", "answer", 0),
    "too deep": ("[" * 5000, "60 levels", 0),
    "deep mappings": ("".join(f"{' ' * i}a:\n" for i in range(400)), "60 levels", 0),
    "many documents": ("kind: Deployment\n---\n" * 200, "20 documents", 0),
}
BAD_DRAWINGS = {
    "Mermaid": "graph TD\n  a --> b\n",
    "a sequence in Mermaid": "sequenceDiagram\n  a->>b: order\n",
    "PlantUML": "@startuml\na --> b\n@enduml\n",
    "an open quote": 'digraph { a [label="x]; b }',
    "5,000 nodes": "digraph { " + "; ".join(f"n{i} -> n{i + 1}" for i in range(5000)) + " }",
    "2,000 nested subgraphs": "digraph { " + "subgraph { " * 2000 + "a" + " }" * 2000 + " }",
    "3 MB": "digraph { /* " + "x" * 3_000_000 + " */ a -> b }",
    "clusters joined a thousand times": "digraph { subgraph cluster_a { "
    + " ".join(f"a{i}" for i in range(140))
    + " } subgraph cluster_b { "
    + " ".join(f"b{i}" for i in range(140))
    + " } "
    + "cluster_a -> cluster_b; " * 1000
    + "}",
    "a label of 300 kB": f'digraph {{ a [label="{"x" * 300_000}"]; a -> b }}',
}


def judged(name: str, text: str) -> Report:
    """The report, within two seconds of this process's own CPU time."""
    began = time.process_time()
    report = exercise(name).judge(text, world())
    assert time.process_time() - began < 2
    return report


@pytest.mark.parametrize("name", ["deployment", "daily-report", "contract", "review"])
@pytest.mark.parametrize("what", BAD_MANIFESTS)
def test_yaml(what: str, name: str) -> None:
    """Unreadable YAML earns nothing, and one sentence says why and what to do."""
    text, word, line = BAD_MANIFESTS[what]
    report = judged(name, text)
    assert (report.state, report.score) == (State.FAIL, 0)
    assert report.problem
    assert len(report.problem) < 300
    assert report.hint
    assert word in report.problem
    if line:
        assert report.excerpt.startswith(f"{line} | ")


@pytest.mark.parametrize("what", BAD_DRAWINGS)
def test_drawing(what: str) -> None:
    """An unreadable drawing earns nothing, and one sentence says why and what to do."""
    report = judged("diagram", BAD_DRAWINGS[what])
    assert (report.state, report.score) == (State.FAIL, 0)
    assert report.problem
    assert len(report.problem) < 300
    assert report.hint


ATTRIBUTES = [
    "image",
    "URL",
    "href",
    "edgeURL",
    "labelURL",
    "tooltip",
    "fontpath",
    "imagepath",
    "stylesheet",
    "shapefile",
    "id",
    "class",
]


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_attributes_lead_nowhere(attribute: str) -> None:
    """An attribute that could fetch or run something changes no score and reaches no picture."""
    evil = f'{attribute}="javascript:alert(1)//evil.example/x.png"'
    report = judged(
        "diagram",
        f"digraph {{ {evil}; node [{evil}]; edge [{evil}]; client -> api -> postgres; api -> redis; api -> queue -> worker }}",
    )
    assert report.score == 20
    assert "evil.example" not in card.html(report)


@pytest.mark.parametrize(
    "label",
    [
        "<b>x</b>",
        "<script>alert(1)</script>",
        "\x1b]0;owned\x07",
        "\u202egnp.exe",
        "x" * 200_000,
        "\\N" * 5000,
        '\\"',
        "&lt;img&gt;",
        "&#xd800;&#0;",
    ],
)
def test_labels(label: str) -> None:
    """With any label, the drawing is judged and the card shows text."""
    quoted = label.replace('"', '\\"')
    report = judged(
        "diagram",
        f'digraph {{ api -> postgres; api -> redis; api -> queue -> worker; note [label="{quoted}"]; api -> note }}',
    )
    shown = card.html(report)
    assert report.judged
    assert "<script" not in shown
    assert "\x1b" not in shown


TANGLES = {
    "900 arrows": "; ".join(f"redis{i} -> api{j}" for i in range(30) for j in range(30)),
    "everything with everything": "; ".join(f'"orders api {i}" -> "queue {j}"' for i in range(40) for j in range(40)),
}


@pytest.mark.parametrize("what", TANGLES)
def test_a_tangle_is_drawn_in_part(what: str) -> None:
    """A drawing that is too complex to lay out is still judged, and part of it is drawn."""
    report = judged("diagram", f"digraph {{ {TANGLES[what]} }}")
    shown = card.html(report)
    assert report.judged
    assert "too many to draw" in shown
    assert "data:image/svg+xml" in shown


def test_comments_only_is_not_wrong() -> None:
    """An answer of comments only is not started."""
    assert judged("deployment", "# one\n# two\n").state is State.NOT_STARTED
    assert judged("diagram", "// one\n/* two */\n").state is State.NOT_STARTED
