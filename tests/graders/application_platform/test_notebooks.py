"""What the notebooks say, held to what the exercises ask: facts, forms, words and points."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import jupytext
import pytest

from graders.application_platform.demos.calls.proto import PROTO
from graders.application_platform.exercises.bill import rubric as bill
from graders.application_platform.exercises.boundaries import rubric as boundaries
from graders.application_platform.exercises.contract import rubric as contract_terms
from graders.application_platform.exercises.databases import rubric as databases
from graders.application_platform.exercises.hello import rubric as hello
from graders.application_platform.exercises.interactions import rubric as interactions
from graders.application_platform.exercises.kinds import rubric as kinds
from graders.application_platform.exercises.request import rubric as request
from graders.application_platform.exercises.request.database import REQUIREMENTS
from graders.application_platform.exercises.review import rubric as review
from graders.core.registry import exercises
from graders.families.decision.criteria import form

ROOT = Path(__file__).parents[3]
DECIDED = pytest.mark.parametrize(
    "module", [boundaries, bill, kinds, databases, interactions], ids=lambda m: m.EXERCISE.name
)


def prose(section: str) -> str:
    """A notebook's markdown."""
    notebook = jupytext.read(ROOT / f"solutions/application-platform/{section}.py")
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@DECIDED
def test_facts(module: ModuleType) -> None:
    """Each item stands in its notebook's table, with the facts by which it is judged."""
    text = prose(module.EXERCISE.section)
    for item in module.ITEMS:
        rows = [line for line in text.splitlines() if line.startswith(f"| `{item.name}` |")]
        assert any(item.facts in row for row in rows)


@DECIDED
def test_words(module: ModuleType) -> None:
    """Each word that may be chosen stands in the notebook, as code."""
    text = prose(module.EXERCISE.section)
    for word in {option for item in module.ITEMS for field in item.fields for option in field.options}:
        assert f"`{word}`" in text


@DECIDED
def test_form(module: ModuleType) -> None:
    """A form to copy stands in the notebook, with each item in its order and nothing filled in."""
    assert f"```yaml\n{form(module.ITEMS)}```" in prose(module.EXERCISE.section)


def test_hello() -> None:
    """The line to copy is right, and the first notebook names each of the words."""
    text = prose("00-start-here")
    (line,) = re.findall(r"```yaml\n(.*)\n```", text)
    assert hello.EXERCISE.parse(line).items["today"] in hello.WORDS
    assert all(f"`{word}`" in text for word in hello.WORDS)


@pytest.mark.parametrize("one", [e for e in exercises() if e.graded], ids=lambda e: e.name)
def test_points_are_said(one: object) -> None:
    """The heading of each exercise says what it is worth."""
    exercise = next(e for e in exercises() if e is one)
    assert f"### Exercise `{exercise.name}` ({exercise.points:g} points)" in prose(exercise.section)


CLOSED = pytest.mark.parametrize("module", [request, contract_terms], ids=lambda m: m.EXERCISE.name)


@CLOSED
def test_closed_form(module: ModuleType) -> None:
    """A closed form stands in its notebook: each field in its order, blank, with the words and units that it takes."""
    assert f"```yaml\n{module.FORM.printed()}```" in prose(module.EXERCISE.section)


def test_review() -> None:
    """Notebook 05 prints the terms that a remark may name."""
    assert review.TERM.form.replace(" · ", "` · `").replace("one of ", "one of `") + "`" in prose("05-contract")


def test_request() -> None:
    """What the team told in notebook 03 is what is judged by."""
    text = prose("03-databases")
    told = (
        f"**last {REQUIREMENTS.may_lose / 60:.0f} minutes**", f"**{REQUIREMENTS.back_within / 3600:.0f} hours** at most", "not longer ago than 90 days",
        f"and {REQUIREMENTS.pods} while an update runs. Each opens {REQUIREMENTS.opened_by_a_pod} connections",
        f"{REQUIREMENTS.usually_at_work} transactions are at work at one time, in the busiest hour {REQUIREMENTS.most_at_work}",
        f"takes {REQUIREMENTS.server_takes} connections, and keeps {REQUIREMENTS.reserved} of them", "at least every 30 days", "within 14 days",
        "Pods read theirs anew every 10 minutes", "away for 4 minutes", "takes 5 seconds", "more than 60 seconds",
        "a usual query takes 20 ms, and a page gives up after 500 ms", "Tuesdays from 02:00 to 04:00 UTC",
    )  # fmt: skip
    assert [fact for fact in told if fact not in text] == []


def test_contract_in_proto() -> None:
    """The contract that notebook 04 shows is the one that its old client was built with."""
    source = (ROOT / "solutions/application-platform/04-sync-or-async.py").read_text(encoding="utf-8")
    assert f'CONTRACT = """\n{PROTO}"""' in source


def test_the_first_notebook_is_short() -> None:
    """The first notebook is read in three minutes: at most 600 words."""
    assert len(prose("00-start-here").split()) <= 600
