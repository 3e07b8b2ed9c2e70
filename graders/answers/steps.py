"""A plan as a learner wrote it: steps in their order, each a name from a list that the exercise gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster.errors import AnswerError
from cluster.limits import PLAN_STEPS
from cluster.manifests import Document, Path, read
from graders.answers.manifest import begun as anything_written
from graders.answers.text import shown

LISTS = ("steps", "plan")
EXAMPLE = "- receive"


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it was written, and the learner's line."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps, in the learner's order."""

    steps: tuple[Step, ...]

    @property
    def kept(self) -> str:
        """What was read, in a few words."""
        return " → ".join(shown(step.name, 30) for step in self.steps)


def parse(text: str) -> Plan:
    """Read a plan. Raises AnswerError for a text that is no YAML, no list of names, or far too long."""
    documents = read(text)
    if len(documents) != 1:
        raise AnswerError(f"There are {len(documents)} documents in your answer; a plan is one list.",
                          "Take the lines “---” out.")  # fmt: skip
    (document,) = documents
    base, items = _items(document)
    if not isinstance(items, list):
        raise AnswerError("Your answer is no list of steps.", f"Write one step a line with a dash, as in “{EXAMPLE}”.",
                          line=document.line(*base))  # fmt: skip
    if len(items) > PLAN_STEPS:
        raise AnswerError(f"Your plan has {len(items)} steps; at most {PLAN_STEPS} are read.",
                          "Keep those that the plan needs.", line=document.line(*base, PLAN_STEPS))  # fmt: skip
    written = [(index, item) for index, item in enumerate(items) if item is not None]
    return Plan(
        tuple(Step(_name(item, document.line(*base, index)), document.line(*base, index)) for index, item in written)
    )


def begun(text: str) -> bool:
    """Whether any step is written."""
    try:
        documents = read(text)
    except AnswerError:
        return anything_written(text)
    found = [_items(document)[1] for document in documents]
    return any(_written(items) for items in found)


def _written(items: Any) -> bool:
    return any(item is not None for item in items) if isinstance(items, list) else bool(items)


def _items(document: Document) -> tuple[Path, Any]:
    if isinstance(document.data, dict):
        for name in LISTS:
            if name in document.data:
                return (name,), document.data[name]
    return (), document.data


def _name(item: Any, line: int) -> str:
    if isinstance(item, str):
        return item.strip()
    if isinstance(item, (dict, list)):
        raise AnswerError(f"Line {line} is no step: a step is one name.", f"Write it as “{EXAMPLE}”.", line=line)
    return str(item)
