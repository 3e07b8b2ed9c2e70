"""The required content of the notebooks. ``workbook verify`` checks that they have it: tests/graders/authoring/test_verify.py."""

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
def test_choices(module: ModuleType) -> None:
    """A notebook has the facts of each item, each allowed word, and the form to copy."""
    said = module.EXERCISE.prints()
    for item in module.ITEMS:
        assert f"| `{item.name}` | {item.facts}" in said
    assert {f"`{option}`" for item in module.ITEMS for field in item.fields for option in field.options} <= set(said)
    assert f"```yaml\n{form(module.ITEMS)}```" in said


def test_hello() -> None:
    """The line to copy is right, and the first notebook names each of the words."""
    text = prose("00-start-here")
    (line,) = re.findall(r"```yaml\n(.*)\n```", text)
    assert hello.EXERCISE.parse(line).items["today"] in hello.WORDS
    assert all(f"`{word}`" in text for word in hello.WORDS)


@pytest.mark.parametrize("module", [request, contract_terms], ids=lambda m: m.EXERCISE.name)
def test_closed_form(module: ModuleType) -> None:
    """A notebook prints a closed form, with each field in order and its words and units, and the facts."""
    form_to_copy, *facts = module.EXERCISE.prints()
    assert form_to_copy == f"```yaml\n{module.FORM.printed()}```"
    assert len(facts) >= 14


def test_contract_in_proto() -> None:
    """Notebook 04 shows the contract with which its old client was built."""
    source = (ROOT / "solutions/application-platform/04-sync-or-async.py").read_text(encoding="utf-8")
    assert f'CONTRACT = """\n{PROTO}"""' in source


def test_the_first_notebook_is_short() -> None:
    """The first notebook takes three minutes to read: it has at most 600 words."""
    assert len(prose("00-start-here").split()) <= 600
