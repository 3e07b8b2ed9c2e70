"""Read a plan: a list of steps, each a name from the exercise's table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cluster.errors import AnswerError
from cluster.limits import PLAN_STEPS
from cluster.manifests.documents import Document, Path, read
from cluster.manifests.yaml_errors import strange_sign
from cluster.text.names import nearest
from graders.families.manifest.documents import is_blank
from graders.families.manifest.documents import is_started as anything_written
from graders.reading.documents import documents, only
from graders.reading.text import shown

LISTS = ("steps", "plan")

_HEAD = re.compile(r"\s*(?:---|\.\.\.|[\"']?[^\W\d_]+[\"']?\s*:|(?:steps|plan):.*)\s*")
"""A line without a step: the name of the list, or a document marker."""
_ITEM = re.compile(r"\s*-(?:\s|$)")
_NUMBER = re.compile(r"\s*\d{1,3}\s*[.):-]\s*(\S.*)")
_FIRST_WORD = re.compile(r"[\w-]{1,40}")


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
        """The steps that were read, in one line."""
        return " → ".join(shown(step.name, 30) for step in self.steps)


def parse(text: str) -> Plan:
    """Read a plan. Raises AnswerError for a text that isn't YAML or not a list of names, is too long, or has two lists."""
    try:
        found = documents(text)
    except AnswerError as error:
        raise _slip(text) or error from error
    document = only(found, text, f"Write each step on its own line with a dash, such as “{_example(None)}”.")
    base, items = _items(document)
    if not isinstance(items, list):
        raise _slip(text) or AnswerError("Your answer isn't a list of steps.", f"Write each step on its own line with a dash, such as “{_example(items)}”.",
                          line=document.line(*base))  # fmt: skip
    if any(not isinstance(item, str) or len(item.split()) > 1 for item in items) and (slip := _slip(text)):
        raise slip
    if len(items) > PLAN_STEPS:
        raise AnswerError(f"Your plan has {len(items)} steps; at most {PLAN_STEPS} are read.",
                          "Keep the steps that the plan needs.", line=document.line(*base, PLAN_STEPS))  # fmt: skip
    places = [(item, (*base, index)) for index, item in enumerate(items) if item is not None]
    return Plan(tuple(Step(_name(item, document, place), document.line(*place)) for item, place in places))


def is_started(text: str) -> bool:
    """Whether any step is written."""
    try:
        found = read(text)
    except AnswerError:
        return anything_written(text)
    return any(_written(_below(document)[1]) for document in found)


def _written(items: Any) -> bool:
    return any(not is_blank(item) for item in items) if isinstance(items, list) else not is_blank(items)


def _below(document: Document) -> tuple[Path, Any]:
    """The path and the content of the list."""
    name = next((name for name in LISTS if isinstance(document.data, dict) and name in document.data), None)
    return ((), document.data) if name is None else ((name,), document.data[name])


def _items(document: Document) -> tuple[Path, Any]:
    """The path and the content of the list. Raises AnswerError for two lists, and for a list whose name is misspelled."""
    if isinstance(document.data, dict):
        heads = [key for key in document.data if key in LISTS]
        if len(heads) > 1:
            first, second = heads[:2]
            raise AnswerError(f"There are two lists, “{first}:” and “{second}:”, but a plan is one list.", "Keep the one that you mean.",
                              line=document.line(second))  # fmt: skip
        wrong = next((key for key, below in document.data.items() if _meant(key) or isinstance(below, list)), None)
        if not heads and wrong is not None:
            how = ", in lowercase letters" if wrong.lower() in LISTS else ""
            raise AnswerError(f"There is “{shown(wrong, 40)}:”, but no “steps:”.",
                              f"Did you mean “{_meant(wrong) or LISTS[0]}:”{how}?", line=document.line(wrong))  # fmt: skip
    return _below(document)


def _meant(key: str) -> str:
    """The list's name that a key is similar to, or an empty string."""
    return nearest(key, LISTS) or ""


def _slip(text: str) -> AnswerError | None:
    """The error for the first line that was meant as a step but isn't a list item; None for a list in brackets."""
    if strange := strange_sign(text):
        return strange
    if "[" in text or "{" in text:
        return None
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.partition(" #")[0].strip()
        if not bare or bare.startswith("#") or _ITEM.match(line) or _HEAD.fullmatch(bare):
            continue
        if bare.startswith("-"):
            problem, step = "a space is missing after the dash", bare.lstrip("- ")
        elif numbered := _NUMBER.match(bare):
            problem, step = "there is a number in place of the dash", numbered[1]
        else:
            problem, step = "the dash is missing", bare
        return AnswerError(f"In line {number} {problem}.", f"Write “{_example(step)}”.", line=number, source_line=line)
    return None


def _example(written: Any) -> str:
    """An example of a step, with the first word that the learner wrote."""
    word = _FIRST_WORD.search(written) if isinstance(written, str) else None
    return f"- {word[0].strip('-')}" if word else "- name-of-the-step"


def _name(item: Any, document: Document, place: Path) -> str:
    if isinstance(item, str):
        return item.strip()
    if isinstance(item, (dict, list)):
        line = document.line(*place)
        first = next(iter(item), None)
        raise AnswerError(
            f"Line {line} isn't a step: a step is one name.", f"Write it as “{_example(first)}”.", line=line
        )
    return document.written(*place)
